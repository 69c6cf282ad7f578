//! How detectors put numbers and names into sentences.

pub use domain::naming::{name, names, values};
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_plural_and_grouped() {
        assert_eq!(of(60, 1_000), "60 of 1,000");
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(12_345, "row"), "12,345 rows");
    }
}
