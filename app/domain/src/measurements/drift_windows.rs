//! How far the rows of each window of time are from the training rows, column by column.

use serde::{Deserialize, Serialize};

/// One column along time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftWindows {
    pub column: String,
    pub distance: Distance,
    /// Windows of train against the rest of train, in the order of time: how far it is from itself. Empty where train has no times.
    pub train: Vec<DriftWindow>,
    /// Windows of serve against all of train, in the order of time.
    pub served: Vec<DriftWindow>,
}

/// How two sets of rows are compared, less what two samples of one population show on average.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distance {
    /// Of numbers: the Kolmogorov-Smirnov statistic.
    KolmogorovSmirnov,
    /// Of categories: the Jensen-Shannon distance (base 2).
    JensenShannon,
    /// Of yes/no columns: the difference of the rates.
    Rates,
}

/// Consecutive rows in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DriftWindow {
    /// Milliseconds since 1970-01-01 UTC.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Rows with a value.
    pub rows: u64,
    /// From 0 to 1.
    pub distance: f64,
}
