//! The mean losses of the eight combinations of the two sides' mechanisms, and the Shapley values of the three.

use super::models::{FOLDS, Models};
use super::{Compared, Overlap, SIDES, Term};

/// The mechanisms in the order of the parts.
const MECHANISMS: usize = 3;
/// Every combination: whose inputs, whose answers, whose truth.
const CORNERS: usize = 1 << MECHANISMS;
/// Rows before, rows after, and broken rows after.
const SETS: usize = SIDES + 1;
/// Expectations of the label that vary by less than this are mostly noise of the trees, and say nothing of how their two sides
/// are related: a twenty-fifth of what the label of two equal classes varies.
const LEAST_VARIANCE: f64 = 0.01;

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
    /// For each row after, what scoring adds to its loss, given its label; of the broken rows those of the second list.
    pub scoring_of_row: [Vec<f64>; SIDES],
    /// For each row of both sides, the loss expected of its inputs, averaged over whose answers and whose truth as the
    /// Shapley value of the mix does: its difference between the sides is the mix.
    pub expected_of_row: [Vec<f64>; SIDES],
}

/// What each row adds to the mean of a corner, by itself or through the residuals of the models.
type Rows = [Vec<f64>; SETS];

impl Split {
    pub fn of(compared: &Compared<'_>, models: &Models, overlap: &Overlap) -> Self {
        let corners = Corners { compared, models, overlap };
        let observed = corners.observed();
        let [before, after, broken] = observed.each_ref().map(Vec::as_slice);
        let minus: Vec<f64> = before.iter().map(|loss| -loss).collect();
        Self {
            before: Term::of_means([before]),
            after: Term::of_means([after, broken]),
            rise: Term::of_means([minus.as_slice(), after, broken]),
            parts: corners.parts(),
            scoring_of_row: corners.scoring_of_row(),
            expected_of_row: [0, 1].map(|rows| corners.expected_of_row(rows)),
        }
    }
}

struct Corners<'a> {
    compared: &'a Compared<'a>,
    models: &'a Models,
    overlap: &'a Overlap,
}

impl Corners<'_> {
    fn parts(&self) -> Parts {
        let mut corners: Vec<Rows> = (0..CORNERS).map(|corner| self.with_broken(corner)).collect();
        let dependent: Vec<Rows> = (0..CORNERS).map(|corner| self.dependence(corner)).collect();
        let mut left = self.nothing();
        if self.compared.lost_knowledge {
            corners.iter_mut().zip(&dependent).for_each(|(sum, more)| add(sum, more, 1.0));
        } else {
            add(&mut left, &dependent[CORNERS - 1], 1.0);
            add(&mut left, &dependent[0], -1.0);
        }
        let part = |mechanism: usize| term(&shapley(&corners, mechanism));
        Parts { mix: part(0), scoring: part(1), concept: part(2), unexplained: term(&left) }
    }

    fn nothing(&self) -> Rows {
        let broken = self.compared.broken.map_or(0, |broken| broken.rows.answers.rows());
        let [before, after] = self.compared.sides.map(|side| side.answers.rows());
        [before, after, broken].map(|rows| vec![0.0; rows])
    }

    /// The share of the rows after that are broken.
    fn broken_share(&self) -> f64 {
        let broken = self.compared.broken.map_or(0, |broken| broken.rows.answers.rows()) as f64;
        broken / (broken + self.compared.sides[1].answers.rows() as f64).max(1.0)
    }

    /// The losses as they are. Those after are weighted so that the two sets together give their mean.
    fn observed(&self) -> Rows {
        let share = self.broken_share();
        let times = |losses: Vec<f64>, times: f64| losses.into_iter().map(|loss| times * loss).collect();
        let [before, after] = self.compared.sides.map(|side| side.answers.losses());
        let broken = self.compared.broken.map_or_else(Vec::new, |broken| broken.rows.answers.losses());
        [before, times(after, 1.0 - share), times(broken, share)]
    }

    /// The weight of a row of one side among the inputs of another.
    fn weight(&self, of: usize, to: usize, row: usize) -> f64 {
        if of == to { 1.0 } else { self.overlap.weights[of][row] }
    }

    /// A corner in which the answers after are those of whole and of broken rows, each with its share. What the model of the
    /// broken answers gets wrong where it can be compared is wrong everywhere else too.
    fn with_broken(&self, corner: usize) -> Rows {
        let (mix, scoring, concept) = mechanisms(corner);
        let mut rows = self.of(corner);
        let Some(broken) = self.compared.broken.filter(|_| scoring == 1) else { return rows };
        let share = self.broken_share();
        rows.iter_mut().flatten().for_each(|value| *value *= 1.0 - share);
        add(&mut rows, &self.if_broken(mix, concept), share);
        add(&mut rows, &self.if_broken(1, 1), -share);
        rows[SIDES] = broken.rows.answers.losses().into_iter().map(|loss| share * loss).collect();
        rows
    }

    /// The loss if every row were broken, with the inputs and the truth of these sides.
    fn if_broken(&self, mix: usize, concept: usize) -> Rows {
        let mut rows = self.nothing();
        let Some(answers) = &self.models.if_broken else { return rows };
        let true_of = self.compared.sides[concept].answers;
        let scale = true_of.scale() / FOLDS as f64;
        for fold in 0..FOLDS {
            for k in true_of.components() {
                let label = |on: usize| &self.models.label[concept][on][fold][k];
                for (row, sum) in rows[mix].iter_mut().enumerate() {
                    let (p, h) = (label(mix)[row], answers[mix][k][row]);
                    *sum += scale * ((h - p).powi(2) + true_of.variance(p) + true_of.variance(h));
                }
                for (row, sum) in rows[concept].iter_mut().enumerate() {
                    let (p, h) = (label(concept)[row], answers[concept][k][row]);
                    let off = true_of.labels(k)[row] - p;
                    let residual = -2.0 * (h - p) * off + off * off - true_of.variance(p);
                    *sum += scale * self.weight(concept, mix, row) * residual;
                }
            }
        }
        rows
    }

    /// The loss expected of a corner's rows, and the residuals of both models where they were fitted.
    fn of(&self, corner: usize) -> Rows {
        let (mix, scoring, concept) = mechanisms(corner);
        let mut rows = self.nothing();
        let answers = |side: usize| self.compared.sides[side].answers;
        let variance = |expected: f64| answers(0).variance(expected);
        let scale = answers(0).scale() / FOLDS as f64;
        for fold in 0..FOLDS {
            for k in answers(0).components() {
                let label = |on: usize| &self.models.label[concept][on][fold][k];
                let prediction = |on: usize| &self.models.prediction[scoring][on][fold][k];
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

    /// What label and prediction share beyond the inputs. It is known where answers and truth are of one side; with the
    /// truth of the other it is changed as the truth is.
    fn dependence(&self, corner: usize) -> Rows {
        let (mix, scoring, concept) = mechanisms(corner);
        let mut rows = self.nothing();
        let answers = self.compared.sides[scoring].answers;
        let whole = if scoring == 1 { 1.0 - self.broken_share() } else { 1.0 };
        let kept = if scoring == concept { 1.0 } else { self.truth_kept(scoring) };
        for k in answers.components() {
            let label = &self.models.label[scoring][scoring][0][k];
            let prediction = &self.models.prediction[scoring][scoring][0][k];
            for (row, sum) in rows[scoring].iter_mut().enumerate() {
                let both = (answers.labels(k)[row] - label[row]) * (answers.predictions(k)[row] - prediction[row]);
                *sum -= 2.0 * whole * kept * answers.scale() * self.weight(scoring, mix, row) * both;
            }
        }
        rows
    }

    /// How far the other side's truth follows that of this side: the slope of the one expectation of the label on the other.
    /// Where labels are turned at random, what anything says about them shrinks alike.
    fn truth_kept(&self, side: usize) -> f64 {
        let (mut both, mut own, mut rows) = (0.0, 0.0, 0.0);
        let here = &self.models.label[side][side][0];
        let there = &self.models.label[1 - side][side][0];
        for (here, there) in here.iter().zip(there) {
            let n = here.len().max(1) as f64;
            let (mean_here, mean_there) = (here.iter().sum::<f64>() / n, there.iter().sum::<f64>() / n);
            for (here, there) in here.iter().zip(there) {
                both += (here - mean_here) * (there - mean_there);
                own += (here - mean_here).powi(2);
            }
            rows += n;
        }
        if own > LEAST_VARIANCE * rows { (both / own).clamp(0.0, 1.0) } else { 1.0 }
    }

    /// The loss of a row after, less what the answers from before would have led to expect for its inputs and its label;
    /// for a broken row, less what they would have led to expect on average.
    fn scoring_of_row(&self) -> [Vec<f64>; SIDES] {
        let answers = self.compared.sides[1].answers;
        let mut before = vec![0.0; answers.rows()];
        for fold in 0..FOLDS {
            for k in answers.components() {
                let expected = &self.models.prediction[0][1][fold][k];
                for (row, sum) in before.iter_mut().enumerate() {
                    let off = expected[row] - answers.labels(k)[row];
                    *sum += answers.scale() * (off * off + answers.variance(expected[row])) / FOLDS as f64;
                }
            }
        }
        let usual = before.iter().sum::<f64>() / before.len().max(1) as f64;
        let broken = self.compared.broken.map_or_else(Vec::new, |broken| broken.rows.answers.losses());
        [
            answers.losses().iter().zip(&before).map(|(loss, before)| loss - before).collect(),
            broken.into_iter().map(|loss| loss - usual).collect(),
        ]
    }

    fn expected_of_row(&self, rows: usize) -> Vec<f64> {
        let answers = self.compared.sides[rows].answers;
        let mut expected = vec![0.0; answers.rows()];
        for (scoring, concept) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            // Before any change of the others, and after all of them, the mix comes in two of the six orders each.
            let share = if scoring == concept { 1.0 / 3.0 } else { 1.0 / 6.0 };
            for fold in 0..FOLDS {
                for k in answers.components() {
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

/// Whose inputs, whose answers and whose truth: 0 before, 1 after.
fn mechanisms(corner: usize) -> (usize, usize, usize) {
    (corner & 1, corner >> 1 & 1, corner >> 2 & 1)
}

fn term(rows: &Rows) -> Term {
    Term::of_means(rows.iter().map(Vec::as_slice))
}

fn add(sum: &mut Rows, more: &Rows, times: f64) {
    for (sum, more) in sum.iter_mut().zip(more) {
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += times * more);
    }
}

/// What a mechanism adds, averaged over the orders in which the three can change.
fn shapley(corners: &[Rows], mechanism: usize) -> Rows {
    let bit = 1 << mechanism;
    let mut sum: Rows = corners[0].each_ref().map(|rows| vec![0.0; rows.len()]);
    for without in (0..CORNERS).filter(|corner| corner & bit == 0) {
        let weight = if without.count_ones() == 1 { 1.0 / 6.0 } else { 1.0 / 3.0 };
        add(&mut sum, &corners[without | bit], weight);
        add(&mut sum, &corners[without], -weight);
    }
    sum
}
