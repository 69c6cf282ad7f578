//! The mean losses of the eight combinations of the two sides' mechanisms, and the Shapley values of the three.

use super::models::{FOLDS, Models};
use super::{Overlap, SIDES, Side, Term};

/// The mechanisms in the order of the parts.
const MECHANISMS: usize = 3;
/// Every combination: whose inputs, whose answers, whose truth.
const CORNERS: usize = 1 << MECHANISMS;

/// What each mechanism adds to the mean loss.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parts {
    pub mix: Term,
    pub scoring: Term,
    pub concept: Term,
    /// What is left: the change of how label and prediction depend on each other beyond the inputs.
    pub unexplained: Term,
}

/// The mean losses of both sides, and what their difference is made of.
#[derive(Debug, Clone)]
pub struct Split {
    pub before: Term,
    pub after: Term,
    pub rise: Term,
    pub parts: Parts,
    /// For each row after, what scoring adds to its loss, whatever its label: to be summed over rows that have a mark.
    pub scoring_of_row: Vec<f64>,
    /// For each row of both sides, the loss expected of its inputs, averaged over whose answers and whose truth as the
    /// Shapley value of the mix does: its difference between the sides is the mix.
    pub expected_of_row: [Vec<f64>; SIDES],
}

/// What a row of either side adds to the mean of a corner, itself or through the residuals of the models.
type Rows = [Vec<f64>; SIDES];

impl Split {
    /// `lost_inputs` says that a column the system used is not among the inputs: then what label and prediction share
    /// beyond the inputs is the system's knowledge of that column, and losing it belongs to scoring.
    pub fn of(sides: [Side<'_>; SIDES], models: &Models, overlap: &Overlap, lost_inputs: bool) -> Self {
        let corners = Corners { sides, models, overlap };
        let losses = sides.map(|side| side.answers.losses());
        let mean = |side: usize| match side {
            0 => Term::of_means(&losses[0], &[]),
            _ => Term::of_means(&[], &losses[1]),
        };
        let minus: Vec<f64> = losses[0].iter().map(|loss| -loss).collect();
        Self {
            before: mean(0),
            after: mean(1),
            rise: Term::of_means(&minus, &losses[1]),
            parts: corners.parts(lost_inputs),
            scoring_of_row: corners.scoring_of_row(&losses[1]),
            expected_of_row: [0, 1].map(|rows| corners.expected_of_row(rows)),
        }
    }
}

struct Corners<'a> {
    sides: [Side<'a>; SIDES],
    models: &'a Models,
    overlap: &'a Overlap,
}

impl Corners<'_> {
    fn parts(&self, lost_inputs: bool) -> Parts {
        let independent: Vec<Rows> = (0..CORNERS).map(|corner| self.of(corner)).collect();
        // How label and prediction depend on each other has two mechanisms: whose inputs, and whose answers.
        let dependent: Vec<Rows> = (0..CORNERS).map(|corner| self.dependence(corner & 1, corner >> 1 & 1)).collect();
        let mut corners = independent;
        if lost_inputs {
            corners.iter_mut().zip(&dependent).for_each(|(sum, more)| add(sum, more, 1.0));
        }
        let part = |mechanism: usize| {
            let rows = shapley(&corners, mechanism);
            Term::of_means(&rows[0], &rows[1])
        };
        let left = match lost_inputs {
            true => Term::default(),
            false => {
                let mut rows = dependent[CORNERS - 1].clone();
                add(&mut rows, &dependent[0], -1.0);
                Term::of_means(&rows[0], &rows[1])
            }
        };
        Parts { mix: part(0), scoring: part(1), concept: part(2), unexplained: left }
    }

    fn nothing(&self) -> Rows {
        self.sides.map(|side| vec![0.0; side.answers.rows()])
    }

    /// The weight of a row of one side among the inputs of another.
    fn weight(&self, of: usize, to: usize, row: usize) -> f64 {
        if of == to { 1.0 } else { self.overlap.weights[of][row] }
    }

    /// The loss expected of a corner's rows, and the residuals of both models where they were fitted.
    fn of(&self, corner: usize) -> Rows {
        let (mix, scoring, concept) = (corner & 1, corner >> 1 & 1, corner >> 2 & 1);
        let mut rows = self.nothing();
        let scale = self.sides[0].answers.scale() / FOLDS as f64;
        for fold in 0..FOLDS {
            for k in 0..self.sides[0].answers.components() {
                let answers = |side: usize| self.sides[side].answers;
                let label = |on: usize| &self.models.label[concept][on][fold][k];
                let prediction = |on: usize| &self.models.prediction[scoring][on][fold][k];
                let variance = |expected: f64| answers(0).variance(expected);
                for (row, sum) in rows[mix].iter_mut().enumerate() {
                    let (p, h) = (label(mix)[row], prediction(mix)[row]);
                    *sum += scale * ((h - p).powi(2) + variance(p) + variance(h));
                }
                for (row, sum) in rows[concept].iter_mut().enumerate() {
                    let (p, h) = (label(concept)[row], prediction(concept)[row]);
                    let off = answers(concept).labels(k)[row] - p;
                    let residual = -2.0 * (h - p) * off + off * off - variance(p);
                    *sum += scale * self.weight(concept, mix, row) * residual;
                }
                for (row, sum) in rows[scoring].iter_mut().enumerate() {
                    let (p, h) = (label(scoring)[row], prediction(scoring)[row]);
                    let off = answers(scoring).predictions(k)[row] - h;
                    let residual = 2.0 * (h - p) * off + off * off - variance(h);
                    *sum += scale * self.weight(scoring, mix, row) * residual;
                }
            }
        }
        rows
    }

    /// What label and prediction share beyond the inputs, on the inputs of `mix` with the answers of `scoring`.
    fn dependence(&self, mix: usize, scoring: usize) -> Rows {
        let mut rows = self.nothing();
        let answers = self.sides[scoring].answers;
        for k in 0..answers.components() {
            let label = &self.models.label[scoring][scoring][0][k];
            let prediction = &self.models.prediction[scoring][scoring][0][k];
            for (row, sum) in rows[scoring].iter_mut().enumerate() {
                let both = (answers.labels(k)[row] - label[row]) * (answers.predictions(k)[row] - prediction[row]);
                *sum -= 2.0 * answers.scale() * self.weight(scoring, mix, row) * both;
            }
        }
        rows
    }

    /// The loss of a row after, less what the answers from before would have led to expect for its inputs and its label.
    fn scoring_of_row(&self, losses: &[f64]) -> Vec<f64> {
        let answers = self.sides[1].answers;
        let mut rows = losses.to_vec();
        for fold in 0..FOLDS {
            for k in 0..answers.components() {
                let before = &self.models.prediction[0][1][fold][k];
                for (row, sum) in rows.iter_mut().enumerate() {
                    let off = before[row] - answers.labels(k)[row];
                    *sum -= answers.scale() * (off * off + answers.variance(before[row])) / FOLDS as f64;
                }
            }
        }
        rows
    }

    fn expected_of_row(&self, rows: usize) -> Vec<f64> {
        let answers = self.sides[rows].answers;
        let mut expected = vec![0.0; answers.rows()];
        for (scoring, concept) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            // A mechanism that comes first or last stands in two of the six orders each way, else in one.
            let share = if scoring == concept { 1.0 / 3.0 } else { 1.0 / 6.0 };
            for fold in 0..FOLDS {
                for k in 0..answers.components() {
                    let label = &self.models.label[concept][rows][fold][k];
                    let prediction = &self.models.prediction[scoring][rows][fold][k];
                    for (row, sum) in expected.iter_mut().enumerate() {
                        let (p, h) = (label[row], prediction[row]);
                        let loss = (h - p).powi(2) + answers.variance(p) + answers.variance(h);
                        *sum += share * answers.scale() * loss / FOLDS as f64;
                    }
                }
            }
        }
        expected
    }
}

fn add(sum: &mut Rows, more: &Rows, times: f64) {
    for (sum, more) in sum.iter_mut().zip(more) {
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += times * more);
    }
}

/// What a mechanism adds, averaged over the orders in which the three can change.
fn shapley(corners: &[Rows], mechanism: usize) -> Rows {
    let bit = 1 << mechanism;
    let mut sum: Rows = [vec![0.0; corners[0][0].len()], vec![0.0; corners[0][1].len()]];
    for without in (0..CORNERS).filter(|corner| corner & bit == 0) {
        let weight = if without.count_ones() == 1 { 1.0 / 6.0 } else { 1.0 / 3.0 };
        add(&mut sum, &corners[without | bit], weight);
        add(&mut sum, &corners[without], -weight);
    }
    sum
}
