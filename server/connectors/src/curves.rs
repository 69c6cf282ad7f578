//! Learning curves out of the histories that trackers of experiments keep: points of several series, in any order.

use std::collections::BTreeMap;

use domain::learning_curve::{CurveMeasure, CurveSeries, CurveSplit, LearningCurve};

/// More series than this are kept out: a curve that is read and drawn has a few.
const MOST_SERIES: usize = 64;
/// Points of one series at most.
const MOST_POINTS: usize = 200_000;

/// Points as they come; the last one of a step counts, as in a run that was resumed.
#[derive(Debug, Default)]
pub(crate) struct History {
    series: BTreeMap<String, BTreeMap<i64, (f64, f64)>>,
}

impl History {
    /// A value that is not finite stays in as the sign of a training that broke. The largest number of its kind is what
    /// MLflow writes for infinity.
    pub fn add(&mut self, series: &str, step: f64, value: f64) {
        if !step.is_finite() || !(self.series.contains_key(series) || self.series.len() < MOST_SERIES * 4) {
            return;
        }
        let points = self.series.entry(series.to_owned()).or_default();
        if points.len() < MOST_POINTS {
            let value = if value.abs() >= f64::MAX { f64::INFINITY } else { value };
            points.insert((step.clamp(-1e15, 1e15) * 1e3).round() as i64, (step, value));
        }
    }

    /// The curve; `None` when nothing that is a loss or a score has two steps. Other series stay out, unless they stopped
    /// being finite.
    pub fn curve(self, name: &str) -> Option<LearningCurve> {
        let mut learning_rates = None;
        let mut kept = Vec::new();
        for (name, points) in self.series {
            let broken = points.values().any(|(_, value)| !value.is_finite());
            match measure_of(&name) {
                _ if is_learning_rate(&name) => learning_rates = Some(points),
                Some(measure) if points.len() > 1 => kept.push((name, measure, points)),
                None if broken => kept.push((name, CurveMeasure::Loss, points)),
                _ => {}
            }
        }
        kept.truncate(MOST_SERIES);
        let steps: BTreeMap<i64, f64> =
            kept.iter().flat_map(|(_, _, points)| points.iter().map(|(key, (step, _))| (*key, *step))).collect();
        let series: Vec<CurveSeries> =
            kept.into_iter().map(|(name, measure, points)| one_series(name, measure, &points, &steps)).collect();
        let learning_rate = learning_rates.and_then(|rates| {
            steps.keys().map(|key| rates.get(key).map(|(_, rate)| *rate).filter(|rate| rate.is_finite())).collect()
        });
        (!series.is_empty() && steps.len() > 1).then(|| LearningCurve {
            name: name.to_owned(),
            epochs: steps.into_values().collect(),
            series,
            learning_rate,
        })
    }
}

fn one_series(
    name: String,
    measure: CurveMeasure,
    points: &BTreeMap<i64, (f64, f64)>,
    steps: &BTreeMap<i64, f64>,
) -> CurveSeries {
    let at = |key: &i64| points.get(key).map(|(_, value)| *value);
    CurveSeries {
        split: split_of(&name),
        measure,
        values: steps.keys().map(|key| at(key).filter(|value| value.is_finite())).collect(),
        first_non_finite: steps.keys().position(|key| at(key).is_some_and(|value| !value.is_finite())),
        name,
    }
}

/// Whether the name is of a loss or a score.
pub(crate) fn is_measured(name: &str) -> bool {
    measure_of(name).is_some()
}

fn is_learning_rate(name: &str) -> bool {
    let lower = name.to_lowercase();
    matches!(lower.rsplit(['/', '.']).next(), Some("lr" | "learning_rate" | "learningrate"))
}

/// The words of a name: `val_loss`, `eval/loss`, `valLoss` and `validation loss` are all `val`, `loss`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut after_lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && after_lower) {
            parts.push(String::new());
        }
        if let (true, Some(last)) = (letter.is_alphanumeric(), parts.last_mut()) {
            last.extend(letter.to_lowercase());
        }
        after_lower = letter.is_lowercase();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn measure_of(name: &str) -> Option<CurveMeasure> {
    const LOSSES: [&str; 20] = [
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
        "deviance",
        "crossentropy",
        "entropy",
        "cost",
        "objective",
        "brier",
    ];
    const SCORES: [&str; 17] = [
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
    ];
    let parts = parts(name);
    // `best_val_loss` tells which epoch was the best; it follows no epoch.
    if parts.first().is_some_and(|part| part == "best") {
        return None;
    }
    let holds = |words: &[&str]| parts.iter().any(|part| words.contains(&part.as_str()));
    match () {
        () if holds(&LOSSES) => Some(CurveMeasure::Loss),
        () if holds(&SCORES) => Some(CurveMeasure::Score),
        () => None,
    }
}

fn split_of(name: &str) -> CurveSplit {
    let parts = parts(name);
    let holds = |words: &[&str]| parts.iter().any(|part| words.contains(&part.as_str()));
    match () {
        () if holds(&["val", "valid", "validation", "eval", "dev", "cv"]) => CurveSplit::Validation,
        () if holds(&["test", "holdout"]) => CurveSplit::Test,
        () => CurveSplit::Train,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_a_curve_in_the_order_of_steps_with_its_breaks() {
        let mut history = History::default();
        for (step, loss) in [(2.0, f64::NAN), (0.0, 0.9), (1.0, 0.5), (1.0, 0.4)] {
            history.add("val/loss", step, loss);
            history.add("lr", step, 0.1);
            history.add("epoch", step, step);
        }
        history.add("grad_norm", 1.0, f64::MAX);
        let curve = history.curve("run").unwrap_or_else(|| panic!("no curve"));
        assert_eq!(curve.epochs, [0.0, 1.0, 2.0]);
        assert_eq!(curve.learning_rate, Some(vec![0.1; 3]));
        let names: Vec<&str> = curve.series.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(names, ["grad_norm", "val/loss"]);
        assert_eq!(curve.series[0].first_non_finite, Some(1));
        assert_eq!(curve.series[1].values, [Some(0.9), Some(0.4), None]);
        assert_eq!((curve.series[1].first_non_finite, curve.series[1].split), (Some(2), CurveSplit::Validation));
    }

    #[test]
    fn one_point_or_nothing_measured_is_not_a_curve() {
        let mut history = History::default();
        history.add("loss", 0.0, 1.0);
        history.add("epoch", 1.0, 1.0);
        history.add("epoch", 2.0, 2.0);
        assert_eq!(history.curve("run"), None);
    }
}
