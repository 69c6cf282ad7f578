//! Which rows belong to which split.

use std::collections::BTreeMap;

use super::EvaluationTable;
use crate::values::words;

/// More different values than this are no splits.
const MOST_SPLITS: usize = 20;

/// The rows of each split, the usual ones first, under their usual names.
pub(super) fn of(table: &EvaluationTable<'_>) -> Vec<(String, Vec<usize>)> {
    let all = || vec![(table.split.to_owned(), (0..table.frame.height()).collect())];
    let Some(name) = table.roles.split() else { return all() };
    let Ok(column) = table.frame.column(name) else { return all() };
    let Some(cells) = words(column.as_materialized_series()) else { return all() };
    let mut splits: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (row, cell) in cells.into_iter().enumerate() {
        let Some(cell) = cell else { continue };
        splits.entry(usual_name(&cell)).or_default().push(row);
        if splits.len() > MOST_SPLITS {
            return all();
        }
    }
    splits.into_iter().map(|((_, name), rows)| (name, rows)).collect()
}

/// The place and the name of a split; unusual names keep theirs and come last.
fn usual_name(cell: &str) -> (usize, String) {
    let known: [(&str, &[&str]); 4] = [
        ("train", &["train", "training", "fit", "learn"]),
        ("val", &["val", "valid", "validation", "dev", "development", "eval"]),
        ("test", &["test", "testing", "holdout", "hold-out", "hold_out"]),
        ("serve", &["serve", "serving", "prod", "production", "live", "analysis"]),
    ];
    let lower = cell.trim().to_lowercase();
    match known.iter().position(|(_, names)| names.contains(&lower.as_str())) {
        Some(place) => (place, known[place].0.to_owned()),
        None => (known.len(), cell.to_owned()),
    }
}
