//! The diagnosis: what one run of all checks says. Its JSON is a contract; changes are additive.

use serde::{Deserialize, Serialize};

use crate::detectors::{self, Judgement};
use crate::learning_curve::{CurveReading, LearningCurve};
use crate::measurements::{Coverage, Measurements};
use crate::mute::MuteNow;
use crate::snapshot::{Roles, SnapshotRole};
use crate::{Comparison, EvaluationRun, Finding, Item, Layer, Suspect, Verdict};

/// The version of the JSON.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    pub version: u32,
    /// Name and version of the program, `mismatch 0.1.0`.
    pub tool: String,
    pub inputs: Vec<Input>,
    pub roles: Roles,
    pub layers: Vec<LayerResult>,
    pub comparisons: Vec<Comparison>,
    pub evaluations: Vec<EvaluationRun>,
    #[serde(default)]
    pub learning_curves: Vec<ReadCurve>,
    pub findings: Vec<Finding>,
    pub suspects: Vec<Suspect>,
    /// How much of the map had what it needs.
    pub coverage: Coverage,
    /// Of a view with mutes: what people said about its findings, whether it still holds or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mutes: Vec<MuteNow>,
    /// Of a view with mutes: the suspects for whom nothing but muted findings speaks, with the rank they had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub muted_suspects: Vec<Suspect>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub role: SnapshotRole,
    pub name: String,
    pub rows: u64,
    pub columns: u64,
    pub sha256: String,
    /// What the reader noticed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerResult {
    pub layer: Layer,
    pub verdict: Verdict,
    /// The verdict with the muted findings, where they make it another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmuted: Option<Verdict>,
    pub items: Vec<ItemResult>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemResult {
    #[serde(rename = "code")]
    pub item: Item,
    pub verdict: Verdict,
    /// The verdict with the muted findings, where they make it another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmuted: Option<Verdict>,
    /// What would have to be added for it to be checked (or checked fully); empty when nothing is missing.
    pub missing: Vec<String>,
    /// What each of its detectors concluded.
    #[serde(default)]
    pub detectors: Vec<DetectorResult>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectorResult {
    pub detector: String,
    pub verdict: Verdict,
    /// What it looked at, or what it lacked, in one sentence.
    pub summary: String,
}

/// A learning curve beside what was read off it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadCurve {
    pub curve: LearningCurve,
    pub readings: Vec<CurveReading>,
}

/// Runs every detector and puts the results on the map.
pub fn judge(measurements: &Measurements) -> (Vec<LayerResult>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut results: Vec<(Item, DetectorResult, Vec<String>)> = Vec::new();
    for detector in detectors::all() {
        let (verdict, summary, missing) = match (detector.judge)(measurements) {
            Judgement::NoEvidence { missing } => {
                (Verdict::NoEvidence, format!("Needs {}.", missing.join(" and ")), missing)
            }
            Judgement::Judged { summary, findings: found } => {
                let verdict = Verdict::of_group(found.iter().map(|finding| finding.verdict).chain([Verdict::Clear]));
                findings.extend(found);
                (verdict, summary, Vec::new())
            }
        };
        results.push((detector.item, DetectorResult { detector: detector.id.into(), verdict, summary }, missing));
    }
    findings
        .sort_by(|a, b| b.verdict.cmp(&a.verdict).then(b.consequence.total_cmp(&a.consequence)).then(a.id.cmp(&b.id)));
    let layers = Layer::ALL.into_iter().map(|layer| layer_result(layer, &results)).collect();
    (layers, findings)
}

/// Orders findings of one verdict by the suspect they belong to: what accuses the prime suspect, what it explains, then the
/// next suspect's, and last those that belong to none; within each by consequence.
pub fn put_causes_before_consequences(findings: &mut [Finding], suspects: &[Suspect]) {
    let place = |finding: &Finding| {
        let accuses = suspects.iter().position(|suspect| suspect.findings.contains(&finding.id)).map(|rank| 2 * rank);
        let is_explained = || suspects.iter().position(|suspect| suspect.explains.contains(&finding.id));
        accuses.or_else(|| is_explained().map(|rank| 2 * rank + 1)).unwrap_or(usize::MAX)
    };
    findings.sort_by(|a, b| {
        b.verdict.cmp(&a.verdict).then(place(a).cmp(&place(b))).then(b.consequence.total_cmp(&a.consequence))
    });
}

fn layer_result(layer: Layer, results: &[(Item, DetectorResult, Vec<String>)]) -> LayerResult {
    let items: Vec<ItemResult> = layer.items().map(|item| item_result(item, results)).collect();
    LayerResult { layer, verdict: Verdict::of_group(items.iter().map(|item| item.verdict)), unmuted: None, items }
}

fn item_result(item: Item, results: &[(Item, DetectorResult, Vec<String>)]) -> ItemResult {
    let mine: Vec<_> = results.iter().filter(|(of, _, _)| *of == item).collect();
    let verdict = Verdict::of_group(mine.iter().map(|(_, result, _)| result.verdict));
    let mut missing: Vec<String> = Vec::new();
    for need in mine.iter().flat_map(|(_, _, needs)| needs) {
        if !missing.contains(need) {
            missing.push(need.clone());
        }
    }
    if mine.is_empty() {
        missing.push(item.needs().to_owned());
    }
    let detectors = mine.iter().map(|(_, result, _)| result.clone()).collect();
    ItemResult { item, verdict, unmuted: None, missing, detectors }
}

/// Items with any verdict but `no evidence`, of all.
pub fn coverage(layers: &[LayerResult]) -> Coverage {
    let items = layers.iter().flat_map(|layer| &layer.items);
    let checked = items.clone().filter(|item| item.verdict != Verdict::NoEvidence).count();
    Coverage { checked_items: checked as u32, items: items.count() as u32 }
}
