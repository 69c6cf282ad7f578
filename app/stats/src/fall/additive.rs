//! A function of the inputs as a sum of functions of one input each.

use super::Term;
use crate::boosted_trees::{BINS, BinnedRows};

/// Rounds over all features, and how far a bin follows its mean residual in each: small steps in turn share what
/// correlated features have in common (Lou et al. 2012).
const ROUNDS: usize = 60;
const STEP: f64 = 0.1;
/// Rows that a bin must have beyond which its mean is believed by half.
const SHRINKAGE: f64 = 20.0;

/// What each feature adds to the difference of the function's means between two sets of rows. The sum lacks what only
/// features together explain.
pub fn by_feature(sides: [&BinnedRows; 2], values: [&[f64]; 2]) -> Vec<Term> {
    let features = sides[0].features.len();
    let rows = (sides[0].rows + sides[1].rows).max(1) as f64;
    let mean = values.iter().flat_map(|side| side.iter()).sum::<f64>() / rows;
    let mut left: [Vec<f64>; 2] = values.map(|side| side.iter().map(|value| value - mean).collect());
    let mut curves = vec![[0.0; BINS]; features];
    for _ in 0..ROUNDS {
        for (feature, curve) in curves.iter_mut().enumerate() {
            let mut cells = [(0.0, 0.0); BINS];
            for (side, left) in sides.iter().zip(&left) {
                for (bin, value) in side.features[feature].iter().zip(left) {
                    let cell = &mut cells[*bin as usize];
                    *cell = (cell.0 + value, cell.1 + 1.0);
                }
            }
            let steps = cells.map(|(sum, rows)| STEP * sum / (rows + SHRINKAGE));
            curve.iter_mut().zip(steps).for_each(|(curve, step)| *curve += step);
            for (side, left) in sides.iter().zip(&mut left) {
                side.features[feature].iter().zip(left).for_each(|(bin, value)| *value -= steps[*bin as usize]);
            }
        }
    }
    let curve_of = |(feature, curve): (usize, &[f64; BINS])| {
        let of = |side: &BinnedRows, sign: f64| -> Vec<f64> {
            side.features[feature].iter().map(|bin| sign * curve[*bin as usize]).collect()
        };
        let (before, after) = (of(sides[0], -1.0), of(sides[1], 1.0));
        Term::of_means([before.as_slice(), after.as_slice()])
    };
    curves.iter().enumerate().map(curve_of).collect()
}
