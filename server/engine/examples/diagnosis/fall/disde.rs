//! DISDE, the opponent, written from its paper (Cai, Namkoong and Yadlowsky 2023): both sides are compared on the inputs
//! they share. It has two terms and no way to repair a column.

use stats::boosted_trees::{BinnedRows, BoostedTrees, Growth, stratified_folds};

/// In points of loss: the inputs, and the answers given the inputs.
#[derive(Clone, Copy, Debug)]
pub struct Disde {
    pub inputs: f64,
    pub given_inputs: f64,
}

/// From the inputs and the losses of both sides.
pub fn disde(before: (&BinnedRows, &[f64]), after: (&BinnedRows, &[f64]), seed: u64) -> Disde {
    let (p, q) = (before.0.rows, after.0.rows);
    let features = before.0.features.iter().zip(&after.0.features).map(|(a, b)| [a.as_slice(), b].concat()).collect();
    let both = BinnedRows { features, categorical: before.0.categorical.clone(), rows: p + q };
    let is_after: Vec<bool> = (0..p + q).map(|row| row >= p).collect();
    let targets: Vec<f64> = is_after.iter().map(|yes| f64::from(u8::from(*yes))).collect();
    let fold_of = stratified_folds(&is_after, 2, seed);
    let mut after_given = vec![0.0; p + q];
    for fold in 0..2 {
        let rows: Vec<usize> = (0..p + q).filter(|row| fold_of[*row] != fold).collect();
        let trees = BoostedTrees::grow(&both, &targets, &rows, Growth::QUICK, seed);
        for row in (0..p + q).filter(|row| fold_of[*row] == fold) {
            after_given[row] = trees.probability(&both, row);
        }
    }
    let alpha = q as f64 / (p + q) as f64;
    let shared = |of: f64, pi: f64| of / ((1.0 - alpha) * pi + alpha * (1.0 - pi));
    let weighted = |weights: &mut dyn Iterator<Item = f64>, losses: &[f64]| {
        let (sum, all) = weights.zip(losses).fold((0.0, 0.0), |(sum, all), (w, loss)| (sum + w * loss, all + w));
        sum / all
    };
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    let before_shared = weighted(&mut after_given[..p].iter().map(|pi| shared(*pi, *pi)), before.1);
    let after_shared = weighted(&mut after_given[p..].iter().map(|pi| shared(1.0 - pi, *pi)), after.1);
    let inputs = before_shared - mean(before.1) + mean(after.1) - after_shared;
    Disde { inputs: 100.0 * inputs, given_inputs: 100.0 * (after_shared - before_shared) }
}
