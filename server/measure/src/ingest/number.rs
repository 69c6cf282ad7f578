//! Numbers as people write them: with a decimal point or comma, with or without thousands separators.

/// Which mark is the decimal mark; the other one may group thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

impl Notation {
    fn marks(self) -> (u8, u8) {
        match self {
            Notation::Point => (b'.', b','),
            Notation::Comma => (b',', b'.'),
        }
    }
}

/// What a number looks like, which decides how its column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Fits 64 bits with a sign.
    Integer,
    /// Whole, but beyond 64 bits.
    HugeInteger,
    /// Digits, `e`, digits, with neither sign nor mark: programs write numbers otherwise, so it may be a code (`1E5`).
    BareExponent,
    /// Digits in groups of three: `1,234`. Whether the mark groups or divides is seen from the other values only.
    Grouped,
    Real,
    Infinite,
}

/// A number and how it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub shape: Shape,
    /// Like `007`: a whole number padded with zeros, most likely an identifier.
    pub leading_zero: bool,
}

/// Recognises a number, already trimmed, without computing it.
pub(super) fn number(cell: &str, notation: Notation) -> Option<Number> {
    let bytes = cell.as_bytes();
    let (signed, digits) = match bytes.first()? {
        b'+' | b'-' => (true, &bytes[1..]),
        _ => (false, bytes),
    };
    let first = *digits.first()?;
    if !(first.is_ascii_digit() || first == b'.' || first == b',') {
        return infinity(digits).then_some(Number { shape: Shape::Infinite, leading_zero: false });
    }
    let (decimal, group) = notation.marks();
    let mantissa_end = digits.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(digits.len());
    let (mantissa, exponent) = digits.split_at(mantissa_end);
    let mark = mantissa.iter().position(|&byte| byte == decimal);
    let (whole, fraction) = mantissa.split_at(mark.unwrap_or(mantissa.len()));
    let fraction = fraction.get(1..).unwrap_or_default();
    if !fraction.iter().all(u8::is_ascii_digit) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let grouped = if whole.iter().all(u8::is_ascii_digit) {
        false
    } else if in_groups_of_three(whole, group) {
        true
    } else {
        return None;
    };
    let leading_zero = whole.len() > 1 && whole[0] == b'0' && !grouped;
    let shape = match exponent {
        [] if grouped && mark.is_none() => Shape::Grouped,
        [] if mark.is_none() && cell.parse::<i64>().is_ok() => Shape::Integer,
        [] if mark.is_none() => Shape::HugeInteger,
        [] => Shape::Real,
        [_, power @ ..] => {
            let unsigned = power.strip_prefix(b"-").or(power.strip_prefix(b"+")).unwrap_or(power);
            if unsigned.is_empty() || unsigned.len() > 5 || !unsigned.iter().all(u8::is_ascii_digit) {
                return None;
            }
            if mark.is_none() && !signed && unsigned.len() == power.len() { Shape::BareExponent } else { Shape::Real }
        }
    };
    Some(Number { shape, leading_zero })
}

fn infinity(rest: &[u8]) -> bool {
    rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity")
}

/// `1.234.567`: one to three digits, then groups of exactly three.
fn in_groups_of_three(whole: &[u8], group: u8) -> bool {
    whole.split(|&byte| byte == group).enumerate().all(|(place, part)| {
        part.iter().all(u8::is_ascii_digit) && if place == 0 { (1..=3).contains(&part.len()) } else { part.len() == 3 }
    })
}

/// The value of a cell that [`number`] recognised in this notation.
pub(super) fn value(cell: &str, notation: Notation) -> Option<f64> {
    let plain = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    if notation == Notation::Point && cell.as_bytes().iter().all(plain) {
        return cell.parse().ok();
    }
    let (decimal, group) = notation.marks();
    let rewritten: String = cell
        .bytes()
        .filter(|&byte| byte != group)
        .map(|byte| if byte == decimal { '.' } else { char::from(byte) })
        .collect();
    rewritten.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(cell: &str, notation: Notation) -> Option<Shape> {
        number(cell, notation).map(|number| number.shape)
    }

    #[test]
    fn shapes_in_both_notations() {
        use Notation::{Comma, Point};
        assert_eq!(shape("80.501,44", Point), None);
        assert_eq!(shape("80.501,44", Comma), Some(Shape::Real));
        assert_eq!(shape("1,234.5", Point), Some(Shape::Real));
        assert_eq!(shape("1.234", Comma), Some(Shape::Grouped));
        assert_eq!(shape("1.234", Point), Some(Shape::Real));
        assert_eq!(shape("12,5", Point), None);
        assert_eq!(shape("-17", Comma), Some(Shape::Integer));
        assert_eq!(shape("9223372036854775808", Point), Some(Shape::HugeInteger));
        assert_eq!(shape("1E5", Point), Some(Shape::BareExponent));
        assert_eq!(shape("1e-5", Point), Some(Shape::Real));
        assert_eq!(shape("-inf", Point), Some(Shape::Infinite));
        for not_a_number in ["", "+", ".", "e5", "1e", "0x1F", "1_000", "1.2.3", "12a", "--1", "1 2"] {
            assert_eq!(shape(not_a_number, Point), None, "{not_a_number}");
        }
    }

    #[test]
    fn leading_zeros_are_seen() {
        let zero = |cell| number(cell, Notation::Point).map(|number| number.leading_zero);
        assert_eq!(zero("00501"), Some(true));
        assert_eq!(zero("0"), Some(false));
        assert_eq!(zero("0.5"), Some(false));
        assert_eq!(zero("00e2"), Some(true));
    }

    #[test]
    fn values_are_computed_in_their_notation() {
        assert_eq!(value("80.501,44", Notation::Comma), Some(80_501.44));
        assert_eq!(value("1,234.5", Notation::Point), Some(1234.5));
        assert_eq!(value("1.", Notation::Point), Some(1.0));
        assert_eq!(value(".5", Notation::Point), Some(0.5));
        assert_eq!(value("+5", Notation::Point), Some(5.0));
        assert_eq!(value("-Infinity", Notation::Point), Some(f64::NEG_INFINITY));
        assert_eq!(value("1e309", Notation::Point), Some(f64::INFINITY));
    }
}
