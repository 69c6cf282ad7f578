//! Instants as people read them. Everything is UTC: the same link must show the same page to everyone.

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

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
        let (days, seconds) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000) / 1000);
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
    fn leap_days_epochs_and_times_before_1970_come_out_right() {
        assert_eq!(Moment::from_ms(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Moment::from_ms(951_782_400_000).rfc3339(), "2000-02-29T00:00:00Z");
        assert_eq!(Moment::from_ms(-1).rfc3339(), "1969-12-31T23:59:59Z");
        assert_eq!(Moment::from_ms(1_711_444_320_000).words(), "26 Mar 2024, 09:12");
    }
}
