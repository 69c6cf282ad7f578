//! Numbers as people read them: grouped counts, few significant digits, and p values that never claim to be zero.

/// `1234567` as `1,234,567`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 row`, `2 rows`, `1,234 rows`.
pub fn counted(n: u64, singular: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {singular}{plural}", count(n))
}

/// How much a stored file holds: rows by columns, or of an artifact what it is.
pub fn extent(snapshot: &domain::snapshot::Snapshot) -> String {
    match snapshot.guessed_role.is_table() {
        true => format!("{} × {}", count(snapshot.rows), snapshot.columns.len()),
        false => snapshot.format.clone(),
    }
}

/// Three significant digits without needless zeros; very large and very small values in scientific notation.
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    if !(1e-3..1e6).contains(&size) {
        return format!("{value:.2e}");
    }
    let decimals = (2 - size.log10().floor() as i32).clamp(0, 5) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A figure that is compared with others below it: always three decimals.
pub fn fixed(value: f64) -> String {
    if value.is_finite() { format!("{value:.3}") } else { value.to_string() }
}

/// A share from 0 to 1 as a percentage; a share that is not zero is never written as `0 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if !p.is_finite() => "–".into(),
        0.0 => "0 %".into(),
        p if p < 0.1 => "<0.1 %".into(),
        p if p < 10.0 => format!("{p:.1} %"),
        p if p < 100.0 && p > 99.9 => ">99.9 %".into(),
        p => format!("{p:.0} %"),
    }
}

/// The share of `part` in `whole`, as [`percent`]; a dash when there is no whole.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "–".into() } else { percent(part as f64 / whole as f64) }
}

/// `q = 0.012` or `q < 1e-300`: a p value below what a float holds is a bound, not a zero.
pub fn probability(name: &str, value: f64) -> String {
    match value {
        v if v < 1e-300 => format!("{name} < 1e-300"),
        v if v < 1e-3 => format!("{name} = {v:.0e}"),
        v => format!("{name} = {v:.3}"),
    }
}

/// Bytes in powers of 1000, as disks and transfers are sold.
pub fn bytes(n: u64) -> String {
    let mut value = n as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 {
            return format!("{} {unit}", short(value));
        }
        value /= 1000.0;
    }
    format!("{} TB", short(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_and_agree_in_number() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(8_212, "row"), "8,212 rows");
    }

    #[test]
    fn values_keep_three_digits_and_small_ones_are_not_rounded_away() {
        assert_eq!(short(0.041_23), "0.0412");
        assert_eq!(short(1.0), "1");
        assert_eq!(short(123.4), "123");
        assert_eq!(short(0.000_04), "4.00e-5");
        assert_eq!(short(-2.5), "-2.5");
        assert_eq!(percent(0.000_2), "<0.1 %");
        assert_eq!(percent(0.042), "4.2 %");
        assert_eq!(percent(0.9995), ">99.9 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(probability("q", 0.0), "q < 1e-300");
        assert_eq!(probability("q", 0.0123), "q = 0.012");
        assert_eq!(bytes(1_500_000), "1.5 MB");
    }
}
