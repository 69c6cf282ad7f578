//! Answers about the health of a service: JSON with a status (also Spring's actuator and health+json), and the status and
//! metadata of model servers: TensorFlow Serving, KServe v2 and Triton, TorchServe:
//! <https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol>.

use domain::Problem;
use domain::observation::{ArtifactPlace, ModelArtifact};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use domain::tool_facts::Signature;
use serde_json::Value;

use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json, numbers};

const TOOL: &str = "health check";
/// Where the parts of a service are told.
const PARTS: [&str; 6] = ["dependencies", "components", "checks", "services", "details", "subsystems"];
/// What else only an answer about health says.
const SAYS: [&str; 6] = ["model.version", "model_version", "model_sha256", "uptime", "uptime_s", "uptime_seconds"];
/// Where notes are told.
const NOTES: [&str; 5] = ["warnings", "warning", "degraded", "notes", "messages"];
/// An answer without parts has a status and little else.
const SHORT: usize = 400;

pub(crate) static HEALTH: Connector = Connector {
    id: "health",
    tool: TOOL,
    words: "answer about the health of a service, JSON with a status",
    proven_on: "Spring Boot actuator, health+json, TorchServe ping, by the documented shape",
    takes: "the status of the whole and of each part, warnings, the model that runs",
    leaves: "times and addresses",
    recognise: is_health,
    read: read_health,
};

pub(crate) static MODEL_SERVER: Connector = Connector {
    id: "model_server",
    tool: "model server",
    words: "status or metadata of a model server (TensorFlow Serving, KServe, Triton, TorchServe), JSON",
    proven_on: "the documented shape",
    takes: "versions that serve, whether they are ready, inputs",
    leaves: "outputs and shapes",
    recognise: |seen| {
        let short = |key: &str| seen.bytes.len() < SHORT && seen.json.has(key) && !is_several(&seen.text);
        seen.json.has_all(&["model_version_status[].version", "model_version_status[].state"])
            || seen.json.has_all(&["name", "platform", "inputs[].name", "inputs[].datatype"])
            || seen.json.has_all(&["[].modelName", "[].modelVersion", "[].workers"])
            || (short("ready") && seen.json.has("name") && !seen.json.has("status"))
    },
    read: read_server,
};

/// A row of a table may have a status too: an answer is one document, and has parts or a model with a version.
fn is_health(seen: &Seen<'_>) -> bool {
    let Some(status) = seen.json.word("status").filter(|word| state(word).is_some()) else { return false };
    let has_parts = PARTS.iter().chain(&SAYS).any(|key| seen.json.has(key));
    let is_other =
        ["series", "data", "res_type", "kind", "apiVersion", "run", "tests"].iter().any(|key| seen.json.has(key));
    let is_ping =
        seen.bytes.len() < SHORT && matches!(status, "Healthy" | "Partial Healthy" | "Unhealthy" | "UP" | "DOWN");
    !seen.json.is_list() && !is_several(&seen.text) && !is_other && (has_parts || is_ping)
}

fn is_several(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().is_some_and(|line| line.ends_with('}')) && lines.next().is_some_and(|line| line.starts_with('{'))
}

/// What a word of a status means; `None` when it is not one.
fn state(word: &str) -> Option<CheckOutcome> {
    match word.trim().to_lowercase().replace(['-', '_'], " ").as_str() {
        "ok" | "up" | "pass" | "passing" | "healthy" | "ready" | "alive" | "available" | "running" | "connected"
        | "green" => Some(CheckOutcome::Passed),
        "warn" | "warning" | "degraded" | "partial healthy" | "partial" | "slow" | "yellow" => {
            Some(CheckOutcome::Warned)
        }
        "down" | "fail" | "failed" | "failing" | "unhealthy" | "error" | "timeout" | "unavailable"
        | "out of service" | "not ready" | "disconnected" | "unreachable" | "critical" | "red" => {
            Some(CheckOutcome::Failed)
        }
        "unknown" => Some(CheckOutcome::NotRun),
        _ => None,
    }
}

/// One part of the service.
struct Part {
    path: String,
    name: String,
    outcome: CheckOutcome,
    said: String,
}

fn read_health(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut parts = Vec::new();
    for key in PARTS {
        for (name, part) in json::entries(&document, &[key]) {
            add_part(&format!("{key}.{name}"), name, part, 0, &mut parts);
        }
        for (place, part) in json::list(&document, &[key]).enumerate() {
            let name = ["name", "component", "service", "id"].iter().find_map(|name| json::text(part, &[name]));
            add_part(&format!("{key}[{place}]"), name.unwrap_or(key), part, 0, &mut parts);
        }
    }
    // Some services tell their parts as words of their own.
    for (name, word) in json::entries(&document, &[]).filter(|(name, word)| *name != "status" && word.is_string()) {
        add_part(name, name, word, 0, &mut parts);
    }
    let notes: Vec<String> = NOTES.iter().filter_map(|key| document.get(key)).flat_map(texts).collect();
    let mut brought = Brought::default();
    brought.facts.checks.push(whole(&document, &parts, &notes));
    brought.facts.checks.extend(parts.into_iter().map(|part| {
        let source = Source::of(TOOL, None, part.path);
        ToolCheck::new(source, "status", CheckSubject::Health, vec![part.name], part.outcome).with_observed(part.said)
    }));
    brought.observations.artifacts.extend(model(&document));
    Ok(brought)
}

/// A part is a word, an object with a status, a list of such (health+json), or a group of parts.
fn add_part(path: &str, name: &str, part: &Value, depth: usize, parts: &mut Vec<Part>) {
    /// Groups lie in groups of Spring's actuator.
    const DEEPEST: usize = 4;
    let status = part.as_str().or_else(|| json::text(part, &["status"]));
    let outcome = match (part.as_bool(), status.and_then(state)) {
        (Some(true), _) => Some(CheckOutcome::Passed),
        (Some(false), _) => Some(CheckOutcome::Failed),
        (None, outcome) => outcome,
    };
    if let Some(outcome) = outcome {
        let why = ["error", "message", "output", "reason"]
            .iter()
            .find_map(|key| part.get(key).or_else(|| json::at(part, &["details", key])));
        let status = status.map_or_else(|| json::words(part), str::to_owned);
        let said = why.map_or_else(|| status.clone(), |why| format!("{status}: {}", json::words(why)));
        parts.push(Part { path: path.to_owned(), name: name.to_owned(), outcome, said });
    }
    if depth < DEEPEST {
        for (inner, part) in json::entries(part, &["components"]) {
            add_part(&format!("{path}.components.{inner}"), inner, part, depth + 1, parts);
        }
        for (place, part) in json::list(part, &[]).enumerate() {
            add_part(&format!("{path}[{place}]"), name, part, depth + 1, parts);
        }
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if !text.is_empty() => vec![text.clone()],
        Value::Array(list) => list.iter().filter(|one| one.is_string() || one.is_object()).map(json::words).collect(),
        _ => Vec::new(),
    }
}

/// The whole: what its status says, and less when a part fails or something stands in for a value.
fn whole(document: &Value, parts: &[Part], notes: &[String]) -> ToolCheck {
    let status = json::text(document, &["status"]).unwrap_or_default();
    let said = state(status).unwrap_or(CheckOutcome::NotRun);
    let bad: Vec<&Part> = parts.iter().filter(|part| part.outcome == CheckOutcome::Failed).collect();
    let doubtful = !bad.is_empty() || !notes.is_empty();
    let outcome = if said == CheckOutcome::Passed && doubtful { CheckOutcome::Warned } else { said };
    let failing = bad.iter().map(|part| format!("{} {}", part.name, part.said));
    let words: Vec<String> = failing.chain(notes.iter().cloned()).collect();
    let and = if said == CheckOutcome::Passed { ", but" } else { ":" };
    let observed = if words.is_empty() { status.to_owned() } else { format!("{status}{and} {}", words.join(", ")) };
    let check = ToolCheck::new(Source::of(TOOL, None, ""), "status", CheckSubject::Health, Vec::new(), outcome);
    check.with_observed(observed)
}

/// The model that the service says it runs.
fn model(document: &Value) -> Option<ModelArtifact> {
    let model = document.get("model").filter(|model| model.is_object()).unwrap_or(document);
    let text = |keys: &[&str]| keys.iter().find_map(|key| json::text(model, &[key])).map(str::to_owned);
    let sha256 = text(&["sha256", "model_sha256"]).map(|digest| format!("sha256:{digest}"));
    let digest = sha256.or_else(|| text(&["digest", "model_digest"]));
    // The version of the whole document is the one of the service.
    let version =
        if std::ptr::eq(model, document) { text(&["model_version"]) } else { text(&["version", "model_version"]) };
    (version.is_some() || digest.is_some()).then(|| deployed(text(&["name", "model_name"]), version, digest))
}

fn deployed(model: Option<String>, version: Option<String>, digest: Option<String>) -> ModelArtifact {
    ModelArtifact { source: String::new(), place: ArtifactPlace::Deployed, model, version, digest }
}

fn read_server(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let name = json::text(&document, &["name"]).map(str::to_owned);
    let mut serving = Vec::new();
    for (place, status) in json::list(&document, &["model_version_status"]).enumerate() {
        let version = status.get("version").map(json::words).unwrap_or_default();
        let (check, serves) = version_status(&format!("model_version_status[{place}]"), &version, status);
        brought.facts.checks.push(check);
        serving.extend(serves.then_some((name.clone(), version)));
    }
    serving.extend(json::list(&document, &["versions"]).map(|version| (name.clone(), json::words(version))));
    for (place, model) in json::list(&document, &[]).enumerate() {
        let (name, version) = (json::text(model, &["modelName"]), model.get("modelVersion").map(json::words));
        brought.facts.checks.push(workers(&format!("[{place}]"), name.unwrap_or("model"), model));
        serving.extend(version.map(|version| (name.map(str::to_owned), version)));
    }
    let versions: Vec<&str> = serving.iter().map(|(_, version)| version.as_str()).collect();
    if versions.len() > 1 && serving.windows(2).all(|pair| pair[0].0 == pair[1].0) {
        let source = Source::of(TOOL, None, "");
        let columns = name.iter().cloned().collect();
        let check = ToolCheck::new(source, "versions", CheckSubject::ModelVersion, columns, CheckOutcome::Warned);
        brought.facts.checks.push(
            check.with_expected("one version").with_observed(format!("{} serve at once", versions.join(" and "))),
        );
    }
    brought.facts.checks.extend(ready(&document, name.as_deref()));
    brought.facts.signatures.extend(inputs(&document, name.as_deref(), &versions));
    brought.observations.artifacts =
        serving.into_iter().map(|(model, version)| deployed(model, Some(version), None)).collect();
    Ok(brought)
}

/// Whether a version of TensorFlow Serving is available, and whether it serves.
fn version_status(path: &str, version: &str, status: &Value) -> (ToolCheck, bool) {
    let state = json::text(status, &["state"]).unwrap_or_default();
    let code = json::text(status, &["status", "error_code"]).unwrap_or("OK");
    let message = json::text(status, &["status", "error_message"]).unwrap_or_default();
    let outcome = match state {
        _ if code != "OK" => CheckOutcome::Failed,
        "AVAILABLE" | "END" => CheckOutcome::Passed,
        _ => CheckOutcome::Warned,
    };
    let observed = if message.is_empty() { state.to_owned() } else { format!("{state}, {code}: {message}") };
    let source = Source::of(TOOL, None, path);
    let check = ToolCheck::new(source, "state", CheckSubject::Health, vec![format!("version {version}")], outcome);
    (check.with_observed(observed), state == "AVAILABLE")
}

/// The workers of a model of TorchServe.
fn workers(path: &str, name: &str, model: &Value) -> ToolCheck {
    let states: Vec<&str> =
        json::list(model, &["workers"]).filter_map(|worker| json::text(worker, &["status"])).collect();
    let ready = states.iter().filter(|state| **state == "READY").count();
    let outcome = match (ready, states.len()) {
        (0, _) => CheckOutcome::Failed,
        (ready, all) if ready < all => CheckOutcome::Warned,
        _ => CheckOutcome::Passed,
    };
    let check =
        ToolCheck::new(Source::of(TOOL, None, path), "workers", CheckSubject::Health, vec![name.to_owned()], outcome);
    let loaded =
        json::list(model, &["workers"]).find_map(|worker| json::text(worker, &["startTime"])).and_then(numbers::moment);
    check.with_observed(format!("{ready} of {} workers ready", states.len())).with_time(loaded)
}

fn ready(document: &Value, name: Option<&str>) -> Option<ToolCheck> {
    let ready = document.get("ready")?.as_bool()?;
    let outcome = if ready { CheckOutcome::Passed } else { CheckOutcome::Failed };
    let columns = name.map(str::to_owned).into_iter().collect();
    let check = ToolCheck::new(Source::of(TOOL, None, "ready"), "ready", CheckSubject::Health, columns, outcome);
    Some(check.with_observed(if ready { "ready" } else { "not ready" }))
}

/// The inputs of a model, as the v2 protocol names them.
fn inputs(document: &Value, name: Option<&str>, versions: &[&str]) -> Option<Signature> {
    let input =
        |one: &Value| Some((json::text(one, &["name"])?.to_owned(), json::text(one, &["datatype"]).map(str::to_owned)));
    let inputs: Vec<(String, Option<String>)> = json::list(document, &["inputs"]).filter_map(input).collect();
    (!inputs.is_empty()).then(|| Signature {
        source: Source::of(TOOL, None, "inputs"),
        model: name.map(str::to_owned),
        // The metadata is of the newest version that is named.
        version: versions.last().map(|version| (*version).to_owned()),
        is_deployed: Some(true),
        inputs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> bool {
        is_health(&Seen::of(text.as_bytes()))
    }

    #[test]
    fn an_answer_is_one_document_with_parts() {
        assert!(is(r#"{"status": "pass", "checks": {"db:time": [{"status": "pass"}]}}"#));
        assert!(is(r#"{"status": "Partial Healthy"}"#) && is(r#"{"status":"UP"}"#));
        assert!(
            !is(r#"{"status": "ok", "amount": 3}"#)
                && !is("{\"status\": \"ok\", \"details\": 1}\n{\"status\": \"ok\"}\n")
        );
        assert!(!is(r#"[{"status": "ok", "details": {}}]"#) && !is(r#"{"status": "ok", "series": [], "details": {}}"#));
    }
}
