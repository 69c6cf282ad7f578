//! What a serving log says along time.

use domain::Item;
use domain::measurements::serving_log::{LogBucket, LogBuckets};
use domain::over_time::{BandKind, TimePoint, TimeSeries, Unit};
use stats::distributions::Z_95;

use super::{named, share_point};

pub fn series(log: &LogBuckets) -> [TimeSeries; 5] {
    let each = |of: &dyn Fn(&LogBucket, i64) -> Option<TimePoint>| -> Vec<TimePoint> {
        log.all.iter().filter_map(|bucket| of(bucket, bucket.from_ms + log.width_ms)).collect()
    };
    let hours = log.width_ms as f64 / 3_600_000.0;
    let requests = each(&|bucket, end| {
        let whole = bucket.requests as f64 / log.looked_at;
        Some(TimePoint {
            from_ms: bucket.from_ms,
            to_ms: end,
            rows: bucket.requests,
            value: whole / hours,
            low: None,
            high: None,
        })
    });
    let errors = each(&|bucket, end| (bucket.failed.n > 0).then(|| share_point(bucket.from_ms, end, bucket.failed)));
    let latency = each(&|bucket, end| {
        let figures = bucket.latency?;
        Some(TimePoint {
            from_ms: bucket.from_ms,
            to_ms: end,
            rows: bucket.requests,
            value: figures.p95,
            low: Some(figures.p50),
            high: Some(figures.p99),
        })
    });
    let missing = each(&|bucket, end| {
        (bucket.missing_inputs.n > 0).then(|| share_point(bucket.from_ms, end, bucket.missing_inputs))
    });
    let confidence = each(&|bucket, end| {
        let (mean, n) = bucket.confidence?;
        let reach = log.confidence_spread.map(|spread| Z_95 * spread / (n as f64).sqrt());
        Some(TimePoint {
            from_ms: bucket.from_ms,
            to_ms: end,
            rows: n,
            value: mean,
            low: reach.map(|reach| mean - reach),
            high: reach.map(|reach| mean + reach),
        })
    });
    let number = |name: &str| Unit::Number { name: name.to_owned() };
    let one = |id: &str, name: &str, unit, items: &[Item], band, served| TimeSeries {
        band,
        served,
        ..named(format!("log-{id}"), name.to_owned(), unit, items)
    };
    [
        one("latency", "Latency, 95 % quantile", number(""), &[Item::P3, Item::M2], BandKind::ToP99, latency),
        one("errors", "Failed requests", Unit::Share, &[Item::P3], BandKind::Interval95, errors),
        one(
            "requests",
            "Requests",
            Unit::Rate { name: "requests an hour".to_owned() },
            &[Item::M2],
            BandKind::None,
            requests,
        ),
        one("confidence", "Mean confidence", number(""), &[Item::M2], BandKind::Interval95, confidence),
        one("missing", "Missing inputs of requests", Unit::Share, &[Item::S2], BandKind::Interval95, missing),
    ]
}
