//! Evaluation runs: predictions beside labels, measured once; everything the screens and the slider need, and no rows.

mod classification;
mod confusions;
mod difference;
mod error_groups;
mod interval;
mod pairs;
mod quantiles;
mod regression;
mod score_table;
mod split;

pub use classification::{Classification, Predicted};
pub use confusions::{ClassOrder, ConfusedPair};
pub use difference::{Change, Compared, Difference, compared, difference};
pub use error_groups::{ErrorGroup, SegmentError, bias_and_mae, error_groups};
pub use interval::wilson;
pub use pairs::{baseline, distinct, incident, main_figure};
pub use quantiles::{IntervalCoverage, Off, QuantileCalibration, QuantileColumn, QuantileShare};
pub use split::Split;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::selection::Condition;
use crate::snapshot::{ColumnRole, SnapshotRole};

/// What the model predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    Binary,
    Multiclass,
    Regression,
}

impl Task {
    pub const ALL: &'static [Task] = &[Task::Binary, Task::Multiclass, Task::Regression];
    pub const CLASSES: &'static [Task] = &[Task::Binary, Task::Multiclass];
    pub const TWO_CLASSES: &'static [Task] = &[Task::Binary];

    /// The name in JSON and in forms.
    pub fn id(self) -> &'static str {
        match self {
            Task::Binary => "binary",
            Task::Multiclass => "multiclass",
            Task::Regression => "regression",
        }
    }

    /// What its label is, as a noun phrase.
    pub fn label(self) -> &'static str {
        match self {
            Task::Binary => "two classes",
            Task::Multiclass => "several classes",
            Task::Regression => "an amount",
        }
    }
}

/// What decided which of two classes is the positive one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PositiveBy {
    /// Somebody named it, or another table of the same model has it.
    Known,
    /// The score's column is named for it.
    ScoreName,
    /// One of the two names says yes or no.
    YesAndNo,
    /// It is the greater of two numbers, as scikit-learn takes it.
    GreaterNumber,
    /// The scores are higher where it was predicted.
    Predictions,
    /// The scores are higher where it is true.
    Scores,
    /// It comes second by name.
    Order,
}

impl PositiveBy {
    /// Why, in words.
    pub fn words(self) -> &'static str {
        match self {
            PositiveBy::Known => "it was named, or another table of this model has it",
            PositiveBy::ScoreName => "the score column is named for it",
            PositiveBy::YesAndNo => "its name says yes, or the other one says no",
            PositiveBy::GreaterNumber => "it is the greater number, as in scikit-learn",
            PositiveBy::Predictions => "the scores are higher where it was predicted",
            PositiveBy::Scores => "the scores are higher where it is true",
            PositiveBy::Order => "it is the second by name",
        }
    }
}

/// A column whose role nobody named: it was guessed from its name or its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuessedColumn {
    pub role: ColumnRole,
    pub column: String,
}

/// A figure with its 95 % interval (absent where none is defined).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Metric {
    pub value: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub high: Option<f64>,
}

impl Metric {
    /// A figure for which no interval is defined.
    pub fn exact(value: f64) -> Self {
        Self { value, low: None, high: None }
    }
}

/// The predictions follow `score >= t` for every t over `above` and up to `up_to`; `thresholds["in_use"]` is the roundest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ThresholdInUse {
    /// The highest score predicted negative.
    pub above: f64,
    /// The lowest score predicted positive.
    pub up_to: f64,
    /// Rows whose prediction no single threshold explains; 0 when the predictions are consistent.
    pub unexplained: u64,
}

/// Precision, recall and F1 of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClassMetrics {
    pub class: String,
    pub support: u64,
    pub precision: Metric,
    pub recall: Metric,
    pub f1: Metric,
}

/// Rows true, columns predicted, in the order of `labels`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfusionMatrix {
    pub labels: Vec<String>,
    pub counts: Vec<Vec<u64>>,
}

/// One split of one run, measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EvaluationRun {
    /// The file's name.
    pub name: String,
    /// `train`, `val`, `test`, `serve`, or `all` when the file has no split column.
    #[schema(value_type = String)]
    pub split: Split,
    /// The snapshot in whose rows the answers stood; absent for a file given as an evaluation run, which is asked first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub read_from: Option<SnapshotRole>,
    pub n: u64,
    pub task: Task,
    /// The positive class of a binary task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub positive: Option<String>,
    /// What decided which class is positive; absent in runs from before it was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub positive_by: Option<PositiveBy>,
    /// The columns that it is measured from although nobody named them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guessed: Vec<GuessedColumn>,
    /// By scikit-learn's name: `accuracy balanced_accuracy precision recall f1 f1_macro roc_auc average_precision log_loss brier mcc ece_10_equal_width …`,
    /// regression: `mae rmse mse r2 median_abs_error max_error explained_variance bias_mean_error …`.
    pub metrics: BTreeMap<String, Metric>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub confusion_matrix: Option<ConfusionMatrix>,
    /// `in_use` (inferred from scores and predictions), `best_f1`, `youden`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub thresholds: BTreeMap<String, f64>,
    /// How well the threshold in use is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub threshold_in_use: Option<ThresholdInUse>,
    /// Of each class, in the order of the confusion matrix (at most 100 classes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub per_class: Vec<ClassMetrics>,
    /// Rows that could not be evaluated: their label, prediction or score is missing.
    #[serde(default)]
    #[schema(required)]
    pub rows_left_out: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub scores: Option<ScoreTable>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calibration: Vec<CalibrationBin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regression: Option<RegressionChart>,
    /// The weakest slices that were found, by one column or two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slices: Vec<Slice>,
}

impl EvaluationRun {
    /// A run in which nothing was measured yet.
    fn empty(name: &str, split: impl Into<Split>, n: u64, task: Task) -> Self {
        Self {
            name: name.to_owned(),
            split: split.into(),
            read_from: None,
            n,
            task,
            positive: None,
            positive_by: None,
            guessed: Vec::new(),
            metrics: BTreeMap::new(),
            confusion_matrix: None,
            thresholds: BTreeMap::new(),
            threshold_in_use: None,
            per_class: Vec::new(),
            rows_left_out: 0,
            scores: None,
            calibration: Vec::new(),
            regression: None,
            slices: Vec::new(),
        }
    }

    /// Whether nobody named the column with this role.
    pub fn is_guessed(&self, role: ColumnRole) -> bool {
        self.guessed.iter().any(|guessed| guessed.role == role)
    }

    /// The value of a metric by its name.
    pub fn value(&self, metric: &str) -> Option<f64> {
        self.metrics.get(metric).map(|found| found.value)
    }
}

/// For each threshold kept (descending): how many positives and negatives score at or over it. All distinct scores are
/// kept if they are few enough (then every matrix is exact), else a bounded number evenly by rank; a kept threshold's
/// counts are always exact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScoreTable {
    pub positives: u64,
    pub negatives: u64,
    pub thresholds: Vec<f64>,
    pub true_positives: Vec<u64>,
    pub false_positives: Vec<u64>,
    /// Counts in 50 equal bins over `score_min..score_max`.
    pub score_min: f64,
    pub score_max: f64,
    pub histogram_positive: Vec<u64>,
    pub histogram_negative: Vec<u64>,
    /// Every distinct score is among the thresholds.
    pub exact: bool,
}

/// One bin of the reliability diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CalibrationBin {
    pub low: f64,
    pub high: f64,
    pub n: u64,
    pub mean_score: f64,
    /// Share of positives (or of correct answers, for the top label of a multiclass task).
    pub rate: f64,
    pub rate_low: f64,
    pub rate_high: f64,
}

/// A sample of (true, predicted) and the residuals' histogram.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RegressionChart {
    pub sample: Vec<(f64, f64)>,
    pub residual_edges: Vec<f64>,
    pub residual_counts: Vec<u64>,
    /// Rows with similar predictions, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_prediction: Vec<ErrorGroup>,
    /// Rows in the order of their time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_time: Vec<ErrorGroup>,
    /// Segments whose mean error is unlike that of the other rows, the furthest off first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_segment: Vec<SegmentError>,
    /// How predicted quantiles agree with the labels; absent where none are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quantiles: Option<QuantileCalibration>,
}

/// By what a slice is judged, by scikit-learn's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SliceMetric {
    Accuracy,
    /// Mean absolute error.
    Mae,
}

impl SliceMetric {
    /// The word in JSON.
    pub fn id(self) -> &'static str {
        match self {
            SliceMetric::Accuracy => "accuracy",
            SliceMetric::Mae => "mae",
        }
    }
}

/// Rows described by conditions on one or two columns, and how the model does on them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Slice {
    /// Such as `loan_length ≤ 12 and salary_range = 0 - 20K €`.
    pub description: String,
    pub columns: Vec<String>,
    /// The same as `description`, to select the rows; empty in diagnoses from before it was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    pub n: u64,
    pub metric: SliceMetric,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub rest_value: f64,
    /// The accuracy that the model's own probabilities promise on these rows, where it gives any: a slice of hard rows
    /// keeps it, a slice on which the model is wrong without knowing it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub promised: Option<f64>,
    /// p of the difference to the rest, after correction for all slices searched.
    pub q: f64,
}
