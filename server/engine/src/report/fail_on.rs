//! When a gate fails.

use domain::{Diagnosis, Verdict};

/// From which verdict on a gate fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    #[default]
    Mismatch,
    Possible,
    Never,
}

impl FailOn {
    pub fn fails(self, verdict: Verdict) -> bool {
        match self {
            FailOn::Mismatch => verdict == Verdict::Mismatch,
            FailOn::Possible => matches!(verdict, Verdict::Mismatch | Verdict::Possible),
            FailOn::Never => false,
        }
    }

    /// Whether anything on the map fails.
    pub fn fails_for(self, diagnosis: &Diagnosis) -> bool {
        diagnosis.layers.iter().any(|layer| self.fails(layer.verdict))
    }
}
