//! Why a fall was not split.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SideOfFall {
    Before,
    After,
}

/// What is in the way, as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// One side has no labels.
    NoLabels { side: SideOfFall },
    /// One side has no predictions.
    NoPredictions { side: SideOfFall },
    /// Fewer rows with label and prediction than a split needs.
    TooFewRows { side: SideOfFall, rows: u64, needed: u64 },
    /// The difference is less than chance gives.
    WithinChance { errors: f64, needed: f64 },
    /// The performance did not fall.
    NotFallen,
    /// Which served rows have labels depends on what was predicted: the labelled rows are not the served rows.
    LabelsFollowPredictions { labelled_if_positive: f64, labelled_if_negative: f64 },
    /// The newest labels are not known yet.
    LabelsNotRipe,
    /// The inputs of both sides have too little in common.
    NoOverlap { auc: f64, columns: Vec<String> },
    /// More classes than are modelled.
    TooManyClasses { classes: u64, most: u64 },
    /// No columns that both sides have.
    NoInputs,
    /// Before and after are predictions of different kinds.
    OtherTask,
}
