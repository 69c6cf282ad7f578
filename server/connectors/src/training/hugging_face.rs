//! trainer_state.json of the Trainer of Hugging Face Transformers:
//! <https://huggingface.co/docs/transformers/main_classes/callback#transformers.TrainerState>.

use domain::Problem;
use domain::learning_curve::{LearningCurve, SeriesPoints, is_learning_rate};
use domain::observation::Stage;
use domain::tool_check::Source;
use domain::tool_facts::{ReportedMetric, Setting};
use serde_json::{Map, Value};

use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

const TOOL: &str = "Hugging Face Transformers";

pub(super) static CONNECTOR: Connector = Connector {
    id: "hugging_face_trainer",
    tool: TOOL,
    words: "trainer_state.json of Hugging Face Transformers",
    proven_on: "the layout of 4.x",
    takes: "losses, scores and learning rate by epoch, the best metric, epochs and batch size",
    leaves: "gradient norms, speed, state of callbacks",
    recognise: |seen| seen.json.has_all(&["log_history", "global_step"]),
    read,
};

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let entries: Vec<&Map<String, Value>> = json::list(&document, &["log_history"])
        .filter_map(Value::as_object)
        // The last entry sums up the run: its loss is a mean over all steps.
        .filter(|entry| !entry.contains_key("train_runtime"))
        .collect();
    match curve(given.name, &entries) {
        Some(curve) => brought.curves.push(curve),
        None => brought
            .warnings
            .push("It logs no loss and no score at two steps, so it gives no learning curve.".to_owned()),
    }
    let best = json::number(&document, &["best_metric"]);
    brought.facts.metrics.extend(best.map(|value| ReportedMetric {
        source: Source::of(TOOL, None, "best_metric"),
        model: None,
        version: json::text(&document, &["best_model_checkpoint"]).map(str::to_owned),
        is_deployed: None,
        metric: "best_metric".to_owned(),
        value,
        at_ms: None,
    }));
    for key in ["num_train_epochs", "max_steps", "train_batch_size"] {
        let value = document.get(key).filter(|value| value.is_number());
        brought.facts.settings.extend(value.map(|value| Setting {
            source: Source::of(TOOL, None, key),
            stage: Some(Stage::Training),
            name: key.to_owned(),
            value: json::words(value),
        }));
    }
    Ok(brought)
}

fn curve(name: &str, entries: &[&Map<String, Value>]) -> Option<LearningCurve> {
    let axis = axis(entries);
    let mut series: Vec<SeriesPoints> = Vec::new();
    let mut rates = Vec::new();
    for entry in entries {
        let Some(at) = entry.get(axis).and_then(json::finite) else { continue };
        for (key, value) in *entry {
            let Some(value) = json::finite(value).or_else(|| numbers::value(value).filter(|_| !value.is_null())) else {
                continue;
            };
            if is_learning_rate(key) {
                rates.push((at, value));
            } else if let Some(known) = series.iter_mut().find(|known| known.name == *key) {
                known.points.push((at, value));
            } else {
                series.extend(SeriesPoints::of(key, vec![(at, value)]));
            }
        }
    }
    LearningCurve::of(name, series, &rates)
}

/// Epochs where they tell the entries apart as steps do; the log rounds them.
fn axis(entries: &[&Map<String, Value>]) -> &'static str {
    let distinct = |key: &str| {
        let mut values: Vec<f64> = entries.iter().filter_map(|entry| json::finite(entry.get(key)?)).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values.len()
    };
    if distinct("epoch") >= distinct("step") { "epoch" } else { "step" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_that_is_nan_stays_and_the_summary_is_left() {
        let text = br#"{"global_step": 3, "log_history": [{"epoch": 0.1, "loss": 2.0, "step": 1}, {"epoch": 0.1, "loss": NaN, "step": 2},
            {"epoch": 0.1, "eval_loss": 3.0, "step": 2}, {"epoch": 0.2, "loss": 0.0, "learning_rate": 0.1, "step": 3},
            {"epoch": 0.2, "train_loss": 1.0, "train_runtime": 9.0, "step": 3}]}"#;
        let brought = read(&Given::of(text, "a.json")).unwrap_or_default();
        let [curve] = brought.curves.as_slice() else { panic!("{brought:?}") };
        // The epochs are rounded, so the steps are the axis.
        assert_eq!(curve.epochs, [1.0, 2.0, 3.0]);
        let names: Vec<&str> = curve.series.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["loss"]);
        assert_eq!(curve.series[0].first_non_finite, Some(1));
        assert_eq!(curve.learning_rate, Some(vec![0.1; 3]));
    }
}
