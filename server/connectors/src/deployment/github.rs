//! GitHub: deployments, their statuses and workflow runs, of the REST API and of webhooks:
//! <https://docs.github.com/en/rest/deployments/deployments>.

use std::collections::BTreeMap;

use domain::Problem;
use domain::observation::{ArtifactPlace, Deployment, ModelArtifact, Stage};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::Setting;
use serde_json::Value;

use super::deploy_events::{Object, before_each_other, subject, text};
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
        let of_run = |prefix: &str| {
            ["head_sha", "run_number", "conclusion"].iter().all(|key| seen.json.has(&format!("{prefix}{key}")))
        };
        ["[].", "", "deployment."].iter().any(|prefix| of_deployment(prefix))
            || ["[].", "", "deployment_status."].iter().any(|prefix| of_status(prefix))
            || ["workflow_run.", "workflow_runs[].", "[].", ""].iter().any(|prefix| of_run(prefix))
    },
    read: read_github,
};

fn texts(payload: &Value) -> Vec<(&str, &str)> {
    json::entries(payload, &[]).filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
}

/// The figures and words of a payload, without what is secret.
fn plain(payload: &Value) -> impl Iterator<Item = (String, String)> {
    let plain = json::entries(payload, &[]).filter(|(key, value)| {
        (value.is_number() || value.is_boolean() || value.is_string())
            && !is_secret(key, value.as_str().unwrap_or_default())
    });
    plain.take(100).map(|(key, value)| (key.clone(), json::words(value)))
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
                ToolCheck::new(
                    source.clone(),
                    "payload",
                    CheckSubject::Configuration,
                    vec![name.clone()],
                    CheckOutcome::Warned,
                )
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

fn status(object: &Object, source: Source) -> Option<ToolCheck> {
    let state = text(object, "state")?;
    let description =
        text(object, "description").map(|said| format!(": {}", json::words(&Value::String(said.to_owned()))));
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
    Some(
        ToolCheck::new(source, "deployment status", about, columns, outcome)
            .with_expected("success")
            .with_observed(said)
            .with_time(at_ms),
    )
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
