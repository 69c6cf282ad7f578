//! Which features are a part of the row's own time, and whether they still are in serving.

use std::collections::BTreeMap;

use domain::measurements::calendar::{AGREES, Agreement, CalendarColumn, CalendarPart};
use domain::{ColumnRole, Roles};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use polars::prelude::{DataType, Series};

use crate::ingest::guess::words;
use crate::sample::Sample;
use crate::values::numbers;

/// Rows of each side that are looked at, in even steps.
const MOST_ROWS: usize = 5_000;
/// Fewer rows don't show whether a column is a part of the time.
const FEWEST_ROWS: usize = 20;
/// Different values of a part that has to be recognised by its values.
const DISTINCT: usize = 3;
const HOUR_MS: i64 = 3_600_000;
/// Years that a whole number can be.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2100;
/// Names of a year where no time says what a column is.
const YEAR_WORDS: [&str; 4] = ["year", "yr", "jahr", "annee"];

/// The features that follow the time in training. A row counts where it has both values.
pub fn calendar(train: &Sample, serve: &Sample, roles: &Roles) -> Vec<CalendarColumn> {
    let features: Vec<Feature> = train
        .frame
        .columns()
        .iter()
        .filter(|column| roles.of(column.name()) == ColumnRole::Feature)
        .filter_map(|column| Feature::of(column.as_materialized_series(), serve.column(column.name())?))
        .collect();
    let timed = roles.time().and_then(|time| Some((time, times(train.column(time)?)?, times(serve.column(time)?)?)));
    match timed {
        Some((time, before, after)) => by_time(&features, time, &before, &after),
        None => features.iter().filter_map(Feature::year_that_moves_on).collect(),
    }
}

/// A feature of whole numbers, row by row, of the rows that are looked at.
struct Feature {
    name: String,
    train: Vec<Option<i64>>,
    serve: Vec<Option<i64>>,
}

impl Feature {
    fn of(train: &Series, serve: &Series) -> Option<Self> {
        let name = train.name().to_string();
        Some(Self { name, train: whole(train)?, serve: whole(serve)? })
    }

    /// By its name and its values alone: whole years, none of them before those of train.
    fn year_that_moves_on(&self) -> Option<CalendarColumn> {
        let known = |values: &[Option<i64>]| values.iter().flatten().copied().collect::<Vec<i64>>();
        let (before, after) = (known(&self.train), known(&self.serve));
        let named = words(&self.name).last().is_some_and(|word| YEAR_WORDS.contains(&word.as_str()));
        let years = before.iter().chain(&after).all(|value| YEARS.contains(value));
        let moves_on = before.iter().min() <= after.iter().min();
        let enough = before.len() >= FEWEST_ROWS && !after.is_empty();
        let all = |rows: &[i64]| Agreement { rows: rows.len() as u64, agreeing: rows.len() as u64 };
        (named && years && moves_on && enough).then(|| CalendarColumn {
            column: self.name.clone(),
            part: CalendarPart::Year,
            time: None,
            train: all(&before),
            serve: all(&after),
            shift: None,
        })
    }
}

/// The rows that are looked at.
fn thinned<T>(values: impl ExactSizeIterator<Item = T>) -> Vec<T> {
    let step = values.len().div_ceil(MOST_ROWS).max(1);
    values.step_by(step).collect()
}

/// `None` unless every number is whole, and not too large for a part of a date.
fn whole(column: &Series) -> Option<Vec<Option<i64>>> {
    let values = thinned(numbers(column)?.into_iter());
    let fits = |value: &f64| value.fract() == 0.0 && value.abs() < 10_000.0;
    let is_number = column.dtype() != &DataType::Boolean;
    (is_number && values.iter().flatten().all(fits))
        .then(|| values.into_iter().map(|value| value.map(|value| value as i64)).collect())
}

fn times(column: &Series) -> Option<Vec<Option<i64>>> {
    matches!(column.dtype(), DataType::Datetime(..)).then_some(())?;
    Some(thinned(column.datetime().ok()?.physical().iter()))
}

fn by_time(features: &[Feature], time: &str, before: &[Option<i64>], after: &[Option<i64>]) -> Vec<CalendarColumn> {
    let clock = Clock::of(features, before);
    let (before, after) = (clock.read(before), clock.read(after));
    features.iter().filter_map(|feature| following(feature, time, &clock, &before, &after)).collect()
}

/// How the clock on the wall differs from the times: these may be in UTC while an hour beside them is local.
struct Clock {
    hours: i64,
}

impl Clock {
    /// By the first feature that is the hour of the times but for some hours.
    fn of(features: &[Feature], times: &[Option<i64>]) -> Self {
        let plain = Clock { hours: 0 };
        let read = plain.read(times);
        let hour = |feature: &Feature| {
            let found = differences(&feature.train, &read, CalendarPart::Hour);
            // As it is, or of a clock that is set twice a year.
            let agreed = found.agreed(CalendarPart::Hour, 0).or_else(|| found.agreed(CalendarPart::Hour, 1));
            agreed.map(|(ahead, _)| ahead)
        };
        let ahead = features.iter().find_map(hour).unwrap_or(0);
        // Up to half a day either way.
        Clock { hours: (ahead + 11).rem_euclid(24) - 11 }
    }

    /// By how much an hour of another clock may differ: that clock is set twice a year.
    fn slack(&self, part: CalendarPart) -> i64 {
        i64::from(self.hours != 0 && part == CalendarPart::Hour)
    }

    fn read(&self, times: &[Option<i64>]) -> Vec<Option<DateTime>> {
        let moment = |ms: i64| Timestamp::from_millisecond(ms + self.hours * HOUR_MS).ok();
        times.iter().map(|ms| Some(moment((*ms)?)?.to_zoned(TimeZone::UTC).datetime())).collect()
    }
}

fn part_of(time: &DateTime, part: CalendarPart) -> i64 {
    match part {
        CalendarPart::Year => i64::from(time.year()),
        CalendarPart::Quarter => i64::from((time.month() - 1) / 3 + 1),
        CalendarPart::Month => i64::from(time.month()),
        CalendarPart::Week => i64::from(time.date().iso_week_date().week()),
        CalendarPart::DayOfYear => i64::from(time.day_of_year()),
        CalendarPart::Day => i64::from(time.day()),
        CalendarPart::Weekday => i64::from(time.weekday().to_monday_zero_offset()),
        CalendarPart::Hour => i64::from(time.hour()),
        CalendarPart::Minute => i64::from(time.minute()),
    }
}

/// How far a column is ahead of a part of the time, and in how many rows.
struct Differences {
    counts: BTreeMap<i64, u64>,
    rows: u64,
    /// Different values of the part.
    distinct: usize,
}

fn differences(values: &[Option<i64>], times: &[Option<DateTime>], part: CalendarPart) -> Differences {
    let mut counts = BTreeMap::new();
    let mut parts = std::collections::BTreeSet::new();
    let both = values.iter().zip(times).filter_map(|(value, time)| Some(((*value)?, part_of(time.as_ref()?, part))));
    for (value, part_value) in both {
        let ahead = value - part_value;
        *counts.entry(part.cycle().map_or(ahead, |cycle| ahead.rem_euclid(cycle))).or_insert(0) += 1;
        parts.insert(part_value);
    }
    Differences { rows: counts.values().sum(), counts, distinct: parts.len() }
}

impl Differences {
    fn most_frequent(&self) -> Option<(i64, u64)> {
        self.counts.iter().max_by_key(|(ahead, rows)| (**rows, -**ahead)).map(|(ahead, rows)| (*ahead, *rows))
    }

    /// Rows that are so far ahead, give or take `slack`.
    fn agreeing(&self, ahead: i64, slack: i64, part: CalendarPart) -> u64 {
        let rows = |ahead: i64| {
            let ahead = part.cycle().map_or(ahead, |cycle| ahead.rem_euclid(cycle));
            self.counts.get(&ahead).copied().unwrap_or(0)
        };
        (ahead - slack..=ahead + slack).map(rows).sum()
    }

    /// By how much the column is ahead in nearly all rows, and in how many; `None` where it isn't this part of the time.
    fn agreed(&self, part: CalendarPart, slack: i64) -> Option<(i64, u64)> {
        let (ahead, _) = self.most_frequent()?;
        let agreeing = self.agreeing(ahead, slack, part);
        // Some count from 0, or from another weekday; years are written in two digits, or counted from the first.
        let is_a_count = part.cycle().is_some() || part == CalendarPart::Year || ahead.abs() <= 1;
        let seen = self.distinct >= DISTINCT || (part == CalendarPart::Year && ahead == 0);
        let enough = self.rows >= FEWEST_ROWS as u64 && agreeing as f64 >= AGREES * self.rows as f64;
        (is_a_count && seen && enough).then_some((ahead, agreeing))
    }
}

/// Reads a column as the first part of the time that it agrees with in train.
fn following(
    feature: &Feature,
    time: &str,
    clock: &Clock,
    before: &[Option<DateTime>],
    after: &[Option<DateTime>],
) -> Option<CalendarColumn> {
    let (part, train, ahead, agreeing) = CalendarPart::ALL.into_iter().find_map(|part| {
        let found = differences(&feature.train, before, part);
        let (ahead, agreeing) = found.agreed(part, clock.slack(part))?;
        Some((part, found.rows, ahead, agreeing))
    })?;
    let slack = clock.slack(part);
    let serve = differences(&feature.serve, after, part);
    let agreeing_served = serve.agreeing(ahead, slack, part);
    let signed = |at: i64| part.cycle().map_or(at, |cycle| (at + cycle / 2 - 1).rem_euclid(cycle) - cycle / 2 + 1);
    let shifts = serve.counts.iter().map(|(at, rows)| (signed(at - ahead), *rows));
    let shift = shifts.filter(|(by, _)| by.abs() > slack).max_by_key(|(by, rows)| (*rows, -by.abs()));
    Some(CalendarColumn {
        column: feature.name.clone(),
        part,
        time: Some(time.to_owned()),
        train: Agreement { rows: train, agreeing },
        serve: Agreement { rows: serve.rows, agreeing: agreeing_served },
        shift,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use polars::prelude::{NamedFrom, TimeUnit};

    use super::*;

    /// Every hour and a quarter from the given hour after 1970 on.
    fn hours(from: i64, rows: i64) -> Vec<i64> {
        (0..rows).map(|row| (from * 4 + row * 5) * HOUR_MS / 4).collect()
    }

    fn sample(times: &[i64], columns: &[(&str, Vec<i64>)]) -> Sample {
        let time = Series::new("at".into(), times.to_vec());
        let time = time.cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).unwrap();
        let others = columns.iter().map(|(name, values)| Series::new((*name).into(), values.clone()));
        Sample::new(std::iter::once(time).chain(others).collect(), times.len()).unwrap()
    }

    fn roles() -> Roles {
        Roles::from([(ColumnRole::Time, "at")])
    }

    fn parts(times: &[i64], part: CalendarPart, ahead: i64) -> Vec<i64> {
        let clock = Clock { hours: 0 };
        let times: Vec<Option<i64>> = times.iter().copied().map(Some).collect();
        let wrapped = |value: i64| part.cycle().map_or(value, |cycle| value.rem_euclid(cycle));
        clock.read(&times).iter().flatten().map(|time| wrapped(part_of(time, part) + ahead)).collect()
    }

    #[test]
    fn a_month_and_a_weekday_of_another_numbering_follow_the_time_and_a_count_does_not() {
        let (before, after) = (hours(0, 4_000), hours(7_000, 1_000));
        let side = |times: &[i64]| {
            sample(
                times,
                &[
                    ("month", parts(times, CalendarPart::Month, 0)),
                    ("from sunday", parts(times, CalendarPart::Weekday, 1)),
                    ("calls", (0..times.len() as i64).map(|row| row * 7 % 12).collect()),
                ],
            )
        };
        let found = calendar(&side(&before), &side(&after), &roles());
        let named: Vec<(&str, CalendarPart)> = found.iter().map(|one| (one.column.as_str(), one.part)).collect();
        assert_eq!(named, [("month", CalendarPart::Month), ("from sunday", CalendarPart::Weekday)]);
        assert!(found.iter().all(CalendarColumn::follows_time));
    }

    #[test]
    fn an_hour_that_is_late_in_serving_no_longer_follows_and_shows_by_how_much() {
        let (before, after) = (hours(0, 2_000), hours(3_000, 1_000));
        let side = |times: &[i64], ahead| sample(times, &[("hour", parts(times, CalendarPart::Hour, ahead))]);
        let found = calendar(&side(&before, 0), &side(&after, -2), &roles());
        assert_eq!((found[0].part, found[0].follows_time()), (CalendarPart::Hour, false));
        assert_eq!(found[0].shift, Some((-2, 1_000)));
    }

    #[test]
    fn a_local_hour_beside_times_in_utc_follows_them_through_the_change_of_the_clock() {
        let (winter, summer) = (hours(0, 2_000), hours(3_000, 1_000));
        let side = |times: &[i64], ahead| {
            let local: Vec<i64> = times.iter().map(|time| time + ahead * HOUR_MS).collect();
            let day = parts(&local, CalendarPart::Day, 0);
            sample(times, &[("hour", parts(times, CalendarPart::Hour, ahead)), ("day", day)])
        };
        let found = calendar(&side(&winter, -5), &side(&summer, -4), &roles());
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(CalendarColumn::follows_time), "{found:?}");
        // Two hours more is no summer time.
        let moved = calendar(&side(&winter, -5), &side(&summer, -2), &roles());
        assert!(!moved[0].follows_time(), "{moved:?}");
    }

    #[test]
    fn without_times_only_a_year_that_moves_on_is_recognised() {
        let years = |from: i64| (0..400).map(|row| from + row % 4).collect::<Vec<i64>>();
        let side =
            |name: &'static str, from: i64| Sample::new(vec![Series::new(name.into(), years(from))], 400).unwrap();
        let count = |name, before, after| calendar(&side(name, before), &side(name, after), &Roles::default()).len();
        assert_eq!(count("survey_year", 2010, 2014), 1);
        assert_eq!(count("survey_year", 2014, 2010), 0);
        assert_eq!(count("year_built", 2010, 2014), 0);
        assert_eq!(count("year", 3, 7), 0);
    }
}
