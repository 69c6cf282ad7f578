//! The stretch in which answers took longest.

use domain::measurements::serving_log::{SlowStretch, SlowTail};
use domain::measurements::time_windows::TimedStretch;
use stats::intervals::Share;
use stats::quantiles::quantile;
use stats::scan::{Stretch, densest_stretch};

use super::requests::Requests;
use crate::monitoring::time_windows::InOrder;
use crate::values::{numbers, words};

/// A request is slow when it takes this many times the median: of a window that takes twice its usual time, most do,
const SLOW: f64 = 1.5;
/// and in trouble this share of them is.
const SLOW_IN_TROUBLE: f64 = 0.7;
const HOUR: i64 = 3_600_000;
/// Requests at the same hours of other days that are enough for a median.
const FEWEST_ROWS: usize = 20;

/// A request of the tail takes this many times the median: one in ten thousand where the logarithm of the time is normal
/// with a standard deviation of 0.37, as in a service that is well.
const TAIL: f64 = 4.0;
/// In a stretch with a slow tail, at least this share of the requests is of the tail,
const TAIL_IN_TROUBLE: f64 = 0.02;
/// or this many times the share of the whole log.
const TAIL_OVER_USUAL: f64 = 2.5;
/// When this many slow requests were expected after the stretch and none came, it is over (a chance of one in twenty).
const EXPECTED_BY_NOW: f64 = 3.0;
/// Fewer requests have no 99 % quantile.
const FEWEST_FOR_TAIL: usize = 100;

/// The requests with a time and a latency, in the order of time.
struct Timed {
    time: i64,
    row: usize,
    latency: f64,
}

fn timed(requests: &Requests<'_>) -> Option<Vec<Timed>> {
    let values = numbers(requests.column(requests.columns.latency.as_ref())?)?;
    let known = requests.order.iter().filter_map(|(time, row)| {
        let latency = values[*row].filter(|value| value.is_finite())?;
        Some(Timed { time: *time, row: *row, latency })
    });
    Some(known.collect())
}

/// The requests of a stretch, the others, and those of the others that came at the same hours of other days.
struct Apart {
    inside: Vec<f64>,
    outside: Vec<f64>,
    same_hours: Option<Vec<f64>>,
}

impl Apart {
    fn of(timed: &[Timed], found: &Stretch) -> Self {
        let is_inside = |place: usize| (found.from..found.to).contains(&place);
        let (inside, outside): (Vec<_>, Vec<_>) = timed.iter().enumerate().partition(|(place, _)| is_inside(*place));
        let hours: std::collections::BTreeSet<i64> =
            inside.iter().map(|(_, request)| hour_of_day(request.time)).collect();
        let at_those = outside.iter().filter(|(_, request)| hours.contains(&hour_of_day(request.time)));
        let same_hours = sorted(at_those.map(|(_, request)| request.latency));
        Self {
            inside: sorted(inside.iter().map(|(_, request)| request.latency)),
            outside: sorted(outside.iter().map(|(_, request)| request.latency)),
            same_hours: (same_hours.len() >= FEWEST_ROWS && spans_days(timed)).then_some(same_hours),
        }
    }
}

pub(super) fn slow_stretch(requests: &Requests<'_>) -> Option<SlowStretch> {
    let timed = timed(requests)?;
    let median = quantile(&sorted(timed.iter().map(|request| request.latency)), 0.5);
    let marks: Vec<bool> = timed.iter().map(|request| request.latency > SLOW * median).collect();
    let found = densest_stretch(&marks, SLOW_IN_TROUBLE, Share::new(0, 0))?;
    let Apart { inside, outside, same_hours } = Apart::of(&timed, &found);
    Some(SlowStretch {
        stretch: in_time(&timed, &found),
        median_inside: quantile(&inside, 0.5),
        median_outside: quantile(&outside, 0.5),
        median_same_hours: same_hours.map(|latencies| quantile(&latencies, 0.5)),
        p95_inside: quantile(&inside, 0.95),
        p95_outside: quantile(&outside, 0.95),
    })
}

/// The stretch in which requests of the tail are densest.
pub(super) fn slow_tail(requests: &Requests<'_>) -> Option<SlowTail> {
    let timed = timed(requests)?;
    let median = quantile(&sorted(timed.iter().map(|request| request.latency)), 0.5);
    let marks: Vec<bool> = timed.iter().map(|request| request.latency > TAIL * median).collect();
    let usual = marks.iter().filter(|mark| **mark).count() as f64 / marks.len().max(1) as f64;
    let in_trouble = (TAIL_OVER_USUAL * usual).clamp(TAIL_IN_TROUBLE, SLOW_IN_TROUBLE);
    let found = densest_stretch(&marks, in_trouble, Share::new(0, 0))?;
    let Apart { inside, outside, same_hours } = Apart::of(&timed, &found);
    if inside.len().min(outside.len()) < FEWEST_FOR_TAIL {
        return None;
    }
    let after_last = marks[found.to..].len() as f64;
    Some(SlowTail {
        over_median: TAIL,
        // A stretch ends with its last slow request. With so few requests after it, none of them had to be slow.
        is_open: after_last * found.inside.value() < EXPECTED_BY_NOW,
        stretch: in_time(&timed, &found),
        p99_inside: quantile(&inside, 0.99),
        p99_outside: quantile(&outside, 0.99),
        median_inside: quantile(&inside, 0.5),
        median_outside: quantile(&outside, 0.5),
        p99_same_hours: same_hours
            .filter(|latencies| latencies.len() >= FEWEST_FOR_TAIL)
            .map(|latencies| quantile(&latencies, 0.99)),
        version: version_of(requests, &timed, &found),
    })
}

/// The most frequent version inside, unless it is the most frequent one outside too.
fn version_of(requests: &Requests<'_>, timed: &[Timed], found: &Stretch) -> Option<String> {
    let versions = words(requests.column(requests.columns.version.as_ref())?)?;
    let most = |range: &mut dyn Iterator<Item = &Timed>| {
        let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for version in range.filter_map(|request| versions[request.row].as_deref()) {
            *counts.entry(version).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(version, _)| version.to_owned())
    };
    let inside = most(&mut timed[found.from..found.to].iter())?;
    let outside = most(&mut timed[..found.from].iter().chain(&timed[found.to..]))?;
    (inside != outside).then_some(inside)
}

fn in_time(timed: &[Timed], found: &Stretch) -> TimedStretch {
    let rows: Vec<(i64, usize)> = timed.iter().map(|request| (request.time, request.row)).collect();
    InOrder::timed(&rows, found)
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

fn hour_of_day(time: i64) -> i64 {
    time.div_euclid(HOUR).rem_euclid(24)
}

/// At least two days, so that every hour comes twice.
fn spans_days(timed: &[Timed]) -> bool {
    timed.first().zip(timed.last()).is_some_and(|(first, last)| last.time - first.time >= 48 * HOUR)
}
