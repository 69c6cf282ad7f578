//! Rows of two splits that are the same but for a trifle.

use serde::{Deserialize, Serialize};

use crate::snapshot::SnapshotRole;
use stats::intervals::Share;

/// Later rows with a near twin among the earlier rows: at most one cell differs by more than rounding, case or spaces, and
/// the rows are not simply equal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NearDuplicates {
    pub earlier: SnapshotRole,
    pub later: SnapshotRole,
    /// Columns compared: the features and the label that both have.
    pub columns: Vec<String>,
    /// Later rows with a near twin among the earlier ones, of those looked up.
    pub shared: Share,
    /// Earlier rows with a near twin among the other earlier ones: how often rows are alike by nature.
    pub by_nature: Share,
    /// Share of the earlier rows in which twins were looked for.
    pub looked_at: f64,
    /// The columns in which the twins differ, with the number of later rows, most frequent first.
    pub differing: Vec<(String, u64)>,
}
