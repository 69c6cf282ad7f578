//! Pods: which version each runs, whether it is ready, and why its containers ended.

use std::collections::BTreeMap;

use domain::number::{count, counted};
use domain::observation::{ArtifactPlace, Deployment, ModelArtifact};
use domain::tool_check::{CheckOutcome, CheckSubject, ToolCheck, Worse};
use serde_json::Value;

use super::kubernetes_containers::{identity, limits, process, settings};
use super::kubernetes_object::{Object, cut};
use super::kubernetes_workloads::probes;
use super::variables::Image;
use crate::{Brought, json, numbers};

/// Adds what the pods say; what a deployment says too only where there is none.
pub(super) fn bring(pods: &[&Object<'_>], alone: bool, brought: &mut Brought) {
    for pod in pods {
        let spec = pod.value.get("spec").unwrap_or(&Value::Null);
        let checks = containers(pod, spec, brought);
        brought.facts.checks.extend(checks);
        brought.facts.checks.extend(readiness(pod));
        brought.facts.settings.extend(settings(spec, |within| pod.source(&format!("spec.{within}"))));
    }
    if alone {
        brought
            .facts
            .checks
            .extend(pods.iter().flat_map(|pod| probes(pod, pod.value.get("spec").unwrap_or(&Value::Null))));
        releases(pods, brought);
    }
    brought.facts.checks.extend(versions(pods));
}

/// What the pod belongs to: its label, else its owner, else itself.
fn application(pod: &Object<'_>) -> String {
    let label = |key: &str| json::text(pod.value, &["metadata", "labels", key]);
    let owner =
        || json::list(pod.value, &["metadata", "ownerReferences"]).find_map(|owner| json::text(owner, &["name"]));
    let named = label("app").or_else(|| label("app.kubernetes.io/name"));
    named.or_else(owner).unwrap_or(pod.name()).to_owned()
}

/// Limits, restarts and why each container waits or ended.
fn containers(pod: &Object<'_>, spec: &Value, brought: &mut Brought) -> Vec<ToolCheck> {
    let statuses: Vec<&Value> = json::list(pod.value, &["status", "containerStatuses"]).collect();
    let declared: Vec<&Value> = json::list(spec, &["containers"]).collect();
    let mut checks = Vec::new();
    for container in &declared {
        let name = json::text(container, &["name"]).unwrap_or_default();
        let mut resources = limits(container, process(pod.name(), name, || declared.len() == 1));
        let found = statuses.iter().enumerate().find(|(_, status)| json::text(status, &["name"]) == Some(name));
        if let Some((place, status)) = found {
            let restarts = json::number(status, &["restartCount"]).filter(|restarts| *restarts >= 0.0);
            resources.restarts = restarts.map(|restarts| restarts as u64);
            let ended = ended(pod, status, place);
            // Only the last end is kept, so that it is one kill or more.
            let killed = ended.as_ref().is_some_and(|check| check.about == CheckSubject::Capacity);
            resources.out_of_memory_kills = Some(u64::from(killed));
            checks.extend(ended);
            checks.extend(waiting(pod, status, place));
        }
        brought.observations.resources.push(resources);
    }
    for (place, status) in json::list(pod.value, &["status", "initContainerStatuses"]).enumerate() {
        checks.extend(ended(pod, status, place));
        checks.extend(waiting(pod, status, place));
    }
    checks
}

/// Why a container ended the last time.
fn ended(pod: &Object<'_>, status: &Value, place: usize) -> Option<ToolCheck> {
    let end = ["state", "lastState"].iter().find_map(|state| json::at(status, &[state, "terminated"]))?;
    let code = json::number(end, &["exitCode"]).unwrap_or(0.0);
    let reason = json::text(end, &["reason"]).unwrap_or("ended");
    let restarts = json::number(status, &["restartCount"]).unwrap_or(0.0).max(0.0);
    let (about, outcome) = match reason {
        "OOMKilled" => (CheckSubject::Capacity, CheckOutcome::Failed),
        _ if code != 0.0 => (CheckSubject::Health, CheckOutcome::Failed),
        _ => return None,
    };
    let said = format!("{reason}, exit code {code}, {}", counted(restarts as u64, "restart"));
    let mut check = pod.check(reason, about, outcome, &format!("status.containerStatuses[{place}]"));
    check.columns.extend(json::text(status, &["name"]).map(str::to_owned));
    let at_ms = end.get("finishedAt").and_then(numbers::time);
    Some(check.with_measured("restarts", restarts, None).with_observed(said).with_time(at_ms))
}

/// Why a container does not run.
fn waiting(pod: &Object<'_>, status: &Value, place: usize) -> Option<ToolCheck> {
    let wait = json::at(status, &["state", "waiting"])?;
    let reason = json::text(wait, &["reason"])?;
    let about = match reason {
        "ContainerCreating" | "PodInitializing" => return None,
        "CrashLoopBackOff" | "RunContainerError" => CheckSubject::Health,
        _ => CheckSubject::Release,
    };
    let said = match json::text(wait, &["message"]) {
        Some(message) if !message.is_empty() => format!("{reason}: {}", cut(message)),
        _ => reason.to_owned(),
    };
    let mut check = pod.check(reason, about, CheckOutcome::Failed, &format!("status.containerStatuses[{place}]"));
    check.columns.extend(json::text(status, &["name"]).map(str::to_owned));
    Some(check.with_observed(said))
}

/// Whether the pod is ready, or can't be placed.
fn readiness(pod: &Object<'_>) -> Vec<ToolCheck> {
    let phase = json::text(pod.value, &["status", "phase"]);
    let is_done = matches!(phase, Some("Succeeded" | "Failed"));
    let mut checks = Vec::new();
    if phase == Some("Failed") {
        let reason = json::text(pod.value, &["status", "reason"]).unwrap_or("Failed");
        let about = if reason == "Evicted" { CheckSubject::Capacity } else { CheckSubject::Health };
        let said =
            json::text(pod.value, &["status", "message"]).map(|said| format!(": {}", cut(said))).unwrap_or_default();
        checks.push(
            pod.check(reason, about, CheckOutcome::Failed, "status.phase").with_observed(format!("{reason}{said}")),
        );
    }
    if let Some(ready) = pod.condition("Ready").filter(|_| !is_done) {
        let (outcome, said) = match ready.holds {
            true => (CheckOutcome::Passed, "ready".to_owned()),
            false => (CheckOutcome::Failed, format!("not ready: {}", ready.words)),
        };
        checks.push(
            pod.check("Ready", CheckSubject::Health, outcome, "status.conditions")
                .with_observed(said)
                .with_time(ready.at_ms),
        );
    }
    if let Some(placed) = pod.condition("PodScheduled").filter(|condition| !condition.holds) {
        let check = pod.check("PodScheduled", CheckSubject::Capacity, CheckOutcome::Failed, "status.conditions");
        checks.push(check.with_observed(placed.words).with_time(placed.at_ms));
    }
    checks
}

/// Which versions run at the same time.
fn versions(pods: &[&Object<'_>]) -> Vec<ToolCheck> {
    let mut by_application: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let runs = |pod: &&&Object<'_>| json::text(pod.value, &["status", "phase"]) == Some("Running");
    for pod in pods.iter().filter(runs) {
        if let Some(version) = identity(pod.value).version {
            *by_application.entry(application(pod)).or_default().entry(version).or_default() += 1;
        }
    }
    let one = |(application, versions): (String, BTreeMap<String, u64>)| {
        let outcome = if versions.len() > 1 { CheckOutcome::Failed } else { CheckOutcome::Passed };
        let said: Vec<String> =
            versions.iter().map(|(version, pods)| format!("{version} on {}", counted(*pods, "pod"))).collect();
        let place = pods.iter().find(|pod| self::application(pod) == application)?.source("metadata.labels");
        let check = ToolCheck::new(place, "versions that run", CheckSubject::ModelVersion, vec![application], outcome);
        Some(
            check
                .with_measured("versions", versions.len() as f64, Some(1.0))
                .worse_when(Worse::Higher)
                .with_expected("one version")
                .with_observed(said.join(", ")),
        )
    };
    by_application.into_iter().filter_map(one).collect()
}

/// The digest of the image that the pods of a release pulled, where the release itself names none.
pub(super) fn pulled(pods: &[&Object<'_>], deployments: &mut [Deployment]) {
    for deployment in deployments.iter_mut().filter(|deployment| deployment.digest.is_none()) {
        let image = deployment.settings.get("image");
        let statuses = pods.iter().flat_map(|pod| json::list(pod.value, &["status", "containerStatuses"]));
        let mut same = statuses.filter(|status| json::text(status, &["image"]) == image.map(String::as_str));
        let digest = same.find_map(|status| Image::of(json::text(status, &["imageID"])?).digest);
        deployment.digest = digest.map(str::to_owned);
    }
}

/// One release for each version that pods have.
fn releases(pods: &[&Object<'_>], brought: &mut Brought) {
    let mut seen: BTreeMap<(String, Option<String>), (Deployment, u64)> = BTreeMap::new();
    for pod in pods {
        let of = identity(pod.value);
        let pulled =
            json::list(pod.value, &["status", "containerStatuses"]).find_map(|status| json::text(status, &["imageID"]));
        let image_digest =
            of.image_digest.or_else(|| pulled.and_then(|image| Image::of(image).digest).map(str::to_owned));
        let at_ms = pod.time(&["status", "startTime"]).or_else(|| pod.time(&["metadata", "creationTimestamp"]));
        let application = application(pod);
        if let Some(digest) = &of.model_digest {
            brought.observations.artifacts.push(ModelArtifact {
                source: String::new(),
                place: ArtifactPlace::Deployed,
                model: Some(application.clone()),
                version: of.version.clone(),
                digest: Some(digest.clone()),
            });
        }
        let entry = seen.entry((application.clone(), of.version.clone())).or_insert_with(|| {
            let settings = of.image.map(|image| ("image".to_owned(), image)).into_iter().collect();
            let digest = of.model_digest.or(image_digest);
            (Deployment { model: Some(application), version: of.version, digest, settings, ..Deployment::default() }, 0)
        });
        entry.0.at_ms = [entry.0.at_ms, at_ms].into_iter().flatten().min();
        entry.1 += 1;
    }
    let told = seen.into_values().map(|(mut deployment, pods)| {
        deployment.settings.insert("pods".to_owned(), count(pods));
        deployment
    });
    brought.observations.deployments.extend(told);
}
