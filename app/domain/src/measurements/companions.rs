//! Columns that go together in training, where one of them differs in serving.

use serde::{Deserialize, Serialize};

/// A number column that differs from training, and another that goes with it there. If rows had been selected along the
/// first, the second would have moved too; if the values of the first changed, it stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Companion {
    pub column: String,
    pub other: String,
    /// Rank correlation of both in train (Pearson's, of the ranks that each has among all its rows: Spearman's ρ where none
    /// is missing).
    pub correlation: f64,
    /// By how much the other's mean would move under the selection, in its standard deviations in train.
    pub expected: f64,
    /// By how much it moved.
    pub found: f64,
    /// Standard error of their difference.
    pub error: f64,
}
