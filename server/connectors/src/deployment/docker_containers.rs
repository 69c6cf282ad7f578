//! Docker containers: `docker container inspect`:
//! <https://docs.docker.com/reference/cli/docker/container/inspect/>. Podman writes the same.

use std::collections::BTreeMap;

use domain::Problem;
use domain::observation::{ArtifactPlace, Deployment, ModelArtifact, ResourceUse};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use super::docker_images::{self as images, TOOL};
use super::variables::{Image, labelled_model, labelled_version, model_digest};
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(super) static INSPECT: Connector = Connector {
    id: "docker_container",
    tool: TOOL,
    words: "docker container inspect, JSON",
    proven_on: "20.10",
    takes: "state, exit code, out-of-memory kill, health, limits, image, labels, variables",
    leaves: "networks, mounts, values that look secret",
    recognise: |seen| {
        ["[].", ""].iter().any(|prefix| {
            let has = |key: &str| seen.json.has(&format!("{prefix}{key}"));
            has("State.Status") && has("State.ExitCode") && (has("HostConfig") || has("Image"))
        })
    },
    read: read_inspect,
};

/// A container by whatever lists it.
pub(super) struct Container<'v> {
    pub name: String,
    pub image: &'v str,
    pub image_digest: Option<&'v str>,
    pub labels: Vec<(&'v str, &'v str)>,
    pub started: Option<i64>,
    pub settings: BTreeMap<String, String>,
}

impl Container<'_> {
    pub fn bring(self, brought: &mut Brought) {
        let labels = || self.labels.iter().copied();
        let image = Image::of(self.image);
        let named = self.image.split('@').next().unwrap_or_default();
        let name =
            labelled_model(labels()).or_else(|| (!named.is_empty()).then(|| images::without_tag(named).to_owned()));
        let version = labelled_version(labels()).or_else(|| image.tag.map(str::to_owned));
        let digest = model_digest(labels());
        if let Some(digest) = &digest {
            let artifact = ModelArtifact {
                source: String::new(),
                place: ArtifactPlace::Deployed,
                model: name.clone(),
                version: version.clone(),
                digest: Some(digest.clone()),
            };
            // Several containers run one model.
            if !brought.observations.artifacts.contains(&artifact) {
                brought.observations.artifacts.push(artifact);
            }
        }
        let mut settings = self.settings;
        settings.insert("container".to_owned(), self.name);
        settings.insert("image".to_owned(), self.image.to_owned());
        brought.observations.deployments.push(Deployment {
            at_ms: self.started,
            model: name,
            version,
            digest: digest.or_else(|| self.image_digest.or(image.digest).map(str::to_owned)),
            settings,
            ..Deployment::default()
        });
    }
}

fn read_inspect(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let all = document.as_array().cloned().unwrap_or_else(|| vec![document.clone()]);
    let mut brought = Brought::default();
    for (place, container) in all.iter().enumerate().filter(|(_, one)| one.get("State").is_some()) {
        let name = json::text(container, &["Name"]).or_else(|| json::text(container, &["Id"])).unwrap_or("container");
        let name = name.trim_start_matches('/').to_owned();
        let source = |within: &str| Source::of(TOOL, None, format!("[{place}].{within}"));
        let checks = [state(container), health(container), memory_limit(container)].into_iter().flatten();
        brought.facts.checks.extend(checks.map(|told| {
            let place = source(told.place);
            told.check(place, &name)
        }));
        brought
            .facts
            .settings
            .extend(images::variables(json::list(container, &["Config", "Env"]), &source("Config.Env")));
        brought.observations.resources.push(resources(container, name.clone()));
        let policy = json::text(container, &["HostConfig", "RestartPolicy", "Name"]);
        let fallback = json::text(container, &["Image"]).unwrap_or_default();
        // Podman writes the digest without its algorithm.
        let is_bare = fallback.len() == 64 && fallback.chars().all(|c| c.is_ascii_hexdigit());
        let digest = if is_bare { format!("sha256:{fallback}") } else { fallback.to_owned() };
        Container {
            image: json::text(container, &["Config", "Image"]).unwrap_or(fallback),
            image_digest: Some(digest.as_str()).filter(|digest| digest.contains(':')),
            labels: images::labels(container, &["Config", "Labels"]),
            started: began(container),
            settings: policy.map(|policy| ("restart policy".to_owned(), policy.to_owned())).into_iter().collect(),
            name,
        }
        .bring(&mut brought);
    }
    if brought.count() == 0 {
        return Err(given.bad("it holds no container; save the answer of docker container inspect again"));
    }
    Ok(brought)
}

/// Docker writes the year 1 for what has not been.
fn began(container: &Value) -> Option<i64> {
    json::at(container, &["State", "StartedAt"]).and_then(numbers::time).filter(|time| *time > 0)
}

/// One conclusion before it has a source.
struct Told {
    place: &'static str,
    name: &'static str,
    about: CheckSubject,
    outcome: CheckOutcome,
    said: String,
    measured: Option<(&'static str, f64)>,
    at_ms: Option<i64>,
}

impl Told {
    fn check(self, source: Source, container: &str) -> ToolCheck {
        let check = ToolCheck::new(source, self.name, self.about, vec![container.to_owned()], self.outcome);
        let check = check.with_observed(self.said).with_time(self.at_ms);
        match self.measured {
            Some((name, value)) => check.with_measured(name, value, Some(0.0)).worse_when(Worse::Higher),
            None => check,
        }
    }
}

/// How it runs or ended.
fn state(container: &Value) -> Option<Told> {
    let state = container.get("State")?;
    let status = json::text(state, &["Status"])?;
    let code = json::number(state, &["ExitCode"]).unwrap_or(0.0);
    let error = json::text(state, &["Error"]).filter(|error| !error.is_empty()).map(|error| format!(": {error}"));
    let error = error.unwrap_or_default();
    let killed = state.get("OOMKilled").and_then(Value::as_bool) == Some(true);
    let at_ms = state.get("FinishedAt").and_then(numbers::time).filter(|time| *time > 0);
    let told = |name, about, outcome, said| Told { place: "State", name, about, outcome, said, measured: None, at_ms };
    let ended = |told: Told| Told { measured: Some(("exit code", code)), ..told };
    Some(match status {
        _ if killed => ended(told(
            "OOMKilled",
            CheckSubject::Capacity,
            CheckOutcome::Failed,
            format!("killed because it ran out of memory, {status}{error}"),
        )),
        "running" => Told {
            at_ms: began(container),
            ..told("State", CheckSubject::Health, CheckOutcome::Passed, "running".to_owned())
        },
        "created" if error.is_empty() => {
            told("State", CheckSubject::Health, CheckOutcome::NotRun, "created, not started".to_owned())
        }
        "restarting" => ended(told(
            "State",
            CheckSubject::Health,
            CheckOutcome::Failed,
            format!("it restarts again and again{error}"),
        )),
        _ if code == 0.0 && error.is_empty() => {
            told("State", CheckSubject::Health, CheckOutcome::Passed, format!("{status} without an error"))
        }
        _ => ended(told(
            "State",
            CheckSubject::Health,
            CheckOutcome::Failed,
            format!("{status} with exit code {code}{error}"),
        )),
    })
}

/// What its health check says, or that it has none.
fn health(container: &Value) -> Option<Told> {
    let told = |outcome, said: String| {
        Some(Told {
            place: "State.Health",
            name: "HEALTHCHECK",
            about: CheckSubject::Health,
            outcome,
            said,
            measured: None,
            at_ms: None,
        })
    };
    let Some(status) = json::text(container, &["State", "Health", "Status"]).filter(|status| !status.is_empty()) else {
        let config = container.get("Config")?;
        return match images::has_healthcheck(config) {
            true => None,
            false => told(CheckOutcome::Warned, "no HEALTHCHECK".to_owned()),
        };
    };
    let output = json::list(container, &["State", "Health", "Log"]).last().and_then(|log| json::text(log, &["Output"]));
    let output =
        output.map(|output| json::words(&Value::String(output.trim().to_owned()))).filter(|output| !output.is_empty());
    match (status, output) {
        ("healthy", _) => told(CheckOutcome::Passed, "healthy".to_owned()),
        ("unhealthy", Some(output)) => told(CheckOutcome::Failed, format!("unhealthy: {output}")),
        ("unhealthy", None) => told(CheckOutcome::Failed, "unhealthy".to_owned()),
        (other, _) => told(CheckOutcome::NotRun, other.to_owned()),
    }
}

fn memory_limit(container: &Value) -> Option<Told> {
    let limit = json::number(container, &["HostConfig", "Memory"])?;
    let (outcome, said) = match limit > 0.0 {
        true => (CheckOutcome::Passed, format!("{} MB", (limit / 1e6).round())),
        false => (CheckOutcome::Warned, "no memory limit".to_owned()),
    };
    Some(Told {
        place: "HostConfig.Memory",
        name: "memory limit",
        about: CheckSubject::Capacity,
        outcome,
        said,
        measured: None,
        at_ms: None,
    })
}

fn resources(container: &Value, name: String) -> ResourceUse {
    let host = |key: &str| json::number(container, &["HostConfig", key]).filter(|value| *value > 0.0);
    let quota = || Some(host("CpuQuota")? / host("CpuPeriod").unwrap_or(100_000.0));
    let killed = json::at(container, &["State", "OOMKilled"]).and_then(Value::as_bool);
    ResourceUse {
        name,
        memory_limit_bytes: host("Memory"),
        cpu_limit_cores: host("NanoCpus").map(|cpus| cpus / 1e9).or_else(quota),
        out_of_memory_kills: killed.map(u64::from),
        restarts: json::number(container, &["RestartCount"]).filter(|count| *count >= 0.0).map(|count| count as u64),
        ..ResourceUse::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_unhealthy_container_says_what_its_check_wrote() {
        let container = json!({"State": {"Health": {"Status": "unhealthy", "Log": [{"Output": "timed out\n"}]}}});
        let told = health(&container).map(|told| (told.outcome, told.said));
        assert_eq!(told, Some((CheckOutcome::Failed, "unhealthy: timed out".to_owned())));
        let without = json!({"Config": {"Healthcheck": {"Test": ["NONE"]}}});
        assert_eq!(health(&without).map(|told| told.outcome), Some(CheckOutcome::Warned));
    }

    #[test]
    fn an_end_is_a_failure_only_with_a_code_or_an_error() {
        let outcome = |state: Value| super::state(&json!({"State": state})).map(|told| (told.about, told.outcome));
        let health = CheckSubject::Health;
        assert_eq!(outcome(json!({"Status": "exited", "ExitCode": 0})), Some((health, CheckOutcome::Passed)));
        assert_eq!(
            outcome(json!({"Status": "created", "ExitCode": 127, "Error": "no such file"})),
            Some((health, CheckOutcome::Failed))
        );
        assert_eq!(
            outcome(json!({"Status": "exited", "OOMKilled": true})),
            Some((CheckSubject::Capacity, CheckOutcome::Failed))
        );
    }
}
