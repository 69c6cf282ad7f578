//! Autoscalers, events and what pods use.

use std::collections::BTreeMap;

use domain::number::{count, counted};
use domain::observation::ResourceUse;
use domain::tool_check::{CheckOutcome, CheckSubject, Worse};
use serde_json::Value;

use super::kubernetes_containers::{process, quantity};
use super::kubernetes_object::{Object, cut};
use crate::{Brought, json};

/// Whether an autoscaler can do what is asked of it.
pub(super) fn bring(scaler: &Object<'_>, workloads: &[&Object<'_>], brought: &mut Brought) {
    let number = |keys: &[&str]| json::number(scaler.value, keys);
    let least = number(&["spec", "minReplicas"]).unwrap_or(1.0);
    let checks = &mut brought.facts.checks;
    if let Some(most) = number(&["spec", "maxReplicas"]) {
        let outcome = if most <= least { CheckOutcome::Warned } else { CheckOutcome::Passed };
        let said = if most <= least {
            format!("from {least} to {most} replicas, so it can't scale")
        } else {
            format!("from {least} to {most} replicas")
        };
        let check = scaler.check("minReplicas and maxReplicas", CheckSubject::Capacity, outcome, "spec.maxReplicas");
        checks.push(check.with_measured("maxReplicas", most, Some(least)).with_observed(said));
        let target = json::text(scaler.value, &["spec", "scaleTargetRef", "name"]);
        let asked = workloads.iter().find(|workload| Some(workload.name()) == target);
        let asked = asked.and_then(|workload| json::number(workload.value, &["spec", "replicas"]));
        if let Some(asked) = asked.filter(|asked| *asked > most) {
            let check = scaler.check("maxReplicas", CheckSubject::Capacity, CheckOutcome::Failed, "spec.maxReplicas");
            let said = format!("the deployment asks for {asked} replicas, the autoscaler allows {most}");
            checks.push(
                check.with_measured("maxReplicas", most, Some(asked)).worse_when(Worse::Lower).with_observed(said),
            );
        }
    }
    if let Some(limited) = scaler.condition("ScalingLimited") {
        // Held at the least is what it is for; held at the most is too little.
        let too_few = limited.holds && !limited.words.starts_with("TooFewReplicas");
        let outcome = if too_few { CheckOutcome::Failed } else { CheckOutcome::Passed };
        let check = scaler
            .check("ScalingLimited", CheckSubject::Capacity, outcome, "status.conditions")
            .with_time(limited.at_ms);
        let check = if limited.words.is_empty() { check } else { check.with_observed(limited.words) };
        checks.push(match utilization(scaler) {
            Some((name, value, target)) => check.with_measured(&name, value, target).worse_when(Worse::Higher),
            None => check,
        });
    }
    for kind in ["ScalingActive", "AbleToScale"] {
        if let Some(condition) = scaler.condition(kind) {
            let outcome = if condition.holds { CheckOutcome::Passed } else { CheckOutcome::Failed };
            let check = scaler.check(kind, CheckSubject::Capacity, outcome, "status.conditions");
            checks.push(check.with_observed(condition.words).with_time(condition.at_ms));
        }
    }
}

/// The current share of the first resource that has one, and its target.
fn utilization(scaler: &Object<'_>) -> Option<(String, f64, Option<f64>)> {
    let current = json::list(scaler.value, &["status", "currentMetrics"]).find_map(|metric| {
        let value = json::number(metric, &["resource", "current", "averageUtilization"])?;
        Some((json::text(metric, &["resource", "name"])?, value))
    })?;
    let target = json::list(scaler.value, &["spec", "metrics"]).find_map(|metric| {
        let same = json::text(metric, &["resource", "name"]) == Some(current.0);
        same.then(|| json::number(metric, &["resource", "target", "averageUtilization"])).flatten()
    });
    Some((format!("{} utilization in %", current.0), current.1, target))
}

/// Warnings of the cluster; what is normal is counted.
pub(super) fn events(events: &[&Object<'_>], brought: &mut Brought) {
    let mut normal: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events {
        let reason = json::text(event.value, &["reason"]).unwrap_or("event");
        if json::text(event.value, &["type"]) != Some("Warning") {
            *normal.entry(reason).or_default() += 1;
            continue;
        }
        let message =
            json::text(event.value, &["message"]).or_else(|| json::text(event.value, &["note"])).unwrap_or_default();
        let about = match reason {
            "OOMKilling" | "SystemOOM" | "FailedScheduling" | "Evicted" | "Preempted" => CheckSubject::Capacity,
            "FailedCreate" | "ErrImagePull" | "ImagePullBackOff" | "InspectFailed" => CheckSubject::Release,
            "Failed" | "BackOff" if message.contains("image") => CheckSubject::Release,
            reason if reason.starts_with("FailedGet") || reason.starts_with("FailedCompute") => CheckSubject::Capacity,
            _ => CheckSubject::Health,
        };
        let subject = ["involvedObject", "regarding"].iter().find_map(|key| json::text(event.value, &[key, "name"]));
        let times = json::number(event.value, &["count"])
            .or_else(|| json::number(event.value, &["series", "count"]))
            .unwrap_or(1.0);
        let mut check = event.check(reason, about, CheckOutcome::Warned, "message");
        check.columns = subject.map(str::to_owned).into_iter().collect();
        let last = ["lastTimestamp", "deprecatedLastTimestamp", "eventTime", "firstTimestamp"];
        let at_ms = last.iter().find_map(|key| event.time(&[key]));
        brought.facts.checks.push(
            check
                .with_measured("times seen", times, None)
                .with_observed(format!("{reason}: {}", cut(message)))
                .with_time(at_ms),
        );
    }
    let told =
        normal.into_iter().take(20).map(|(reason, times)| format!("{} {reason}", counted(times, "normal event")));
    brought.left.extend(told);
}

/// What each container uses at one moment, with its limit where the file has both.
pub(super) fn usage(metrics: &[&Object<'_>], brought: &mut Brought) {
    for pod in metrics {
        let containers: Vec<&Value> = json::list(pod.value, &["containers"]).collect();
        for container in &containers {
            let name = json::text(container, &["name"]).unwrap_or_default();
            let name = process(pod.name(), name, || containers.len() == 1);
            let used = |key: &str| json::at(container, &["usage", key]).and_then(quantity);
            let resources = &mut brought.observations.resources;
            let place = resources.iter().position(|one| one.name == name);
            let known = place.and_then(|place| resources.get_mut(place));
            match known {
                Some(known) => (known.memory_peak_bytes, known.cpu_peak_cores) = (used("memory"), used("cpu")),
                None => resources.push(ResourceUse {
                    name,
                    memory_peak_bytes: used("memory"),
                    cpu_peak_cores: used("cpu"),
                    ..ResourceUse::default()
                }),
            }
        }
    }
    if !metrics.is_empty() {
        brought.warnings.push(format!(
            "The usage of {} {} is that of one moment; the peak can be higher.",
            count(metrics.len() as u64),
            if metrics.len() == 1 { "pod" } else { "pods" }
        ));
    }
}
