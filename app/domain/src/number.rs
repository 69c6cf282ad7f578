//! Numbers as people read them. One formatter for pages, findings, reports, files and the command line.
//!
//! A comma separates thousands, a point the decimals; the minus is the ASCII one, so that a copied number can be used.

/// A count: `50,000`.
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A count with its noun: `1 row`, `2 rows`, `1,234 batches`, `3 entities`.
pub fn counted(n: u64, singular: &str) -> String {
    let n_in_words = count(n);
    match singular.strip_suffix('y') {
        _ if n == 1 => format!("{n_in_words} {singular}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{n_in_words} {stem}ies"),
        _ if singular.ends_with("ch") || singular.ends_with('s') => format!("{n_in_words} {singular}es"),
        _ => format!("{n_in_words} {singular}s"),
    }
}

/// A number with at most four significant digits; whole numbers below a billion keep all of theirs.
pub fn number(value: f64) -> String {
    significant(value, 4)
}

/// A number with at most `digits` significant digits; whole numbers below a billion keep all of theirs. Scientific
/// notation below 0.0001 and from a billion.
pub fn significant(value: f64, digits: usize) -> String {
    if let Some(word) = not_finite(value) {
        return word.to_owned();
    }
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e9).contains(&size) {
        return trimmed_exponent(&format!("{value:.*e}", digits.saturating_sub(1)));
    }
    if value.fract() == 0.0 {
        return grouped(&format!("{value:.0}"));
    }
    let before = size.log10().floor() as i32 + 1;
    let decimals = (digits as i32 - before).max(0) as usize;
    grouped(&trimmed(&format!("{value:.decimals$}")))
}

/// A number that stands in a column with others: always three decimals.
pub fn fixed(value: f64) -> String {
    not_finite(value).map_or_else(|| format!("{value:.3}"), str::to_owned)
}

/// A share from 0 to 1 as a percentage: `25 %`, `41.2 %`, `0.42 %`, `99.96 %`. Only nothing is `0 %`, only all is `100 %`.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    let percent = share * 100.0;
    let decimals = match percent.abs() {
        0.0 | 100.0 => 0,
        size if size > 99.9 && size < 100.0 => {
            return format!(
                "{} %",
                if size > 99.999 { "> 99.999".to_owned() } else { trimmed(&format!("{percent:.3}")) }
            );
        }
        size if size >= 1.0 => 1,
        size if size >= 0.1 => 2,
        size if size >= 0.001 => 3,
        _ => return "< 0.001 %".to_owned(),
    };
    // Half goes up as people do it, also where the product is a hair below it: 0.8765 is 87.7 %.
    let percent = percent * (1.0 + 4.0 * f64::EPSILON);
    format!("{} %", grouped(&trimmed(&format!("{percent:.decimals$}"))))
}

/// The share of `part` in `whole` as [`percent`]; a dash where there is no whole.
pub fn percent_of(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { percent(part as f64 / whole as f64) }
}

/// A p or q value: `0.02`, `3e-5`, `< 1e-12`. It is never zero.
pub fn probability(p: f64) -> String {
    match p {
        p if p < 1e-12 => "< 1e-12".to_owned(),
        p if p < 1e-3 => format!("{p:.0e}"),
        p => trimmed(&format!("{p:.3}")),
    }
}

/// A p or q value with its name: `q = 0.012`, `p < 1e-12`.
pub fn named_probability(name: &str, p: f64) -> String {
    let value = probability(p);
    if value.starts_with('<') { format!("{name} {value}") } else { format!("{name} = {value}") }
}

/// Bytes in powers of 1,000, as disks and transfers are sold: `1.5 MB`.
pub fn bytes(n: u64) -> String {
    let mut value = n as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 {
            return format!("{} {unit}", significant(value, 3));
        }
        value /= 1000.0;
    }
    format!("{} TB", significant(value, 3))
}

fn not_finite(value: f64) -> Option<&'static str> {
    match value {
        value if value.is_nan() => Some("NaN"),
        f64::INFINITY => Some("∞"),
        f64::NEG_INFINITY => Some("-∞"),
        _ => None,
    }
}

/// Without zeros at the end of the decimals.
pub(crate) fn trimmed(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

fn trimmed_exponent(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trimmed(mantissa)),
        None => text.to_owned(),
    }
}

/// With a comma between thousands.
pub(crate) fn grouped(text: &str) -> String {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, decimals) = unsigned.split_once('.').map_or((unsigned, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push('.');
        out.push_str(decimals);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_telling_digits() {
        let cases = [
            (0.0, "0"),
            (1_000.0, "1,000"),
            (1_234_567.0, "1,234,567"),
            (0.123_456, "0.1235"),
            (1.609_344, "1.609"),
            (12.3, "12.3"),
            (-999.0, "-999"),
            (-45_678.9, "-45,679"),
            (1.5e12, "1.5e12"),
            (-2e-7, "-2e-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-∞"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
        assert_eq!(significant(0.041_23, 3), "0.0412");
        assert_eq!([fixed(0.5), fixed(-1.0), fixed(f64::NAN)], ["0.500", "-1.000", "NaN"]);
    }

    #[test]
    fn percentages_never_round_to_all_or_nothing() {
        let cases = [
            (0.0, "0 %"),
            (1.0, "100 %"),
            (0.25, "25 %"),
            (0.123, "12.3 %"),
            (0.0431, "4.3 %"),
            (0.9999, "99.99 %"),
            (0.999_999_9, "> 99.999 %"),
            (0.002, "0.2 %"),
            (0.0004, "0.04 %"),
            (1e-7, "< 0.001 %"),
            (-0.12, "-12 %"),
            (12.5, "1,250 %"),
            (f64::NAN, "–"),
        ];
        for (value, text) in cases {
            assert_eq!(percent(value), text);
        }
        assert_eq!([percent_of(1, 0), percent_of(1, 8)], ["–", "12.5 %"]);
    }

    #[test]
    fn counts_agree_in_number_with_their_noun() {
        assert_eq!([counted(0, "row"), counted(1, "row"), counted(8_212, "row")], ["0 rows", "1 row", "8,212 rows"]);
        assert_eq!(
            [counted(2, "batch"), counted(2, "entity"), counted(2, "day")],
            ["2 batches", "2 entities", "2 days"]
        );
        assert_eq!(bytes(1_500_000), "1.5 MB");
    }

    #[test]
    fn a_probability_is_never_zero() {
        assert_eq!([0.0, 2.6e-5, 0.0123, 1.0].map(probability), ["< 1e-12", "3e-5", "0.012", "1"]);
        assert_eq!(named_probability("q", 0.0), "q < 1e-12");
        assert_eq!(named_probability("q", 0.0123), "q = 0.012");
    }
}
