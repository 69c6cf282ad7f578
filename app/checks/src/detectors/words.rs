//! How detectors put numbers and names into sentences.

use stats::quantiles::median;

pub use domain::naming::{name, names, values};

/// A share as a percentage: `25 %`, `4.3 %`, `0.05 %`.
pub fn percent(share: f64) -> String {
    let percentage = share * 100.0;
    let decimals = match percentage.abs() {
        p if p == 0.0 || (10.0..=99.0).contains(&p) || p == 100.0 => 0,
        p if p >= 1.0 => 1,
        p if p >= 0.01 => 2,
        _ => 4,
    };
    format!("{} %", trimmed(format!("{percentage:.decimals$}")))
}

/// A number with at most four significant digits, thousands separated: `30,140`, `0.001`, `1.609`.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN".into()
        } else if value > 0.0 {
            "∞".into()
        } else {
            "-∞".into()
        };
    }
    if value == 0.0 {
        return "0".into();
    }
    let magnitude = value.abs().log10().floor();
    if !(-5.0..15.0).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    if value.fract() == 0.0 && magnitude < 15.0 {
        return grouped(&format!("{value:.0}"));
    }
    let decimals = (3.0 - magnitude).max(0.0) as usize;
    grouped(&trimmed(format!("{value:.decimals$}")))
}

/// A p or q value: `< 1e-12`, `3e-5`, `0.02`.
pub fn chance(p: f64) -> String {
    if p < 1e-12 {
        "< 1e-12".into()
    } else if p < 0.001 {
        format!("{p:.0e}")
    } else {
        trimmed(format!("{p:.3}"))
    }
}

/// How the median of ascending values changed: `the median changed from 3 to 5`, or that it is the same.
pub fn medians_in_words(before: &[f64], after: &[f64]) -> String {
    let (before, after) = (number(median(before)), number(median(after)));
    if before == after {
        format!("the median is {before} on both sides, but the spread or the shape changed")
    } else {
        format!("the median changed from {before} to {after}")
    }
}

/// `1 row`, `2 rows`.
pub fn count(how_many: u64, singular: &str) -> String {
    let digits = grouped(&how_many.to_string());
    match how_many {
        1 => format!("{digits} {singular}"),
        _ if singular.ends_with("ch") => format!("{digits} {singular}es"),
        _ => format!("{digits} {singular}s"),
    }
}

fn trimmed(digits: String) -> String {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits }
}

fn grouped(digits: &str) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && whole.len() > 4 && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_four_digits_and_shares_read_as_percentages() {
        assert_eq!(number(1.609_344), "1.609");
        assert_eq!(number(30_141.108), "30,141");
        assert_eq!(number(-999.0), "-999");
        assert_eq!(number(0.001), "0.001");
        assert_eq!(number(1e-9), "1.000e-9");
        assert_eq!(number(f64::NAN), "NaN");
        assert_eq!(percent(0.25), "25 %");
        assert_eq!(percent(0.0431), "4.3 %");
        assert_eq!(percent(0.002), "0.2 %");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.9991), "99.9 %");
    }

    #[test]
    fn counts_are_plural_and_grouped() {
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(12_345, "row"), "12,345 rows");
    }
}
