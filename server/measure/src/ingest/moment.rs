//! Dates and times as text. Times with a zone become UTC; times without one are taken as they are.

use domain::profile::{DAY_FIRST, MONTH_FIRST};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a date begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// `2021-03-04`, `2021/03/04`
    Year,
    /// `04.03.2021`, `13/04/2021`
    Day,
    /// `04/13/2021`
    Month,
}

impl DateOrder {
    /// The order in which dates were written that have this stored type.
    pub fn of_stored_type(stored: &str) -> Option<DateOrder> {
        match stored {
            DAY_FIRST => Some(DateOrder::Day),
            MONTH_FIRST => Some(DateOrder::Month),
            _ => None,
        }
    }

    /// The stored type of dates in this order.
    pub(super) fn stored_type(self) -> &'static str {
        match self {
            DateOrder::Year => "Datetime",
            DateOrder::Day => DAY_FIRST,
            DateOrder::Month => MONTH_FIRST,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            DateOrder::Year => "the year first",
            DateOrder::Day => "the day first",
            DateOrder::Month => "the month first",
        }
    }
}

/// A cell that looks like a date, possibly with a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Milliseconds since 1970-01-01 UTC if the year comes first.
    pub year_first: Option<i64>,
    pub day_first: Option<i64>,
    pub month_first: Option<i64>,
    /// It says which zone it is in.
    pub zoned: bool,
}

impl Moment {
    pub fn in_order(self, order: DateOrder) -> Option<i64> {
        match order {
            DateOrder::Year => self.year_first,
            DateOrder::Day => self.day_first,
            DateOrder::Month => self.month_first,
        }
    }
}

const LONGEST: usize = 40;
const DAY_MS: i64 = 86_400_000;

/// Recognises a date or a date with a time, already trimmed.
pub(super) fn moment(cell: &str) -> Option<Moment> {
    let bytes = cell.as_bytes();
    if bytes.len() < 8 || bytes.len() > LONGEST || !bytes[0].is_ascii_digit() {
        return None;
    }
    let (first, rest) = digits(bytes, 1, 4)?;
    let separator = *rest.first()?;
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let (second, rest) = digits(&rest[1..], 1, 2)?;
    let rest = rest.strip_prefix(&[separator])?;
    let (third, rest) = digits(rest, 1, 4)?;
    let (of_day, zoned) = time_of_day(rest)?;
    let at = |year: (i64, usize), month: (i64, usize), day: (i64, usize)| {
        (year.1 == 4 && month.1 <= 2 && day.1 <= 2)
            .then(|| days(year.0, month.0, day.0))
            .flatten()
            .map(|days| days * DAY_MS + of_day)
    };
    let moment = Moment {
        year_first: at(first, second, third),
        day_first: at(third, second, first),
        // A dotted date has its day first wherever dots are used.
        month_first: if separator == b'.' { None } else { at(third, first, second) },
        zoned,
    };
    (moment.year_first.is_some() || moment.day_first.is_some() || moment.month_first.is_some()).then_some(moment)
}

/// A number of `least` to `most` digits, with how many there were, and what follows.
fn digits(bytes: &[u8], least: usize, most: usize) -> Option<((i64, usize), &[u8])> {
    let count = bytes.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    if count < least || bytes.get(count).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let value = bytes[..count].iter().fold(0, |value, &byte| value * 10 + i64::from(byte - b'0'));
    Some(((value, count), &bytes[count..]))
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; `None` for a date that does not exist.
/// Algorithm: Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
pub(super) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

/// Milliseconds to add for what follows the date (nothing, or a time, fraction and zone), and whether a zone is named.
fn time_of_day(rest: &[u8]) -> Option<(i64, bool)> {
    if rest.is_empty() {
        return Some((0, false));
    }
    let rest = rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" ")).or_else(|| rest.strip_prefix(b"t"))?;
    let ((hour, _), rest) = digits(rest, 1, 2)?;
    let ((minute, _), rest) = digits(rest.strip_prefix(b":")?, 2, 2)?;
    let ((second, _), rest) = match rest.strip_prefix(b":") {
        Some(rest) => digits(rest, 2, 2)?,
        None => ((0, 0), rest),
    };
    // 60 is a leap second; 24:00 is the end of the day.
    if hour > 24 || minute > 59 || second > 60 || (hour == 24 && minute + second > 0) {
        return None;
    }
    let (fraction_ms, rest) = fraction(rest)?;
    let (offset_minutes, zoned) = zone(rest)?;
    Some((((hour * 60 + minute - offset_minutes) * 60 + second) * 1000 + fraction_ms, zoned))
}

/// A fraction of a second, cut to milliseconds.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let Some(rest) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) else {
        return Some((0, rest));
    };
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 || count > 12 {
        return None;
    }
    let place = |place: usize| if place < count { i64::from(rest[place] - b'0') } else { 0 };
    Some((place(0) * 100 + place(1) * 10 + place(2), &rest[count..]))
}

/// The zone's minutes east of UTC.
fn zone(rest: &[u8]) -> Option<(i64, bool)> {
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let (sign, rest) = match rest {
        [] => return Some((0, false)),
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some((0, true)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (rest, &b"00"[..]),
        4 => rest.split_at(2),
        5 if rest[2] == b':' => (&rest[..2], &rest[3..]),
        _ => return None,
    };
    let ((hours, _), _) = digits(hours, 2, 2)?;
    let ((minutes, _), _) = digits(minutes, 2, 2)?;
    (hours <= 18 && minutes < 60).then_some((sign * (hours * 60 + minutes), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year_first(cell: &str) -> Option<i64> {
        moment(cell).and_then(|moment| moment.year_first)
    }

    #[test]
    fn iso_times_become_utc_milliseconds() {
        assert_eq!(year_first("1970-01-01"), Some(0));
        assert_eq!(year_first("2013-11-03T04:30:00Z"), Some(1_383_453_000_000));
        assert_eq!(year_first("2013-11-03T10:00:00+05:30"), Some(1_383_453_000_000));
        assert_eq!(year_first("2013-11-03 00:30:00-0400"), Some(1_383_453_000_000));
        assert_eq!(year_first("2018-01-01 00:00:00.000"), Some(1_514_764_800_000));
        assert_eq!(year_first("1969-12-31 23:59:59.999999"), Some(-1));
        assert_eq!(year_first("2000-02-29"), Some(951_782_400_000));
        assert_eq!(moment("2013-11-03 04:30").map(|moment| moment.zoned), Some(false));
        assert_eq!(moment("2013-11-03 04:30:00+00:00").map(|moment| moment.zoned), Some(true));
    }

    #[test]
    fn the_order_of_day_and_month_is_left_open_where_it_is_open() {
        let open = moment("03/04/2021").map(|moment| (moment.day_first, moment.month_first));
        assert_eq!(open, Some((Some(1_617_408_000_000), Some(1_614_816_000_000))));
        assert_eq!(moment("13/04/2021").and_then(|moment| moment.month_first), None);
        assert_eq!(moment("04.03.2021").and_then(|moment| moment.month_first), None);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for cell in [
            "2021-02-30",
            "2021-13-01",
            "1.2.3",
            "10.0.0.1",
            "2021-01-01T25:00",
            "555-1234-99",
            "2021-01-01x",
            "20210101",
            "12:30:00",
        ] {
            assert_eq!(moment(cell), None, "{cell}");
        }
    }
}
