//! Columns that go together in training, where one of them differs in serving.

use serde::{Deserialize, Serialize};

/// A number column that differs from training, and another that correlates with it there, or the linear combination of all
/// others that correlates most. If rows had been selected along the
/// first, the second would have moved too; if the values of the first changed, it stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Companion {
    pub column: String,
    /// `None` is the combination of all others.
    pub other: Option<String>,
    /// Rank correlation of both in train (Pearson's, of the ranks that each has among all its rows: Spearman's ρ where none
    /// is missing); of the combination, its correlation with the ranks of the column.
    pub correlation: f64,
    /// By how much its mean would move under the selection, in its standard deviations in train.
    pub expected: f64,
    /// By how much it moved.
    pub found: f64,
    /// Standard error of their difference.
    pub error: f64,
}
