//! How detectors put numbers and names into sentences.

use domain::number::count as grouped;
pub use domain::number::{counted as count, number, percent, probability as chance};
use stats::quantiles::median;

/// Part of a whole, counted: `12 of 1,200`.
pub fn of(hits: u64, n: u64) -> String {
    format!("{} of {}", grouped(hits), grouped(n))
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

/// A name in a sentence: as it is when it reads as one word, else in quotation marks.
pub fn name(column: &str) -> String {
    let plain = !column.is_empty() && column.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if plain { column.to_owned() } else { format!("“{}”", shortened(column)) }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`.
pub fn names<S: AsRef<str>>(columns: &[S]) -> String {
    listed(&columns.iter().map(|column| name(column.as_ref())).collect::<Vec<_>>())
}

/// Values quoted in a sentence, at most three of them.
pub fn values<S: AsRef<str>>(values: &[S]) -> String {
    listed(&values.iter().map(|value| format!("“{}”", shortened(value.as_ref()))).collect::<Vec<_>>())
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if parts.len() <= 4 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", parts[..3].join(", "), parts.len() - 3),
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST { text.to_owned() } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_readable_and_long_names_do_not_flood_a_sentence() {
        assert_eq!(names(&["a"]), "a");
        assert_eq!(names(&["a", "b b"]), "a and “b b”");
        assert_eq!(names(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(12_345, "row"), "12,345 rows");
        assert!(name(&"x y".repeat(100)).chars().count() < 70);
    }
}
