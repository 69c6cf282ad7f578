//! How likely a suspect is a cause: a logistic model of what speaks for it, learnt from corpora of known faults.
//!
//! `cargo xtask bench workshop` makes the corpora from tables that packages ship, judges them, and prints the weights with
//! their reliability on tables left out of the fit; the figures are in the README.

use domain::{Finding, Suspect, Verdict};
use stats::intervals::{Estimate, Share, wilson};
use stats::logistic::probability;

use super::weight;

/// What speaks for a suspect, as numbers between about -1 and 2.
pub const EVIDENCE: usize = 8;

/// The constant, then one weight for each part of [`evidence`].
const WEIGHTS: [f64; EVIDENCE + 1] = [-3.5974, 0.1153, 1.8834, 1.2444, 1.2056, 0.3205, 2.2181, 0.1349, 0.0040];

/// Suspects of one bin of promised likelihood, in the corpora that the weights are from, each table left out in its turn.
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
    bin(75, 0.065, 3),
    bin(73, 0.144, 8),
    bin(43, 0.249, 12),
    bin(62, 0.345, 30),
    bin(95, 0.451, 31),
    bin(152, 0.549, 108),
    bin(125, 0.651, 79),
    bin(233, 0.759, 178),
    bin(520, 0.854, 404),
    bin(1232, 0.950, 1187),
];

/// Certainties beyond one in ten billion are all the same.
const MOST_CERTAIN: f64 = 10.0;

/// The parts of the evidence of a suspect among the others of its diagnosis.
///
/// In order: whether it is a mismatch; how certain its surest finding is (digits of its p, a tenth each); the share of all
/// alarms that it carries, a mismatch weighing four times a possible one; by how much that is more than the next one's
/// share; its largest effect over its limit (logarithm); how specific the cause is; how many others are as urgent
/// (logarithm); how many findings it explains (logarithm).
pub fn evidence(suspect: &Suspect, suspects: &[Suspect], findings: &[Finding]) -> [f64; EVIDENCE] {
    let of = |ids: &[String]| findings.iter().filter(|finding| ids.contains(&finding.id)).collect::<Vec<_>>();
    let own = of(&suspect.findings);
    let verdict_of = |suspect: &Suspect| of(&suspect.findings).iter().map(|finding| finding.verdict).max();
    let all: f64 = findings.iter().filter(|one| !one.standing && one.cause.is_some()).map(weight).sum();
    let share = |suspect: &Suspect| {
        let carried: f64 = of(&suspect.findings).into_iter().chain(of(&suspect.explains)).map(weight).sum();
        carried / all.max(f64::MIN_POSITIVE)
    };
    let rivals: Vec<&Suspect> =
        suspects.iter().filter(|other| !other.standing && other.findings != suspect.findings).collect();
    let next = rivals.iter().map(|other| share(other)).fold(0.0, f64::max);
    let least_chance = own.iter().map(|finding| finding.certainty.value).fold(1.0, f64::min);
    let digits = -least_chance.max(10f64.powf(-MOST_CERTAIN)).log10();
    let effect = own.iter().map(|finding| finding.effect.relative()).fold(0.0, f64::max);
    let verdict = verdict_of(suspect);
    let as_urgent = rivals.iter().filter(|other| verdict_of(other) >= verdict).count();
    let carried = share(suspect).min(1.0);
    [
        f64::from(u8::from(verdict == Some(Verdict::Mismatch))),
        digits / MOST_CERTAIN,
        carried,
        (carried - next).clamp(-1.0, 1.0),
        effect.ln_1p(),
        f64::from(suspect.cause.facts().specificity.rank) / 14.0,
        (as_urgent as f64).ln_1p(),
        (suspect.explains.len() as f64).ln_1p(),
    ]
}

/// The probability that the suspect is a cause.
pub fn likelihood(suspect: &Suspect, suspects: &[Suspect], findings: &[Finding]) -> f64 {
    probability(&WEIGHTS, &evidence(suspect, suspects, findings))
}
