//! Which inputs' relation to the label changed: a sparse correction of what the rows before lead to expect, as SGShift (2025)
//! makes it, with curves over bins instead of slopes.

use super::additive::curves;
use super::models::{FOLDS, Models};
use super::{Compared, Overlap, SIDES, Term};
use crate::boosted_trees::{BINS, BinnedRows};
use crate::distributions::normal_sf;
use crate::multiple::benjamini_hochberg;
use crate::rng::Rng;

/// Of the inputs that are named, this share is there by chance at most.
const FALSE_SHARE: f64 = 0.05;
const SEED: u64 = 0x636f_6e63;

/// One input's part of the change of what is true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Changed {
    /// The place of the feature.
    pub feature: usize,
    /// What the change adds to the mean loss of the rows after, with the answers that they got.
    pub adds: Term,
    /// That the relation is as before, after the correction for all features.
    pub q: f64,
}

/// The features whose relation to the label changed in both halves of the rows, the most certain first. What the models of
/// before get wrong before too is not a change.
pub fn changed_by_feature(compared: &Compared<'_>, models: &Models, overlap: &Overlap) -> Vec<Changed> {
    let features = compared.sides[0].features.features.len();
    let halves = compared.sides.map(|side| halved(side.answers.rows()));
    let mut weakest = vec![f64::INFINITY; features];
    let mut adds = vec![vec![0.0; compared.sides[1].answers.rows()]; features];
    for learnt in 0..2 {
        let parts = [learnt, 1 - learnt].map(|half| Part::of(compared, models, overlap, &halves, half));
        for (feature, (error, cost)) in tested(&parts[0], &parts[1], features).into_iter().enumerate() {
            weakest[feature] = weakest[feature].min(error);
            for (row, cost) in halves[1][1 - learnt].iter().zip(cost) {
                adds[feature][*row] = cost;
            }
        }
    }
    // By the half that shows it less: both have to.
    let p: Vec<f64> = weakest.iter().map(|errors| normal_sf(*errors)).collect();
    let q_values = benjamini_hochberg(&p);
    let mut found: Vec<Changed> = (0..features)
        .filter(|feature| q_values[*feature] <= FALSE_SHARE)
        .map(|feature| Changed { feature, adds: Term::of_means([adds[feature].as_slice()]), q: q_values[feature] })
        .collect();
    found.sort_by(|a, b| a.q.total_cmp(&b.q).then(b.adds.value.abs().total_cmp(&a.adds.value.abs())));
    found
}

fn halved(rows: usize) -> [Vec<usize>; 2] {
    let mut places: Vec<usize> = (0..rows).collect();
    Rng::new(SEED).shuffle(&mut places);
    let second = places.split_off(rows / 2);
    [places, second]
}

/// One half of the rows of both sides: what is left of the labels beyond what the rows before lead to expect.
struct Part {
    rows: [BinnedRows; SIDES],
    /// What all rows of a side have in common is no input's. `[component][side][row]`
    left: Vec<[Vec<f64>; SIDES]>,
    /// Of the rows before, how much each stands for rows after.
    weights: Vec<f64>,
    /// Of the rows after, what a label that is expected a little more adds to the loss: `[component][row]`
    slope: Vec<Vec<f64>>,
}

impl Part {
    fn of(
        compared: &Compared<'_>,
        models: &Models,
        overlap: &Overlap,
        halves: &[[Vec<usize>; 2]; SIDES],
        half: usize,
    ) -> Self {
        let rows = [0, 1].map(|side| compared.sides[side].features.taken(&halves[side][half]));
        let expected = |side: usize, k: usize, row: usize| {
            (0..FOLDS).map(|fold| models.label[0][side][fold][k][row]).sum::<f64>() / FOLDS as f64
        };
        let components = compared.sides[0].answers.components();
        let weights: Vec<f64> = halves[0][half].iter().map(|row| overlap.weights[0][*row]).collect();
        let left = components.clone().map(|k| {
            [0, 1].map(|side| {
                let labels = compared.sides[side].answers.labels(k);
                let left = halves[side][half].iter().map(|row| labels[*row] - expected(side, k, *row)).collect();
                centred(left, if side == 0 { &weights } else { &[] })
            })
        });
        let after = compared.sides[1].answers;
        let slope = components.map(|k| {
            let of_row = |row: &usize| after.scale() * after.slope(after.predictions(k)[*row], expected(1, k, *row));
            halves[1][half].iter().map(of_row).collect()
        });
        Self { rows, left: left.collect(), weights, slope: slope.collect() }
    }
}

/// Less their mean; without weights every value counts alike.
fn centred(values: Vec<f64>, weights: &[f64]) -> Vec<f64> {
    let weight = |row: usize| weights.get(row).copied().unwrap_or(1.0);
    let (sum, all) = values
        .iter()
        .enumerate()
        .fold((0.0, 0.0), |(sum, all), (row, value)| (sum + weight(row) * value, all + weight(row)));
    let mean = if all > 0.0 { sum / all } else { 0.0 };
    values.into_iter().map(|value| value - mean).collect()
}

/// What a curve says of the rows of either side: `[side][component][row]`.
type Said = [Vec<Vec<f64>>; SIDES];

impl Part {
    /// The change of each feature's relation to the label as this half shows it: `[component][feature]`.
    fn changed(&self) -> Vec<Vec<[f64; BINS]>> {
        let of_component = |left: &[Vec<f64>; SIDES]| {
            // First what is wrong before too, then what is left of it after.
            let before = curves(&[(&self.rows[0], left[0].as_slice(), Some(self.weights.as_slice()))]);
            let usual = sums(&before, &self.rows[1]);
            let beyond: Vec<f64> = left[1].iter().zip(usual).map(|(left, usual)| left - usual).collect();
            curves(&[(&self.rows[1], beyond.as_slice(), None)])
        };
        self.left.iter().map(of_component).collect()
    }

    /// By how many errors what is left of the labels follows this more after than before.
    fn errors(&self, said: &Said) -> f64 {
        let products = [0, 1].map(|side| {
            let sign = if side == 0 { -1.0 } else { 1.0 };
            let weight = |row: usize| if side == 0 { self.weights[row] } else { 1.0 };
            let of_row = |row: usize| {
                let products = said[side].iter().zip(&self.left).map(|(said, left)| said[row] * left[side][row]);
                sign * weight(row) * products.sum::<f64>()
            };
            (0..self.rows[side].rows).map(of_row).collect::<Vec<f64>>()
        });
        let term = Term::of_means([products[0].as_slice(), products[1].as_slice()]);
        if term.error > 0.0 { term.value / term.error } else { 0.0 }
    }

    /// What of this the other features can't say: only that is this feature's own. So is an input that follows a changed one not
    /// taken for it (the projected covariance measure of Lundborg et al. 2023, with curves).
    fn own(&self, feature: usize, said: &Said) -> Said {
        let others = [0, 1].map(|side| self.rows[side].without(&[feature]));
        let mut own = said.clone();
        for k in 0..self.left.len() {
            let mean = said[1][k].iter().sum::<f64>() / self.rows[1].rows.max(1) as f64;
            let centred: Vec<f64> = said[1][k].iter().map(|value| value - mean).collect();
            let follows = curves(&[(&others[1], centred.as_slice(), None)]);
            for side in 0..SIDES {
                let follow = sums(&follows, &others[side]);
                own[side][k].iter_mut().zip(follow).for_each(|(own, follow)| *own -= mean + follow);
            }
        }
        own
    }

    /// What the curve adds to the loss of each row after.
    fn costs(&self, said: &Said) -> Vec<f64> {
        let of_row = |row: usize| said[1].iter().zip(&self.slope).map(|(said, slope)| said[row] * slope[row]).sum();
        (0..self.rows[1].rows).map(of_row).collect()
    }
}

/// For each feature, by how many errors the other half's labels follow the curve that this half's labels have, and what the
/// curve adds to the loss of each of the other half's rows after.
fn tested(learnt: &Part, tested: &Part, features: usize) -> Vec<(f64, Vec<f64>)> {
    let changed = learnt.changed();
    let of_feature = |feature: usize| {
        let said = [0, 1].map(|side| {
            let bins = &tested.rows[side].features[feature];
            let of_component =
                |curves: &Vec<[f64; BINS]>| bins.iter().map(|bin| curves[feature][*bin as usize]).collect();
            changed.iter().map(of_component).collect::<Vec<Vec<f64>>>()
        });
        let costs = tested.costs(&said);
        let errors = tested.errors(&said);
        // What isn't certain even with what others may say is not named in any case.
        if normal_sf(errors) > FALSE_SHARE {
            return (errors, costs);
        }
        (errors.min(tested.errors(&tested.own(feature, &said))), costs)
    };
    (0..features).map(of_feature).collect()
}

/// The sum of the features' curves at each row.
fn sums(curves: &[[f64; BINS]], rows: &BinnedRows) -> Vec<f64> {
    let mut sums = vec![0.0; rows.rows];
    for (curve, bins) in curves.iter().zip(&rows.features) {
        sums.iter_mut().zip(bins).for_each(|(sum, bin)| *sum += curve[*bin as usize]);
    }
    sums
}

#[cfg(test)]
mod tests;
