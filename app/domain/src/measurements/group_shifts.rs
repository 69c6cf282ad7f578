//! Columns that differ from training in some of the rows only: which rows, and the values on both sides.

use serde::{Deserialize, Serialize};
use stats::intervals::Share;
use utoipa::ToSchema;

/// A number column, and the group of rows in which it differs from training most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupShift {
    pub column: String,
    pub group: RowGroup,
    /// Serve rows of the group, among those with a value.
    pub rows: Share,
    /// The values in the group, ascending; at most [`MOST_VALUES`] quantiles of them.
    pub train: Vec<f64>,
    pub serve: Vec<f64>,
    /// Values in the group (train, serve). Where train has too few rows of the group, train stands for all its rows.
    pub inside: [u64; 2],
    /// Values in the other rows (train, serve).
    pub outside: [u64; 2],
    /// Kolmogorov-Smirnov distance between train and serve in the group, and in the other rows.
    pub distance_inside: f64,
    pub distance_outside: f64,
    /// Groups that were tried for this column.
    pub tried: u64,
    /// Where it begins in the group, if earlier rows of the group are as in training.
    pub since_ms: Option<i64>,
}

/// Values kept per side.
pub const MOST_VALUES: usize = 1_000;

/// Rows of serve that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RowGroup {
    /// A column has one of these values.
    Values { column: String, values: Vec<String> },
    /// They are between these times.
    Window { from_ms: i64, to_ms: i64 },
}
