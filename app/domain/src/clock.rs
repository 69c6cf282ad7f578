//! Instants as people read them. Everything is UTC: the same link must show the same page to everyone.

pub use crate::plot::format::DAY_MS;
use crate::plot::format::{civil, days_from_civil};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The first millisecond of the day that stands in a file's name, as `2024-03-26` or `20240326`; `None` without one of this age.
pub fn day_in_name(name: &str) -> Option<i64> {
    const YEARS: std::ops::Range<i64> = 1990..2100;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let day = |text: &str| {
        let start = start_of_day(text)?;
        YEARS.contains(&Moment::from_ms(start).year).then_some(start)
    };
    let dashed = (0..name.len()).find_map(|at| day(name.get(at..at + 10)?));
    dashed.or_else(|| {
        let mut runs = name.split(|letter: char| !letter.is_ascii_digit());
        let run = runs.find(|run| run.len() == 8 && digits(run))?;
        day(&format!("{}-{}-{}", &run[..4], &run[4..6], &run[6..]))
    })
}

/// The last millisecond of a day written as `2024-03-26`; `None` when that is no day.
pub fn end_of_day(date: &str) -> Option<i64> {
    Some(start_of_day(date)? + DAY_MS - 1)
}

/// The first millisecond of a day written as `2024-03-26`, UTC; `None` when that is no day.
pub fn start_of_day(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-');
    let mut part = |digits: usize| {
        let text =
            parts.next().filter(|text| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))?;
        text.parse::<u32>().ok()
    };
    let (year, month, day) = (i64::from(part(4)?), part(2)?, part(2)?);
    let days = days_from_civil(year, month, day);
    // A day that does not exist, such as 30 February, comes out as another.
    (civil(days) == (year, month, day)).then_some(days * DAY_MS)
}

/// A moment written as browsers write it, `2024-03-26T14:05` or with seconds, UTC; `None` when that is none.
pub fn moment(text: &str) -> Option<i64> {
    let (day, time) = text.split_once('T')?;
    let parts: Vec<&str> = time.split(':').collect();
    let part = |index: usize, below: i64| {
        let text: &&str = parts.get(index)?;
        let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|value| is_plain && *value < below)
    };
    let seconds = match parts.len() {
        2 => 0,
        3 => part(2, 60)?,
        _ => return None,
    };
    Some(start_of_day(day)? + ((part(0, 24)? * 60 + part(1, 60)?) * 60 + seconds) * 1000)
}

/// A moment as programs write it: RFC 3339 such as `2026-11-27T09:30:00+01:00`, a day (its first millisecond, UTC), or
/// milliseconds since 1970-01-01 UTC. `None` for anything else.
pub fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Fewer digits are seconds, or a day without its dashes.
        return (12..=14).contains(&text.len()).then(|| text.parse().ok())?;
    }
    let Some((day, clock)) = text.split_once(['T', 't', ' ']) else { return start_of_day(text) };
    let (clock, offset_ms) = without_offset(clock)?;
    let whole = match clock.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => clock,
    };
    Some(moment(&format!("{day}T{whole}"))? - offset_ms)
}

/// A time of day without its offset from UTC, and the offset in milliseconds; UTC where there is none.
fn without_offset(clock: &str) -> Option<(&str, i64)> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(at) = clock.rfind(['+', '-']) else { return Some((clock, 0)) };
    let (clock, offset) = clock.split_at(at);
    let minutes = moment(&format!("1970-01-01T{}", offset.get(1..)?))?;
    Some((clock, if offset.starts_with('-') { -minutes } else { minutes }))
}

/// A moment as a field of a form takes it: `2024-03-26T14:05`.
pub fn moment_field(ms: i64) -> String {
    let Moment { year, month, day, hour, minute, .. } = Moment::from_ms(ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
}

/// How long ago a moment was, as people say it; the date where that is longer than a week.
pub fn ago(ms: i64, now_ms: i64) -> String {
    match (now_ms - ms).div_euclid(60_000) {
        ..1 => "just now".to_owned(),
        minutes @ 1..60 => format!("{minutes} min ago"),
        minutes @ 60..1440 => format!("{} h ago", minutes / 60),
        1440..2880 => "1 day ago".to_owned(),
        minutes @ 2880..10_080 => format!("{} days ago", minutes / 1440),
        _ => Moment::from_ms(ms).date(),
    }
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
    /// From milliseconds since 1970-01-01T00:00Z.
    pub fn from_ms(ms: i64) -> Self {
        let (year, month, day) = civil(ms.div_euclid(DAY_MS));
        let seconds = ms.rem_euclid(DAY_MS) / 1000;
        Self {
            year,
            month,
            day,
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

    /// `2024-03-26`
    pub fn iso_date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
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
    fn the_day_of_a_file_stands_in_its_name() {
        let day = |name: &str| day_in_name(name).map(|ms| Moment::from_ms(ms).date());
        assert_eq!(day("serve_2024-03-26.parquet").as_deref(), Some("26 Mar 2024"));
        assert_eq!(day("dt=2024-03-26/part-000.parquet").as_deref(), Some("26 Mar 2024"));
        assert_eq!(day("rows20240326T0600.csv").as_deref(), Some("26 Mar 2024"));
        assert_eq!(day("größe-20240326.csv").as_deref(), Some("26 Mar 2024"));
        for none in ["rows.csv", "v1234-56-78", "part-00012345678.csv", "20241399.csv", "1234-05-06"] {
            assert_eq!(day(none), None, "{none}");
        }
    }

    #[test]
    fn a_moment_of_a_form_is_read_and_written() {
        assert_eq!(moment("1970-01-02T00:01"), Some(DAY_MS + 60_000));
        assert_eq!(moment("1970-01-01T00:00:59"), Some(59_000));
        assert_eq!(moment(&moment_field(1_700_000_000_000)), Some(1_700_000_000_000 / 60_000 * 60_000));
        for text in
            ["", "1970-01-02", "1970-01-02T24:00", "1970-01-02T1:00", "1970-02-30T00:00", "1970-01-02T00:00:00:00"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_of_a_program_is_read_with_its_offset() {
        let nine = start_of_day("2026-11-27").map(|day| day + 9 * 3_600_000);
        for text in [
            "2026-11-27T09:00:00Z",
            "2026-11-27T09:00Z",
            "2026-11-27 09:00",
            "2026-11-27T10:00:00+01:00",
            "2026-11-27T03:30:00.123-05:30",
            " 1795770000000 ",
        ] {
            assert_eq!(instant(text), nine, "{text}");
        }
        assert_eq!(instant("1970-01-02"), Some(DAY_MS));
        for none in [
            "",
            "tomorrow",
            "20261127",
            "1795770000",
            "2026-11-27T",
            "2026-11-27T25:00",
            "2026-11-27T09:00:00.",
            "2026-11-27T09:00+1",
            "2026-11-27T09:00+24:00",
        ] {
            assert_eq!(instant(none), None, "{none}");
        }
    }

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
    fn ages_are_minutes_hours_and_days_and_then_the_date() {
        let now = 1_711_444_320_000;
        let before = |minutes: i64| ago(now - minutes * 60_000, now);
        assert_eq!([0, 1, 59, 60, 1439].map(before), ["just now", "1 min ago", "59 min ago", "1 h ago", "23 h ago"]);
        assert_eq!([1440, 2880, 10_079, 10_080].map(before), ["1 day ago", "2 days ago", "6 days ago", "19 Mar 2024"]);
        assert_eq!(ago(now + 5_000, now), "just now", "clocks differ");
    }

    #[test]
    fn leap_days_epochs_and_times_before_1970_come_out_right() {
        assert_eq!(Moment::from_ms(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Moment::from_ms(951_782_400_000).rfc3339(), "2000-02-29T00:00:00Z");
        assert_eq!(Moment::from_ms(-1).rfc3339(), "1969-12-31T23:59:59Z");
        assert_eq!(Moment::from_ms(1_711_444_320_000).words(), "26 Mar 2024, 09:12");
    }
}
