//! The rows of a selection: which of them are asked for, and what is handed out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::snapshot::{ColumnKind, SnapshotRole};

/// Rows handed out at once, on a page, by the API or in a file.
pub const MOST_ROWS: usize = 10_000;

/// The order of one column, and the window of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowsAsked {
    /// The column that they are sorted by; the order of the file without one.
    pub sort: Option<String>,
    pub order: RowOrder,
    /// Rows to leave out, and how many to give after them.
    pub skip: usize,
    pub rows: usize,
    /// At most this many columns: those of the conditions first, then label, prediction and score, then the others.
    pub columns: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RowOrder {
    #[default]
    Ascending,
    Descending,
}

impl RowOrder {
    /// The value of `order=`.
    pub fn id(self) -> &'static str {
        match self {
            RowOrder::Ascending => "ascending",
            RowOrder::Descending => "descending",
        }
    }

    /// Anything else is ascending.
    pub fn from_id(id: &str) -> RowOrder {
        if id == RowOrder::Descending.id() { RowOrder::Descending } else { RowOrder::Ascending }
    }
}

/// A window of the rows of a selection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SelectedRows {
    /// Rows for which every condition holds, among the rows that were looked at.
    pub selected: u64,
    pub examined: u64,
    /// Rows of the side; more than were looked at when it was sampled.
    pub total: u64,
    /// Rows left out before the first one here.
    pub skipped: u64,
    /// The columns that are given, and how many there are.
    pub columns: Vec<SelectedColumn>,
    pub all_columns: u64,
    pub rows: Vec<SelectedRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SelectedColumn {
    pub name: String,
    pub kind: ColumnKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SelectedRow {
    /// The table that the row is from.
    pub table: SnapshotRole,
    /// One for each column, in their order, as values are shown (times in UTC); null is a missing value.
    pub cells: Vec<Option<String>>,
}
