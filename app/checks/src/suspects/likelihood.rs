//! How likely a suspect is a cause: a logistic model of what speaks for it, estimated from corpora of known faults.
//!
//! `cargo xtask bench workshop` makes the corpora from tables that packages ship, judges them, and prints the weights with
//! their reliability; that on tables held out of everything is in the README.

use std::collections::HashMap;

use domain::{Finding, Suspect, Verdict};
use stats::intervals::{Estimate, Share, wilson};
use stats::logistic::probability;

use super::weight;

/// What speaks for a suspect, as numbers between about -1 and 2.
pub const EVIDENCE: usize = 10;

/// The constant, then one weight for each part of [`evidence`].
const WEIGHTS: [f64; EVIDENCE + 1] =
    [-3.5172, -0.1120, 3.1909, 0.9320, 1.8879, 0.0241, 2.4636, -0.2189, -0.1319, 0.7899, -1.3269];

/// Suspects of one bin of promised likelihood, in the corpora of held-out tables, which neither a weight nor a rule is from.
#[derive(Debug, Clone, Copy)]
pub struct Reliability {
    pub suspects: u64,
    /// The mean likelihood that was promised.
    pub promised: f64,
    /// How many were causes.
    pub causes: u64,
}

impl Reliability {
    /// With its 95 % interval (Wilson).
    pub fn share_of_causes(&self) -> Estimate {
        wilson(Share::new(self.causes, self.suspects))
    }
}

const fn bin(suspects: u64, promised: f64, causes: u64) -> Reliability {
    Reliability { suspects, promised, causes }
}

/// Ten bins of equal width.
pub const RELIABILITY: [Reliability; 10] = [
    bin(45, 0.035, 1),
    bin(16, 0.146, 1),
    bin(9, 0.252, 1),
    bin(7, 0.350, 0),
    bin(14, 0.463, 10),
    bin(53, 0.555, 24),
    bin(34, 0.648, 27),
    bin(79, 0.772, 69),
    bin(152, 0.855, 133),
    bin(1093, 0.972, 1063),
];

/// Certainties beyond one in ten billion are all the same.
const MOST_CERTAIN: f64 = 10.0;

/// What one suspect's findings come to, looked up once.
struct Carried {
    verdict: Option<Verdict>,
    least_chance: f64,
    effect: f64,
    /// Of the weight of all alarms of changes, its own and those it explains.
    share: f64,
}

impl Carried {
    fn by(suspect: &Suspect, by_id: &HashMap<&str, &Finding>, all: f64) -> Self {
        let of =
            |ids: &[String]| ids.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect::<Vec<&Finding>>();
        let own = of(&suspect.findings);
        let carried: f64 = own.iter().copied().chain(of(&suspect.explains)).map(weight).sum();
        Self {
            verdict: own.iter().map(|finding| finding.verdict).max(),
            least_chance: own.iter().map(|finding| finding.certainty.value).fold(1.0, f64::min),
            effect: own.iter().map(|finding| finding.effect.relative()).fold(0.0, f64::max),
            share: carried / all.max(f64::MIN_POSITIVE),
        }
    }
}

/// The parts of the evidence of each suspect of a diagnosis, among the others.
///
/// In order: whether it is a mismatch; how certain its surest finding is (digits of its p, a tenth each); the share of all
/// alarms that it carries, a mismatch weighing four times a possible one; by how much that is more than the next one's
/// share; its largest effect over its limit (logarithm); how specific the cause is; how many others are as urgent
/// (logarithm); how many findings it explains (logarithm); the effect of a mismatch; how certain it is times the share that
/// it carries.
pub fn evidence(suspects: &[Suspect], findings: &[Finding]) -> Vec<[f64; EVIDENCE]> {
    let by_id: HashMap<&str, &Finding> = findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
    let all: f64 = findings.iter().filter(|one| !one.standing && one.cause.is_some()).map(weight).sum();
    let carried: Vec<Carried> = suspects.iter().map(|suspect| Carried::by(suspect, &by_id, all)).collect();
    let of = |place: usize| {
        let (suspect, own) = (&suspects[place], &carried[place]);
        let rivals = || (0..suspects.len()).filter(|other| *other != place && !suspects[*other].standing);
        let next = rivals().map(|other| carried[other].share).fold(0.0, f64::max);
        let as_urgent = rivals().filter(|other| carried[*other].verdict >= own.verdict).count();
        let digits = -own.least_chance.max(10f64.powf(-MOST_CERTAIN)).log10();
        let share = own.share.min(1.0);
        let is_mismatch = f64::from(u8::from(own.verdict == Some(Verdict::Mismatch)));
        [
            is_mismatch,
            digits / MOST_CERTAIN,
            share,
            (share - next).clamp(-1.0, 1.0),
            own.effect.ln_1p(),
            f64::from(suspect.cause.facts().specificity.rank) / 14.0,
            (as_urgent as f64).ln_1p(),
            (suspect.explains.len() as f64).ln_1p(),
            is_mismatch * own.effect.ln_1p(),
            digits / MOST_CERTAIN * share,
        ]
    };
    (0..suspects.len()).map(of).collect()
}

/// The probability that each suspect is a cause.
pub fn likelihoods(suspects: &[Suspect], findings: &[Finding]) -> Vec<f64> {
    evidence(suspects, findings).iter().map(likelihood_of).collect()
}

/// The probability that a suspect with this evidence is a cause.
pub fn likelihood_of(evidence: &[f64; EVIDENCE]) -> f64 {
    probability(&WEIGHTS, evidence)
}
