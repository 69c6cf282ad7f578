//! What the name of a series says: a loss or a score, the part of the data, a learning rate.

use super::{CurveMeasure, CurveSplit};
use crate::naming::words;

const LOSSES: [&str; 25] = [
    "loss",
    "logloss",
    "mlogloss",
    "error",
    "err",
    "merror",
    "mae",
    "mse",
    "rmse",
    "rmsle",
    "mape",
    "perplexity",
    "ppl",
    "nll",
    "nloglik",
    "deviance",
    "crossentropy",
    "entropy",
    "cost",
    "objective",
    "brier",
    "huber",
    "mphe",
    "wer",
    "cer",
];
const SCORES: [&str; 19] = [
    "acc",
    "accuracy",
    "auc",
    "auroc",
    "roc",
    "aucpr",
    "f1",
    "r2",
    "precision",
    "recall",
    "score",
    "map",
    "ndcg",
    "bleu",
    "iou",
    "dice",
    "mcc",
    "rouge",
    "kappa",
];
/// What boosting calls its losses; elsewhere these are norms and settings.
const LOSSES_OF_BOOSTING: [&str; 4] = ["l1", "l2", "quantile", "multiclass"];

/// Whether less or more is better, by the words of the name; `None` where it is neither a loss nor a score.
pub fn measure_of(name: &str) -> Option<CurveMeasure> {
    let words = words(name);
    // `best_val_loss` tells which epoch was the best; it follows no epoch.
    if words.first().is_some_and(|word| word == "best") {
        return None;
    }
    let holds = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    match () {
        () if holds(&LOSSES) => Some(CurveMeasure::Loss),
        () if holds(&SCORES) => Some(CurveMeasure::Score),
        () => None,
    }
}

/// As [`measure_of`], where the name is known to be of a metric of XGBoost, LightGBM or CatBoost.
pub fn measure_of_boosting(name: &str) -> Option<CurveMeasure> {
    let is_own = words(name).iter().any(|word| LOSSES_OF_BOOSTING.contains(&word.as_str()));
    measure_of(name).or(is_own.then_some(CurveMeasure::Loss))
}

/// The part of the data that a name speaks of; `None` where it says none, which is the training data as a rule.
pub fn split_of(name: &str) -> Option<CurveSplit> {
    let words = words(name);
    let holds = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    match () {
        () if holds(&["val", "valid", "validation", "eval", "dev", "cv"]) => Some(CurveSplit::Validation),
        () if holds(&["test", "holdout"]) => Some(CurveSplit::Test),
        () if holds(&["train", "training", "learn"]) => Some(CurveSplit::Train),
        () => None,
    }
}

/// Whether the name is of a learning rate; of several, as `lr-Adam`, each is one.
pub fn is_learning_rate(name: &str) -> bool {
    let last = name.rsplit(['/', '.']).next().unwrap_or(name).to_lowercase();
    matches!(last.as_str(), "lr" | "learning_rate" | "learningrate") || last.starts_with("lr-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_name_tell_what_it_is() {
        for (name, measure, split) in [
            ("val_loss", Some(CurveMeasure::Loss), Some(CurveSplit::Validation)),
            ("eval/loss", Some(CurveMeasure::Loss), Some(CurveSplit::Validation)),
            ("trainRmse", Some(CurveMeasure::Loss), Some(CurveSplit::Train)),
            ("test_accuracy", Some(CurveMeasure::Score), Some(CurveSplit::Test)),
            ("best_val_loss", None, Some(CurveSplit::Validation)),
            ("l2", None, None),
            ("epoch", None, None),
        ] {
            assert_eq!((measure_of(name), split_of(name)), (measure, split), "{name}");
        }
        assert_eq!(measure_of_boosting("l2"), Some(CurveMeasure::Loss));
        assert_eq!(measure_of_boosting("auc"), Some(CurveMeasure::Score));
        assert!(is_learning_rate("train/lr") && is_learning_rate("lr-Adam") && !is_learning_rate("flr"));
    }
}
