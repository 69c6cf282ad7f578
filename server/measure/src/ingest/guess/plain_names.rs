//! Names that say no more and no less than what a column is for.

use domain::ColumnRole;
use domain::ColumnRole::{Label, Prediction, Score};

use super::names::snake;

pub(super) const LABELS: [&str; 20] = [
    "y_true",
    "ytrue",
    "true_label",
    "label",
    "labels",
    "target",
    "targets",
    "ground_truth",
    "groundtruth",
    "gold",
    "class",
    "true_class",
    "actual",
    "actuals",
    "actual_label",
    "outcome",
    "truth",
    "y",
    "label_true",
    "is_positive",
];
pub(super) const PREDICTIONS: [&str; 18] = [
    "y_pred",
    "ypred",
    "y_hat",
    "yhat",
    "prediction",
    "predictions",
    "predicted",
    "pred",
    "preds",
    "predicted_label",
    "predicted_class",
    "pred_label",
    "pred_class",
    "label_pred",
    "prediction_label",
    "predicted_value",
    "model_prediction",
    "model_output",
];
const SCORES: [&str; 14] = [
    "score",
    "scores",
    "y_score",
    "y_prob",
    "y_proba",
    "y_pred_proba",
    "proba",
    "prob",
    "probability",
    "prediction_score",
    "predicted_probability",
    "pred_proba",
    "model_score",
    "decision_function",
];

/// Whether a column has one of the names that say no more and no less than the role.
pub fn is_plain_name(role: ColumnRole, column: &str) -> bool {
    let name = snake(column);
    match role {
        Label => LABELS.contains(&name.as_str()),
        Prediction => PREDICTIONS.contains(&name.as_str()),
        Score => SCORES.contains(&name.as_str()),
        _ => false,
    }
}
