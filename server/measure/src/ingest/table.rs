//! A whole snapshot in memory, in the canonical column types.

use domain::snapshot::ReadNote;
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

/// One snapshot, read. Every column is `Float64`, `Int64`, `Boolean`, `String`, `Datetime(Milliseconds)` (UTC, no zone),
/// `Null`, or a nested type that is shown but not compared.
#[derive(Debug, Clone)]
pub struct Table {
    pub frame: DataFrame,
    pub rows: u64,
    /// In the order of the frame.
    pub columns: Vec<TableColumn>,
    /// What was detected, repaired or left out.
    pub notes: Vec<ReadNote>,
    /// The format in words, such as `CSV, separator ";", decimal comma, windows-1252`.
    pub format: String,
}

/// What the reader knows of a column beyond its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableColumn {
    pub name: String,
    /// The type as stored in the file, such as `Int32` or `String`; for text formats the type that was found.
    pub stored_type: String,
    /// How missing values were spelled in a text file, most frequent first; empty for typed formats.
    pub null_spellings: Vec<(String, u64)>,
}

/// A note about the file as a whole.
pub(super) fn file_note(message: impl Into<String>) -> ReadNote {
    ReadNote { column: None, message: message.into() }
}

/// A note about one column.
pub(super) fn column_note(column: &str, message: impl Into<String>) -> ReadNote {
    ReadNote { column: Some(column.to_owned()), message: message.into() }
}

/// A count with its noun: "1 row", "3 rows".
pub(super) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
