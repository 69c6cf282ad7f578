//! Labelled rows with predictions from before serving and from serving: what a fall of the performance is split from.

use serde::{Deserialize, Serialize};

use crate::evaluation::Split;

/// Rows drawn from both sides, with the features that both have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FallRows {
    /// What the rows from before serving are.
    pub compared_with: Split,
    /// The features, in the order of the columns of both sides.
    pub features: Vec<String>,
    pub before: FallSide,
    pub after: FallSide,
    /// Which served rows have a label, by what was predicted; `None` where a prediction is a quantity.
    pub labelled: Option<Vec<Labelled>>,
    /// What the predictions of the training pipeline for the same served rows would have cost less.
    #[serde(default)]
    pub offline: Option<OtherLoss>,
    /// The same of the model's answers to the repaired rows.
    #[serde(default)]
    pub repaired: Option<OtherLoss>,
}

/// The mean loss of served rows, less that with other predictions for the same rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OtherLoss {
    pub rows: u64,
    pub less: f64,
    pub error: f64,
}

/// One side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FallSide {
    /// All rows with label and prediction that could be drawn.
    pub rows: u64,
    /// Feature by feature, the values of the rows drawn.
    pub columns: Vec<Cells>,
    pub answers: FallAnswers,
    /// Milliseconds since 1970 of each row drawn; empty without a column of times.
    pub times: Vec<Option<i64>>,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Cells {
    /// NaN is a missing one.
    Numbers(Vec<f64>),
    /// The number of each row's level; [`Cells::MISSING`] is a missing one.
    Words { levels: Vec<String>, of: Vec<u32> },
}

/// What was true and what was predicted, row by row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FallAnswers {
    /// By the place of the class.
    Classes {
        names: Vec<String>,
        labels: Vec<u32>,
        predictions: Vec<u32>,
    },
    Numbers {
        labels: Vec<f64>,
        predictions: Vec<f64>,
    },
}

/// Served rows with one prediction: how many there are, and how many of them have a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    pub rows: u64,
    pub labelled: u64,
}

impl Cells {
    pub const MISSING: u32 = u32::MAX;

    pub fn len(&self) -> usize {
        match self {
            Cells::Numbers(values) => values.len(),
            Cells::Words { of, .. } => of.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl FallAnswers {
    pub fn len(&self) -> usize {
        match self {
            FallAnswers::Classes { labels, .. } => labels.len(),
            FallAnswers::Numbers { labels, .. } => labels.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
