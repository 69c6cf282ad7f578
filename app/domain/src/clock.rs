//! Instants as people read them. Everything is UTC: the same link must show the same page to everyone.

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// The last millisecond of a day written as `2024-03-26`; `None` when that is no day.
pub fn end_of_day(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-');
    let mut part = |digits: usize| {
        let text =
            parts.next().filter(|text| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))?;
        text.parse::<i64>().ok()
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    let start = days_from_civil(year, month, day) * DAY_MS;
    let moment = Moment::from_ms(start);
    // A day that does not exist, such as 30 February, comes out as another.
    ((moment.year, i64::from(moment.month), i64::from(moment.day)) == (year, month, day)).then_some(start + DAY_MS - 1)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar: Howard Hinnant's `days_from_civil`.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// A moment taken apart in the proleptic Gregorian calendar, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
}

impl Moment {
    /// From milliseconds since 1970-01-01T00:00Z. The date part is Howard Hinnant's `civil_from_days`.
    pub fn from_ms(ms: i64) -> Self {
        let (days, seconds) = (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS) / 1000);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: month as u32,
            day: day as u32,
            hour: (seconds / 3600) as u32,
            minute: (seconds / 60 % 60) as u32,
            second: (seconds % 60) as u32,
        }
    }

    /// `26 Mar 2024, 09:12`
    pub fn words(self) -> String {
        format!("{}, {:02}:{:02}", self.date(), self.hour, self.minute)
    }

    /// `26 Mar 2024`
    pub fn date(self) -> String {
        format!("{} {} {}", self.day, MONTHS[self.month as usize - 1], self.year)
    }

    /// RFC 3339, for machines.
    pub fn rfc3339(self) -> String {
        let Moment { year, month, day, hour, minute, second } = self;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_day_ends_with_its_last_millisecond_and_days_that_do_not_exist_are_none() {
        assert_eq!(end_of_day("1970-01-01"), Some(86_399_999));
        assert_eq!(end_of_day("2000-02-29").map(|ms| Moment::from_ms(ms).date()), Some("29 Feb 2000".into()));
        assert_eq!(
            end_of_day("2026-12-31").map(|ms| Moment::from_ms(ms).rfc3339()),
            Some("2026-12-31T23:59:59Z".into())
        );
        for none in
            ["", "2025-02-29", "2025-13-01", "2025-00-10", "2025-1-1", "26 Mar 2024", "+025-01-01", "2025-01-01T00"]
        {
            assert_eq!(end_of_day(none), None, "{none}");
        }
    }

    #[test]
    fn leap_days_epochs_and_times_before_1970_come_out_right() {
        assert_eq!(Moment::from_ms(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Moment::from_ms(951_782_400_000).rfc3339(), "2000-02-29T00:00:00Z");
        assert_eq!(Moment::from_ms(-1).rfc3339(), "1969-12-31T23:59:59Z");
        assert_eq!(Moment::from_ms(1_711_444_320_000).words(), "26 Mar 2024, 09:12");
    }
}
