//! Deployments and the like: what was released, whether the rollout ended, and what there is to roll back to.

use std::collections::BTreeMap;

use domain::number::counted;
use domain::observation::{ArtifactPlace, Deployment, ModelArtifact, ResourceUse};
use domain::tool_check::{CheckOutcome, CheckSubject, ToolCheck, Worse};
use serde_json::Value;

use super::kubernetes_containers::{Identity, identity, limits, process, settings};
use super::kubernetes_object::{Object, texts};
use super::variables::labelled_version;
use crate::{Brought, json};

const REVISION: [&str; 3] = ["metadata", "annotations", "deployment.kubernetes.io/revision"];

pub(super) fn bring(workload: &Object<'_>, replica_sets: &[&Object<'_>], brought: &mut Brought) {
    let template = json::at(workload.value, &["spec", "template"]).unwrap_or(&Value::Null);
    let spec = template.get("spec").unwrap_or(&Value::Null);
    let own: Vec<&Object<'_>> = replica_sets.iter().copied().filter(|set| belongs(set, workload.name())).collect();
    let mut identity = identity(template);
    if !is_labelled(template) {
        identity.version = labelled_version(texts(workload.value, &["metadata", "labels"])).or(identity.version);
    }
    let checks = &mut brought.facts.checks;
    checks.extend(rollout(workload));
    checks.extend(probes(workload, spec));
    checks.extend(memory_limits(workload, spec));
    if workload.kind == "Deployment" {
        checks.extend(rollback(workload, &own));
    }
    brought.facts.settings.extend(settings(spec, |within| workload.source(&format!("spec.template.spec.{within}"))));
    let containers: Vec<&Value> = json::list(spec, &["containers"]).collect();
    let limited = containers.iter().map(|container| {
        let name = json::text(container, &["name"]).unwrap_or_default();
        limits(container, process(workload.name(), name, || containers.len() == 1))
    });
    let says = |limits: &ResourceUse| limits.memory_limit_bytes.is_some() || limits.cpu_limit_cores.is_some();
    brought.observations.resources.extend(limited.filter(says));
    if let Some(digest) = &identity.model_digest {
        brought.observations.artifacts.push(ModelArtifact {
            source: String::new(),
            place: ArtifactPlace::Deployed,
            model: Some(workload.name().to_owned()),
            version: identity.version.clone(),
            digest: Some(digest.clone()),
        });
    }
    brought.observations.deployments.push(release(workload, identity, &own));
}

/// Whether the template itself says its version, and not only the tag of its image.
fn is_labelled(template: &Value) -> bool {
    let labels = texts(template, &["metadata", "labels"]).chain(texts(template, &["metadata", "annotations"]));
    labelled_version(labels).is_some()
}

/// Whether a replica set is one of this deployment: by its owner, else by its name.
fn belongs(set: &Object<'_>, deployment: &str) -> bool {
    let mut owners = json::list(set.value, &["metadata", "ownerReferences"]).peekable();
    match owners.peek() {
        Some(_) => owners.any(|owner| json::text(owner, &["name"]) == Some(deployment)),
        None => set.name().rsplit_once('-').is_some_and(|(name, _)| name == deployment),
    }
}

fn revision(of: &Object<'_>) -> Option<u64> {
    json::text(of.value, &REVISION)?.parse().ok()
}

/// The replica set of the version that serves, else nothing is known of when it began.
fn release(workload: &Object<'_>, identity: Identity, own: &[&Object<'_>]) -> Deployment {
    let now = revision(workload);
    let current = own.iter().find(|set| revision(set).is_some() && revision(set) == now);
    let begun = current.and_then(|set| set.time(&["metadata", "creationTimestamp"]));
    let progressed = || workload.condition("Progressing").and_then(|condition| condition.at_ms);
    let earlier = own.iter().filter(|set| revision(set) < now && revision(set).is_some());
    let previous = earlier.max_by_key(|set| revision(set)).and_then(|set| {
        let template = json::at(set.value, &["spec", "template"]);
        let version = template.map(self::identity).and_then(|identity| identity.version);
        // The same version with other settings is something to roll back to as well.
        let number = || revision(set).map(|number| format!("revision {number}"));
        version.filter(|version| Some(version) != identity.version.as_ref()).or_else(number)
    });
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    let fields = [
        ("replicas", json::at(workload.value, &["spec", "replicas"])),
        ("revisionHistoryLimit", json::at(workload.value, &["spec", "revisionHistoryLimit"])),
        ("strategy", json::at(workload.value, &["spec", "strategy", "type"])),
        ("revision", json::at(workload.value, &REVISION)),
        ("change-cause", json::at(workload.value, &["metadata", "annotations", "kubernetes.io/change-cause"])),
    ];
    told.extend(fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json::words(value?)))));
    told.extend(identity.image.clone().map(|image| ("image".to_owned(), image)));
    Deployment {
        at_ms: begun.or_else(progressed),
        model: Some(workload.name().to_owned()),
        version: identity.version,
        digest: identity.model_digest.or(identity.image_digest),
        previous_version: previous,
        settings: told,
        ..Deployment::default()
    }
}

fn verdict(holds: bool) -> CheckOutcome {
    if holds { CheckOutcome::Passed } else { CheckOutcome::Failed }
}

/// What the controller says of the rollout.
fn rollout(workload: &Object<'_>) -> Vec<ToolCheck> {
    let mut checks = Vec::new();
    let number = |keys: &[&str]| json::number(workload.value, keys);
    if let Some((asked, seen)) = number(&["metadata", "generation"]).zip(number(&["status", "observedGeneration"])) {
        let said = if seen < asked {
            "the controller has not seen the last change"
        } else {
            "the controller has seen the last change"
        };
        let check = workload.check(
            "observedGeneration",
            CheckSubject::Release,
            verdict(seen >= asked),
            "status.observedGeneration",
        );
        checks.push(check.with_measured("observedGeneration", seen, Some(asked)).with_observed(said));
    }
    for (kind, about) in [("Available", CheckSubject::Health), ("Progressing", CheckSubject::Release)] {
        if let Some(condition) = workload.condition(kind) {
            let check = workload.check(kind, about, verdict(condition.holds), "status.conditions");
            let said = if condition.holds { kind.to_owned() } else { format!("not {kind}: {}", condition.words) };
            checks.push(check.with_observed(said).with_time(condition.at_ms));
        }
    }
    if let Some(condition) = workload.condition("ReplicaFailure").filter(|condition| condition.holds) {
        let check = workload.check("ReplicaFailure", CheckSubject::Release, CheckOutcome::Failed, "status.conditions");
        checks.push(check.with_observed(condition.words).with_time(condition.at_ms));
    }
    let wanted = number(&["spec", "replicas"]);
    if let Some(wanted) =
        wanted.filter(|_| workload.value.get("status").is_some_and(|status| status.get("replicas").is_some()))
    {
        let ready = number(&["status", "readyReplicas"]).unwrap_or(0.0);
        let check =
            workload.check("readyReplicas", CheckSubject::Health, verdict(ready >= wanted), "status.readyReplicas");
        checks.push(
            check
                .with_measured("ready replicas", ready, Some(wanted))
                .worse_when(Worse::Lower)
                .with_expected(format!("{wanted} ready")),
        );
    }
    checks
}

/// Which probes each container has.
pub(super) fn probes(of: &Object<'_>, spec: &Value) -> Vec<ToolCheck> {
    let one = |(number, container): (usize, &Value)| {
        let lacks = |probe: &str| container.get(probe).is_none();
        let (outcome, said) = match (lacks("readinessProbe"), lacks("livenessProbe")) {
            (true, true) => (CheckOutcome::Warned, "neither a readiness probe nor a liveness probe"),
            (true, false) => (CheckOutcome::Warned, "no readiness probe"),
            (false, true) => (CheckOutcome::Passed, "a readiness probe, no liveness probe"),
            (false, false) => (CheckOutcome::Passed, "a readiness probe and a liveness probe"),
        };
        let mut check =
            of.check("probes", CheckSubject::Health, outcome, &format!("spec.template.spec.containers[{number}]"));
        check.columns.extend(json::text(container, &["name"]).map(str::to_owned));
        check.with_expected("a readiness probe").with_observed(said)
    };
    json::list(spec, &["containers"]).enumerate().map(one).collect()
}

fn memory_limits(workload: &Object<'_>, spec: &Value) -> Vec<ToolCheck> {
    let without = json::list(spec, &["containers"])
        .enumerate()
        .filter(|(_, container)| json::at(container, &["resources", "limits", "memory"]).is_none());
    let one = |(number, container): (usize, &Value)| {
        let place = format!("spec.template.spec.containers[{number}].resources");
        let mut check = workload.check("memory limit", CheckSubject::Capacity, CheckOutcome::Warned, &place);
        check.columns.extend(json::text(container, &["name"]).map(str::to_owned));
        check.with_observed("no memory limit")
    };
    without.map(one).collect()
}

/// Whether an earlier version is kept. Replica sets are only there when they were asked for.
fn rollback(workload: &Object<'_>, own: &[&Object<'_>]) -> Option<ToolCheck> {
    let kept = json::number(workload.value, &["spec", "revisionHistoryLimit"]);
    let now = revision(workload);
    let earlier = own.iter().filter(|set| revision(set).is_some() && revision(set) < now).count();
    let (holds, said) = match (kept, own.is_empty()) {
        (Some(0.0), true) => (false, "revisionHistoryLimit is 0: no earlier version is kept".to_owned()),
        (Some(0.0), false) if earlier == 0 => {
            (false, "revisionHistoryLimit is 0, and no replica set of an earlier version is kept".to_owned())
        }
        (_, false) if earlier > 0 => {
            (true, format!("{} of an earlier version", counted(earlier as u64, "replica set")))
        }
        // A first release has nothing before it.
        (_, false) if now.is_some_and(|now| now > 1) => {
            (false, "no replica set of an earlier version is kept".to_owned())
        }
        (Some(kept), true) => (true, format!("revisionHistoryLimit is {kept}")),
        _ => return None,
    };
    let check = workload.check("rollback target", CheckSubject::Rollback, verdict(holds), "spec.revisionHistoryLimit");
    Some(check.with_expected("a replica set of an earlier version").with_observed(said))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(kind: &str, value: &'static Value) -> Object<'static> {
        Object { kind: kind.to_owned(), value, place: String::new() }
    }

    fn deployment(limit: u64) -> &'static Value {
        let annotations = json!({"deployment.kubernetes.io/revision": "3"});
        Box::leak(Box::new(
            json!({"metadata": {"name": "a-b", "annotations": annotations}, "spec": {"revisionHistoryLimit": limit}}),
        ))
    }

    fn replica_set(name: &str, revision: &str) -> &'static Value {
        Box::leak(Box::new(
            json!({"metadata": {"name": name, "annotations": {"deployment.kubernetes.io/revision": revision}}}),
        ))
    }

    #[test]
    fn an_earlier_replica_set_is_what_to_roll_back_to() {
        let outcome = |limit, sets: &[&Object<'_>]| {
            rollback(&object("Deployment", deployment(limit)), sets).map(|check| check.outcome)
        };
        let (now, before) =
            (object("ReplicaSet", replica_set("a-b-1", "3")), object("ReplicaSet", replica_set("a-b-0", "2")));
        assert_eq!(outcome(0, &[]), Some(CheckOutcome::Failed));
        assert_eq!(outcome(10, &[]), Some(CheckOutcome::Passed));
        assert_eq!(outcome(10, &[&now]), Some(CheckOutcome::Failed));
        assert_eq!(outcome(10, &[&now, &before]), Some(CheckOutcome::Passed));
        assert!(belongs(&now, "a-b") && !belongs(&now, "a"));
        let told = release(&object("Deployment", deployment(10)), identity(&Value::Null), &[&now, &before]);
        assert_eq!(told.previous_version.as_deref(), Some("revision 2"));
    }
}
