//! Whether train and serve rows can be told apart by their features taken together.

use serde::{Deserialize, Serialize};

pub use stats::cross_validation::Area;

/// Train against serve, by the features that look alike one by one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JointShift {
    /// Rows looked at on either side.
    pub train_rows: u64,
    pub serve_rows: u64,
    /// Features whose own values look alike on both sides.
    pub together: Vec<String>,
    /// Features that differ by themselves; they are left out, so that they do not answer for the others.
    pub apart: Vec<String>,
    /// `None` when fewer than two features are left.
    pub told_apart: Option<ToldApart>,
}

/// How well a classifier that has not seen a row says which side it is from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToldApart {
    pub area: Area,
    /// The same between two halves of train; `None` where the sides can hardly be told apart anyway.
    pub floor: Option<Floor>,
    /// What the area loses when a feature is shuffled, largest first.
    pub columns: Vec<TellingColumn>,
    /// Pairs of telling numbers with their rank correlations, largest change first.
    pub relations: Vec<Relation>,
}

/// How far apart train is from itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    pub area: Area,
    pub halves: Halves,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Halves {
    /// The earlier half of train against the later.
    InTime,
    /// Two random halves.
    AtRandom,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TellingColumn {
    pub column: String,
    pub loss: f64,
}

/// Spearman's rank correlation of two columns on either side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    pub columns: [String; 2],
    pub train: f64,
    pub serve: f64,
}
