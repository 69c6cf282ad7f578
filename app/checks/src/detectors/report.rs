//! How a detector writes down what it found: one builder, so that every finding has the same fields.

use super::Detector;
use crate::thresholds::{CERTAINTY, SIGNIFICANCE};
use domain::finding::{Certainty, Effect, SampleSizes};
use domain::{Finding, Verdict};

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
            id: Finding::id_of(&self.id, &columns),
            detector: self.id.clone(),
            layer: self.item.layer(),
            item: self.item,
            verdict,
            standing: false,
            columns,
            statement,
            consequence: effect.relative(),
            effect,
            certainty,
            n: SampleSizes::new(),
            try_next: self.try_next.into(),
            cause: None,
            evidence: Vec::new(),
            since: None,
            rows: None,
            undo: Vec::new(),
        }
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
}
