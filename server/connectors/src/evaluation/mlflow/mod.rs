//! MLflow: answers of its REST interface, and files of a tracking folder:
//! <https://mlflow.org/docs/latest/api_reference/rest-api.html>.

mod artifacts;
mod files;
mod folder;
mod registry;
mod rest;

use domain::observation::Stage;
use domain::tool_facts::{DataDigest, Setting, Signature};
use serde_json::Value;

use crate::json;
use domain::tool_check::Source;

pub(crate) use artifacts::{CONFUSION, EXAMPLE};
pub(crate) use files::{META, METRIC_FILE, MODEL};
pub(crate) use folder::{FOLDER, tracking_root};
pub(crate) use registry::REGISTRY;
pub(crate) use rest::{ERROR, HISTORY, RUNS};

const TOOL: &str = "MLflow";

fn source(path: impl Into<String>) -> Source {
    Source::of(TOOL, None, path)
}

fn setting(path: &str, stage: Option<Stage>, name: &str, value: &str) -> Setting {
    Setting { source: source(path), stage, name: name.to_owned(), value: value.to_owned() }
}

/// The entries of a list of `key` and `value`, as MLflow writes parameters and tags.
fn pairs<'v>(list: &'v Value, keys: &[&str]) -> impl Iterator<Item = (&'v str, &'v str)> + use<'v> {
    json::list(list, keys).filter_map(|pair| Some((json::text(pair, &["key"])?, json::text(pair, &["value"])?)))
}

/// A data set with its digest; the same in an answer and in a file.
fn dataset(path: &str, dataset: &Value, context: Option<&str>) -> Option<DataDigest> {
    let digest = json::text(dataset, &["digest"])?;
    let profile: Value =
        json::text(dataset, &["profile"]).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let rows = json::number(&profile, &["num_rows"]).filter(|rows| (0.0..1e15).contains(rows));
    Some(DataDigest {
        source: source(path),
        name: json::text(dataset, &["name"]).unwrap_or("dataset").to_owned(),
        stage: context.and_then(stage_of),
        digest: Some(format!("mlflow:{digest}")),
        bytes: None,
        rows: rows.map(|rows| rows as u64),
    })
}

/// The stage that the context of a data set names.
fn stage_of(context: &str) -> Option<Stage> {
    let context = context.to_lowercase();
    match () {
        () if context.contains("train") => Some(Stage::Training),
        () if ["eval", "valid", "test"].iter().any(|word| context.contains(word)) => Some(Stage::Evaluation),
        () if ["serv", "production", "inference"].iter().any(|word| context.contains(word)) => Some(Stage::Serving),
        () => None,
    }
}

/// A digest that somebody keeps as a tag or a parameter: its name says the algorithm, its length agrees.
fn kept_digest(path: &str, key: &str, value: &str) -> Option<DataDigest> {
    let lower = key.to_lowercase();
    let algorithm = [("md5", 32), ("sha256", 64), ("sha1", 40)]
        .into_iter()
        .find(|(name, length)| lower.contains(name) && value.len() == *length)
        .map(|(name, _)| name)?;
    let is_of_data =
        !lower.contains("model") && !lower.contains("git") && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_of_data.then(|| DataDigest {
        source: source(path),
        name: key.to_owned(),
        stage: Some(Stage::Training),
        digest: Some(format!("{algorithm}:{}", value.to_lowercase())),
        bytes: None,
        rows: None,
    })
}

/// The inputs of a signature, which MLflow writes as JSON within a text.
fn inputs(signature: &Value) -> Vec<(String, Option<String>)> {
    let read: Value = match signature.get("inputs") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    let one = |(place, input): (usize, &Value)| {
        let name = json::text(input, &["name"]).map_or_else(|| format!("input {place}"), str::to_owned);
        let dtype = json::text(input, &["tensor-spec", "dtype"]).or_else(|| json::text(input, &["type"]));
        (name, dtype.map(str::to_owned))
    };
    read.as_array().into_iter().flatten().enumerate().map(one).collect()
}

fn signature(path: &str, model: &Value) -> Option<Signature> {
    let inputs = inputs(model.get("signature")?);
    let text = |key: &str| json::text(model, &[key]).map(str::to_owned);
    (!inputs.is_empty()).then(|| Signature {
        source: source(path),
        model: text("model_id").or_else(|| text("model_uuid")),
        version: text("run_id"),
        is_deployed: None,
        inputs,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn digests_and_inputs_are_read_from_the_texts_that_hold_them() {
        assert!(kept_digest("tags", "data_md5", &"a1".repeat(16)).is_some());
        assert!(kept_digest("tags", "mlflow.source.git.commit.sha1", &"a1".repeat(20)).is_none());
        assert!(kept_digest("tags", "data_md5", "short").is_none());
        let signature = json!({"inputs": "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float32\"}}, {\"name\": \"a\", \"type\": \"long\"}]"});
        assert_eq!(inputs(&signature), [("input 0".into(), Some("float32".into())), ("a".into(), Some("long".into()))]);
        assert_eq!(inputs(&json!({"inputs": "not json"})), []);
    }
}
