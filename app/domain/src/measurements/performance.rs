//! How well the model did on the served rows along time, measured and estimated.

use crate::snapshot::SnapshotRole;
use serde::{Deserialize, Serialize};
use stats::shift::Point;

/// Figures of stretches of served rows, beside the same figures of rows from before.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PerformanceOverTime {
    /// The rows from before: test, validation or train rows with labels and answers; `None` without such.
    pub reference: Option<SnapshotRole>,
    /// Served rows with a time and a label beside an answer,
    pub labelled_rows: u64,
    /// and with a time and what the estimate stands on: a score, or a prediction.
    pub scored_rows: u64,
    /// Measured against labels; empty where there are too few.
    pub measured: Vec<FigureOverTime>,
    /// Estimated from scores of two classes calibrated on the reference, else from what the model got wrong on its rows; empty
    /// without a reference.
    pub estimated: Vec<FigureOverTime>,
    /// Whether nothing was estimated because too few rows of the reference are like those served.
    #[serde(default)]
    pub unlike_reference: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureOverTime {
    pub figure: Figure,
    /// Stretches of the reference of about as many rows as those served.
    pub reference: Vec<Chunk>,
    pub served: Vec<Chunk>,
}

/// What is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Figure {
    /// At the shares of the classes in the reference, so that it does not move when only they do.
    Accuracy,
    RocAuc,
    MeanAbsoluteError,
}

impl Figure {
    /// scikit-learn's name.
    pub fn id(self) -> &'static str {
        match self {
            Figure::Accuracy => "accuracy",
            Figure::RocAuc => "roc_auc",
            Figure::MeanAbsoluteError => "mae",
        }
    }

    /// At the beginning of a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Figure::Accuracy => "Accuracy",
            Figure::RocAuc => "ROC AUC",
            Figure::MeanAbsoluteError => "Mean absolute error",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Figure::Accuracy => "accuracy",
            Figure::RocAuc => "ROC AUC",
            Figure::MeanAbsoluteError => "mean absolute error",
        }
    }
}

/// Consecutive rows; the times are 0 for a reference without times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    pub from_ms: i64,
    pub to_ms: i64,
    pub rows: u64,
    pub point: Point,
}

/// The points of chunks.
pub fn points(chunks: &[Chunk]) -> Vec<Point> {
    chunks.iter().map(|chunk| chunk.point).collect()
}
