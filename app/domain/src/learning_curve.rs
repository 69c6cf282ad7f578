//! Learning curves: one point per epoch (or boosting round) and series.

mod names;
mod points;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use names::{is_learning_rate, measure_of, measure_of_boosting, split_of};
pub use points::SeriesPoints;

/// The curves of one training run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LearningCurve {
    pub name: String,
    /// Epochs or rounds, ascending.
    pub epochs: Vec<f64>,
    /// Each as long as `epochs`; a missing or non-finite value is null in JSON.
    pub series: Vec<CurveSeries>,
    #[schema(required)]
    pub learning_rate: Option<Vec<f64>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CurveSeries {
    /// The name in the file, such as `val_loss`.
    pub name: String,
    pub split: CurveSplit,
    pub measure: CurveMeasure,
    /// Null where the value in the file is missing, NaN or infinite.
    pub values: Vec<Option<f64>>,
    /// Index of the first NaN or infinite value.
    #[schema(required)]
    pub first_non_finite: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CurveSplit {
    Train,
    Validation,
    Test,
}

/// Whether less or more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CurveMeasure {
    Loss,
    Score,
}

/// A state that was read from a curve, to be marked on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CurveReading {
    pub state: CurveState,
    /// The epoch at which it starts, as on the axis.
    #[schema(required)]
    pub from_epoch: Option<f64>,
    #[schema(required)]
    pub best_epoch: Option<f64>,
    /// How large it is, as a share: of a non-finite curve the epochs lost; of a diverging one the last finite training
    /// loss over the first; of a plateau or a healthy curve the improvement over the first loss; of overfitting the rise
    /// of the validation loss over its best; of underfitting the loss left of the first; of an unstable one the noise
    /// over the loss.
    #[serde(default)]
    #[schema(required)]
    pub amount: f64,
    pub statement: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CurveState {
    Healthy,
    NonFinite,
    Diverging,
    Plateau,
    Overfitting,
    Underfitting,
    Unstable,
}

impl CurveState {
    /// The words shown to people.
    pub fn words(self) -> &'static str {
        match self {
            CurveState::Healthy => "healthy",
            CurveState::NonFinite => "NaN or infinite",
            CurveState::Diverging => "diverging",
            CurveState::Plateau => "plateau",
            CurveState::Overfitting => "overfitting",
            CurveState::Underfitting => "underfitting",
            CurveState::Unstable => "unstable",
        }
    }
}
