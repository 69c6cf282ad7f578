//! Which rows belong to which split.

use std::collections::BTreeMap;

use domain::evaluation::Split;
use polars::prelude::Series;

use super::table::EvaluationTable;
use crate::values::words;

/// More different values than this are no splits.
const MOST_SPLITS: usize = 20;

/// The rows of each split, the usual ones first, under their usual names.
pub(super) fn of(table: &EvaluationTable<'_>) -> Vec<(Split, Vec<usize>)> {
    let all = || vec![(table.split.clone(), (0..table.frame.height()).collect())];
    let Some(name) = table.roles.split() else { return all() };
    let Ok(column) = table.frame.column(name) else { return all() };
    let Some(cells) = words(column.as_materialized_series()) else { return all() };
    let mut splits: BTreeMap<Split, Vec<usize>> = BTreeMap::new();
    for (row, cell) in cells.into_iter().enumerate() {
        let Some(cell) = cell else { continue };
        splits.entry(Split::of_cell(&cell)).or_default().push(row);
        if splits.len() > MOST_SPLITS {
            return all();
        }
    }
    splits.into_iter().collect()
}

/// Which rows a column of splits puts in this one; all of them where it is no column of splits.
pub fn rows_in(column: &Series, split: &Split) -> Vec<bool> {
    let Some(cells) = words(column) else { return vec![true; column.len()] };
    cells.iter().map(|cell| cell.as_deref().is_some_and(|cell| Split::of_cell(cell) == *split)).collect()
}
