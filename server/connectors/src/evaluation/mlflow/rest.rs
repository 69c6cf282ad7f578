//! Answers about runs: `runs/get`, `runs/search`, `logged-models`, `metrics/get-history`, and errors.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::counted;
use domain::observation::Stage;
use domain::tool_facts::ReportedMetric;
use serde_json::Value;

use super::{TOOL, dataset, kept_digest, pairs, setting, source};
use crate::curves::History;
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(crate) static RUNS: Connector = Connector {
    id: "mlflow_runs",
    tool: TOOL,
    words: "MLflow answer of runs/get, runs/search or logged-models, JSON",
    proven_on: "3.17.2",
    takes: "parameters, last metrics, data sets with their digests, digests kept as tags",
    leaves: "artifacts and notes; lists of experiments and of artifacts hold none of these",
    recognise: |seen| {
        let is_run = |run: &str| {
            (seen.json.has(&format!("{run}.info.run_id")) || seen.json.has(&format!("{run}.info.run_uuid")))
                && seen.json.has(&format!("{run}.info.experiment_id"))
        };
        let is_model =
            |model: &str| seen.json.has(&format!("{model}.info.model_id")) && seen.json.has(&format!("{model}.data"));
        let lists = seen.json.has_all(&["experiments[].experiment_id", "experiments[].artifact_location"])
            || (seen.json.has_all(&["root_uri", "files[].path", "files[].is_dir"]));
        is_run("run") || is_run("runs[]") || is_model("model") || is_model("models[]") || lists
    },
    read: read_runs,
};

pub(crate) static HISTORY: Connector = Connector {
    id: "mlflow_history",
    tool: TOOL,
    words: "MLflow answer of metrics/get-history, JSON",
    proven_on: "3.17.2",
    takes: "the learning curve of each run, with NaN and infinity",
    leaves: "times of the single values",
    recognise: |seen| seen.json.has_all(&["metrics[].key", "metrics[].value", "metrics[].timestamp", "metrics[].step"]),
    read: read_history,
};

pub(crate) static ERROR: Connector = Connector {
    id: "mlflow_error",
    tool: TOOL,
    words: "MLflow answer with an error, JSON",
    proven_on: "3.17.2",
    takes: "nothing: it says what went wrong",
    leaves: "everything",
    recognise: |seen| {
        let is_code = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        seen.json.word("error_code").is_some_and(is_code) && seen.json.has("message") && !seen.json.has("status")
    },
    read: read_error,
};

fn read_error(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let message = document.get("message").map(json::words).unwrap_or_default();
    let code = json::text(&document, &["error_code"]).unwrap_or("an error");
    let warning = format!("MLflow answered {code}: {message}. Ask it again and give the answer of that.");
    Ok(Brought { warnings: vec![warning], ..Brought::default() })
}

fn read_runs(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let single = ["run", "model"].into_iter().filter_map(|key| Some((key.to_owned(), document.get(key)?)));
    let several = ["runs", "models"].into_iter().flat_map(|key| {
        json::list(&document, &[key]).enumerate().map(move |(place, run)| (format!("{key}[{place}]"), run))
    });
    for (path, run) in single.chain(several) {
        read_run(&path, run, &mut brought);
    }
    if json::text(&document, &["next_page_token"]).is_some_and(|token| !token.is_empty()) {
        brought.warnings.push("It is the first page of several; the runs of the others are missing.".to_owned());
    }
    if brought.count() == 0 && brought.warnings.is_empty() {
        brought.warnings.push("It lists names without runs; give the answer of runs/search too.".to_owned());
    }
    Ok(brought)
}

fn read_run(path: &str, run: &Value, brought: &mut Brought) {
    let info = |key: &str| json::text(run, &["info", key]);
    let id = info("run_id").or_else(|| info("run_uuid")).or_else(|| info("source_run_id")).or_else(|| info("model_id"));
    let training = Some(Stage::Training);
    let facts = &mut brought.facts;
    if let Some(name) = info("run_name").or_else(|| info("name")) {
        facts.settings.push(setting(&format!("{path}.info"), training, "run_name", name));
    }
    let data = format!("{path}.data");
    facts.settings.extend(pairs(run, &["data", "params"]).map(|(name, value)| setting(&data, training, name, value)));
    let tags = pairs(run, &["data", "tags"]).chain(pairs(run, &["info", "tags"]));
    for (key, value) in tags {
        facts.digests.extend(kept_digest(&data, key, value));
        if key == "mlflow.source.git.commit" || !key.starts_with("mlflow.") {
            facts.settings.push(setting(&data, training, key, value));
        }
    }
    let mut not_finite = Vec::new();
    for metric in json::list(run, &["data", "metrics"]) {
        let Some(name) = json::text(metric, &["key"]) else { continue };
        match metric.get("value").and_then(json::finite).filter(|value| value.abs() < f64::MAX) {
            Some(value) => facts.metrics.push(ReportedMetric {
                source: source(data.as_str()),
                model: info("model_id").map(str::to_owned),
                version: id.map(str::to_owned),
                is_deployed: None,
                metric: name.to_owned(),
                value,
                at_ms: metric.get("timestamp").and_then(numbers::time),
            }),
            None => not_finite.push(name),
        }
    }
    for (place, input) in json::list(run, &["inputs", "dataset_inputs"]).enumerate() {
        let context = pairs(input, &["tags"]).find(|(key, _)| *key == "mlflow.data.context").map(|(_, value)| value);
        let place = format!("{path}.inputs.dataset_inputs[{place}]");
        facts.digests.extend(input.get("dataset").and_then(|one| dataset(&place, one, context)));
    }
    warn_of_run(info("run_name").or(id).unwrap_or(path), info("status"), &not_finite, &mut brought.warnings);
}

fn warn_of_run(name: &str, status: Option<&str>, not_finite: &[&str], warnings: &mut Vec<String>) {
    if let Some(status) = status.filter(|status| matches!(*status, "FAILED" | "KILLED")) {
        warnings.push(format!("Run {name} ended as {status}; its figures may be incomplete."));
    }
    if !not_finite.is_empty() {
        warnings.push(format!("Run {name}: the last value of {} is NaN or infinite.", not_finite.join(", ")));
    }
}

fn read_history(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut by_run: BTreeMap<&str, History> = BTreeMap::new();
    let mut left = 0;
    for point in json::list(&document, &["metrics"]) {
        let read = json::text(point, &["key"]).zip(json::number(point, &["step"])).zip(point.get("value"));
        let Some(((key, step), value)) = read else {
            left += 1;
            continue;
        };
        let value = json::finite(value).unwrap_or(f64::NAN);
        by_run.entry(json::text(point, &["run_id"]).unwrap_or_default()).or_default().add(key, step, value);
    }
    let mut brought = Brought::default();
    for (run, history) in by_run {
        let name = if run.is_empty() { given.name } else { run };
        brought.curves.extend(history.curve(name));
    }
    if left > 0 {
        brought.left.push(counted(left, "value without a step"));
    }
    if brought.curves.is_empty() {
        brought.warnings.push("It holds no loss or score over at least two steps.".to_owned());
    }
    Ok(brought)
}
