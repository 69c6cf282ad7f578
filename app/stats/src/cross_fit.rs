//! Trees fitted fold by fold, asked about rows of two samples so that the answers can be compared.

use super::boosted_trees::{BinnedRows, BoostedTrees, stratified_folds};
use super::rng::Rng;

/// Trees fitted to all folds except one, for each fold.
#[derive(Debug, Clone)]
pub struct CrossFit {
    fold_of: Vec<usize>,
    trees: Vec<BoostedTrees>,
}

impl CrossFit {
    /// Fits to targets from 0 to 1. The same inputs and seed always give the same trees.
    pub fn fit(data: &BinnedRows, targets: &[f64], folds: usize, seed: u64) -> Self {
        let large: Vec<bool> = targets.iter().map(|target| *target > 0.5).collect();
        let fold_of = stratified_folds(&large, folds, seed);
        let trees = (0..folds)
            .map(|fold| {
                let rows: Vec<usize> = (0..data.rows).filter(|row| fold_of[*row] != fold).collect();
                BoostedTrees::fit_shares(data, targets, &rows, seed.wrapping_add(fold as u64))
            })
            .collect();
        Self { fold_of, trees }
    }

    /// What the trees that have not seen the row expect, for the rows fitted to.
    pub fn out_of_fold(&self, data: &BinnedRows) -> Vec<f64> {
        (0..data.rows).map(|row| self.trees[self.fold_of[row]].probability(data, row)).collect()
    }

    /// What the trees of one fold, drawn for each row, expect of rows that no fold has seen. Their mean would be better than
    /// what a single fold says of its own rows; one fold each makes both samples exchangeable when nothing changed.
    pub fn elsewhere(&self, data: &BinnedRows, seed: u64) -> Vec<f64> {
        let mut rng = Rng::new(seed);
        (0..data.rows).map(|row| self.trees[rng.below(self.trees.len())].probability(data, row)).collect()
    }
}
