//! The diagnosis as SARIF 2.1.0, which code hosts show next to a change:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. A finding is a result that failed, an item that was
//! checked one that passed, and an item that could not be checked an open one: it is never told as passed.

use std::collections::BTreeSet;

use checks::detectors;
use domain::against::SinceEarlier;
use domain::diagnosis::{Input, ItemResult};
use domain::markup::percent_encoded;
use domain::{DetectorId, Diagnosis, Finding, Item, Problem, Verdict};
use serde_json::{Value, json};

use super::Gate;
use super::wording::proof;

/// Files that a result names at most.
const MOST_LOCATIONS: usize = 10;

/// `gate` decides what is an error; what it lets through is a warning or a note.
///
/// # Errors
/// When it can't be written as JSON, which is a fault of ours.
pub fn render(diagnosis: &Diagnosis, gate: Gate) -> Result<String, Problem> {
    let (name, version) = diagnosis.tool.split_once(' ').unwrap_or((&diagnosis.tool, ""));
    let items = diagnosis.layers.iter().flat_map(|layer| &layer.items);
    let found = diagnosis.findings.iter().map(|finding| of_finding(finding, diagnosis, gate));
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": name, "semanticVersion": version, "rules": rules(diagnosis) } },
            "artifacts": diagnosis.inputs.iter().map(artifact).collect::<Vec<_>>(),
            "results": found.chain(items.filter_map(of_item)).collect::<Vec<_>>(),
            "columnKind": "unicodeCodePoints",
        }],
    });
    serde_json::to_string_pretty(&log)
        .map(|text| text + "\n")
        .map_err(|error| Problem::internal(format!("The report can't be written as SARIF: {error}.")))
}

/// The detectors that found something, then the items.
fn rules(diagnosis: &Diagnosis) -> Vec<Value> {
    let ids: BTreeSet<&DetectorId> = diagnosis.findings.iter().map(|finding| &finding.detector).collect();
    let detectors = ids.into_iter().filter_map(detectors::find).map(|detector| {
        json!({
            "id": detector.id.as_str(),
            "shortDescription": { "text": detector.title },
            "fullDescription": { "text": detector.looks_for },
            "help": { "text": detector.why_it_matters },
        })
    });
    let items =
        Item::ALL.iter().map(|item| json!({ "id": item.code(), "shortDescription": { "text": item.question() } }));
    detectors.chain(items).collect()
}

fn artifact(input: &Input) -> Value {
    json!({
        "location": { "uri": percent_encoded(&input.name) },
        "hashes": { "sha-256": input.sha256 },
        "properties": { "role": input.role.id() },
    })
}

fn of_finding(finding: &Finding, diagnosis: &Diagnosis, gate: Gate) -> Value {
    let level = match finding.verdict {
        _ if gate.fails(diagnosis, finding) => "error",
        Verdict::Mismatch => "warning",
        Verdict::Possible | Verdict::NoEvidence | Verdict::Clear => "note",
    };
    let mut result = json!({
        "ruleId": finding.detector.as_str(),
        "kind": "fail",
        "level": level,
        "message": { "text": format!("{} ({}) Try next: {}", finding.statement, proof(finding), finding.try_next) },
        "locations": locations(finding, diagnosis),
        "partialFingerprints": { "mismatchFinding/v1": finding.id },
        "properties": {
            "item": finding.item.code(),
            "layer": finding.layer.id(),
            "verdict": finding.verdict.word(),
            "standing": finding.standing,
            "columns": finding.columns,
        },
    });
    if let Some(since) = diagnosis.since_earlier(finding) {
        result["baselineState"] = json!(baseline_state(since));
    }
    result
}

/// What a result is next to those of an earlier run (3.27.24).
fn baseline_state(since: SinceEarlier) -> &'static str {
    match since {
        SinceEarlier::New => "new",
        SinceEarlier::Worse => "updated",
        SinceEarlier::Known => "unchanged",
    }
}

/// The files whose rows it speaks of; all where it names no side.
fn locations(finding: &Finding, diagnosis: &Diagnosis) -> Vec<Value> {
    let is_of = |input: &&Input| finding.n.is_empty() || finding.n.contains_key(input.role.id());
    let columns: Vec<Value> =
        finding.columns.iter().take(MOST_LOCATIONS).map(|column| json!({ "name": column, "kind": "member" })).collect();
    let at = |input: &Input| {
        json!({
            "physicalLocation": { "artifactLocation": { "uri": percent_encoded(&input.name) } },
            "logicalLocations": columns,
        })
    };
    diagnosis.inputs.iter().filter(is_of).take(MOST_LOCATIONS).map(at).collect()
}

/// `None` where findings say it.
fn of_item(item: &ItemResult) -> Option<Value> {
    let (kind, text) = match item.verdict {
        Verdict::Clear => ("pass", "Checked, and nothing was found.".to_owned()),
        Verdict::NoEvidence => ("open", format!("Not checked: it needs {}.", item.missing.join("; "))),
        Verdict::Possible | Verdict::Mismatch => return None,
    };
    Some(json!({ "ruleId": item.item.code(), "kind": kind, "level": "none", "message": { "text": text } }))
}
