//! How a detector writes down what it found: one builder, so that every finding carries the same parts.

use super::Detector;
use crate::finding::{Certainty, Effect, EvidenceLine, SampleSizes};
use crate::thresholds::{CERTAINTY, SIGNIFICANCE};
use crate::{Cause, Finding, Verdict};

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
}

impl Detector {
    /// A finding of this detector, to be completed with the `with_…` methods.
    pub fn finding(
        &self,
        verdict: Verdict,
        columns: &[&str],
        statement: String,
        effect: Effect,
        certainty: Certainty,
    ) -> Finding {
        let columns: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
        Finding {
            id: Finding::id_of(self.id, &columns),
            detector: self.id.into(),
            layer: self.item.layer(),
            item: self.item,
            verdict,
            columns,
            statement,
            consequence: effect.relative(),
            effect,
            certainty,
            n: SampleSizes::new(),
            try_next: self.try_next.into(),
            cause: None,
            evidence: Vec::new(),
        }
    }
}

impl Finding {
    /// Names the cause it speaks for.
    pub fn for_cause(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// Rows looked at on a side (`train`, `serve` …).
    pub fn with_n(mut self, side: &str, rows: u64) -> Self {
        self.n.insert(side.into(), rows);
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

/// The two bands of an effect: large enough to mention, and large enough to act on.
#[derive(Debug, Clone, Copy)]
pub struct Bands {
    pub possible: f64,
    pub mismatch: f64,
}

impl Bands {
    /// Effect *and* certainty: an effect in the upper band with `q` under [`CERTAINTY`] is a mismatch, one in either band
    /// with `q` under [`SIGNIFICANCE`] is possible, anything else is clear.
    pub fn verdict(self, effect: f64, q: f64) -> Verdict {
        if effect >= self.mismatch && q < CERTAINTY {
            Verdict::Mismatch
        } else if effect >= self.possible && q < SIGNIFICANCE {
            Verdict::Possible
        } else {
            Verdict::Clear
        }
    }
}

/// Of several findings with one id (one detector, the same columns) only the strongest.
pub fn strongest_of_each(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| b.verdict.cmp(&a.verdict).then(b.consequence.total_cmp(&a.consequence)));
    let mut seen = std::collections::BTreeSet::new();
    findings.retain(|finding| seen.insert(finding.id.clone()));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_needs_effect_and_certainty() {
        let bands = Bands { possible: 0.05, mismatch: 0.1 };
        assert_eq!(bands.verdict(0.2, 1e-6), Verdict::Mismatch);
        assert_eq!(bands.verdict(0.2, 0.005), Verdict::Possible, "large, but not certain enough to act on");
        assert_eq!(bands.verdict(0.07, 1e-6), Verdict::Possible, "certain, but small");
        assert_eq!(bands.verdict(0.2, 0.03), Verdict::Clear, "large, but chance explains it");
        assert_eq!(bands.verdict(0.01, 1e-300), Verdict::Clear, "certain, but too small to matter");
    }

    #[test]
    fn an_effect_counts_up_to_ten_times_its_threshold() {
        assert_eq!(Effect::new("ks_statistic", 0.2, 0.1).relative(), 2.0);
        assert_eq!(Effect::new("ratio", 1e9, 2.0).relative(), 10.0);
        assert_eq!(Effect::new("difference", -0.3, 0.1).relative(), 0.3 / 0.1);
    }
}
