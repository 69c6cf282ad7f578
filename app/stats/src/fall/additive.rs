//! A function of the inputs as a sum of functions of one input each.

use super::Term;
use crate::boosted_trees::{BINS, BinnedRows};

/// Rounds over all features, and how far a bin follows its mean residual in each: small steps in turn share what
/// correlated features have in common (Lou et al. 2012).
const ROUNDS: usize = 60;
const STEP: f64 = 0.1;
/// Rows that a bin must have beyond which its mean is believed by half.
const SHRINKAGE: f64 = 20.0;

/// Some rows, the value of each, and how much each counts.
pub(super) type Valued<'a> = (&'a BinnedRows, &'a [f64], Option<&'a [f64]>);

/// What each feature adds to the difference of the function's means between two sets of rows. The sum lacks what only
/// features together explain.
pub fn by_feature(sides: [&BinnedRows; 2], values: [&[f64]; 2]) -> Vec<Term> {
    let rows = (sides[0].rows + sides[1].rows).max(1) as f64;
    let mean = values.iter().flat_map(|side| side.iter()).sum::<f64>() / rows;
    let left: [Vec<f64>; 2] = values.map(|side| side.iter().map(|value| value - mean).collect());
    let curves = curves(&[(sides[0], &left[0], None), (sides[1], &left[1], None)]);
    let curve_of = |(feature, curve): (usize, &[f64; BINS])| {
        let of = |side: &BinnedRows, sign: f64| -> Vec<f64> {
            side.features[feature].iter().map(|bin| sign * curve[*bin as usize]).collect()
        };
        let (before, after) = (of(sides[0], -1.0), of(sides[1], 1.0));
        Term::of_means([before.as_slice(), after.as_slice()])
    };
    curves.iter().enumerate().map(curve_of).collect()
}

/// For each feature, what it adds to the values by bin.
pub(super) fn curves(sets: &[Valued<'_>]) -> Vec<[f64; BINS]> {
    let features = sets.first().map_or(0, |(rows, _, _)| rows.features.len());
    let mut left: Vec<Vec<f64>> = sets.iter().map(|(_, values, _)| values.to_vec()).collect();
    let mut curves = vec![[0.0; BINS]; features];
    for _ in 0..ROUNDS {
        for (feature, curve) in curves.iter_mut().enumerate() {
            let mut cells = [(0.0, 0.0); BINS];
            for ((rows, _, weights), left) in sets.iter().zip(&left) {
                for (row, (bin, value)) in rows.features[feature].iter().zip(left).enumerate() {
                    let weight = weights.map_or(1.0, |weights| weights[row]);
                    let cell = &mut cells[*bin as usize];
                    *cell = (cell.0 + weight * value, cell.1 + weight);
                }
            }
            let steps = cells.map(|(sum, rows)| STEP * sum / (rows + SHRINKAGE));
            curve.iter_mut().zip(steps).for_each(|(curve, step)| *curve += step);
            for ((rows, _, _), left) in sets.iter().zip(&mut left) {
                rows.features[feature].iter().zip(left).for_each(|(bin, value)| *value -= steps[*bin as usize]);
            }
        }
    }
    curves
}
