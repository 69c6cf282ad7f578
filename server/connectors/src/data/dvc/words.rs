//! What the names of stages, files and parameters tell.

use domain::naming;
use domain::observation::Stage;
use serde_json::Value;

use crate::json;

/// Parameters may be nested; deeper ones are shown as they are.
const DEEPEST: usize = 8;

/// The stage of a model's life that a stage of a pipeline, or the first part of a parameter's name, is about.
pub(super) fn stage_of(name: &str) -> Option<Stage> {
    let words = naming::words(name);
    let has = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    let found = [
        (has(&["train", "training", "fit", "finetune"]), Stage::Training),
        (has(&["evaluate", "evaluation", "eval", "test", "validate", "validation", "score"]), Stage::Evaluation),
        (has(&["serve", "serving", "deploy", "inference", "predict"]), Stage::Serving),
    ];
    // `train_eval` says two, which is none.
    let mut said = found.into_iter().filter(|(is, _)| *is);
    match (said.next(), said.next()) {
        (Some((_, stage)), None) => Some(stage),
        _ => None,
    }
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    let last = path.rsplit(['/', '\\']).next().unwrap_or(path);
    last.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension.to_lowercase().as_str()))
}

pub(super) fn is_code(path: &str) -> bool {
    has_extension(
        path,
        &["py", "ipynb", "r", "rmd", "jl", "sh", "sql", "scala", "java", "rs", "cpp", "yaml", "yml", "toml"],
    )
}

pub(super) fn is_model(path: &str) -> bool {
    has_extension(
        path,
        &["pkl", "pickle", "joblib", "onnx", "pt", "pth", "h5", "keras", "ckpt", "cbm", "ubj", "safetensors"],
    )
}

/// Each value with the path to it, such as `train.max_depth`.
pub(super) fn flattened(value: &Value, path: String, depth: usize, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) if depth < DEEPEST && !object.is_empty() => {
            for (key, inner) in object {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flattened(inner, path, depth + 1, into);
            }
        }
        _ if path.is_empty() => {}
        _ => into.push((path, listed(value))),
    }
}

/// A list as its elements with commas, anything else in a few words.
pub(super) fn listed(value: &Value) -> String {
    match value.as_array() {
        Some(list) => list.iter().take(50).map(json::words).collect::<Vec<_>>().join(", "),
        None => json::words(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_stages_and_files() {
        assert_eq!(stage_of("train@xgb"), Some(Stage::Training));
        assert_eq!(stage_of("evaluate.threshold"), Some(Stage::Evaluation));
        assert_eq!(stage_of("prepare"), None);
        assert_eq!(stage_of("train_eval"), None);
        assert!(is_code("src/a.py") && !is_code("data/py") && is_model("models/m.ONNX"));
    }

    #[test]
    fn parameters_are_flattened() {
        let mut flat = Vec::new();
        flattened(&serde_json::json!({"a": {"b": 1, "c": ["x", "y"]}, "d.e": null}), String::new(), 0, &mut flat);
        let shown: Vec<String> = flat.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(shown, ["a.b=1", "a.c=x, y", "d.e=null"]);
    }
}
