//! Numbers that count time.

use domain::ColumnKind;
use domain::profile::{ColumnProfile, NumericProfile};
use polars::prelude::{Column, DataType, IntoColumn, IntoSeries, PolarsResult, TimeUnit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guess::words;
use super::moment::days;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Epoch {
    /// Since 1970-01-01 UTC.
    Days,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
    /// A date written as one number, such as 20240131.
    YearMonthDay,
}

const DAY_MS: f64 = 86_400_000.0;
/// Times between these days are plausible in the data of a model: 1990-01-01 and 2050-01-01.
const PLAUSIBLE_DAYS: (f64, f64) = (7_305.0, 29_220.0);
/// Words of a column's name that say that it holds times.
const WORDS: [&str; 16] = [
    "time",
    "timestamp",
    "ts",
    "date",
    "datetime",
    "day",
    "at",
    "epoch",
    "created",
    "updated",
    "when",
    "dt",
    "unix",
    "ms",
    "utc",
    "datum",
];

impl Epoch {
    const COUNTED: [Epoch; 5] =
        [Epoch::Seconds, Epoch::Milliseconds, Epoch::Microseconds, Epoch::Nanoseconds, Epoch::Days];

    pub fn words(self) -> &'static str {
        match self {
            Epoch::Days => "days since 1970",
            Epoch::Seconds => "seconds since 1970",
            Epoch::Milliseconds => "milliseconds since 1970",
            Epoch::Microseconds => "microseconds since 1970",
            Epoch::Nanoseconds => "nanoseconds since 1970",
            Epoch::YearMonthDay => "dates written as YYYYMMDD",
        }
    }

    /// The unit of a column that was read as times: see `stored_type`.
    pub fn of_stored_type(stored: &str) -> Option<Epoch> {
        let all = Self::COUNTED.into_iter().chain([Epoch::YearMonthDay]);
        all.into_iter().find(|epoch| stored.ends_with(&format!("({})", epoch.words())))
    }

    /// The stored type of numbers that are read as times: `Int64 (seconds since 1970)`.
    pub(super) fn stored_type(self, of_numbers: &str) -> String {
        format!("{of_numbers} ({})", self.words())
    }

    /// How many of them make a millisecond.
    fn per_ms(self) -> Option<f64> {
        match self {
            Epoch::Days => Some(1.0 / DAY_MS),
            Epoch::Seconds => Some(1e-3),
            Epoch::Milliseconds => Some(1.0),
            Epoch::Microseconds => Some(1e3),
            Epoch::Nanoseconds => Some(1e6),
            Epoch::YearMonthDay => None,
        }
    }

    /// Milliseconds since 1970-01-01 UTC; `None` for a date that does not exist.
    pub fn ms(self, number: f64) -> Option<i64> {
        if !number.is_finite() {
            return None;
        }
        match self.per_ms() {
            Some(per) => Some((number / per).floor() as i64),
            None if number.fract() == 0.0 => {
                let date = number as i64;
                days(date / 10_000, date / 100 % 100, date % 100).map(|days| days * DAY_MS as i64)
            }
            None => None,
        }
    }

    /// The unit in which all numbers of a column are times, when somebody says that it holds times.
    pub fn of_times(column: &ColumnProfile) -> Option<Epoch> {
        let numbers =
            column.numeric.as_ref().filter(|numbers| column.kind == ColumnKind::Numeric && numbers.finite > 0)?;
        if are_dates(numbers) {
            return Some(Epoch::YearMonthDay);
        }
        let plausible = |epoch: &Epoch| {
            let day = |number: f64| epoch.ms(number).map_or(f64::NAN, |ms| ms as f64 / DAY_MS);
            let (low, high) = PLAUSIBLE_DAYS;
            day(numbers.min) >= low && day(numbers.max) <= high
        };
        Self::COUNTED.into_iter().find(plausible)
    }

    /// As [`Epoch::of_times`], where nobody says so but the name and the values do: whole numbers that vary. Few days fit
    /// many counts, so that unit is not guessed.
    pub fn guessed(column: &ColumnProfile) -> Option<Epoch> {
        let named = words(&column.name).iter().any(|word| WORDS.contains(&word.as_str()));
        let whole = column.numeric.as_ref().is_some_and(|numbers| numbers.integers);
        Self::of_times(column).filter(|epoch| named && whole && column.distinct > 1 && *epoch != Epoch::Days)
    }

    /// A column of numbers as times.
    pub(super) fn read(self, column: &Column) -> PolarsResult<Column> {
        let numbers = column.as_materialized_series().cast(&DataType::Float64)?;
        let times = numbers.f64()?.iter().map(|number| number.and_then(|number| self.ms(number)));
        let times: polars::prelude::Int64Chunked = times.collect();
        let times = times.with_name(column.name().clone()).into_datetime(TimeUnit::Milliseconds, None);
        Ok(times.into_series().into_column())
    }
}

/// Whether every number is a date of the calendar, in years that data come from.
fn are_dates(numbers: &NumericProfile) -> bool {
    let plausible = |number: f64| (19_000_101.0..=21_001_231.0).contains(&number);
    numbers.integers
        && plausible(numbers.min)
        && plausible(numbers.max)
        && numbers.sorted.iter().all(|number| Epoch::YearMonthDay.ms(*number).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_gives_the_same_instant() {
        let ms = 1_700_006_400_000;
        for (epoch, number) in [
            (Epoch::Days, 1_700_006_400.0 / 86_400.0),
            (Epoch::Seconds, 1_700_006_400.0),
            (Epoch::Milliseconds, 1_700_006_400_000.0),
            (Epoch::Microseconds, 1_700_006_400_000_000.0),
        ] {
            assert!((epoch.ms(number).unwrap_or(0) - ms).abs() <= 1, "{epoch:?}");
        }
        assert_eq!(Epoch::YearMonthDay.ms(20_231_115.0), Some(1_700_006_400_000));
        assert_eq!((Epoch::YearMonthDay.ms(20_230_230.0), Epoch::Seconds.ms(f64::NAN)), (None, None));
    }
}
