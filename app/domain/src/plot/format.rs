//! Ticks and times as people read them; numbers are in `crate::number`.

use crate::number::grouped;
use crate::snapshot::ColumnKind;

pub use crate::number::{count, number, percent as share, significant};

/// The label of a tick, with the decimals its step needs: `0.25`, `10k`, `1.5M`.
pub fn tick(value: f64, step: f64) -> String {
    let size = value.abs().max(step.abs());
    if size != 0.0 && !(1e-4..1e12).contains(&size) {
        return significant(value, 3);
    }
    let (divisor, suffix) = match size {
        size if size >= 1e9 => (1e9, "bn"),
        size if size >= 1e6 => (1e6, "M"),
        size if size >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    if value == 0.0 {
        return "0".to_owned();
    }
    let step = step.abs() / divisor;
    let decimals = (0..=12).find(|&decimals| whole(step * 10f64.powi(decimals))).unwrap_or(12) as usize;
    format!("{}{suffix}", grouped(&format!("{:.decimals$}", value / divisor)))
}

fn whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6 * value.abs().max(1.0)
}

/// A moment in UTC, as exact as it needs to be: `2024-03-20` at midnight, `2024-03-20 14:00`, with seconds where they are not 0.
pub fn time(ms: i64) -> String {
    let (year, month, day) = civil(ms.div_euclid(DAY_MS));
    let in_day = ms.rem_euclid(DAY_MS) / 1000;
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (in_day / 3600, in_day / 60 % 60, in_day % 60) {
        (0, 0, 0) => date,
        (hour, minute, 0) => format!("{date} {hour:02}:{minute:02}"),
        (hour, minute, second) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}

/// Reads a moment in UTC as [`time`] writes it: a date, with or without a time of day after a space or a `T`.
pub fn moment(text: &str) -> Option<i64> {
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let mut date = date.split('-');
    let (year, month, day) = (date.next()?.parse().ok()?, date.next()?.parse().ok()?, date.next()?.parse().ok()?);
    let days = days_from_civil(year, month, day);
    // What is no day of the calendar comes back as another one.
    if date.next().is_some() || !(1..=9999).contains(&year) || civil(days) != (year, month, day) {
        return None;
    }
    let mut seconds = 0;
    let clock = clock.trim_end_matches('Z');
    for (part, (most, size)) in clock.split(':').filter(|part| !part.is_empty()).zip([(23, 3600), (59, 60), (59, 1)]) {
        seconds += part.parse::<i64>().ok().filter(|part| (0..=most).contains(part))? * size;
    }
    Some(days * DAY_MS + seconds * 1000)
}

/// A value of a column: a number, or the moment that it stands for.
pub fn value(number: f64, kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Datetime if number.is_finite() => time(number as i64),
        _ => self::number(number),
    }
}

/// A value of a column among others from `low` to `high`. Years have no comma: whole numbers between 1500 and 2200 are
/// taken for years when all of them are.
pub fn value_among(number: f64, kind: ColumnKind, (low, high): (f64, f64)) -> String {
    let is_year = kind != ColumnKind::Datetime && are_years(low, high) && number.fract() == 0.0;
    if is_year { format!("{number:.0}") } else { value(number, kind) }
}

/// Whether everything from `low` to `high` may be a year.
pub fn are_years(low: f64, high: f64) -> bool {
    const YEARS: std::ops::RangeInclusive<f64> = 1500.0..=2200.0;
    YEARS.contains(&low) && YEARS.contains(&high)
}

pub const DAY_MS: i64 = 86_400_000;

/// Year, month and day of a number of days since 1970-01-01, in the proleptic Gregorian calendar.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
pub fn civil(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 } as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01 of a date; the inverse of [`civil`], same source (`days_from_civil`).
pub fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = i64::from(if month > 2 { month - 3 } else { month + 9 });
    let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// A text of at most `characters` characters; a cut one ends in `…`.
pub fn shortened(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_show_what_the_step_needs() {
        assert_eq!(tick(0.25, 0.05), "0.25");
        assert_eq!(tick(0.3, 0.1), "0.3");
        assert_eq!(tick(20_000.0, 10_000.0), "20k");
        assert_eq!(tick(2500.0, 500.0), "2,500");
        assert_eq!(tick(1_500_000.0, 500_000.0), "1.5M");
        assert_eq!(tick(-10.0, 5.0), "-10");
    }

    #[test]
    fn times_are_as_exact_as_they_need_to_be() {
        assert_eq!(time(0), "1970-01-01");
        assert_eq!(time(1_710_943_200_000), "2024-03-20 14:00");
        assert_eq!(time(-1000), "1969-12-31 23:59:59");
    }

    #[test]
    fn years_have_no_comma() {
        let among = |number, range| value_among(number, ColumnKind::Numeric, range);
        assert_eq!([among(2015.0, (2010.0, 2020.0)), among(2015.0, (0.0, 9000.0))], ["2015", "2,015"]);
        assert_eq!(among(2015.5, (2010.0, 2020.0)), number(2015.5));
    }

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        for ms in [0, 1_710_943_200_000, -1000, 951_782_400_000] {
            assert_eq!(moment(&time(ms)), Some(ms), "{}", time(ms));
        }
        assert_eq!(moment("2024-03-20T14:00:00Z"), Some(1_710_943_200_000));
        for other in ["", "2024", "2024-02-30", "2024-13-01", "2024-01-01 25:00", "soon", "1-2-3-4"] {
            assert_eq!(moment(other), None, "{other}");
        }
    }

    #[test]
    fn dates_there_and_back() {
        for days in (-800_000..800_000).step_by(97) {
            let (year, month, day) = civil(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        assert_eq!(civil(11_016), (2000, 2, 29));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shortened("déjà vu", 5), "déjà…");
        assert_eq!(shortened("short", 5), "short");
    }
}
