//! Phrases that every report shares.

use domain::diagnosis::Input;
use domain::finding::CertaintyKind;
use domain::{Diagnosis, Finding, Item, SnapshotRole};

/// `1234567` as `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// How much an input holds.
pub fn extent(input: &Input) -> String {
    match input.role.is_table() {
        true => format!("{} rows × {} columns", count(input.rows), count(input.columns)),
        false => format!("{} observation{}", count(input.rows), if input.rows == 1 { "" } else { "s" }),
    }
}

/// Four significant digits, without an exponent where it is not needed.
pub fn figure(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    if !value.is_finite() || (1e-3..1e7).contains(&size) {
        let places = if size >= 1000.0 { 0 } else { (3 - size.log10().floor() as i32).clamp(0, 6) as usize };
        let text = format!("{value:.places$}");
        return if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    }
    format!("{value:.2e}")
}

/// Effect, certainty and numbers of rows on one line.
pub fn proof(finding: &Finding) -> String {
    let effect = &finding.effect;
    let interval = match (effect.low, effect.high) {
        (Some(low), Some(high)) => format!(" [{}, {}]", figure(low), figure(high)),
        _ => String::new(),
    };
    let certainty = match finding.certainty.kind {
        CertaintyKind::Exact => "exact count".to_owned(),
        kind => format!("{} {}", kind.id(), figure(finding.certainty.value)),
    };
    let mut sides: Vec<(&String, &u64)> = finding.n.iter().collect();
    sides.sort_by_key(|(side, _)| SnapshotRole::ALL.iter().position(|role| role.id() == side.as_str()));
    let rows: Vec<String> = sides.into_iter().map(|(side, n)| format!("{side} {}", count(*n))).collect();
    let rows = if rows.is_empty() { String::new() } else { format!(" · n {}", rows.join(", ")) };
    format!(
        "{} {}{interval} (threshold {}) · {certainty}{rows}",
        effect.name,
        figure(effect.value),
        figure(effect.threshold)
    )
}

/// Items that lack something, with what they lack.
pub fn unchecked(diagnosis: &Diagnosis) -> Vec<(Item, String)> {
    diagnosis
        .layers
        .iter()
        .flat_map(|layer| &layer.items)
        .filter(|item| !item.missing.is_empty())
        .map(|item| (item.item, item.missing.join("; ")))
        .collect()
}

/// `18 of 23 items checked`
pub fn coverage(diagnosis: &Diagnosis) -> String {
    diagnosis.coverage.words()
}

/// What stands on top when there is no suspect.
pub fn no_suspect(diagnosis: &Diagnosis) -> &'static str {
    if diagnosis.findings.is_empty() {
        "The checks that ran found nothing."
    } else {
        "No single cause explains the findings."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([count(0), count(999), count(1_000), count(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        let figures = [0.0, 0.31, 0.123_456, 12.0, 1_234.5, 1e-9, 5e8, -0.05].map(figure);
        assert_eq!(figures, ["0", "0.31", "0.1235", "12", "1234", "1.00e-9", "5.00e8", "-0.05"]);
    }
}
