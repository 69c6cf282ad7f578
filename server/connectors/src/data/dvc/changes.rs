//! What DVC's commands print with `--json`: <https://dvc.org/doc/command-reference/status>,
//! <https://dvc.org/doc/command-reference/diff>, <https://dvc.org/doc/command-reference/params/diff>,
//! <https://dvc.org/doc/command-reference/metrics/show>.

use domain::Problem;
use domain::number::counted;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::{DataDigest, ReportedMetric, Setting};
use serde_json::Value;

use super::TOOL;
use super::words::{flattened, is_code, is_model, listed, stage_of};
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json, numbers};

pub(in crate::data) static CHANGES: Connector = Connector {
    id: "dvc_changes",
    tool: TOOL,
    words: "dvc status, dvc diff, dvc params diff, dvc metrics show or diff, JSON",
    proven_on: "3.67; the layouts of 2.x",
    takes: "changed data, models and parameters, metrics by revision",
    leaves: "an empty answer, which is that of any tool",
    recognise,
    read,
};

/// What was printed.
enum Kind {
    Status,
    Diff,
    Params,
    MetricsDiff,
    MetricsShow,
}

fn recognise(seen: &Seen<'_>) -> bool {
    let text = seen.text.trim_start();
    let may = ["\"changed ", "\"always changed\"", "\"not in cache\"", "\"old\"", "\"data\""];
    if !text.starts_with('{') || !may.iter().any(|sign| text.contains(sign)) {
        return false;
    }
    // Their keys are names of files with points in them, so the outline can't tell; the answers are short.
    serde_json::from_str::<Value>(&numbers::quoted(text)).is_ok_and(|document| kind(&document).is_some())
}

fn kind(document: &Value) -> Option<Kind> {
    let object = document.as_object().filter(|object| !object.is_empty())?;
    if ["added", "deleted", "modified", "not in cache"].iter().all(|key| object.get(*key).is_some_and(Value::is_array))
    {
        return Some(Kind::Diff);
    }
    if object.values().all(is_status) {
        return Some(Kind::Status);
    }
    let has_values = |file: &Value| file.get("data").is_some_and(|data| !data.is_null()) || file.get("error").is_some();
    let is_shown = |revision: &Value| {
        let files: Vec<_> = json::entries(revision, &["data"]).collect();
        !files.is_empty() && files.iter().all(|(name, file)| is_file(name) && has_values(file))
    };
    if object.values().all(is_shown) {
        return Some(Kind::MetricsShow);
    }
    let changes: Vec<&Value> =
        object.values().flat_map(|file| json::entries(file, &[])).map(|(_, change)| change).collect();
    let is_change = |change: &&Value| change.get("old").is_some() && change.get("new").is_some();
    if changes.is_empty() || !object.keys().all(|name| is_file(name)) || !changes.iter().all(is_change) {
        return None;
    }
    Some(if object.keys().all(|file| is_of_metrics(file)) { Kind::MetricsDiff } else { Kind::Params })
}

fn is_status(stage: &Value) -> bool {
    const KEYS: [&str; 4] = ["changed deps", "changed outs", "changed command", "always changed"];
    let known = |entry: &Value| match entry {
        Value::String(word) => KEYS.contains(&word.as_str()) || word == "changed checksum",
        entry => json::entries(entry, &[]).next().is_some_and(|(key, _)| KEYS.contains(&key.as_str())),
    };
    stage.as_array().is_some_and(|entries| !entries.is_empty() && entries.iter().all(known))
}

/// Files that hold parameters or metrics.
fn is_file(name: &str) -> bool {
    [".json", ".yaml", ".yml", ".toml", ".py"].iter().any(|end| name.ends_with(end))
}

/// Parameters are changed by people and metrics are measured, but both answers look the same.
fn is_of_metrics(file: &str) -> bool {
    let words = domain::naming::words(file);
    let says = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    !says(&["param", "params", "config"])
        && (file.ends_with(".json") || says(&["metric", "metrics", "score", "scores", "eval"]))
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let kind = kind(&document)
        .ok_or_else(|| given.bad("it holds no change and no metric that DVC printed; run the command again"))?;
    Ok(match kind {
        Kind::Status => status(&document),
        Kind::Diff => diff(&document),
        Kind::Params => params(&document),
        Kind::MetricsDiff => metrics_diff(&document),
        Kind::MetricsShow => metrics_show(&document),
    })
}

fn check(name: &str, place: &str, about: CheckSubject, what: &str, outcome: CheckOutcome) -> ToolCheck {
    ToolCheck::new(Source::of(TOOL, None, place), name, about, vec![what.to_owned()], outcome)
}

fn about_parameter(name: &str) -> CheckSubject {
    let says = domain::naming::words(name).iter().any(|word| matches!(word.as_str(), "threshold" | "cutoff"));
    if says { CheckSubject::Threshold } else { CheckSubject::Configuration }
}

fn about_file(path: &str) -> CheckSubject {
    match () {
        () if is_code(path) => CheckSubject::Configuration,
        () if is_model(path) => CheckSubject::ModelVersion,
        () => CheckSubject::DataVersion,
    }
}

fn status(document: &Value) -> Brought {
    let mut checks = Vec::new();
    for (stage, entries) in json::entries(document, &[]) {
        for (place, entry) in entries.as_array().into_iter().flatten().enumerate() {
            let place = format!("{stage}[{place}]");
            if json::text(entry, &["changed command"]).is_some() || entry.as_str() == Some("changed command") {
                let one = check(
                    "dvc status: changed command",
                    &place,
                    CheckSubject::Configuration,
                    stage,
                    CheckOutcome::Warned,
                );
                checks.push(one.with_observed(format!("the command of {stage} was changed after it ran")));
            }
            for key in ["changed deps", "changed outs"] {
                for (path, change) in json::entries(entry, &[key]) {
                    checks.extend(changed(stage, key, &place, path, change));
                }
            }
        }
    }
    let mut brought = Brought::from(checks);
    if brought.count() == 0 {
        brought.warnings.push("Its stages always run, so DVC does not say what changed.".to_owned());
    }
    brought
}

/// A file that was changed, or the parameters of a file that were.
fn changed(stage: &str, key: &str, place: &str, path: &str, change: &Value) -> Vec<ToolCheck> {
    let name = format!("dvc status: {key}");
    let after =
        if key == "changed deps" { format!("after {stage} ran") } else { format!("after {stage} was recorded") };
    let Some(word) = change.as_str() else {
        let parameters = json::entries(change, &[]);
        let of = |(parameter, word): (&String, &Value)| {
            let one = check(&name, place, about_parameter(parameter), parameter, CheckOutcome::Failed);
            one.with_observed(format!("{} in {path} {after}", json::words(word)))
        };
        return parameters.map(of).collect();
    };
    let outcome = if is_code(path) { CheckOutcome::Warned } else { CheckOutcome::Failed };
    vec![check(&name, place, about_file(path), path, outcome).with_observed(format!("{word} {after}"))]
}

fn diff(document: &Value) -> Brought {
    let mut brought = Brought::default();
    for kind in ["added", "deleted", "modified", "renamed", "not in cache"] {
        for (place, entry) in json::list(document, &[kind]).enumerate() {
            let at = format!("{kind}[{place}]");
            let path = entry.get("path").unwrap_or(entry);
            let path = json::text(path, &["new"]).or_else(|| path.as_str()).unwrap_or_default();
            let observed = if kind == "not in cache" {
                "its bytes are not in the cache".to_owned()
            } else {
                format!("{kind} between the two revisions")
            };
            let one = check(&format!("dvc diff: {kind}"), &at, about_file(path), path, CheckOutcome::Warned);
            brought.facts.checks.push(one.with_observed(observed));
            let hashes = match entry.get("hash") {
                Some(Value::String(hash)) => vec![hash.as_str()],
                Some(hash) => ["old", "new"].iter().filter_map(|key| json::text(hash, &[key])).collect(),
                None => Vec::new(),
            };
            brought.facts.digests.extend(hashes.into_iter().map(|hash| DataDigest {
                source: Source::of(TOOL, None, format!("{at}.hash")),
                name: path.to_owned(),
                stage: None,
                digest: Some(format!("md5:{hash}")),
                bytes: None,
                rows: None,
            }));
        }
    }
    if brought.facts.checks.is_empty() {
        let source = Source::of(TOOL, None, "");
        let check = ToolCheck::new(source, "dvc diff", CheckSubject::DataVersion, Vec::new(), CheckOutcome::Passed);
        brought.facts.checks.push(check.with_observed("no file differs between the two revisions"));
    }
    brought
}

fn params(document: &Value) -> Brought {
    let mut brought = Brought::default();
    for (file, changes) in json::entries(document, &[]) {
        for (name, change) in json::entries(changes, &[]) {
            let place = format!("{file}.{name}");
            let value = |key: &str| change.get(key).filter(|value| !value.is_null()).map(listed);
            let (old, new) = (value("old"), value("new"));
            let absent = || "absent".to_owned();
            let one = check("dvc params diff", &place, about_parameter(name), name, CheckOutcome::Warned);
            let one = one.with_expected(old.unwrap_or_else(absent));
            brought.facts.checks.push(one.with_observed(new.clone().unwrap_or_else(absent)));
            brought.facts.settings.extend(new.map(|value| Setting {
                source: Source::of(TOOL, None, format!("{place}.new")),
                stage: name.split('.').next().and_then(stage_of),
                name: name.clone(),
                value,
            }));
        }
    }
    brought
}

fn metric(place: String, version: Option<&str>, name: &str, value: f64) -> ReportedMetric {
    ReportedMetric {
        source: Source::of(TOOL, None, place),
        model: None,
        version: version.map(str::to_owned),
        is_deployed: None,
        metric: name.to_owned(),
        value,
        at_ms: None,
    }
}

fn metrics_diff(document: &Value) -> Brought {
    let mut brought = Brought::default();
    for (file, changes) in json::entries(document, &[]) {
        for (name, change) in json::entries(changes, &[]) {
            for key in ["old", "new"] {
                let value = json::number(change, &[key]);
                brought
                    .facts
                    .metrics
                    .extend(value.map(|value| metric(format!("{file}.{name}.{key}"), Some(key), name, value)));
            }
        }
    }
    brought
}

fn metrics_show(document: &Value) -> Brought {
    let mut brought = Brought::default();
    let mut unread = 0;
    for (revision, shown) in json::entries(document, &[]) {
        let version = Some(revision.as_str()).filter(|revision| !revision.is_empty());
        for (file, values) in json::entries(shown, &["data"]) {
            unread += u64::from(values.get("error").is_some());
            let mut flat = Vec::new();
            flattened(values.get("data").unwrap_or(&Value::Null), String::new(), 0, &mut flat);
            for (name, value) in flat {
                let value = value.parse::<f64>().ok().filter(|value| value.is_finite());
                let place = format!("{file}.{name}");
                brought.facts.metrics.extend(value.map(|value| metric(place, version, &name, value)));
            }
        }
    }
    if unread > 0 {
        brought.warnings.push(format!("DVC could not read {}.", counted(unread, "metrics file")));
    }
    brought
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> bool {
        recognise(&Seen::of(text.as_bytes()))
    }

    #[test]
    fn other_documents_are_left_alone() {
        assert!(is(r#"{"train": ["always changed"]}"#));
        assert!(is(r#"{"a.yaml": {"x": {"old": 1, "new": null}}}"#));
        assert!(!is("{}"));
        assert!(!is(r#"{"price": {"x": {"old": 1, "new": 2}}}"#));
        assert!(!is(r#"{"data": {"x": {"data": 1}}}"#));
        assert!(!is(r#"{"added": [], "deleted": [], "modified": []}"#));
    }

    #[test]
    fn a_diff_of_metrics_has_both_revisions() {
        let text = br#"{"metrics.json": {"auc": {"old": 0.9, "new": 0.8, "diff": -0.1}}}"#;
        let brought = read(&Given::of(text, "a.json")).unwrap_or_default();
        let read: Vec<_> = brought.facts.metrics.iter().map(|one| (one.version.as_deref(), one.value)).collect();
        assert_eq!(read, [(Some("old"), 0.9), (Some("new"), 0.8)]);
    }
}
