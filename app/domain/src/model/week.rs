//! Weeks as ISO 8601 counts them: from Monday on, in UTC.

use crate::clock::{DAY_MS, Moment};
use crate::plot::format::{civil, days_from_civil};

/// A week, by the day on which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week {
    /// Days from 1970-01-01 to its Monday.
    monday: i64,
}

/// Years that can be asked for.
const YEARS: std::ops::RangeInclusive<i64> = 1970..=9999;

impl Week {
    /// The week of a moment, in milliseconds since 1970-01-01 UTC.
    pub fn of(ms: i64) -> Week {
        Week { monday: monday_of(ms.div_euclid(DAY_MS)) }
    }

    /// Of its name, such as `2026-W48`; `None` for a week that does not exist.
    pub fn parse(text: &str) -> Option<Week> {
        let (year, number) = text.split_once("-W")?;
        let is_number =
            |text: &str, digits: usize| text.len() == digits && text.bytes().all(|one| one.is_ascii_digit());
        if !is_number(year, 4) || !is_number(number, 2) {
            return None;
        }
        let (year, number): (i64, i64) = (year.parse().ok()?, number.parse().ok()?);
        let week = Week { monday: first_monday(year) + 7 * (number - 1) };
        (YEARS.contains(&year) && week.name() == text).then_some(week)
    }

    /// Its name: `2026-W48`.
    pub fn name(self) -> String {
        // The year of a week is the one that has its Thursday.
        let (year, _, _) = civil(self.monday + 3);
        let number = (self.monday - first_monday(year)) / 7 + 1;
        format!("{year:04}-W{number:02}")
    }

    #[must_use]
    pub fn before(self) -> Week {
        Week { monday: self.monday - 7 }
    }

    #[must_use]
    pub fn after(self) -> Week {
        Week { monday: self.monday + 7 }
    }

    /// Its first millisecond.
    pub fn from_ms(self) -> i64 {
        self.monday * DAY_MS
    }

    /// The first millisecond after it.
    pub fn end_ms(self) -> i64 {
        self.after().from_ms()
    }

    pub fn contains(self, ms: i64) -> bool {
        (self.from_ms()..self.end_ms()).contains(&ms)
    }

    /// `23 Nov 2026 to 29 Nov 2026`
    pub fn words(self) -> String {
        let day = |ms: i64| Moment::from_ms(ms).date();
        format!("{} to {}", day(self.from_ms()), day(self.end_ms() - DAY_MS))
    }
}

/// 1970-01-01 was a Thursday.
fn monday_of(days: i64) -> i64 {
    days - (days + 3).rem_euclid(7)
}

/// The Monday of week 1: the week that has 4 January.
fn first_monday(year: i64) -> i64 {
    monday_of(days_from_civil(year, 1, 4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::start_of_day;

    #[test]
    fn weeks_are_named_as_the_calendar_does() {
        // The ends of years, as `date +%G-W%V` has them.
        for (day, name) in [
            ("2026-11-27", "2026-W48"),
            ("2026-11-23", "2026-W48"),
            ("2026-11-29", "2026-W48"),
            ("2026-11-30", "2026-W49"),
            ("2026-12-31", "2026-W53"),
            ("2027-01-03", "2026-W53"),
            ("2027-01-04", "2027-W01"),
            ("2024-12-30", "2025-W01"),
            ("1970-01-01", "1970-W01"),
        ] {
            let week = Week::of(start_of_day(day).expect("a day"));
            assert_eq!(week.name(), name, "{day}");
            assert_eq!(Week::parse(name), Some(week));
        }
        assert_eq!(Week::of(0).words(), "29 Dec 1969 to 4 Jan 1970");
    }

    #[test]
    fn each_week_has_one_name_and_follows_the_one_before() {
        let mut week = Week::of(0);
        for _ in 0..3_000 {
            let next = week.after();
            assert_eq!((Week::parse(&next.name()), next.before(), week.end_ms()), (Some(next), week, next.from_ms()));
            assert!(week.contains(week.from_ms()) && !week.contains(week.end_ms()));
            week = next;
        }
    }

    #[test]
    fn what_is_no_week_is_none() {
        for text in [
            "",
            "2026",
            "2026-W00",
            "2025-W53",
            "2026-W54",
            "2026-W1",
            "2026-w48",
            "+026-W01",
            "2026-W048",
            "0000-W01",
            "2026-W48 ",
        ] {
            assert_eq!(Week::parse(text), None, "{text}");
        }
    }
}
