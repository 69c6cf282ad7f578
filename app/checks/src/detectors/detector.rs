//! What a detector is, and what it concludes.

use domain::measurements::Measurements;
use domain::{Cause, ColumnRole, DetectorId, Finding, Item, Need, Task};

use super::template;

/// The code that looks at one way an item can fail, with its product text: the page, the command line's `explain` and
/// the reference show these same words.
pub struct Detector {
    /// Item code and name, such as `D1.column_drift`.
    pub id: DetectorId,
    pub item: Item,
    pub title: &'static str,
    pub looks_for: &'static str,
    pub why_it_matters: &'static str,
    /// A template: `{DRIFT_KS}` stands for the limit of that name as a number, `{NULL_DIFFERENCE:%}` as a percentage, so
    /// that the text can't differ from the limit. Read it by [`Detector::decision`].
    pub how_it_decides: &'static str,
    pub try_next: &'static str,
    /// The causes that its findings can indicate.
    pub causes: &'static [Cause],
    /// The tasks it covers: of another one it says that it does not judge it.
    pub tasks: &'static [Task],
    pub judge: fn(&Measurements) -> Judgement,
}

impl Detector {
    /// What it looks at: what it asks for when the columns have names and nothing else is there.
    pub fn inputs(&self) -> Vec<Need> {
        let roles = ColumnRole::ALL.iter().map(|role| (*role, role.id())).collect();
        match (self.judge)(&Measurements { roles, ..Measurements::default() }) {
            Judgement::NoEvidence { missing } => missing,
            Judgement::Judged { .. } => Vec::new(),
        }
    }

    /// How it decides, with its limits filled in.
    pub fn decision(&self) -> String {
        template::filled(self.how_it_decides)
    }
}

/// What a detector concludes.
#[derive(Debug, Clone)]
pub enum Judgement {
    /// It could not look; all that is missing.
    NoEvidence { missing: Vec<Need> },
    /// It looked. No findings means clear; `summary` says what was looked at, in one sentence.
    Judged { summary: String, findings: Vec<Finding> },
}

impl Judgement {
    pub fn missing(what: impl Into<Need>) -> Self {
        Judgement::NoEvidence { missing: vec![what.into()] }
    }

    /// What was found; nothing when it could not look.
    pub fn findings(self) -> Vec<Finding> {
        match self {
            Judgement::Judged { findings, .. } => findings,
            Judgement::NoEvidence { .. } => Vec::new(),
        }
    }
}
