//! What containers use and may use, in the series of cAdvisor and kube-state-metrics:
//! <https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md>.

use std::collections::{BTreeMap, BTreeSet};

use domain::observation::ResourceUse;

use super::prometheus_labels::Labels;

/// Adds the highest value of each series of memory or of a limit, by pod.
pub(super) fn bring<'s>(series: impl Iterator<Item = (&'s str, &'s Labels, f64)>, found: &mut Vec<ResourceUse>) {
    let all: Vec<(&str, &Labels, f64)> =
        series.filter(|(name, labels, _)| is_known(name) && pod(labels).is_some()).collect();
    let mut containers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, labels, _) in &all {
        if let (Some(pod), Some(container)) = (pod(labels), container(labels)) {
            containers.entry(pod).or_default().insert(container);
        }
    }
    let mut by_process: BTreeMap<String, ResourceUse> = BTreeMap::new();
    for (name, labels, value) in all.into_iter().filter(|(_, _, value)| value.is_finite()) {
        let Some(pod) = pod(labels) else { continue };
        let several = containers.get(pod).is_some_and(|names| names.len() > 1);
        let process = match container(labels).filter(|_| several) {
            Some(container) => format!("{pod}/{container}"),
            None => pod.to_owned(),
        };
        let use_of = by_process
            .entry(process.clone())
            .or_insert_with(|| ResourceUse { name: process, ..ResourceUse::default() });
        let place = match name {
            "container_spec_memory_limit_bytes" => &mut use_of.memory_limit_bytes,
            "kube_pod_container_resource_limits" => match labels.get("resource").map(String::as_str) {
                Some("memory") => &mut use_of.memory_limit_bytes,
                Some("cpu") => &mut use_of.cpu_limit_cores,
                _ => continue,
            },
            "kube_pod_container_status_restarts_total" => {
                use_of.restarts = Some(use_of.restarts.unwrap_or(0).max(value.max(0.0) as u64));
                continue;
            }
            "container_oom_events_total" => {
                use_of.out_of_memory_kills = Some(use_of.out_of_memory_kills.unwrap_or(0).max(value.max(0.0) as u64));
                continue;
            }
            _ => &mut use_of.memory_peak_bytes,
        };
        // A limit of 0 is none.
        *place = place.map_or(Some(value), |known| Some(known.max(value))).filter(|value| *value > 0.0);
    }
    found.extend(by_process.into_values());
}

fn is_known(name: &str) -> bool {
    [
        "container_memory_working_set_bytes",
        "container_memory_rss",
        "container_spec_memory_limit_bytes",
        "kube_pod_container_resource_limits",
        "kube_pod_container_status_restarts_total",
        "container_oom_events_total",
    ]
    .contains(&name)
}

fn pod(labels: &Labels) -> Option<&str> {
    ["pod", "pod_name"].iter().find_map(|key| labels.get(*key)).map(String::as_str).filter(|pod| !pod.is_empty())
}

/// The sum of a pod has an empty container, its network one that is called POD.
fn container(labels: &Labels) -> Option<&str> {
    let named = ["container", "container_name"].iter().find_map(|key| labels.get(*key)).map(String::as_str);
    named.filter(|name| !name.is_empty() && *name != "POD")
}
