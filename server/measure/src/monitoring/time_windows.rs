//! Serve along time: the longest gap between rows, and per column stretches of missing values and the trend.

use domain::measurements::time_windows::{ColumnOverTime, Drift, TimeWindows, TimedStretch};
use domain::{ColumnRole, Roles};
use polars::prelude::{DataType, Series};
use rayon::prelude::*;
use stats::arrivals::longest_gap;
use stats::intervals::Share;
use stats::quantiles::{mean, quantile, standard_deviation};
use stats::regression::spearman;
use stats::scan::{Stretch, chance_beside, densest_stretch};
use stats::trend::{Trend, trend};

use crate::sample::Sample;
use crate::values::numbers;

/// Share of missing values in an outage: nearly all, late or early rows aside.
const MISSING_IN_OUTAGE: f64 = 0.9;
/// Stretches along which a trend is measured, and the fewest rows of one.
const STRETCHES: usize = 24;
const FEWEST_ROWS: usize = 20;
/// A column that goes with the time this closely, in train too, counts it: a sequence number, a date.
const COUNTS_TIME: f64 = 0.95;

/// Row numbers in the order of time, with the times in milliseconds.
pub struct InOrder(pub Vec<(i64, usize)>);

impl InOrder {
    /// `None` when the column holds no times.
    pub fn of(time: &Series) -> Option<Self> {
        if !matches!(time.dtype(), DataType::Datetime(..)) {
            return None;
        }
        let times = time.datetime().ok()?;
        let mut rows: Vec<(i64, usize)> =
            times.physical().iter().enumerate().filter_map(|(row, time)| Some((time?, row))).collect();
        rows.sort_unstable();
        (!rows.is_empty()).then_some(Self(rows))
    }

    fn times(&self) -> Vec<i64> {
        self.0.iter().map(|(time, _)| *time).collect()
    }

    /// The times of a stretch of `rows`, which are in the order of time.
    pub fn timed(rows: &[(i64, usize)], stretch: &Stretch) -> TimedStretch {
        TimedStretch {
            from_ms: rows[stretch.from].0,
            to_ms: rows[stretch.to - 1].0,
            inside: stretch.inside,
            outside: stretch.outside,
            score: stretch.score,
            p: stretch.p,
        }
    }
}

/// Serve along time with train as its noise floor; `None` without a column of times.
pub fn time_windows(train: Option<&Sample>, serve: &Sample, roles: &Roles) -> Option<TimeWindows> {
    let time_column = roles.time().map(str::to_owned)?;
    let order = InOrder::of(serve.column(&time_column)?)?;
    let train_order = train.and_then(|train| InOrder::of(train.column(&time_column)?));
    let gap = longest_gap(&order.times(), &train_order.as_ref().map(InOrder::times).unwrap_or_default());
    let features: Vec<&Series> = serve
        .frame
        .columns()
        .iter()
        .filter(|column| matches!(roles.of(column.name()), ColumnRole::Feature | ColumnRole::Group))
        .map(|column| column.as_materialized_series())
        .collect();
    let columns = features
        .into_par_iter()
        .map(|serve| {
            let train = train.and_then(|train| train.column(serve.name()));
            along(serve, roles.of(serve.name()), &order, train.zip(train_order.as_ref()))
        })
        .collect();
    Some(TimeWindows {
        time_column,
        rows: order.0.len() as u64,
        train_rows: train_order.map_or(0, |order| order.0.len() as u64),
        gap,
        columns,
    })
}

fn along(serve: &Series, role: ColumnRole, order: &InOrder, train: Option<(&Series, &InOrder)>) -> ColumnOverTime {
    let marks = in_order(&missing(serve), order);
    let train_marks = train.map(|(column, order)| in_order(&missing(column), order)).unwrap_or_default();
    let hits = train_marks.iter().filter(|mark| **mark).count() as u64;
    let background = Share::new(hits, train_marks.len() as u64);
    let stretch = densest_stretch(&marks, MISSING_IN_OUTAGE, background).map(|stretch| {
        let beside = chance_beside(&stretch, &train_marks, MISSING_IN_OUTAGE, background, marks.len());
        Stretch { p: stretch.p.max(beside), ..stretch }
    });
    let train_stretch = densest_stretch(&train_marks, MISSING_IN_OUTAGE, Share::new(0, 0));
    ColumnOverTime {
        column: serve.name().to_string(),
        missing: stretch.map(|stretch| InOrder::timed(&order.0, &stretch)),
        train_score: train_stretch.map_or(0.0, |stretch| stretch.score),
        // The numbers of a group are names.
        drift: if role == ColumnRole::Feature { train.and_then(|train| drift(serve, order, train)) } else { None },
    }
}

/// Nulls, NaN and blank text.
pub fn missing(column: &Series) -> Vec<bool> {
    if let Ok(text) = column.str() {
        return text.iter().map(|value| value.is_none_or(|value| value.trim().is_empty())).collect();
    }
    match numbers(column) {
        Some(values) => values.iter().map(|value| value.is_none_or(f64::is_nan)).collect(),
        None => column.is_null().iter().map(|null| null.unwrap_or(true)).collect(),
    }
}

fn in_order(marks: &[bool], order: &InOrder) -> Vec<bool> {
    order.0.iter().map(|(_, row)| marks[*row]).collect()
}

fn drift(serve: &Series, order: &InOrder, (train, train_order): (&Series, &InOrder)) -> Option<Drift> {
    let train_values = finite(train)?;
    let known: Vec<f64> = train_values.iter().flatten().copied().collect();
    let unit = standard_deviation(&known);
    if !(unit.is_finite() && unit > 0.0) {
        return None;
    }
    let here = timed_values(&finite(serve)?, order);
    let correlation = correlation_with_time(&here)?;
    let before = timed_values(&train_values, train_order);
    let counts_time = |correlation: f64| correlation.abs() >= COUNTS_TIME;
    if counts_time(correlation) && correlation_with_time(&before).is_some_and(counts_time) {
        return None;
    }
    Some(Drift {
        rows: here.len() as u64,
        spearman: correlation,
        serve: trend_of(&here, unit)?,
        train: trend_of(&before, unit),
    })
}

fn finite(column: &Series) -> Option<Vec<Option<f64>>> {
    Some(numbers(column)?.into_iter().map(|value| value.filter(|value| value.is_finite())).collect())
}

fn timed_values(values: &[Option<f64>], order: &InOrder) -> Vec<(f64, f64)> {
    order.0.iter().filter_map(|(time, row)| Some((*time as f64, values[*row]?))).collect()
}

fn correlation_with_time(rows: &[(f64, f64)]) -> Option<f64> {
    let (times, values): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
    spearman(&times, &values)
}

/// Of the means of stretches, in units. The outermost per cent of the values on either side is drawn in, so that no
/// single value makes a mean.
fn trend_of(rows: &[(f64, f64)], unit: f64) -> Option<Trend> {
    let mut sorted: Vec<f64> = rows.iter().map(|(_, value)| *value).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (low, high) = (quantile(&sorted, 0.01), quantile(&sorted, 0.99));
    let count = (rows.len() / FEWEST_ROWS).min(STRETCHES);
    let (at, means): (Vec<f64>, Vec<f64>) = (0..count)
        .map(|stretch| {
            let rows = &rows[stretch * rows.len() / count..(stretch + 1) * rows.len() / count];
            let times: Vec<f64> = rows.iter().map(|(time, _)| *time).collect();
            let values: Vec<f64> = rows.iter().map(|(_, value)| value.clamp(low, high) / unit).collect();
            (mean(&times), mean(&values))
        })
        .unzip();
    trend(&at, &means)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{NamedFrom, TimeUnit};

    use super::*;

    /// Hourly rows, last first; the value of each by its hour.
    fn sample(hours: i64, value: impl Fn(i64) -> Option<f64>) -> Sample {
        let backwards: Vec<i64> = (0..hours).rev().collect();
        let time = Series::new("at".into(), backwards.iter().map(|hour| hour * 3_600_000).collect::<Vec<i64>>())
            .into_datetime(TimeUnit::Milliseconds, None);
        let load = Series::new("load".into(), backwards.into_iter().map(value).collect::<Vec<_>>());
        Sample::new(vec![time, load], hours as usize).unwrap()
    }

    fn swing(hour: i64) -> f64 {
        (hour * 7 % 24) as f64
    }

    #[test]
    fn a_window_of_nulls_and_a_trend_are_measured_whatever_the_order_of_the_rows() {
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        let train = sample(480, |hour| Some(swing(hour)));
        let outage = sample(480, |hour| (!(100..130).contains(&hour)).then(|| swing(hour)));
        let found = time_windows(Some(&train), &outage, &roles).unwrap();
        let stretch = found.columns[0].missing.unwrap();
        assert_eq!((stretch.from_ms, stretch.to_ms), (100 * 3_600_000, 129 * 3_600_000));
        assert_eq!((stretch.inside, stretch.outside), (Share::new(30, 30), Share::new(0, 450)));

        let rising = sample(480, |hour| Some(swing(hour) + hour as f64 / 48.0));
        let found = time_windows(Some(&train), &rising, &roles).unwrap();
        let drift = found.columns[0].drift.unwrap();
        // Ten in 480 hours; the standard deviation of 0 … 23 is 6.93. Between the first and the last mean lie 23 of 24.
        assert!((drift.serve.change - 10.0 / 6.93 * 23.0 / 24.0).abs() < 0.06, "{drift:?}");
        assert!(drift.train.unwrap().change.abs() < 0.1 && found.columns[0].missing.is_none());
    }

    #[test]
    fn a_row_counter_has_no_drift_and_a_table_without_times_no_windows() {
        let counter = sample(480, |hour| Some(hour as f64));
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        assert_eq!(time_windows(Some(&counter), &counter, &roles).unwrap().columns[0].drift, None);
        assert_eq!(time_windows(None, &counter, &Roles::default()), None);
    }
}
