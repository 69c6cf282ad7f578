//! What a detector says.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::number;
use crate::{Cause, DetectorId, Item, Layer, Mark, Since, Undo, Verdict};

/// A named effect size next to the threshold it is judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Effect {
    /// The statistic's name, SciPy's or scikit-learn's where they have one.
    pub name: String,
    pub value: f64,
    /// At or over this the effect is large enough to be a mismatch (if the certainty is enough too).
    pub threshold: f64,
    /// The two ends of its 95 % interval, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub high: Option<f64>,
}

impl Effect {
    /// A named effect beside the threshold it is judged by, without an interval.
    pub fn new(name: &str, value: f64, threshold: f64) -> Self {
        Self { name: name.into(), value, threshold, low: None, high: None }
    }

    /// The same with the ends of its 95 % interval.
    pub fn with_interval(mut self, low: f64, high: f64) -> Self {
        self.low = Some(low);
        self.high = Some(high);
        self
    }

    /// How many times its threshold the effect is, from 0 to 10: beyond that, more is not worse.
    pub fn relative(&self) -> f64 {
        if self.threshold > 0.0 { (self.value.abs() / self.threshold).clamp(0.0, 10.0) } else { 1.0 }
    }

    /// How many times its threshold the effect is; the effect itself where there is no threshold to measure it by.
    pub fn over_threshold(&self) -> f64 {
        if self.threshold > 0.0 { self.value.abs() / self.threshold } else { self.value.abs() }
    }
}

/// What the value of a certainty is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CertaintyKind {
    /// A fact that was counted: the value is 0.
    Exact,
    P,
    /// Corrected for the number of tests (Benjamini and Hochberg).
    Q,
}

impl CertaintyKind {
    /// The name in JSON and in figures.
    pub fn id(self) -> &'static str {
        match self {
            CertaintyKind::Exact => "exact",
            CertaintyKind::P => "p",
            CertaintyKind::Q => "q",
        }
    }
}

/// How sure it is that the effect is not chance: a p or q (Benjamini-Hochberg) value, or `exact` for a fact that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Certainty {
    #[serde(rename = "name")]
    pub kind: CertaintyKind,
    pub value: f64,
}

impl Certainty {
    /// A fact counted in the data, not estimated: no chance is involved.
    pub fn exact() -> Self {
        Self { kind: CertaintyKind::Exact, value: 0.0 }
    }
    pub fn q(value: f64) -> Self {
        Self { kind: CertaintyKind::Q, value }
    }
    pub fn p(value: f64) -> Self {
        Self { kind: CertaintyKind::P, value }
    }
}

/// One line of the evidence of a finding: a labelled value for the table behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EvidenceLine {
    pub label: String,
    pub value: String,
}

/// Served rows that something concerns, of all that were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AffectedRows {
    pub rows: u64,
    pub of: u64,
}

impl AffectedRows {
    /// `all 4,000 served rows`, `40 % of 6,000 served rows`.
    pub fn words(self) -> String {
        let of = number::count(self.of);
        match self.rows {
            rows if rows == self.of => format!("all {of} served rows"),
            rows => format!("{} of {of} served rows", number::percent_of(rows, self.of)),
        }
    }
}

/// Number of rows on each side, keyed by snapshot role in words (`train`, `serve`, `test` …).
pub type SampleSizes = std::collections::BTreeMap<String, u64>;

// Serde hands the field over by reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(crate) fn is_change(standing: &bool) -> bool {
    !standing
}

/// One thing a detector found, or cleared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Stable within a diagnosis: the detector's id and the columns, hashed.
    pub id: String,
    /// The detector's id, such as `D1.column_drift`.
    pub detector: DetectorId,
    pub layer: Layer,
    pub item: Item,
    pub verdict: Verdict,
    /// Whether it is a weakness that was there before: news for the owner, not what changed in an incident.
    #[serde(default, skip_serializing_if = "is_change")]
    #[schema(required = false)]
    pub standing: bool,
    pub columns: Vec<String>,
    /// One plain sentence.
    pub statement: String,
    pub effect: Effect,
    pub certainty: Certainty,
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    pub n: SampleSizes,
    pub try_next: String,
    /// The cause that this finding alone would support. Suspects group findings and explain some of them away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cause: Option<Cause>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceLine>,
    /// Since when the served rows show it; absent where no time says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub since: Option<Since>,
    /// The served rows that it concerns, where it concerns some rows and not a distribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rows: Option<AffectedRows>,
    /// What brings its columns back to what training has, where something does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<Undo>,
    /// How much it matters, for ordering: the effect relative to its threshold, times the feature's importance where known.
    pub consequence: f64,
}

impl Finding {
    /// The stable id of a finding: FNV-1a over the detector and the columns, in hexadecimal.
    pub fn id_of(detector: &DetectorId, columns: &[String]) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let parts = std::iter::once(detector.as_str()).chain(columns.iter().map(String::as_str));
        for byte in parts.flat_map(|part| part.bytes().chain(std::iter::once(0x1f))) {
            hash ^= u64::from(byte);
            hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        }
        format!("{hash:016x}")
    }

    /// Names the cause it supports.
    pub fn for_cause(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self.standing |= cause.facts().stood_before;
        self
    }

    /// The sign of it in lists.
    pub fn mark(&self) -> Mark {
        Mark::of(self.verdict, self.standing)
    }

    /// Marks a weakness of a model that nothing compares with a stated goal or an earlier state: possible at most.
    pub fn as_standing(mut self) -> Self {
        self.standing = true;
        self.verdict = self.verdict.min(Verdict::Possible);
        self
    }

    /// Rows looked at on a side (`train`, `serve` …).
    pub fn with_n(mut self, side: &str, rows: u64) -> Self {
        self.n.insert(side.into(), rows);
        self
    }

    /// Says since when the served rows show it.
    pub fn with_since(self, since: Since) -> Self {
        Self { since: Some(since), ..self }
    }

    /// Says which of the served rows it concerns.
    pub fn concerning(self, rows: u64, of: u64) -> Self {
        Self { rows: Some(AffectedRows { rows, of }), ..self }
    }

    /// Says what undoes it.
    pub fn undone_by(mut self, undo: Undo) -> Self {
        self.undo.push(undo);
        self
    }

    /// Adds a line to the table of proof.
    pub fn with_evidence(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.evidence.push(EvidenceLine { label: label.into(), value: value.into() });
        self
    }

    /// Weighs its consequence by how much the column matters to the label (0 to 1), where that is known.
    pub fn with_importance(mut self, importance: Option<f64>) -> Self {
        if let Some(importance) = importance {
            self.consequence *= importance.clamp(0.05, 1.0);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_counts_up_to_ten_times_its_threshold() {
        assert_eq!(Effect::new("ks_statistic", 0.2, 0.1).relative(), 2.0);
        assert_eq!(Effect::new("ratio", 1e9, 2.0).relative(), 10.0);
        assert_eq!(Effect::new("difference", -0.3, 0.1).relative(), 0.3 / 0.1);
    }

    #[test]
    fn a_certainty_keeps_its_shape_in_json() {
        for (certainty, json) in [
            (Certainty::exact(), r#"{"name":"exact","value":0.0}"#),
            (Certainty::q(0.25), r#"{"name":"q","value":0.25}"#),
            (Certainty::p(0.5), r#"{"name":"p","value":0.5}"#),
        ] {
            assert_eq!(serde_json::to_string(&certainty).expect("a certainty is JSON"), json);
            assert_eq!(serde_json::from_str::<Certainty>(json).expect("and opens"), certainty);
        }
    }
}
