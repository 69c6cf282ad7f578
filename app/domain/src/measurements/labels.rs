//! What was measured about labels: whether they can be believed, and whether they still mean what they meant.

use serde::{Deserialize, Serialize};

use stats::label_trust::{ConfidentJoint, LabelTrust, RelationChange};

/// The labels of the train rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelMeasures {
    /// Rows with a label, of those looked at.
    pub rows: u64,
    pub repeated: Option<RepeatedFeatures>,
    /// `None` for a label that is a quantity, or with too few rows.
    pub trust: Option<LabelTrust>,
    /// The same from class probabilities that train came with; `None` without them.
    pub given: Option<GivenTrust>,
    /// Train against serve; `None` without labels at serving.
    pub relation: Option<RelationChange>,
}

/// Rows whose features are exactly those of another row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedFeatures {
    pub rows: u64,
    /// Rows that share their features with another row.
    pub repeated: u64,
    /// Rows that share their features with a row of another label.
    pub conflicting: u64,
}

/// How labels agree with class probabilities that came with the rows, taken to be out of sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GivenTrust {
    /// The columns that hold the probabilities.
    pub columns: Vec<String>,
    pub classes: Vec<String>,
    pub trust: LabelTrust,
    pub joint: ConfidentJoint,
}
