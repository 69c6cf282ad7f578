//! Rows by their id: what joins the same row of two files.

use std::collections::HashMap;

use polars::prelude::{DataType, Series};

use crate::values::words;

/// Ids as text; `None` for a column of another type than numbers and text. Whole numbers digit by digit: as floating-point
/// numbers, large ones would run into each other.
pub fn ids(column: &Series) -> Option<Vec<Option<String>>> {
    match column.dtype() {
        DataType::Int64 => Some(column.i64().ok()?.iter().map(|value| value.map(|value| value.to_string())).collect()),
        _ => words(column),
    }
}

/// The row of each id; `None` for an id that comes more than once.
pub fn rows_by_id(ids: &[Option<String>]) -> HashMap<&str, Option<usize>> {
    let mut rows: HashMap<&str, Option<usize>> = HashMap::with_capacity(ids.len());
    for (row, id) in ids.iter().enumerate() {
        let Some(id) = id else { continue };
        rows.entry(id).and_modify(|first| *first = None).or_insert(Some(row));
    }
    rows
}
