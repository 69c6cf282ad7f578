//! How far the inputs of both sides overlap, and the weights that make the one side's inputs like the other's.

use super::SIDES;
use crate::boosted_trees::{BinnedRows, BoostedTrees, Growth, stratified_folds};
use crate::cross_validation::area;

const FOLDS: usize = 2;
/// A row never stands for more than this many: the few rows that look like the other side would decide everything.
const HEAVIEST: f64 = 20.0;

/// The overlap of the inputs.
#[derive(Debug, Clone)]
pub struct Overlap {
    /// The area under the ROC curve of a classifier of the sides that has not seen the rows: 0.5 where they are alike, 1
    /// where nothing overlaps.
    pub auc: f64,
    /// Of each side, the share of its rows that is left when they are weighted to look like the other's (Kish 1965).
    pub effective: [f64; SIDES],
    /// Of each side, the weight of each row that makes it look like the other side; 1 on average.
    pub(super) weights: [Vec<f64>; SIDES],
}

impl Overlap {
    /// The same inputs and seed always give the same weights.
    pub fn measure(sides: [&BinnedRows; SIDES], seed: u64) -> Self {
        let [before, after] = sides;
        let features = before.features.iter().zip(&after.features).map(|(a, b)| [a.as_slice(), b].concat()).collect();
        let rows = before.rows + after.rows;
        let both = BinnedRows { features, categorical: before.categorical.clone(), rows };
        let is_after: Vec<bool> = (0..rows).map(|row| row >= before.rows).collect();
        let probabilities = out_of_fold(&both, &is_after, seed);
        let auc = area(&probabilities, &is_after).map_or(0.5, |area| area.value);
        let odds_before = before.rows as f64 / after.rows.max(1) as f64;
        let to_after = probabilities[..before.rows].iter().map(|p| p / (1.0 - p) * odds_before);
        let to_before = probabilities[before.rows..].iter().map(|p| (1.0 - p) / p / odds_before);
        let weights = [normalised(to_after), normalised(to_before)];
        let effective = [effective_share(&weights[0]), effective_share(&weights[1])];
        Self { auc, effective, weights }
    }
}

fn out_of_fold(data: &BinnedRows, yes: &[bool], seed: u64) -> Vec<f64> {
    let fold_of = stratified_folds(yes, FOLDS, seed);
    let targets: Vec<f64> = yes.iter().map(|yes| f64::from(u8::from(*yes))).collect();
    let mut probabilities = vec![0.0; data.rows];
    for fold in 0..FOLDS {
        let rows: Vec<usize> = (0..data.rows).filter(|row| fold_of[*row] != fold).collect();
        let trees = BoostedTrees::grow(data, &targets, &rows, Growth::QUICK, seed.wrapping_add(fold as u64));
        for row in (0..data.rows).filter(|row| fold_of[*row] == fold) {
            probabilities[row] = trees.probability(data, row);
        }
    }
    probabilities
}

fn normalised(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let weights: Vec<f64> = weights.map(|weight| weight.min(HEAVIEST)).collect();
    let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
    weights.into_iter().map(|weight| if mean > 0.0 { weight / mean } else { 1.0 }).collect()
}

fn effective_share(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares / weights.len() as f64 } else { 0.0 }
}
