//! When a gate fails.

use domain::against::SinceEarlier;
use domain::{Diagnosis, Finding, Item, Verdict};

/// From which verdict on a finding fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    #[default]
    Mismatch,
    Possible,
    Never,
}

impl FailOn {
    fn fails(self, verdict: Verdict) -> bool {
        match self {
            FailOn::Mismatch => verdict == Verdict::Mismatch,
            FailOn::Possible => matches!(verdict, Verdict::Mismatch | Verdict::Possible),
            FailOn::Never => false,
        }
    }
}

/// What a gate fails for: what changed, and weaknesses that stood before, each from a verdict of its own on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    pub changes: FailOn,
    pub standing: FailOn,
}

impl Default for Gate {
    /// A pipeline that passed yesterday fails today only for what is new.
    fn default() -> Self {
        Self { changes: FailOn::Mismatch, standing: FailOn::Never }
    }
}

impl Gate {
    /// A gate that lets everything through.
    pub const OPEN: Gate = Gate { changes: FailOn::Never, standing: FailOn::Never };

    /// What an earlier report had as well closes no gate.
    pub fn fails(self, diagnosis: &Diagnosis, finding: &Finding) -> bool {
        let fail_on = if finding.standing { self.standing } else { self.changes };
        fail_on.fails(finding.verdict) && diagnosis.since_earlier(finding) != Some(SinceEarlier::Known)
    }

    /// Whether anything in the diagnosis fails.
    pub fn fails_for(self, diagnosis: &Diagnosis) -> bool {
        diagnosis.findings.iter().any(|finding| self.fails(diagnosis, finding))
    }

    /// Whether anything about one item fails.
    pub fn fails_item(self, item: Item, diagnosis: &Diagnosis) -> bool {
        diagnosis.findings.iter().any(|finding| finding.item == item && self.fails(diagnosis, finding))
    }
}
