//! Weights & Biases: the files of a run folder, and exports of a history:
//! <https://docs.wandb.ai/support/save_runs_local/>.

mod files;
mod log;

use domain::observation::Stage;
use domain::tool_check::Source;
use domain::tool_facts::{ReportedMetric, Setting};
use serde_json::{Map, Value};

use crate::curves::History;
use crate::json;

pub(crate) use files::{CONFIG, HISTORY, METADATA, SUMMARY};
pub(crate) use log::LOG;

const TOOL: &str = "Weights & Biases";
/// Nested settings are followed this deep.
const DEEPEST: usize = 4;

/// The settings of a configuration: `optimizer.name`. Keys that begin with `_` are of the tool.
fn settings(path: &str, config: &Map<String, Value>) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (name, value) in config.iter().filter(|(name, _)| !name.starts_with('_')) {
        add_setting(path, name.clone(), value, 0, &mut settings);
    }
    settings
}

fn add_setting(path: &str, name: String, value: &Value, depth: usize, settings: &mut Vec<Setting>) {
    match value.as_object() {
        Some(inner) if depth < DEEPEST && !inner.is_empty() => {
            for (key, value) in inner {
                add_setting(path, format!("{name}.{key}"), value, depth + 1, settings);
            }
        }
        _ if value.is_null() => {}
        _ => settings.push(Setting {
            source: Source::of(TOOL, None, path),
            stage: Some(Stage::Training),
            name,
            value: written(value),
        }),
    }
}

/// A list of names is one of columns more often than not: it is kept whole.
fn written(value: &Value) -> String {
    let texts = || value.as_array()?.iter().map(Value::as_str).collect::<Option<Vec<&str>>>();
    texts().filter(|texts| texts.len() <= 500).map_or_else(|| json::words(value), |texts| texts.join(", "))
}

/// The last figures of a run. Returns the names of those that are not finite.
fn summary(
    path: &str,
    run: Option<&str>,
    summary: &Map<String, Value>,
    metrics: &mut Vec<ReportedMetric>,
) -> Vec<String> {
    let mut not_finite = Vec::new();
    for (name, value) in summary.iter().filter(|(name, _)| !is_of_tool(name, summary)) {
        match (json::finite(value).filter(|_| !value.is_string()), is_not_finite(value)) {
            (Some(value), _) => metrics.push(ReportedMetric {
                source: Source::of(TOOL, None, path),
                model: None,
                version: run.map(str::to_owned),
                is_deployed: None,
                metric: name.clone(),
                value,
                at_ms: None,
            }),
            (None, true) => not_finite.push(name.clone()),
            (None, false) => {}
        }
    }
    not_finite
}

/// Keys of the tool itself, and the parts of media, which are flattened in some versions: `table/_type`, `table.nrows`.
fn is_of_tool(name: &str, all: &Map<String, Value>) -> bool {
    let of_media = || {
        let media = name.rfind(['/', '.']).and_then(|end| name.get(..=end));
        media.is_some_and(|media| all.contains_key(&format!("{media}_type")))
    };
    name.starts_with('_') || of_media()
}

fn is_not_finite(value: &Value) -> bool {
    value.as_str().is_some_and(|word| matches!(word, "NaN" | "Infinity" | "-Infinity" | "nan" | "inf" | "-inf"))
}

/// Rows of a history, with the step that a person counts in: the epoch where each row has its own, otherwise the step.
#[derive(Default)]
struct Rows(Vec<Map<String, Value>>);

impl Rows {
    fn history(&self) -> History {
        let epochs = self.steps("epoch").filter(|epochs| epochs.windows(2).all(|pair| pair[0] < pair[1]));
        let mut steps = epochs.or_else(|| self.steps("_step")).unwrap_or_default().into_iter();
        let mut history = History::default();
        for (place, row) in self.measured().enumerate() {
            let step = steps.next().unwrap_or(place as f64);
            for (name, value) in row.iter().filter(|(name, _)| !name.starts_with('_') && name.as_str() != "epoch") {
                match json::finite(value).filter(|_| !value.is_string()) {
                    Some(value) => history.add(name, step, value),
                    None if is_not_finite(value) => history.add(name, step, f64::NAN),
                    None => {}
                }
            }
        }
        history
    }

    /// The rows that hold a loss or a score.
    fn measured(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.0.iter().filter(|row| row.keys().any(|name| domain::learning_curve::measure_of(name).is_some()))
    }

    /// The column as numbers, where every row that is measured has one.
    fn steps(&self, name: &str) -> Option<Vec<f64>> {
        self.measured().map(|row| row.get(name).and_then(json::finite)).collect()
    }
}

fn warn(run: &str, not_finite: &[String]) -> Option<String> {
    let names = not_finite.join(", ");
    (!not_finite.is_empty()).then(|| format!("Run {run}: the last value of {names} is NaN or infinite."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(rows: Value) -> Rows {
        Rows(rows.as_array().into_iter().flatten().filter_map(Value::as_object).cloned().collect())
    }

    #[test]
    fn epochs_are_the_steps_where_each_row_has_its_own() {
        let by_epoch = rows(json!([
            {"_step": 0, "epoch": 1, "val/loss": 0.5}, {"_step": 1, "epoch": 2, "val/loss": "NaN"}, {"_step": 2, "best": 1},
        ]));
        let curve = by_epoch.history().curve("run").unwrap_or_else(|| panic!("no curve"));
        assert_eq!((curve.epochs, curve.series[0].first_non_finite), (vec![1.0, 2.0], Some(1)));
        let by_step = rows(json!([{"_step": 10, "epoch": 1, "loss": 0.5}, {"_step": 20, "epoch": 1, "loss": 0.4}]));
        assert_eq!(by_step.history().curve("run").map(|curve| curve.epochs), Some(vec![10.0, 20.0]));
    }

    #[test]
    fn media_and_keys_of_the_tool_are_not_figures() {
        let all = json!({"_step": 3, "loss": 0.5, "acc": "NaN", "table/_type": "table-file", "table/nrows": 2, "t._type": "", "t.size": 2, "note": "a"});
        let mut metrics = Vec::new();
        let not_finite = all.as_object().map(|all| summary("", None, all, &mut metrics)).unwrap_or_default();
        assert_eq!(metrics.iter().map(|one| one.metric.as_str()).collect::<Vec<_>>(), ["loss"]);
        assert_eq!(not_finite, ["acc"]);
    }
}
