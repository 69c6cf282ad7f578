//! What was measured about labels: whether they can be believed, and whether they still mean what they meant.

use serde::{Deserialize, Serialize};

use crate::snapshot::SnapshotRole;
use stats::label_relation::TargetRelation;
use stats::label_scale::LabelScale;
use stats::label_trust::{ConfidentJoint, LabelTrust, RelationChange};

/// The labels of the train rows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
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
    /// The label given the features, train against later rows; `None` without labels there.
    #[serde(default)]
    pub change: Option<LabelChange>,
}

/// Later rows whose labels were compared with what trees fitted to train expect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelChange {
    /// The rows that train was compared with: served ones if they have labels.
    pub against: SnapshotRole,
    pub train_rows: u64,
    pub rows: u64,
    /// Each class (one of two), or the quantity.
    pub targets: Vec<TargetRelation>,
    /// Of a quantity: how it compares where the same is expected.
    pub scale: Option<LabelScale>,
    /// Of served classes with times: each class by the time of arrival.
    pub arrivals: Vec<Arrivals>,
}

/// How often the rows that arrived one after another have a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arrivals {
    pub class: String,
    pub chunks: Vec<ArrivalChunk>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ArrivalChunk {
    pub from_ms: i64,
    pub rows: u64,
    /// Rows of the class, and how many are expected from the features.
    pub found: f64,
    pub expected: f64,
}

/// Rows whose features are exactly those of another row.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct RepeatedFeatures {
    pub rows: u64,
    /// Rows that share their features with another row.
    pub repeated: u64,
    /// Rows that share their features with a row of another label.
    pub conflicting: u64,
    /// How many would, on average, if each of these rows had drawn its label from the shares of the classes.
    #[serde(default)]
    pub by_chance: f64,
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
