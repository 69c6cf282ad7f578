//! Runs for the tests of detectors, with seeded random rows.

use domain::evaluation::{Classification, EvaluationRun, Predicted};
use domain::measurements::Measurements;
use domain::snapshot::{ColumnRole, Roles};

/// A binary run of `rows` whose scores are calibrated on a scale bent by `bend` (1 is calibrated, more is overconfident),
/// predicted at `threshold`; `positives` is the share of score mass on the positive side (0.5 is even).
pub struct Binary {
    pub rows: usize,
    pub threshold: f64,
    pub bend: f64,
    pub separation: f64,
    pub base_odds: f64,
    pub seed: u64,
}

impl Default for Binary {
    fn default() -> Self {
        Self { rows: 4_000, threshold: 0.5, bend: 1.0, separation: 3.0, base_odds: 0.0, seed: 1 }
    }
}

impl Binary {
    pub fn run(&self, split: &str) -> EvaluationRun {
        self.ranked(split, |score| score)
    }

    /// The same with the scores of the other class.
    pub fn ranked_by_the_other_class(&self, split: &str) -> EvaluationRun {
        self.ranked(split, |score| 1.0 - score)
    }

    fn ranked(&self, split: &str, given: impl Fn(f64) -> f64) -> EvaluationRun {
        let mut rng = stats::rng::Rng::new(self.seed);
        let share = |odds: f64| 1.0 / (1.0 + (-odds).exp());
        let (mut scores, mut truth) = (Vec::new(), Vec::new());
        for _ in 0..self.rows {
            // A sum of uniforms is near enough to a normal.
            let z = (0..12).map(|_| rng.next_f64()).sum::<f64>() - 6.0;
            let odds = self.base_odds + self.separation * z;
            truth.push(u32::from(rng.next_f64() < share(odds)));
            scores.push(given(share(odds * self.bend)));
        }
        let predicted: Vec<u32> = scores.iter().map(|score| u32::from(*score >= self.threshold)).collect();
        let rows = Classification {
            classes: &["no".to_owned(), "yes".to_owned()],
            truth: &truth,
            predicted: Predicted::Given(&predicted),
            positive: Some(1),
            score: Some(&scores),
            probabilities: &[],
        };
        rows.measure("run.csv", split)
    }
}

pub fn measurements(evaluations: Vec<EvaluationRun>) -> Measurements {
    let roles = Roles::from([(ColumnRole::Prediction, "answer")]);
    Measurements { roles, evaluations, ..Measurements::default() }
}
