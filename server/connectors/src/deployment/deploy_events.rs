//! Deployments as code forges tell of them: GitHub's REST API and webhooks
//! (<https://docs.github.com/en/rest/deployments/deployments>), GitLab's deployment events
//! (<https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events>), and lines of one's own with a
//! time, a kind and a version.

use std::collections::BTreeMap;

use domain::Problem;
use domain::number::counted;
use domain::observation::{ArtifactPlace, Deployment, ModelArtifact, Stage};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::Setting;
use serde_json::Value;

use super::variables::{is_secret, labelled_model, labelled_version, model_digest};
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(super) static GITHUB: Connector = Connector {
    id: "github_deployments",
    tool: "GitHub",
    words: "GitHub deployments, deployment statuses, workflow runs or their webhooks, JSON",
    proven_on: "REST API 2022-11-28 as described",
    takes: "deployments with time, version and payload, failed ones, runs that were repeated",
    leaves: "who did it, the repository",
    recognise: |seen| {
        let of_deployment = |prefix: &str| {
            ["sha", "ref", "task", "environment"].iter().all(|key| seen.json.has(&format!("{prefix}{key}")))
        };
        let of_status = |prefix: &str| {
            ["state", "creator", "environment", "created_at"].iter().all(|key| seen.json.has(&format!("{prefix}{key}")))
                && (seen.json.has(&format!("{prefix}target_url")) || seen.json.has(&format!("{prefix}log_url")))
        };
        let of_run = |prefix: &str| ["head_sha", "run_number", "conclusion"].iter().all(|key| seen.json.has(&format!("{prefix}{key}")));
        ["[].", "", "deployment."].iter().any(|prefix| of_deployment(prefix))
            || ["[].", "", "deployment_status."].iter().any(|prefix| of_status(prefix))
            || ["workflow_run.", "workflow_runs[].", "[].", ""].iter().any(|prefix| of_run(prefix))
    },
    read: read_github,
};

pub(super) static GITLAB: Connector = Connector {
    id: "gitlab_deployment",
    tool: "GitLab",
    words: "GitLab deployment event of a webhook, JSON",
    proven_on: "the described payload of GitLab 17",
    takes: "the deployment with its time, version and status",
    leaves: "who did it, the project",
    recognise: |seen| seen.json.says("object_kind", "deployment") && seen.json.has_all(&["status", "environment"]),
    read: read_gitlab,
};

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
        let known = ["deploy", "deployment", "deployed", "release", "released", "rollback", "rollback_failed", "deploy_failed", "config", "promote"];
        at && what && known.contains(&kind) && !seen.json.has("apiVersion")
    },
    read: read_events,
};

const TIMES: [&str; 5] = ["time", "timestamp", "at", "ts", "created_at"];

fn texts(payload: &Value) -> Vec<(&str, &str)> {
    json::entries(payload, &[]).filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
}

/// The figures and words of a payload, without what is secret.
fn plain(payload: &Value) -> impl Iterator<Item = (String, String)> {
    let plain = json::entries(payload, &[]).filter(|(key, value)| {
        (value.is_number() || value.is_boolean() || value.is_string()) && !is_secret(key, value.as_str().unwrap_or_default())
    });
    plain.take(100).map(|(key, value)| (key.clone(), json::words(value)))
}

/// Whether what went wrong is a way back.
fn subject(words: &str) -> CheckSubject {
    let words = words.to_lowercase();
    if words.contains("rollback") || words.contains("roll back") { CheckSubject::Rollback } else { CheckSubject::Release }
}

fn read_github(given: &Given<'_>) -> Result<Brought, Problem> {
    const TOOL: &str = "GitHub";
    let document = given.json()?;
    let mut brought = Brought::default();
    json::each_object(&document, &mut |path, object| {
        let of = |keys: &[&str]| keys.iter().all(|key| object.contains_key(*key));
        let mut source = Source::of(TOOL, None, path);
        let address = ["html_url", "log_url", "url"].iter().find_map(|key| object.get(*key)?.as_str());
        source.url = address.filter(|address| address.starts_with("http")).map(str::to_owned);
        if of(&["sha", "ref", "task", "environment"]) {
            deployment(object.get("payload").unwrap_or(&Value::Null), object, &mut brought);
        } else if of(&["state", "creator", "environment"]) {
            brought.facts.checks.extend(status(object, source));
        } else if of(&["head_sha", "run_number", "conclusion"]) {
            brought.facts.checks.extend(run(object, source));
        }
    });
    brought.observations.deployments.sort_by_key(|deployment| deployment.at_ms);
    before_each_other(&mut brought.observations.deployments);
    of_the_last(&mut brought);
    if brought.count() == 0 {
        return Err(given.bad("it holds no deployment; save the answer again"));
    }
    Ok(brought)
}

/// What each model runs with is what its last deployment said; what changed with it is told.
fn of_the_last(brought: &mut Brought) {
    let deployments = &brought.observations.deployments;
    let mut last: BTreeMap<&Option<String>, (Option<&Deployment>, &Deployment)> = BTreeMap::new();
    for deployment in deployments {
        let before = last.get(&deployment.model).map(|(_, last)| *last);
        last.insert(&deployment.model, (before, deployment));
    }
    for (before, now) in last.into_values() {
        brought.observations.artifacts.extend(now.digest.clone().map(|digest| ModelArtifact {
            source: String::new(),
            place: ArtifactPlace::Deployed,
            model: now.model.clone(),
            version: now.version.clone(),
            digest: Some(digest),
        }));
        let own = now.settings.iter().filter(|(name, _)| !is_identity(name));
        for (name, value) in own {
            let source = Source::of("GitHub", None, "payload");
            let old = before.and_then(|before| before.settings.get(name)).filter(|old| *old != value);
            brought.facts.checks.extend(old.map(|old| {
                ToolCheck::new(source.clone(), "payload", CheckSubject::Configuration, vec![name.clone()], CheckOutcome::Warned)
                    .with_expected(old.clone())
                    .with_observed(format!("changed to {value}"))
                    .with_time(now.at_ms)
            }));
            let (name, value) = (name.clone(), value.clone());
            brought.facts.settings.push(Setting { source, stage: Some(Stage::Serving), name, value });
        }
    }
}

/// What says which deployment it is, and not how it runs.
fn is_identity(name: &str) -> bool {
    let words = domain::naming::words(name);
    ["sha", "sha256", "digest", "ref", "task", "description", "environment", "version", "model", "tag"]
        .iter()
        .any(|word| words.iter().any(|own| own == word))
}

type Object = serde_json::Map<String, Value>;

fn text<'v>(object: &'v Object, key: &str) -> Option<&'v str> {
    object.get(key)?.as_str().filter(|text| !text.is_empty())
}

fn deployment(payload: &Value, object: &Object, brought: &mut Brought) {
    // A payload may be a text that holds JSON.
    let parsed: Option<Value> = payload.as_str().and_then(|text| serde_json::from_str(text).ok());
    let payload = parsed.as_ref().unwrap_or(payload);
    let told = texts(payload);
    let labels = || told.iter().copied();
    let model = labelled_model(labels());
    let version = labelled_version(labels()).or_else(|| text(object, "ref").map(str::to_owned));
    let digest = model_digest(labels());
    let shown = ["environment", "sha", "ref", "task", "description"];
    let mut told: BTreeMap<String, String> =
        shown.iter().filter_map(|key| Some(((*key).to_owned(), text(object, key)?.to_owned()))).collect();
    told.extend(plain(payload));
    brought.observations.deployments.push(Deployment {
        at_ms: object.get("created_at").and_then(numbers::time),
        model,
        version,
        digest,
        settings: told,
        ..Deployment::default()
    });
}

/// The version before each, of the same model; the deployments are in the order of time.
fn before_each_other(deployments: &mut [Deployment]) {
    let mut last: BTreeMap<Option<String>, Option<String>> = BTreeMap::new();
    for deployment in deployments {
        let previous = last.insert(deployment.model.clone(), deployment.version.clone()).flatten();
        if deployment.previous_version.is_none() && previous != deployment.version {
            deployment.previous_version = previous;
        }
    }
}

fn status(object: &Object, source: Source) -> Option<ToolCheck> {
    let state = text(object, "state")?;
    let description = text(object, "description").map(|said| format!(": {}", json::words(&Value::String(said.to_owned()))));
    let outcome = match state {
        "success" | "inactive" => CheckOutcome::Passed,
        "failure" | "error" => CheckOutcome::Failed,
        "queued" | "pending" | "in_progress" | "waiting" => CheckOutcome::NotRun,
        _ => return None,
    };
    let about = subject(description.as_deref().unwrap_or_default());
    let columns = text(object, "environment").map(str::to_owned).into_iter().collect();
    let at_ms = object.get("created_at").and_then(numbers::time);
    let said = format!("{state}{}", description.unwrap_or_default());
    Some(ToolCheck::new(source, "deployment status", about, columns, outcome).with_expected("success").with_observed(said).with_time(at_ms))
}

/// A run of a workflow; one that was repeated may have deployed something else than the first time.
fn run(object: &Object, source: Source) -> Option<ToolCheck> {
    let name = text(object, "name").unwrap_or("workflow");
    let conclusion = text(object, "conclusion").or_else(|| text(object, "status"))?;
    let attempt = object.get("run_attempt").and_then(Value::as_f64).filter(|attempt| *attempt >= 1.0);
    let outcome = match conclusion {
        "success" | "neutral" if attempt.is_some_and(|attempt| attempt > 1.0) => CheckOutcome::Warned,
        "success" | "neutral" => CheckOutcome::Passed,
        "failure" | "timed_out" | "startup_failure" => CheckOutcome::Failed,
        "cancelled" | "action_required" | "stale" => CheckOutcome::Warned,
        _ => CheckOutcome::NotRun,
    };
    let repeated = attempt.filter(|attempt| *attempt > 1.0).map(|attempt| format!(", attempt {attempt}"));
    let at_ms = ["updated_at", "created_at"].iter().find_map(|key| numbers::time(object.get(*key)?));
    let check = ToolCheck::new(source, name, subject(name), vec![name.to_owned()], outcome)
        .with_observed(format!("{conclusion}{}", repeated.unwrap_or_default()))
        .with_time(at_ms);
    Some(match attempt {
        Some(attempt) => check.with_measured("run_attempt", attempt, Some(1.0)),
        None => check,
    })
}

fn read_gitlab(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let Some(object) = document.as_object() else { return Err(given.bad("it is not one event; save it again")) };
    let status = text(object, "status").unwrap_or("unknown");
    let at_ms = text(object, "status_changed_at").and_then(super::docker_images::time);
    let mut source = Source::of("GitLab", None, "");
    source.url = text(object, "deployable_url").filter(|address| address.starts_with("http")).map(str::to_owned);
    let outcome = match status {
        "success" => CheckOutcome::Passed,
        "failed" => CheckOutcome::Failed,
        "canceled" => CheckOutcome::Warned,
        _ => CheckOutcome::NotRun,
    };
    let environment = text(object, "environment").map(str::to_owned);
    let title = text(object, "commit_title").unwrap_or_default();
    let check = ToolCheck::new(source, "deployment", subject(title), environment.into_iter().collect(), outcome);
    let mut brought = Brought::from(vec![check.with_expected("success").with_observed(status).with_time(at_ms)]);
    if status == "success" || status == "running" {
        let shown = ["environment", "environment_tier", "short_sha", "ref", "commit_title"];
        brought.observations.deployments.push(Deployment {
            at_ms,
            model: json::text(&document, &["project", "name"]).map(str::to_owned),
            version: text(object, "ref").or_else(|| text(object, "short_sha")).map(str::to_owned),
            settings: shown.iter().filter_map(|key| Some(((*key).to_owned(), text(object, key)?.to_owned()))).collect(),
            ..Deployment::default()
        });
    }
    Ok(brought)
}

fn read_events(given: &Given<'_>) -> Result<Brought, Problem> {
    let (lines, broken) = given.json_lines()?;
    let mut brought = Brought::default();
    super::docker_images::broken_lines(broken, &mut brought);
    let mut others = 0_u64;
    for (place, line) in lines.iter().enumerate() {
        let Some(object) = line.as_object() else { continue };
        let source = Source::of("deployment events", None, format!("line {}", place + 1));
        let kind = ["kind", "event", "type"].iter().find_map(|key| text(object, key)).unwrap_or_default().to_lowercase();
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
    let state = ["status", "state", "outcome"].iter().find_map(|key| text(object, key)).unwrap_or_default().to_lowercase();
    let failed = kind.contains("fail") || ["failed", "failure", "error"].contains(&state.as_str());
    let released = ["deploy", "release", "rollback", "promote"].iter().any(|word| kind.contains(word));
    if released {
        let (outcome, said) = if failed { (CheckOutcome::Failed, "failed") } else { (CheckOutcome::Passed, "done") };
        let check = ToolCheck::new(source, kind, subject(kind), version.map(str::to_owned).into_iter().collect(), outcome);
        let said = reason.map_or_else(|| said.to_owned(), |reason| format!("{said}: {reason}"));
        brought.facts.checks.push(check.with_observed(said).with_time(at_ms));
        if !failed {
            let told = object.iter().filter(|(key, value)| {
                !is_secret(key, value.as_str().unwrap_or_default()) && !TIMES.contains(&key.as_str()) && !value.is_object()
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
    let Some(key) = text(object, "key").or_else(|| text(object, "name")).filter(|_| kind.contains("config") || kind.contains("setting")) else {
        return false;
    };
    let value = |name: &str| object.get(name).map(json::words);
    if let Some(new) = value("new").or_else(|| value("value")).filter(|new| !is_secret(key, new)) {
        let check = ToolCheck::new(source.clone(), kind, CheckSubject::Configuration, vec![key.to_owned()], CheckOutcome::Warned);
        let check = check.with_observed(format!("changed to {new}")).with_time(at_ms);
        brought.facts.checks.push(match value("old") {
            Some(old) => check.with_expected(old),
            None => check,
        });
        brought.facts.settings.push(Setting { source, stage: Some(Stage::Serving), name: key.to_owned(), value: new });
    }
    true
}
