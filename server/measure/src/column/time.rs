//! Times: range and placeholders over all rows, order from the sample.

use domain::ColumnKind;
use domain::profile::{ColumnProfile, TimeProfile};
use polars::prelude::{PolarsResult, Series};

use super::distinct::Distinct;

const DAY_MS: i64 = 86_400_000;
/// Days that programs write when they have no date, counted from 1970-01-01:
/// 0001-01-01, 1753-01-01 (SQL Server), 1899-12-30 and 1899-12-31 (spreadsheets), 1900-01-01, 2099-12-31, 9999-12-31.
const PLACEHOLDER_DAYS: [i64; 7] = [-719_162, -79_257, -25_569, -25_568, -25_567, 47_481, 2_932_896];

#[derive(Default)]
pub struct TimeColumn {
    range: Option<(i64, i64)>,
    placeholders: u64,
    distinct: Distinct,
}

impl TimeColumn {
    pub fn push(&mut self, batch: &Series) -> PolarsResult<()> {
        for value in batch.datetime()?.physical().iter().flatten() {
            let (low, high) = self.range.unwrap_or((value, value));
            self.range = Some((low.min(value), high.max(value)));
            self.placeholders += u64::from(is_placeholder(value));
            self.distinct.add(value.cast_unsigned());
        }
        Ok(())
    }

    pub fn finish(self, sample: &Series, profile: &mut ColumnProfile) -> PolarsResult<()> {
        let mut sorted_ms: Vec<i64> = sample.datetime()?.physical().iter().flatten().collect();
        sorted_ms.sort_unstable();
        profile.kind = ColumnKind::Datetime;
        profile.distinct = self.distinct.count();
        let (min_ms, max_ms) = self.range.unwrap_or((0, 0));
        profile.time = Some(TimeProfile { min_ms, max_ms, sorted_ms, placeholders: self.placeholders });
        Ok(())
    }
}

/// The very first millisecond of 1970, or any time on a day that stands for "no date".
fn is_placeholder(ms: i64) -> bool {
    ms == 0 || PLACEHOLDER_DAYS.contains(&ms.div_euclid(DAY_MS))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn placeholder_days_are_the_dates_they_are_said_to_be() {
        let dates = [
            date(1, 1, 1),
            date(1753, 1, 1),
            date(1899, 12, 30),
            date(1899, 12, 31),
            date(1900, 1, 1),
            date(2099, 12, 31),
            date(9999, 12, 30),
        ];
        let days: Vec<i64> = dates
            .iter()
            .filter_map(|day| day.to_zoned(TimeZone::UTC).ok())
            .map(|zoned| zoned.timestamp().as_second().div_euclid(86_400))
            .collect();
        // The last one is a day early: jiff's range ends within 9999-12-31 for some time zones.
        let expected: Vec<i64> = PLACEHOLDER_DAYS[..6].iter().copied().chain([PLACEHOLDER_DAYS[6] - 1]).collect();
        assert_eq!(days, expected);
        assert!(is_placeholder(0) && !is_placeholder(1));
    }
}
