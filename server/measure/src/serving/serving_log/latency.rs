//! The stretch in which answers took longest.

use domain::measurements::serving_log::SlowStretch;
use stats::intervals::Share;
use stats::quantiles::quantile;
use stats::scan::densest_stretch;

use super::requests::Requests;
use crate::monitoring::time_windows::InOrder;
use crate::values::numbers;

/// A request is slow when it takes this many times the median,
const SLOW: f64 = 2.0;
/// and in trouble this share of them is.
const SLOW_IN_TROUBLE: f64 = 0.7;
const HOUR: i64 = 3_600_000;
/// Requests at the same hours of other days that are enough for a median.
const FEWEST_ROWS: usize = 20;

pub(super) fn slow_stretch(requests: &Requests<'_>) -> Option<SlowStretch> {
    let values = numbers(requests.column(requests.columns.latency.as_ref())?)?;
    let timed: Vec<(i64, usize, f64)> = requests
        .order
        .iter()
        .filter_map(|(time, row)| Some((*time, *row, values[*row].filter(|value| value.is_finite())?)))
        .collect();
    let median = quantile(&sorted(timed.iter().map(|request| request.2)), 0.5);
    let marks: Vec<bool> = timed.iter().map(|request| request.2 > SLOW * median).collect();
    let found = densest_stretch(&marks, SLOW_IN_TROUBLE, Share::new(0, 0))?;
    let (inside, outside): (Vec<_>, Vec<_>) =
        timed.iter().enumerate().partition(|(place, _)| (found.from..found.to).contains(place));
    let hours: std::collections::BTreeSet<i64> = inside.iter().map(|(_, request)| hour_of_day(request.0)).collect();
    let same_hours = sorted(
        outside.iter().filter(|(_, request)| hours.contains(&hour_of_day(request.0))).map(|(_, request)| request.2),
    );
    let inside = sorted(inside.iter().map(|(_, request)| request.2));
    let outside = sorted(outside.iter().map(|(_, request)| request.2));
    let rows: Vec<(i64, usize)> = timed.iter().map(|(time, row, _)| (*time, *row)).collect();
    Some(SlowStretch {
        stretch: InOrder::timed(&rows, &found),
        median_inside: quantile(&inside, 0.5),
        median_outside: quantile(&outside, 0.5),
        median_same_hours: (same_hours.len() >= FEWEST_ROWS && spans_days(&rows)).then(|| quantile(&same_hours, 0.5)),
        p95_inside: quantile(&inside, 0.95),
        p95_outside: quantile(&outside, 0.95),
    })
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
fn spans_days(rows: &[(i64, usize)]) -> bool {
    rows.first().zip(rows.last()).is_some_and(|(first, last)| last.0 - first.0 >= 48 * HOUR)
}
