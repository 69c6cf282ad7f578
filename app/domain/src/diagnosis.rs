//! The diagnosis: what one run of all checks says. Its JSON is a contract; changes are additive.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::{Object, ObjectBuilder, Type};

use crate::against::{Against, SinceEarlier};
use crate::decision::{Decision, Ruling};
use crate::guard::Guard;
use crate::learning_curve::{CurveReading, LearningCurve};
use crate::measurements::Coverage;
use crate::mute::MuteNow;
use crate::need::Need;
use crate::number;
use crate::reading::Reading;
use crate::running::Running;
use crate::snapshot::{Roles, SnapshotRole};
use crate::told::ToldFile;
use crate::{Comparison, DetectorId, EvaluationRun, Fall, Finding, Item, Layer, Mark, OverTime, Suspect, Verdict};

/// The version of the JSON.
pub const VERSION: u32 = 1;

/// What one run of all checks says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Diagnosis {
    /// Version of this contract. Fields are only ever added.
    #[schema(schema_with = version_schema)]
    pub version: u32,
    /// Name and version of the program, `mismatch 0.1.0`.
    pub tool: String,
    pub inputs: Vec<Input>,
    /// What was read in one of several plausible ways.
    #[serde(default)]
    #[schema(required)]
    pub readings: Vec<Reading>,
    pub roles: Roles,
    pub layers: Vec<LayerResult>,
    // What charts draw is most of its bytes. A copy shares it: a view with other findings and suspects costs little.
    #[schema(value_type = Vec<Comparison>)]
    pub comparisons: Arc<Vec<Comparison>>,
    #[schema(value_type = Vec<EvaluationRun>)]
    pub evaluations: Arc<Vec<EvaluationRun>>,
    #[serde(default)]
    #[schema(required, value_type = Vec<ReadCurve>)]
    pub learning_curves: Arc<Vec<ReadCurve>>,
    /// What is known along time; absent where nothing is.
    #[serde(default, skip_serializing_if = "is_timeless")]
    #[schema(required = false, value_type = OverTime)]
    pub over_time: Arc<OverTime>,
    /// The system as it runs; absent where nothing is known of it.
    #[serde(default, skip_serializing_if = "is_unknown")]
    #[schema(required = false, value_type = Running)]
    pub running: Arc<Running>,
    /// What each file of another tool says by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<ToldFile>,
    pub findings: Vec<Finding>,
    pub suspects: Vec<Suspect>,
    /// What would have caught the findings; absent where nothing would. Title and investigation are filled in for who exports it.
    #[serde(default, skip_serializing_if = "is_unguarded")]
    #[schema(required = false, value_type = Guard)]
    pub guard: Arc<Guard>,
    /// How much of the map had what it needs.
    pub coverage: Coverage,
    /// What a fall of the performance is made of; absent where nothing says how the model does on both sides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fall: Option<Fall>,
    /// Of a view with mutes: what people said about its findings, whether it still holds or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mutes: Vec<MuteNow>,
    /// Of a view with mutes: the suspects that only muted findings support, with the rank they had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub muted_suspects: Vec<Suspect>,
    /// Of a view with decisions: those about its suspects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
    /// Of a view with decisions: the suspects that people ruled out, with the rank they had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ruled_out_suspects: Vec<Suspect>,
    /// What became of the findings of an earlier report, where it was compared with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub against: Option<Against>,
}

impl Diagnosis {
    /// The mute of a finding, whether it still holds or not.
    pub fn mute_of(&self, finding: &Finding) -> Option<&MuteNow> {
        self.mutes.iter().find(|one| one.mute.finding == finding.id)
    }

    pub fn is_muted(&self, finding: &Finding) -> bool {
        self.mute_of(finding).is_some_and(|one| one.back.is_none())
    }

    /// What was decided about a suspect.
    pub fn decision_about(&self, suspect: &Suspect) -> Option<&Decision> {
        let key = suspect.key();
        self.decisions.iter().find(|decision| decision.suspect == key)
    }

    /// The suspects that people confirmed, with their decisions.
    pub fn confirmed(&self) -> impl Iterator<Item = (&Suspect, &Decision)> {
        let decided = self.suspects.iter().filter_map(|suspect| Some((suspect, self.decision_about(suspect)?)));
        decided.filter(|(_, decision)| decision.ruling == Ruling::Confirmed)
    }

    /// The first suspect, if it is of something that changed.
    pub fn prime_suspect(&self) -> Option<&Suspect> {
        self.suspects.first().filter(|suspect| !suspect.standing || self.decision_about(suspect).is_some())
    }

    /// The sign of an item on the map.
    pub fn mark_of(&self, item: &ItemResult) -> Mark {
        Mark::of(item.verdict, self.is_standing(item)).unless_partly(item.checks().is_partly())
    }

    /// The sign of a layer on the map.
    pub fn mark_of_layer(&self, layer: &LayerResult) -> Mark {
        Mark::of(layer.verdict, self.is_layer_standing(layer)).unless_partly(layer.is_partly_checked())
    }

    /// Whether all that an item's verdict rests on stood before: nothing that changed is at that verdict.
    fn is_standing(&self, item: &ItemResult) -> bool {
        let heard = self.findings.iter().filter(|finding| finding.item == item.item && !self.is_muted(finding));
        let deciding: Vec<&Finding> = heard.filter(|finding| finding.verdict == item.verdict).collect();
        item.verdict >= Verdict::Possible && !deciding.is_empty() && deciding.iter().all(|finding| finding.standing)
    }

    /// The same of a layer: all of its items with its verdict stood before.
    fn is_layer_standing(&self, layer: &LayerResult) -> bool {
        let mut deciding = layer.items.iter().filter(|item| item.verdict == layer.verdict).peekable();
        layer.verdict >= Verdict::Possible && deciding.peek().is_some() && deciding.all(|item| self.is_standing(item))
    }

    /// What a finding is next to the earlier report; none without one.
    pub fn since_earlier(&self, finding: &Finding) -> Option<SinceEarlier> {
        self.against.as_ref().map(|against| against.of(&finding.id))
    }

    /// The findings that are not as they were in the earlier report: all without one.
    pub fn changed_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| self.since_earlier(finding) != Some(SinceEarlier::Known))
    }

    /// The suspect that explains a finding away: the finding is a consequence of it.
    pub fn explaining(&self, finding: &Finding) -> Option<&Suspect> {
        self.suspects.iter().find(|suspect| suspect.explains.contains(&finding.id))
    }

    /// Whether a finding neither supports a suspect nor is explained by one.
    pub fn is_unexplained(&self, finding: &Finding) -> bool {
        let supports = |suspect: &Suspect| suspect.findings.contains(&finding.id);
        self.explaining(finding).is_none() && !self.suspects.iter().any(supports)
    }

    /// Whether a suspect whose own findings are muted explains it.
    pub fn is_explained_by_muted(&self, finding: &Finding) -> bool {
        self.muted_suspects.iter().any(|suspect| suspect.explains.contains(&finding.id))
    }

    /// Whether every finding behind the verdict of an item is a consequence of what another item shows.
    pub fn is_consequence(&self, item: &ItemResult) -> bool {
        let heard = self.findings.iter().filter(|finding| finding.item == item.item && !self.is_muted(finding));
        let deciding: Vec<&Finding> = heard.filter(|finding| finding.verdict == item.verdict).collect();
        let explained = |finding: &&Finding| self.explaining(finding).is_some_and(|suspect| suspect.item != item.item);
        item.verdict >= Verdict::Possible && !deciding.is_empty() && deciding.iter().all(explained)
    }

    /// The muted findings of an item.
    pub fn muted_of(&self, item: Item) -> usize {
        self.findings.iter().filter(|finding| finding.item == item && self.is_muted(finding)).count()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LayerResult {
    pub layer: Layer,
    pub verdict: Verdict,
    /// The verdict with the muted findings, where they make it another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unmuted: Option<Verdict>,
    pub items: Vec<ItemResult>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemResult {
    #[serde(rename = "code")]
    pub item: Item,
    pub verdict: Verdict,
    /// The verdict with the muted findings, where they make it another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unmuted: Option<Verdict>,
    /// What would have to be added for it to be checked (or checked fully), in words; empty when nothing is missing.
    pub missing: Vec<String>,
    /// The same as types; empty in diagnoses from before there were types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// What each of its detectors concluded.
    #[serde(default)]
    #[schema(required)]
    pub detectors: Vec<DetectorResult>,
    /// How many of its checks were made; absent in diagnoses from before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub checks: Option<ChecksMade>,
}

/// Checks that were made, of those that apply to the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChecksMade {
    pub made: u32,
    pub of: u32,
}

impl ChecksMade {
    /// Some were made and some were not.
    pub fn is_partly(self) -> bool {
        self.made > 0 && self.made < self.of
    }

    /// `2 of 4 checks`
    pub fn words(self) -> String {
        format!("{} of {}", self.made, number::counted(u64::from(self.of), "check"))
    }
}

impl LayerResult {
    /// Whether an item, or a check of an item, could not be made while others could.
    pub fn is_partly_checked(&self) -> bool {
        let is_open = |item: &ItemResult| item.verdict == Verdict::NoEvidence || item.checks().is_partly();
        self.items.iter().any(|item| item.verdict != Verdict::NoEvidence) && self.items.iter().any(is_open)
    }
}

impl ItemResult {
    /// How many of its checks were made; without a count of their own, its detectors are counted.
    pub fn checks(&self) -> ChecksMade {
        let made = self.detectors.iter().filter(|result| result.verdict != Verdict::NoEvidence).count();
        self.checks.unwrap_or(ChecksMade { made: made as u32, of: self.detectors.len() as u32 })
    }

    /// What is missing, in words, each with its type where it is known.
    pub fn lacks(&self) -> impl Iterator<Item = (&str, Option<&Need>)> {
        let typed = self.needs.len() == self.missing.len();
        self.missing.iter().enumerate().map(move |(place, words)| {
            let need = if typed { self.needs.get(place) } else { None };
            (words.as_str(), need)
        })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DetectorResult {
    pub detector: DetectorId,
    pub verdict: Verdict,
    /// What it looked at, or what it lacked, in one sentence.
    pub summary: String,
}

// Serde hands the field over by reference.
fn is_timeless(over_time: &Arc<OverTime>) -> bool {
    over_time.is_empty()
}

fn is_unknown(running: &Arc<Running>) -> bool {
    running.is_empty()
}

// The same.
fn is_unguarded(guard: &Arc<Guard>) -> bool {
    guard.is_empty()
}

fn version_schema() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([VERSION])).build()
}

/// A learning curve beside what was read off it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReadCurve {
    pub curve: LearningCurve,
    pub readings: Vec<CurveReading>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_stored_before_needs_were_typed_still_says_what_it_lacks() {
        let stored = r#"{"code":"D4","verdict":"no evidence","missing":["the name of the label column"]}"#;
        let item: ItemResult = serde_json::from_str(stored).expect("an old item opens");
        assert_eq!(item.lacks().collect::<Vec<_>>(), [("the name of the label column", None)]);
        let kept = serde_json::to_value(&item).expect("an item is JSON");
        assert_eq!(kept["missing"], serde_json::json!(["the name of the label column"]));
        assert!(kept.get("needs").is_none());
    }
}
