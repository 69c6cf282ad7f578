//! Serve along time: the longest gap between rows, and per column stretches of missing values and the trend.

use std::collections::HashMap;

use domain::measurements::time_windows::{ColumnOverTime, Drift, StuckValue, TimeWindows, TimedStretch};
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
use crate::values::{codes, numbers, words};

/// Share of missing values in an outage: nearly all, late or early rows aside.
const MISSING_IN_OUTAGE: f64 = 0.9;
/// Stretches along which a trend is measured, and the fewest rows of one. The scatter of the means about the line is the
/// noise, so a stretch needs few rows, and in few stretches no slope is certain: Student's t has little freedom.
const STRETCHES: usize = 24;
const FEWEST_ROWS: usize = 4;
/// The fewest rows of a stretch that is held against the same season, of this side and of that one.
const FEWEST_ROWS_OF_SEASON: usize = 20;
const YEAR_MS: f64 = 365.25 * 86_400_000.0;
/// Share of one value where a column is stuck at it.
const SAME_WHERE_STUCK: f64 = 0.98;
/// Values of a column that may fill a window.
const MOST_STUCK: usize = 10;
/// In fewer rows, or fewer than one in this many, no value fills a window.
const FEWEST_STUCK: usize = 8;
const STUCK_OF_ROWS: usize = 500;
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
        stuck: stuck_value(serve, order, train),
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
        over_season: trend_over_season(&here, &before, unit),
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
    let (at, means): (Vec<f64>, Vec<f64>) = stretches(rows, FEWEST_ROWS)
        .map(|rows| {
            let times: Vec<f64> = rows.iter().map(|(time, _)| *time).collect();
            let values: Vec<f64> = rows.iter().map(|(_, value)| value.clamp(low, high) / unit).collect();
            (mean(&times), mean(&values))
        })
        .unzip();
    trend(&at, &means)
}

/// Stretches of equal numbers of rows.
fn stretches(rows: &[(f64, f64)], fewest: usize) -> impl Iterator<Item = &[(f64, f64)]> {
    let count = (rows.len() / fewest).min(STRETCHES);
    (0..count).map(move |stretch| &rows[stretch * rows.len() / count..(stretch + 1) * rows.len() / count])
}

/// The trend of the means less the means of the earlier rows at the same time of the year; `None` where there are too few
/// such rows for any stretch.
fn trend_over_season(here: &[(f64, f64)], before: &[(f64, f64)], unit: f64) -> Option<Trend> {
    let mut sorted: Vec<f64> = here.iter().chain(before).map(|(_, value)| *value).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    if sorted.is_empty() {
        return None;
    }
    let (low, high) = (quantile(&sorted, 0.01), quantile(&sorted, 0.99));
    let level = |rows: &[(f64, f64)]| {
        let values: Vec<f64> = rows.iter().map(|(_, value)| value.clamp(low, high) / unit).collect();
        mean(&values)
    };
    let last = before.last()?.0;
    let over: Option<Vec<(f64, f64)>> = stretches(here, FEWEST_ROWS_OF_SEASON)
        .map(|rows| {
            let (from, to) = (rows.first()?.0, rows.last()?.0);
            let years = ((to - last) / YEAR_MS).ceil().max(1.0);
            let at = |time: f64| before.partition_point(|(earlier, _)| *earlier < time - years * YEAR_MS);
            let same_season = &before[at(from)..at(to + 1.0)];
            let middle: Vec<f64> = rows.iter().map(|(time, _)| *time).collect();
            (same_season.len() >= FEWEST_ROWS_OF_SEASON).then(|| (mean(&middle), level(rows) - level(same_season)))
        })
        .collect();
    let (at, means): (Vec<f64>, Vec<f64>) = over?.into_iter().unzip();
    trend(&at, &means)
}

/// The value that nearly all of some consecutive rows have, most certainly of those that became more frequent.
fn stuck_value(serve: &Series, order: &InOrder, train: Option<(&Series, &InOrder)>) -> Option<StuckValue> {
    let (train, train_order) = train?;
    // Most columns of numbers repeat no value often; then no words are made.
    let (coded, different) = codes(serve, usize::MAX)?;
    let mut rows_of = vec![0_usize; different];
    coded.iter().flatten().for_each(|code| rows_of[*code as usize] += 1);
    if rows_of.into_iter().max()? < FEWEST_STUCK.max(coded.len() / STUCK_OF_ROWS) {
        return None;
    }
    let (here, before) = (words(serve)?, words(train)?);
    let by_time = |words: &[Option<String>], order: &InOrder| -> Vec<Option<String>> {
        order.0.iter().map(|(_, row)| words[*row].clone()).collect()
    };
    let (here, before) = (by_time(&here, order), by_time(&before, train_order));
    let (counts, earlier) = (frequent(&here), frequent(&before));
    let share = |counts: &HashMap<&str, u64>, value: &str, rows: usize| {
        counts.get(value).copied().unwrap_or(0) as f64 / rows.max(1) as f64
    };
    let grown = |value: &str| share(&counts, value, here.len()) - share(&earlier, value, before.len());
    let mut candidates: Vec<&str> = counts.keys().copied().filter(|value| grown(value) > 0.0).collect();
    candidates.sort_by(|a, b| grown(b).total_cmp(&grown(a)).then(a.cmp(b)));
    candidates.truncate(MOST_STUCK);
    let tried = candidates.len() as f64;
    let marks = |values: &[Option<String>], value: &str| -> Vec<bool> {
        values.iter().map(|other| other.as_deref() == Some(value)).collect()
    };
    let found = candidates.into_iter().filter_map(|value| {
        let background = Share::new(earlier.get(value).copied().unwrap_or(0), before.len() as u64);
        let stretch = densest_stretch(&marks(&here, value), SAME_WHERE_STUCK, background)?;
        let beside = chance_beside(&stretch, &marks(&before, value), SAME_WHERE_STUCK, background, here.len());
        Some((value, Stretch { p: (stretch.p.max(beside) * tried).min(1.0), ..stretch }))
    });
    let (value, stretch) = found.min_by(|a, b| a.1.p.total_cmp(&b.1.p).then(b.1.score.total_cmp(&a.1.score)))?;
    let mut usual: Vec<&str> = earlier.keys().copied().collect();
    usual.sort_by(|a, b| earlier[b].cmp(&earlier[a]).then(a.cmp(b)));
    let in_train = usual.into_iter().take(MOST_STUCK).filter_map(|value| {
        densest_stretch(&marks(&before, value), SAME_WHERE_STUCK, Share::new(0, 0)).map(|stretch| stretch.score)
    });
    Some(StuckValue {
        value: value.to_owned(),
        stretch: InOrder::timed(&order.0, &stretch),
        train_score: in_train.fold(0.0, f64::max),
    })
}

/// The values that come more than once, with how often.
fn frequent(values: &[Option<String>]) -> HashMap<&str, u64> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    values.iter().flatten().for_each(|value| *counts.entry(value).or_insert(0) += 1);
    counts.retain(|_, rows| *rows > 1);
    counts
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
    fn a_plain_rise_is_certain_in_a_hundred_rows() {
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        let by_hour = |rise: f64| sample(110, move |hour| Some(swing(hour) + rise * hour as f64 / 109.0));
        let drift = |rise| time_windows(Some(&by_hour(0.0)), &by_hour(rise), &roles).unwrap().columns[0].drift.unwrap();
        // Two standard deviations.
        let risen = drift(13.9).serve;
        assert!(risen.p < 1e-6 && (risen.change - 2.0 * 23.0 / 24.0).abs() < 0.3, "{risen:?}");
        assert!(drift(0.0).serve.p > 0.01);
    }

    #[test]
    fn the_same_time_of_an_earlier_year_is_taken_away() {
        // Six-hourly rows of a year with a swing over the year; the next year rises by one unit on top of it.
        let year = 1_461;
        let at = |hour: i64, rise: f64| (hour as f64 / year as f64 * std::f64::consts::TAU).sin() * 3.0 + rise;
        let side = |from: i64, rise: f64| {
            let hours: Vec<i64> = (from..from + year).collect();
            let time = Series::new("at".into(), hours.iter().map(|hour| hour * 21_600_000).collect::<Vec<i64>>())
                .into_datetime(TimeUnit::Milliseconds, None);
            let load =
                hours.iter().map(|hour| at(*hour, rise * (hour - from) as f64 / year as f64) + swing(*hour) / 10.0);
            let load = Series::new("load".into(), load.collect::<Vec<f64>>());
            Sample::new(vec![time, load], year as usize).unwrap()
        };
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        let found = time_windows(Some(&side(0, 0.0)), &side(year, 2.5), &roles).unwrap();
        let drift = found.columns[0].drift.unwrap();
        let over = drift.over_season.unwrap();
        // The standard deviation of the swing over the year is 2.12, with the daily one 2.23.
        assert!((over.change - 2.5 / 2.23 * 23.0 / 24.0).abs() < 0.06 && over.p < 1e-12, "{drift:?}");
        assert!(
            over.left_by_line < over.left_by_step && drift.serve.left_by_line > drift.serve.left_by_step,
            "{drift:?}"
        );
        let next_month = time_windows(Some(&sample(480, |hour| Some(swing(hour)))), &side(year, 0.0), &roles).unwrap();
        assert_eq!(next_month.columns[0].drift.unwrap().over_season, None, "training does not cover a year");
    }

    #[test]
    fn one_value_from_a_time_on_is_found_against_training_and_calendars_are_stuck_by_nature() {
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        let train = sample(480, |hour| Some(swing(hour)));
        let default = sample(480, |hour| Some(if hour < 200 { swing(hour) } else { 5.0 }));
        let found = time_windows(Some(&train), &default, &roles).unwrap();
        let stuck = found.columns[0].stuck.clone().unwrap();
        assert_eq!((stuck.value.as_str(), stuck.stretch.inside), ("5", Share::new(280, 280)));
        assert!(
            stuck.stretch.from_ms == 200 * 3_600_000 && stuck.stretch.p < 1e-9 && stuck.train_score < 5.0,
            "{stuck:?}"
        );
        let day = sample(480, |hour| Some((hour / 24) as f64));
        let calendar = time_windows(Some(&day), &sample(480, |hour| Some((20 + hour / 24) as f64)), &roles).unwrap();
        let stuck = calendar.columns[0].stuck.clone().unwrap();
        assert!(stuck.stretch.score < 3.0 * stuck.train_score, "{stuck:?}");
    }

    #[test]
    fn a_row_counter_has_no_drift_and_a_table_without_times_no_windows() {
        let counter = sample(480, |hour| Some(hour as f64));
        let roles = Roles::from([(ColumnRole::Time, "at")]);
        assert_eq!(time_windows(Some(&counter), &counter, &roles).unwrap().columns[0].drift, None);
        assert_eq!(time_windows(None, &counter, &Roles::default()), None);
    }
}
