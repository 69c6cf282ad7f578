//! The probabilities of a model that gives one column for each class.

use super::columns::ColumnFacts;

/// The share of the complete rows that must sum to one: some exports round, and some lose a row.
const SUMMING: f64 = 0.99;
/// Fewer complete rows show nothing.
const FEWEST_ROWS: usize = 10;
/// The share of the rows with a fraction below which values are flags (`class_1`, `class_2`), which sum to one as well.
const FEWEST_FRACTIONS: f64 = 0.01;

/// The columns that together are the probabilities of all classes: their names have a beginning or an end in common, and
/// their values sum to one in every row. Of several such groups the largest; none where there is no group.
pub(super) fn class_probabilities(columns: &[ColumnFacts]) -> Vec<String> {
    let candidates: Vec<&ColumnFacts> = columns.iter().filter(|column| column.may_be_of_a_class()).collect();
    let mut best: Vec<&ColumnFacts> = Vec::new();
    for candidate in &candidates {
        for (at, _) in candidate.name.char_indices().filter(|(_, letter)| !letter.is_alphanumeric()) {
            let (start, end) = (&candidate.name[..=at], &candidate.name[at..]);
            let begins = |column: &&&ColumnFacts| column.name.len() > start.len() && column.name.starts_with(start);
            let ends = |column: &&&ColumnFacts| column.name.len() > end.len() && column.name.ends_with(end);
            for group in [
                candidates.iter().filter(begins).copied().collect::<Vec<_>>(),
                candidates.iter().filter(ends).copied().collect(),
            ] {
                if group.len() >= 2 && group.len() > best.len() && sum_to_one(&group) && has_fractions(&group) {
                    best = group;
                }
            }
        }
    }
    best.iter().map(|column| column.name.clone()).collect()
}

/// Whether a column has fractions: flags sum to one over the classes as well, and are no probabilities.
pub(crate) fn holds_fractions(scores: &[Option<f64>]) -> bool {
    let fractions = scores.iter().flatten().filter(|score| score.fract() != 0.0).count();
    fractions as f64 / scores.len().max(1) as f64 >= FEWEST_FRACTIONS
}

fn has_fractions(group: &[&ColumnFacts]) -> bool {
    group.iter().any(|column| holds_fractions(&column.scores))
}

fn sum_to_one(group: &[&ColumnFacts]) -> bool {
    // Probabilities written with few decimals sum to one only within their rounding.
    let tolerance = 0.005 * group.len() as f64;
    let rows = group.iter().map(|column| column.scores.len()).min().unwrap_or(0);
    let sums = (0..rows).filter_map(|row| group.iter().map(|column| column.scores[row]).sum::<Option<f64>>());
    let (mut complete, mut right) = (0_usize, 0_usize);
    for sum in sums {
        complete += 1;
        right += usize::from((sum - 1.0).abs() <= tolerance);
    }
    complete >= FEWEST_ROWS && right as f64 >= SUMMING * complete as f64
}
