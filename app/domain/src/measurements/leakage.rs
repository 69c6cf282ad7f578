//! What was measured about columns that may give the label away.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::snapshot::SnapshotRole;

/// How each feature goes with the label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeakageMeasures {
    /// Train rows with a label.
    pub rows: u64,
    /// Different labels; 0 for a quantity.
    pub classes: u64,
    /// Rows of the rarest class; all rows for a quantity.
    pub rarest: u64,
    /// Strongest first.
    pub columns: Vec<LabelLink>,
    /// What names or orders the rows: it should not go with the label.
    #[serde(default)]
    pub order: Vec<OrderLink>,
}

/// One feature and the label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelLink {
    pub column: String,
    /// Different values in the train sample, where they are few (at most 50).
    pub values: Option<u64>,
    /// 0 (none) to 1 (determines it): the larger of the rank-based association and Cramér's V of the single values.
    pub strength: f64,
    /// The chance of so strong an association in the rows that have both values, were they unrelated.
    #[serde(default)]
    pub p: f64,
    /// The same in later rows, with the number of those that have both values.
    pub later: BTreeMap<SnapshotRole, (f64, u64)>,
    /// Whether a value is missing, against the label.
    pub missing: Option<PatternLink>,
    /// Whether the value is the one that nearly all serve rows have, against the label.
    pub fallback: Option<PatternLink>,
}

/// Whether a row has a certain value (or none), and how that goes with the label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatternLink {
    /// The value; `None` for a missing one.
    pub value: Option<String>,
    pub train_share: f64,
    pub serve_share: Option<f64>,
    /// 0 to 1: for two classes the difference between their shares of the pattern.
    pub strength: f64,
}

/// Something that only names or orders the train rows, against the label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderLink {
    pub what: RowName,
    /// 0 (none) to 1 (determines it), as for features: for two classes `|2 AUC - 1|`, for beginnings of text Cramér's V.
    pub strength: f64,
    pub rows: u64,
    /// Share of the serve rows whose value lies beyond all train values (or whose beginning train never had).
    pub beyond_train: Option<f64>,
}

/// What names or orders rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowName {
    /// The place of the row in the file.
    Place,
    /// The column of times.
    Time(String),
    /// Numbers that identify rows or entities: the id or group column, or a feature that counts rows.
    Number(String),
    /// The letters with which an identifier begins.
    Beginning(String),
}
