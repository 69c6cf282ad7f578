#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::ColumnRole;
use domain::measurements::serving_log::FieldPart;
use polars::prelude::{NamedFrom, Series, TimeUnit};
use stats::intervals::Share;

use super::*;

const MINUTE: i64 = 60_000;

/// 400 requests, one every three minutes, with what `change` does to each: (status, latency, version, inputs, output).
type Request = (i64, f64, &'static str, &'static str, Option<f64>);

fn log(change: impl Fn(usize, Request) -> Request) -> ServingLogMeasures {
    let requests: Vec<Request> = (0..400)
        .map(|row| change(row, (200, 30.0 + (row * 7 % 20) as f64, "v3", "{\"a\": 1, \"b\": 2}", Some(0.9))))
        .collect();
    let time = Series::new("timestamp".into(), (0..400).map(|row| row * 3 * MINUTE).collect::<Vec<i64>>())
        .into_datetime(TimeUnit::Milliseconds, None);
    let columns = vec![
        time,
        Series::new("status".into(), requests.iter().map(|request| request.0).collect::<Vec<_>>()),
        Series::new("latency_ms".into(), requests.iter().map(|request| request.1).collect::<Vec<_>>()),
        Series::new("version".into(), requests.iter().map(|request| request.2).collect::<Vec<_>>()),
        Series::new("inputs".into(), requests.iter().map(|request| request.3).collect::<Vec<_>>()),
        Series::new("output".into(), requests.iter().map(|request| request.4).collect::<Vec<_>>()),
    ];
    let roles = Roles::from([(ColumnRole::Time, "timestamp")]);
    of_sample(&Sample::new(columns, 400).unwrap(), 1.0, &roles, None)
}

#[test]
fn failed_requests_need_no_output_and_are_found_in_their_stretch() {
    let found = log(|row, request| {
        if (100..140).contains(&row) && row % 4 == 0 { (503, request.1, request.2, request.3, None) } else { request }
    });
    assert_eq!((found.rows, found.successful), (400, Some(390)));
    let errors = found.errors.unwrap();
    assert_eq!(errors.all, Share::new(10, 400));
    let stretch = errors.stretch.unwrap();
    assert_eq!((stretch.from_ms, stretch.to_ms), (100 * 3 * MINUTE, 136 * 3 * MINUTE));
    assert_eq!((stretch.inside, stretch.outside), (Share::new(10, 37), Share::new(0, 363)));
    assert!(found.fields.iter().all(|field| field.missing.hits == 0), "{:?}", found.fields);
}

#[test]
fn a_key_that_stops_and_an_output_that_is_left_out_are_counted() {
    let found = log(|row, request| {
        let inputs = if row >= 200 { "{\"a\": 1}" } else { request.3 };
        (request.0, request.1, request.2, inputs, request.4.filter(|_| row % 5 != 0))
    });
    let field = |name: &str| found.fields.iter().find(|field| field.field == name).unwrap();
    assert_eq!((field("output").missing, field("output").part), (Share::new(80, 400), FieldPart::Answer));
    assert_eq!(field("output").stretch.filter(|stretch| stretch.p < 0.01), None);
    assert_eq!(field("inputs.a").missing.hits, 0);
    let stopped = field("inputs.b").stretch.unwrap();
    assert_eq!((stopped.from_ms, stopped.inside), (200 * 3 * MINUTE, Share::new(200, 200)));
}

#[test]
fn slow_answers_are_found_between_quick_ones() {
    let found = log(|row, request| {
        let factor = if (250..300).contains(&row) { 4.0 } else { 1.0 };
        (request.0, request.1 * factor, request.2, request.3, request.4)
    });
    let slow = found.latency.unwrap();
    assert_eq!((slow.stretch.from_ms, slow.stretch.inside), (250 * 3 * MINUTE, Share::new(50, 50)));
    assert!(slow.median_inside > 3.5 * slow.median_outside && slow.median_same_hours.is_none());
    assert_eq!(log(|_, request| request).latency, None);
}

#[test]
fn versions_side_by_side_are_told_from_a_switch() {
    let with_version = |version: fn(usize) -> &'static str| {
        log(move |row, request| (request.0, request.1, version(row), request.3, request.4)).versions
    };
    let mixed = with_version(|row| if row >= 200 && row % 8 == 0 { "v2" } else { "v3" }).unwrap();
    assert_eq!((mixed.main.as_str(), mixed.other.as_str()), ("v3", "v2"));
    assert_eq!((mixed.answered_by_other, mixed.changes), (Share::new(25, 193), 48));
    assert_eq!(with_version(|row| if row >= 200 { "v4" } else { "v3" }), None);
    let back = with_version(|row| if (200..300).contains(&row) { "v4" } else { "v3" });
    assert_eq!(back.map(|mix| mix.answered_by_other.hits), Some(0));
}

#[test]
fn steps_of_equal_time_say_what_each_held() {
    let found = log(|row, request| {
        let status = if (200..220).contains(&row) { 500 } else { 200 };
        let inputs = if row >= 380 { "{\"a\": 1}" } else { request.3 };
        (status, if row < 20 { 90.0 } else { 30.0 }, request.2, inputs, request.4)
    });
    let buckets = found.buckets.unwrap();
    // Ten requests in half an hour, from 00:00 to 19:57.
    assert_eq!((buckets.width_ms, buckets.all.len(), buckets.looked_at), (30 * MINUTE, 40, 1.0));
    assert!(buckets.all.iter().all(|bucket| bucket.requests == 10));
    assert_eq!(buckets.all[20].failed, Share::new(10, 10));
    assert_eq!(buckets.all[0].latency.map(|latency| (latency.mean, latency.p95)), Some((90.0, 90.0)));
    assert_eq!(
        (buckets.all[0].missing_inputs, buckets.all[39].missing_inputs),
        (Share::new(0, 20), Share::new(10, 20))
    );
    assert_eq!(buckets.all[0].confidence, None);
}
