//! What was measured about labels: whether they can be believed, and whether they still mean what they meant.

use serde::{Deserialize, Serialize};

use crate::stats::intervals::Share;

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

/// How labels agree with what the features say about them, by a classifier that has not seen the row
/// (out-of-fold gradient boosting, see `stats::boosted_trees`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelTrust {
    pub rows: u64,
    /// Rows whose label is not the predicted class.
    pub wrong: u64,
    /// Share of the rows about which the classifier is nearly as sure as it ever is about their class.
    pub decided: f64,
    /// The classes it predicts, most frequent first.
    pub classes: Vec<ClassTrust>,
}

/// The rows predicted to be of one class, in order of confidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassTrust {
    pub class: String,
    pub predicted: u64,
    /// The third quartile of the confidence of these rows.
    pub confidence: f64,
    /// Rows with another label, in the most confident quarter of them,
    pub first_quarter: Share,
    /// in the next quarter,
    pub second_quarter: Share,
    /// and in the other half.
    pub rest: Share,
}

/// A classifier learnt from the train rows, asked about rows it has not seen on either side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelationChange {
    pub train_rows: u64,
    pub serve_rows: u64,
    pub classes: Vec<ClassRelation>,
}

/// The confident half of the rows predicted to be of one class: how many have another label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassRelation {
    pub class: String,
    /// Share of all rows predicted to be of this class.
    pub predicted_train: Share,
    pub predicted_serve: Share,
    pub contradicted_train: Share,
    pub contradicted_serve: Share,
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

/// Rows by their label and by the class that their probabilities are confident of (see `stats::label_trust`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfidentJoint {
    /// Per class, the mean probability of the class over the rows labelled with it.
    pub thresholds: Vec<f64>,
    /// `counts[label][class]`.
    pub counts: Vec<Vec<u64>>,
    /// The share of the labels that are wrong, as estimated from the counts.
    pub wrong: f64,
}
