//! What the labels of a Prometheus series say.

use std::collections::{BTreeMap, BTreeSet};

/// The labels of a series without its name.
pub(super) type Labels = BTreeMap<String, String>;

fn one_of(labels: &Labels, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| labels.get(*key)).filter(|value| !value.is_empty()).cloned()
}

pub(super) fn model(labels: &Labels) -> Option<String> {
    one_of(labels, &["model", "model_name", "modelName"])
}

pub(super) fn version(labels: &Labels) -> Option<String> {
    one_of(labels, &["version", "model_version", "modelVersion"])
}

/// The SHA-256 of a model's file, in a label that is called so.
pub(super) fn digest(labels: &Labels) -> Option<String> {
    let is_hex = |value: &str| value.len() == 64 && value.chars().all(|c| c.is_ascii_hexdigit());
    labels.iter().find_map(|(key, value)| {
        let key = key.to_lowercase();
        let value = value.strip_prefix("sha256:").unwrap_or(value);
        let named = ["sha", "digest", "hash", "checksum"].iter().any(|word| key.contains(word));
        (named && is_hex(value)).then(|| format!("sha256:{value}"))
    })
}

/// Whether an answer with these labels failed; `None` where no label says it.
pub(super) fn failed(labels: &Labels) -> Option<bool> {
    let status =
        one_of(labels, &["status", "code", "status_code", "http_status", "response_code", "outcome", "result"])?;
    let word = status.to_lowercase();
    Some(word.starts_with('5') && word.len() == 3 || ["error", "failure", "failed", "fail"].contains(&word.as_str()))
}

/// Labels that only say who answered: where they tell series apart, so does something else, or they are shown.
pub(super) fn is_status(key: &str) -> bool {
    ["status", "code", "status_code", "http_status", "response_code", "outcome", "result"].contains(&key)
}

/// The keys whose values differ between these series.
pub(super) fn distinguishing<'l>(all: &[&'l Labels]) -> BTreeSet<&'l str> {
    let keys: BTreeSet<&str> = all.iter().flat_map(|labels| labels.keys()).map(String::as_str).collect();
    let differs = |key: &&str| {
        let first = all.first().and_then(|labels| labels.get(*key));
        all.iter().any(|labels| labels.get(*key) != first)
    };
    keys.into_iter().filter(differs).collect()
}

/// A name with some of its labels, as PromQL writes it.
pub(super) fn named(name: &str, labels: &Labels, keys: &BTreeSet<&str>) -> String {
    let shown: Vec<String> = labels
        .iter()
        .filter(|(key, _)| keys.contains(key.as_str()))
        .map(|(key, value)| format!("{key}=\"{}\"", short(value)))
        .collect();
    if shown.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", shown.join(", ")) }
}

fn short(value: &str) -> String {
    /// Longer ones are cut: digests and addresses.
    const LONGEST: usize = 40;
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
