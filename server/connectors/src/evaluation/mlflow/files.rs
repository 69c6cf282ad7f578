//! Files of a tracking folder, each alone: `MLmodel`, `meta.yaml` of a run, of a data set and of a version, and the file of
//! a metric.

use domain::Problem;
use domain::observation::{ArtifactPlace, ModelArtifact, Stage};
use serde_json::Value;

use super::{TOOL, dataset, setting, signature};
use crate::curves::History;
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

pub(crate) static MODEL: Connector = Connector {
    id: "mlflow_model",
    tool: TOOL,
    words: "MLflow MLmodel, YAML",
    proven_on: "3.17.2",
    takes: "the inputs of the model, the run it is from, versions of Python and of its library",
    leaves: "how it is loaded, outputs, examples",
    recognise: |seen| {
        seen.has_line("flavors:")
            && ["mlflow_version:", "model_uuid:", "signature:", "utc_time_created:"]
                .iter()
                .any(|key| seen.has_line(key))
    },
    read: read_model,
};

pub(crate) static META: Connector = Connector {
    id: "mlflow_meta",
    tool: TOOL,
    words: "MLflow meta.yaml",
    proven_on: "3.17.2",
    takes: "the name of a run, the digest of a data set, the version of a model",
    leaves: "folders and times; an experiment holds nothing else",
    recognise: |seen| {
        let has = |keys: &[&str]| keys.iter().all(|key| seen.has_line(key));
        has(&["lifecycle_stage:", "experiment_id:"])
            && (seen.has_line("artifact_uri:") || seen.has_line("artifact_location:"))
            || has(&["digest:", "schema:", "source_type:"])
            || has(&["model_id:", "artifact_location:", "experiment_id:"])
            || has(&["destination_id:", "destination_type:", "source_type:"])
            || has(&["current_stage:", "run_id:", "version:", "name:"])
    },
    read: read_meta,
};

pub(crate) static METRIC_FILE: Connector = Connector {
    id: "mlflow_metric",
    tool: TOOL,
    words: "MLflow file of a metric (lines of time, value and step)",
    proven_on: "3.17.2",
    takes: "the learning curve, called as the file is",
    leaves: "times of the single values",
    recognise: is_metric_file,
    read: read_metric,
};

/// Times of MLflow have thirteen digits from 2001 to 2286; no table begins with such lines without a head.
fn is_metric_file(seen: &Seen<'_>) -> bool {
    let cut = if seen.bytes.len() >= crate::HEAD_BYTES { 1 } else { 0 };
    let lines: Vec<&str> = seen.text.lines().collect();
    let whole = lines.len().saturating_sub(cut);
    whole >= 3 && lines.iter().take(whole).all(|line| point(line).is_some())
}

/// Value and step of a line.
pub(super) fn point(line: &str) -> Option<(f64, f64)> {
    let mut parts = line.split(' ');
    let (time, value, step) = (parts.next()?, parts.next()?, parts.next()?);
    let is_time = time.len() == 13 && time.bytes().all(|byte| byte.is_ascii_digit());
    (is_time && parts.next().is_none()).then_some(())?;
    Some((value.parse().ok()?, step.parse::<i64>().ok()? as f64))
}

fn read_metric(given: &Given<'_>) -> Result<Brought, Problem> {
    let text = given.text()?;
    let name = given.name.rsplit(['/', '\\']).next().unwrap_or(given.name);
    let mut history = History::default();
    let mut left = 0;
    for line in text.lines() {
        match point(line) {
            Some((value, step)) => history.add(name, step, value),
            None => left += 1,
        }
    }
    let mut brought = Brought { curves: history.curve(name).into_iter().collect(), ..Brought::default() };
    if left > 0 {
        brought.left.push(domain::number::counted(left, "line of another form"));
    }
    if brought.curves.is_empty() {
        brought.warnings.push(format!(
            "{name}: the name of a metric file tells its metric, and this one is not a loss or a score."
        ));
    }
    Ok(brought)
}

/// The one document of the file.
fn document(given: &Given<'_>) -> Result<Value, Problem> {
    given.yaml()?.into_iter().next().ok_or_else(|| given.bad("it is empty; export it again"))
}

pub(super) fn read_model(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = document(given)?;
    let version = json::text(&document, &["mlflow_version"]).map(str::to_owned);
    let mut brought = Brought { tool_version: version.clone(), ..Brought::default() };
    let facts = &mut brought.facts;
    facts.signatures.extend(signature("signature", &document));
    let training = Some(Stage::Training);
    for (flavor, settings) in json::entries(&document, &["flavors"]) {
        let versions = json::entries(settings, &[]).filter(|(key, _)| key.ends_with("_version"));
        let path = format!("flavors.{flavor}");
        facts.settings.extend(versions.filter_map(|(key, value)| Some(setting(&path, training, key, value.as_str()?))));
    }
    for key in ["run_id", "model_id"] {
        facts.settings.extend(json::text(&document, &[key]).map(|value| setting("", training, key, value)));
    }
    for source in facts.sources_mut() {
        source.tool_version.clone_from(&version);
    }
    if facts.signatures.is_empty() {
        brought.warnings.push("It has no signature, so that the inputs of the model are unknown.".to_owned());
    }
    Ok(brought)
}

pub(super) fn read_meta(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = document(given)?;
    let text = |key: &str| json::text(&document, &[key]);
    let mut brought = Brought::default();
    if let Some(model) = text("name").filter(|_| document.get("current_stage").is_some()) {
        brought.observations.artifacts.push(version(&document, model));
    }
    let training = Some(Stage::Training);
    brought.facts.digests.extend(dataset("", &document, None));
    for key in ["run_id", "run_name", "source_run_id", "model_id"] {
        brought.facts.settings.extend(text(key).map(|value| setting("", training, key, value)));
    }
    if brought.count() == 0 {
        brought.warnings.push("It only names a folder or links two others; nothing is concluded from it.".to_owned());
    }
    Ok(brought)
}

fn version(document: &Value, model: &str) -> ModelArtifact {
    let serves = json::text(document, &["current_stage"]).is_some_and(|stage| stage.eq_ignore_ascii_case("production"));
    ModelArtifact {
        source: String::new(),
        place: if serves { ArtifactPlace::Deployed } else { ArtifactPlace::Registered },
        model: Some(model.to_owned()),
        version: document.get("version").map(json::words),
        digest: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_time_value_and_step_are_a_metric_file() {
        let is = |text: &str| is_metric_file(&Seen::of(text.as_bytes()));
        assert!(is("1795403409931 0.69 0\n1795403409937 nan 1\n1795403409938 -1e-3 2\n"));
        assert!(!is("1795403409931 0.69 0\n1795403409937 0.6 1\n"), "two lines");
        assert!(!is("time value step\n1795403409937 0.6 1\n1795403409937 0.6 1\n1795403409937 0.6 1\n"));
        assert!(
            !is("1 0.69 0\n2 0.6 1\n3 0.5 2\n")
                && !is("1795403409931 0.69 0 a\n1795403409931 0.69 0\n1795403409931 0.69 0\n")
        );
        assert!(!is("1795403409931,0.69,0\n1795403409937,0.6,1\n1795403409938,0.5,2\n"));
    }
}
