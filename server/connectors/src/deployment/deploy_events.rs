//! Deployment events of one's own, one a line, each with a time, a kind and a version or a setting.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::counted;
use domain::observation::{Deployment, Stage};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::Setting;
use serde_json::Value;

use super::variables::{is_secret, model_digest};
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(super) static EVENTS: Connector = Connector {
    id: "deploy_events",
    tool: "deployment events",
    words: "deployment events with time, kind and version, JSON Lines",
    proven_on: "keys time, kind, version, key, old, new, reason",
    takes: "deployments, rollbacks, changed settings, what failed",
    leaves: "events of other kinds, which are counted",
    recognise: |seen| {
        let kind = ["kind", "event", "type"].iter().find_map(|key| seen.json.word(key)).unwrap_or_default();
        let at = TIMES.iter().any(|key| seen.json.has(key));
        let what = ["version", "key", "model_version", "tag"].iter().any(|key| seen.json.has(key));
        let known = [
            "deploy",
            "deployment",
            "deployed",
            "release",
            "released",
            "rollback",
            "rollback_failed",
            "deploy_failed",
            "config",
            "promote",
        ];
        at && what && known.contains(&kind) && !seen.json.has("apiVersion")
    },
    read: read_events,
};

const TIMES: [&str; 5] = ["time", "timestamp", "at", "ts", "created_at"];

/// Whether what went wrong is a way back.
pub(super) fn subject(words: &str) -> CheckSubject {
    let words = words.to_lowercase();
    if words.contains("rollback") || words.contains("roll back") {
        CheckSubject::Rollback
    } else {
        CheckSubject::Release
    }
}

pub(super) type Object = serde_json::Map<String, Value>;

pub(super) fn text<'v>(object: &'v Object, key: &str) -> Option<&'v str> {
    object.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// The version before each, of the same model; the deployments are in the order of time.
pub(super) fn before_each_other(deployments: &mut [Deployment]) {
    let mut last: BTreeMap<Option<String>, Option<String>> = BTreeMap::new();
    for deployment in deployments {
        let previous = last.insert(deployment.model.clone(), deployment.version.clone()).flatten();
        if deployment.previous_version.is_none() && previous != deployment.version {
            deployment.previous_version = previous;
        }
    }
}

fn read_events(given: &Given<'_>) -> Result<Brought, Problem> {
    let (lines, broken) = given.json_lines()?;
    let mut brought = Brought::default();
    super::docker_images::broken_lines(broken, &mut brought);
    let mut others = 0_u64;
    for (place, line) in lines.iter().enumerate() {
        let Some(object) = line.as_object() else { continue };
        let source = Source::of("deployment events", None, format!("line {}", place + 1));
        let kind =
            ["kind", "event", "type"].iter().find_map(|key| text(object, key)).unwrap_or_default().to_lowercase();
        let at_ms = TIMES.iter().find_map(|key| numbers::time(object.get(*key)?));
        if !event(object, &kind, source, at_ms, &mut brought) {
            others += 1;
        }
    }
    if others > 0 {
        brought.left.push(format!("{} of another kind", counted(others, "event")));
    }
    brought.observations.deployments.sort_by_key(|deployment| deployment.at_ms);
    before_each_other(&mut brought.observations.deployments);
    Ok(brought)
}

/// Whether the event is of a kind that is known.
fn event(object: &Object, kind: &str, source: Source, at_ms: Option<i64>, brought: &mut Brought) -> bool {
    let version = ["version", "model_version", "tag"].iter().find_map(|key| text(object, key));
    let reason = ["reason", "message", "error"].iter().find_map(|key| text(object, key));
    let state =
        ["status", "state", "outcome"].iter().find_map(|key| text(object, key)).unwrap_or_default().to_lowercase();
    let failed = kind.contains("fail") || ["failed", "failure", "error"].contains(&state.as_str());
    let released = ["deploy", "release", "rollback", "promote"].iter().any(|word| kind.contains(word));
    if released {
        let (outcome, said) = if failed { (CheckOutcome::Failed, "failed") } else { (CheckOutcome::Passed, "done") };
        let check =
            ToolCheck::new(source, kind, subject(kind), version.map(str::to_owned).into_iter().collect(), outcome);
        let said = reason.map_or_else(|| said.to_owned(), |reason| format!("{said}: {reason}"));
        brought.facts.checks.push(check.with_observed(said).with_time(at_ms));
        if !failed {
            let told = object.iter().filter(|(key, value)| {
                !is_secret(key, value.as_str().unwrap_or_default())
                    && !TIMES.contains(&key.as_str())
                    && !value.is_object()
            });
            brought.observations.deployments.push(Deployment {
                at_ms,
                model: text(object, "model").map(str::to_owned),
                version: version.map(str::to_owned),
                digest: model_digest(object.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))),
                settings: told.take(20).map(|(key, value)| (key.clone(), json::words(value))).collect(),
                ..Deployment::default()
            });
        }
        return true;
    }
    let Some(key) = text(object, "key")
        .or_else(|| text(object, "name"))
        .filter(|_| kind.contains("config") || kind.contains("setting"))
    else {
        return false;
    };
    let value = |name: &str| object.get(name).map(json::words);
    if let Some(new) = value("new").or_else(|| value("value")).filter(|new| !is_secret(key, new)) {
        let check = ToolCheck::new(
            source.clone(),
            kind,
            CheckSubject::Configuration,
            vec![key.to_owned()],
            CheckOutcome::Warned,
        );
        let check = check.with_observed(format!("changed to {new}")).with_time(at_ms);
        brought.facts.checks.push(match value("old") {
            Some(old) => check.with_expected(old),
            None => check,
        });
        brought.facts.settings.push(Setting { source, stage: Some(Stage::Serving), name: key.to_owned(), value: new });
    }
    true
}
