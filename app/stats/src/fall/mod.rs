//! What a rise of the mean loss is made of, from labelled rows with predictions before and after, and without the model.
//!
//! Three things can differ between two sides: who arrives (the *mix* of the inputs), what the system answers for the same
//! inputs (*scoring*), and what is true for the same inputs (*concept*). Every combination of the two sides' three
//! mechanisms has a mean loss, eight in all, and each mechanism's part is its Shapley value (Shapley 1953; Budhathoki et
//! al. 2021 for changes of distributions).
//!
//! The eight means stand on cross-fitted models of the label and of the prediction given the inputs, corrected by their
//! own residuals, weighted to the other side's inputs (augmented inverse probability weighting: Robins et al. 1994;
//! Quintas-Martínez et al. 2024 for changes). So a part is right to the first order where either the models or the weights
//! are, and its standard error includes that of the models.

mod additive;
mod concept;
mod corners;
mod models;
mod overlap;
pub mod slices;

use super::boosted_trees::BinnedRows;

pub use additive::by_feature;
pub use concept::{Changed, changed_by_feature};
pub use corners::{Parts, Split};
pub use models::{Answers, Models};
pub use overlap::Overlap;

/// One side: its inputs, what was true and what the system answered.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub features: &'a BinnedRows,
    pub answers: &'a Answers,
}

/// Rows after in which some inputs were destroyed. They are like the other rows after in all else, so what their inputs
/// were is known of those; only their answers are their own.
#[derive(Debug, Clone, Copy)]
pub struct Broken<'a> {
    pub rows: Side<'a>,
    /// The destroyed inputs, by their place among the features.
    pub lost: &'a [usize],
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// Before and after, the latter without the broken rows.
    pub sides: [Side<'a>; SIDES],
    pub broken: Option<Broken<'a>>,
    /// Whether the system's answers depend on something that is not among the inputs as they are here: a column that is lost
    /// in every row, or one that was repaired. What label and prediction share beyond the inputs is then the system's
    /// knowledge of it, and losing that belongs to scoring.
    pub lost_knowledge: bool,
}

/// Before and after.
pub(crate) const SIDES: usize = 2;

/// An estimate with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Term {
    pub value: f64,
    pub error: f64,
}

impl Term {
    /// A sum of means over independent sets of rows.
    pub fn of_means<'a>(sets: impl IntoIterator<Item = &'a [f64]>) -> Self {
        let sums = sets.into_iter().map(mean_and_variance);
        let (value, variance) = sums.fold((0.0, 0.0), |sum, set| (sum.0 + set.0, sum.1 + set.1));
        Self { value, error: variance.sqrt() }
    }
}

/// The mean, and the variance of the mean.
fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    (mean, squares / (n - 1.0).max(1.0) / n)
}

#[cfg(test)]
mod tests;
