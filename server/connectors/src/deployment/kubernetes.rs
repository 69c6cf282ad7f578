//! Kubernetes: objects as `kubectl get -o json` or `-o yaml` writes them, manifests, and lists of the API:
//! <https://kubernetes.io/docs/reference/kubernetes-api/>.

use std::collections::{BTreeMap, BTreeSet};

use domain::Problem;
use domain::number::counted;
use serde_json::Value;

use super::kubernetes_object::{Object, TOOL};
use super::{kubernetes_pods as pods, kubernetes_scaling as scaling, kubernetes_workloads as workloads};
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

pub(super) static OBJECTS: Connector = Connector {
    id: "kubernetes",
    tool: TOOL,
    words: "Kubernetes objects of kubectl get or a manifest, JSON or YAML",
    proven_on: "apps/v1, v1, autoscaling/v2, metrics.k8s.io/v1beta1",
    takes: "versions and digests, limits, restarts, kills, probes, rollout, what can be rolled back to, autoscaling, events, variables",
    leaves: "objects of other kinds, which are counted; values that look secret",
    recognise,
    read,
};

/// The kinds that are read.
const KINDS: [&str; 9] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Pod",
    "Event",
    "HorizontalPodAutoscaler",
    "PodMetrics",
    "List",
];

fn recognise(seen: &Seen<'_>) -> bool {
    let known = |word: Option<&str>| {
        word.is_some_and(|word| KINDS.contains(&word) || KINDS.contains(&word.trim_end_matches("List")))
    };
    let object = known(seen.json.word("kind")) && seen.json.has_all(&["apiVersion", "metadata"]);
    let in_list = seen.json.has("items[].metadata")
        && (known(seen.json.word("kind"))
            || seen.json.has("items[].apiVersion") && known(seen.json.word("items[].kind")));
    let empty_list = known(seen.json.word("kind")) && seen.json.has_all(&["apiVersion", "items"]);
    let in_yaml = || {
        let kind = seen.text.lines().any(|line| known(line.strip_prefix("kind: ").map(str::trim)));
        seen.has_line("apiVersion:") && (kind || seen.has_line("items:") || seen.has_line("- apiVersion:"))
    };
    object || in_list || empty_list || in_yaml()
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let is_json = given.text()?.trim_start().trim_start_matches('\u{feff}').starts_with('{');
    let documents = if is_json { vec![given.json()?] } else { given.yaml()? };
    let mut all = Vec::new();
    let several = documents.len() > 1;
    for (place, document) in documents.iter().enumerate() {
        collect(document, if several { format!("document {}", place + 1) } else { String::new() }, &mut all);
    }
    let mut brought = Brought::default();
    let of = |kinds: &[&str]| all.iter().filter(|object| kinds.contains(&object.kind.as_str())).collect::<Vec<_>>();
    let workloads = of(&["Deployment", "StatefulSet", "DaemonSet"]);
    let replica_sets = of(&["ReplicaSet"]);
    let pods = of(&["Pod"]);
    for workload in &workloads {
        workloads::bring(workload, &replica_sets, &mut brought);
    }
    pods::bring(&pods, workloads.is_empty(), &mut brought);
    pods::pulled(&pods, &mut brought.observations.deployments);
    for scaler in of(&["HorizontalPodAutoscaler"]) {
        scaling::bring(scaler, &workloads, &mut brought);
    }
    let events = of(&["Event"]);
    scaling::events(&events, &mut brought);
    scaling::usage(&of(&["PodMetrics"]), &mut brought);
    leave(&all, &mut brought);
    let mut seen = BTreeSet::new();
    brought.facts.settings.retain(|setting| seen.insert((setting.name.clone(), setting.value.clone())));
    if brought.count() == 0 {
        brought.warnings.push("It holds no deployment, pod, autoscaler, event or usage.".to_owned());
    }
    Ok(brought)
}

/// The objects of a document. The API leaves the kind of a list's elements away.
fn collect<'v>(document: &'v Value, place: String, all: &mut Vec<Object<'v>>) {
    let kind = json::text(document, &["kind"]).unwrap_or_default();
    let Some(items) = document.get("items").and_then(Value::as_array) else {
        all.push(Object { kind: kind.to_owned(), value: document, place });
        return;
    };
    let of_list = kind.strip_suffix("List").unwrap_or_default();
    let prefix = if place.is_empty() { String::new() } else { format!("{place}, ") };
    all.extend(items.iter().enumerate().map(|(number, value)| Object {
        kind: json::text(value, &["kind"]).unwrap_or(of_list).to_owned(),
        value,
        place: format!("{prefix}items[{number}]"),
    }));
}

/// Counts what is of another kind.
fn leave(all: &[Object<'_>], brought: &mut Brought) {
    let mut others: BTreeMap<&str, u64> = BTreeMap::new();
    for object in all.iter().filter(|object| !KINDS.contains(&object.kind.as_str()) && !object.kind.is_empty()) {
        *others.entry(object.kind.as_str()).or_default() += 1;
    }
    brought.left.extend(
        others.into_iter().take(20).map(|(kind, count)| format!("{} of kind {kind}", counted(count, "object"))),
    );
}
