//! Times and values in the spellings that programs give them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// What Python's `json` writes for floats that JSON has no word for, longest first.
const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// The same text with such words in quotation marks, outside of strings; then it is JSON.
pub(crate) fn quoted(text: &str) -> String {
    if !text.contains("NaN") && !text.contains("Infinity") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len() + 64);
    let (mut in_string, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if !in_string && let Some(word) = WORDS.into_iter().find(|word| rest.starts_with(word)) {
            plain.extend(["\"", word, "\""]);
            rest = &rest[word.len()..];
            continue;
        }
        match letter {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
        plain.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    plain
}

/// A number; NaN for `null` and for the words of what is none. `None` for anything else.
pub(crate) fn value(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64().filter(|number| number.is_finite()),
        Value::Null => Some(f64::NAN),
        Value::String(text) => {
            let word = text.trim().trim_start_matches(['+', '-']).to_ascii_lowercase();
            matches!(word.as_str(), "nan" | "infinity" | "inf").then_some(f64::NAN)
        }
        _ => None,
    }
}

/// Milliseconds since 1970, from RFC 3339 or from a date (and time) without a zone, as Python prints it, which is read as UTC.
pub(crate) fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    let zoned = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    let time = text.parse::<Timestamp>().ok().or_else(|| zoned().map(|time| time.timestamp()));
    time.map(|time| time.as_millisecond())
}

/// Milliseconds since 1970, from such a number or from RFC 3339.
pub(crate) fn time(value: &Value) -> Option<i64> {
    /// The times that a calendar of four-digit years can show.
    const EARLIEST: i64 = -62_167_219_200_000;
    const LATEST: i64 = 253_402_300_799_999;
    let milliseconds = match value {
        Value::Number(number) => number.as_i64().or_else(|| Some(number.as_f64()?.round() as i64)),
        Value::String(text) => text.trim().parse::<Timestamp>().ok().map(|time| time.as_millisecond()),
        _ => None,
    };
    milliseconds.filter(|time| (EARLIEST..=LATEST).contains(time))
}

/// The bytes of Base64, with or without its padding; `None` where it holds another character.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.trim().trim_end_matches('=').bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        bits = (bits << 6 | u32::from(digit(byte)?)) & 0xFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_both_alphabets() {
        assert_eq!(base64("4oKsLDE="), Some("€,1".as_bytes().to_vec()));
        assert_eq!(base64("-_8"), Some(vec![0xfb, 0xff]));
        assert_eq!(base64("a,b"), None);
    }

    #[test]
    fn a_time_without_a_zone_is_utc() {
        assert_eq!(moment("2018-02-07 20:06:16.848"), Some(1_518_033_976_848));
        assert_eq!(moment("2018-02-07T20:06:16.848Z"), Some(1_518_033_976_848));
        assert_eq!(moment("2018-02-07"), Some(1_517_961_600_000));
        assert_eq!(moment("[0:249]"), None);
    }
}
