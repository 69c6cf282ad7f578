//! Files of metrics by name, as DVC pipelines and training programs write them: <https://dvc.org/doc/command-reference/metrics>.
//! Such a file is any JSON, so only one is taken in which nothing stands but figures with the names of metrics.

use domain::Problem;
use domain::learning_curve::measure_of;
use domain::naming::words;
use domain::tool_check::Source;
use domain::tool_facts::ReportedMetric;
use serde_json::{Map, Value};

use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "DVC";

pub(super) static METRICS: Connector = Connector {
    id: "metrics_file",
    tool: TOOL,
    words: "metrics.json of DVC or of a training program: names with numbers, at most one level deep",
    proven_on: "the files of DVC 3.67 pipelines",
    takes: "each figure by its name, such as test.accuracy",
    leaves: "counts of rows; a file with anything else in it is not taken for one",
    recognise: |seen| seen.text.len() <= LONGEST && figures(&seen.text).is_some(),
    read,
};

/// It holds the figures of one model.
const LONGEST: usize = 32 << 10;
/// What such a file counts.
const COUNTS: [&str; 10] =
    ["n", "rows", "count", "support", "samples", "epoch", "epochs", "step", "steps", "threshold"];

/// The figures with their names; `None` where the text is anything else.
fn figures(text: &str) -> Option<Vec<(String, f64)>> {
    let document: Map<String, Value> =
        serde_json::from_str(&crate::numbers::quoted(text.trim_start_matches('\u{feff}'))).ok()?;
    let mut all = Vec::new();
    for (name, value) in &document {
        match value {
            Value::Number(_) => all.push((name.clone(), json::finite(value)?)),
            Value::Object(inner) => {
                for (key, value) in inner {
                    all.push((format!("{name}.{key}"), value.is_number().then(|| json::finite(value)).flatten()?));
                }
            }
            _ => return None,
        }
    }
    let is_count = |name: &str| words(name).last().is_some_and(|word| COUNTS.contains(&word.as_str()));
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let known = all.iter().all(|(name, _)| is_count(&last(name)) || measure_of(&last(name)).is_some());
    let any = all.iter().any(|(name, _)| measure_of(&last(name)).is_some());
    (known && any).then_some(all)
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let all = figures(&given.text()?).ok_or_else(|| given.bad("it holds more than metrics; save it again"))?;
    let mut brought = Brought::default();
    let is_metric = |name: &str| measure_of(name.rsplit('.').next().unwrap_or(name)).is_some();
    let (metrics, counts): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| is_metric(name));
    brought.facts.metrics = metrics
        .into_iter()
        .map(|(metric, value)| ReportedMetric {
            source: Source::of(TOOL, None, metric.as_str()),
            model: None,
            version: None,
            is_deployed: None,
            metric,
            value,
            at_ms: None,
        })
        .collect();
    brought.left.extend(counts.into_iter().map(|(name, value)| format!("{name} {}", domain::number::number(value))));
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_figures_with_the_names_of_metrics_are_taken() {
        let is = |text: &str| figures(text).is_some();
        assert!(is(r#"{"test": {"accuracy": 0.9, "n": 4000}}"#) && is(r#"{"val_loss": 0.5, "roc_auc": 0.7}"#));
        for text in [
            r#"{"accuracy": 0.9, "customer": 3}"#,
            r#"{"accuracy": "0.9"}"#,
            r#"{"n": 3}"#,
            r#"{"accuracy": [0.9]}"#,
            "{\"accuracy\": 0.9}\n{\"accuracy\": 0.8}\n",
            r#"{"a": {"b": {"accuracy": 0.9}}}"#,
            "{}",
        ] {
            assert!(!is(text), "{text}");
        }
    }
}
