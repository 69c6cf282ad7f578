//! Logistic regression with a ridge penalty.

use super::linear::solve;

/// Fits `P(y) = 1 / (1 + exp(-(w0 + w . x)))` by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani and
/// Friedman 2009, section 4.4.1), with the penalty `ridge / 2 * |w|^2` on all weights but the first. With `ridge` `1 / C` these
/// are scikit-learn's coefficients.
///
/// `rows` are of one length; the answer has one weight more, the constant first. `None` without rows, or when the weights run
/// away (which a positive ridge rules out).
pub fn fit(rows: &[Vec<f64>], truth: &[bool], ridge: f64) -> Option<Vec<f64>> {
    let width = rows.first()?.len() + 1;
    let mut weights = vec![0.0; width];
    for _ in 0..STEPS {
        let (gradient, curvature) = derivatives(rows, truth, &weights, ridge);
        let step = solve(curvature, gradient)?;
        for (weight, by) in weights.iter_mut().zip(&step) {
            *weight -= by;
        }
        if step.iter().all(|by| by.abs() < CONVERGED) {
            return weights.iter().all(|weight| weight.is_finite()).then_some(weights);
        }
    }
    None
}

const STEPS: usize = 100;
const CONVERGED: f64 = 1e-10;

/// The probability that a fitted model gives to one row.
pub fn probability(weights: &[f64], row: &[f64]) -> f64 {
    let (constant, weights) = weights.split_first().map_or((0.0, &[][..]), |(constant, rest)| (*constant, rest));
    let sum = constant + weights.iter().zip(row).map(|(weight, value)| weight * value).sum::<f64>();
    1.0 / (1.0 + (-sum).exp())
}

fn derivatives(rows: &[Vec<f64>], truth: &[bool], weights: &[f64], ridge: f64) -> (Vec<f64>, Vec<Vec<f64>>) {
    let width = weights.len();
    let mut gradient: Vec<f64> = weights.iter().map(|weight| ridge * weight).collect();
    let mut curvature = vec![vec![0.0; width]; width];
    for (place, row) in curvature.iter_mut().enumerate() {
        row[place] = ridge;
    }
    // A small one on the constant keeps the matrix invertible where all rows have one truth.
    gradient[0] = 0.0;
    curvature[0][0] = 1e-9;
    for (row, truth) in rows.iter().zip(truth) {
        let probability = probability(weights, row);
        let error = probability - f64::from(u8::from(*truth));
        let spread = probability * (1.0 - probability);
        let with_constant: Vec<f64> = std::iter::once(1.0).chain(row.iter().copied()).collect();
        for (i, a) in with_constant.iter().enumerate() {
            gradient[i] += error * a;
            for (j, b) in with_constant.iter().enumerate() {
                curvature[i][j] += spread * a * b;
            }
        }
    }
    (gradient, curvature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_of_scikit_learn() {
        // LogisticRegression(C=1.0) on these eight rows, scikit-learn 1.9.1, tol=1e-12.
        let rows = [[0.5, 1.0], [1.5, -1.0], [2.0, 0.5], [3.0, 1.5], [0.2, -0.5], [2.5, -1.5], [3.5, 0.0], [1.0, 2.0]];
        let truth = [false, false, true, true, false, true, true, false];
        let rows: Vec<Vec<f64>> = rows.iter().map(|row| row.to_vec()).collect();
        let weights = fit(&rows, &truth, 1.0).expect("a ridge keeps the weights finite");
        let expected = [-2.332016463, 1.328931760, -0.060238431];
        for (found, wanted) in weights.iter().zip(expected) {
            assert!((found - wanted).abs() < 1e-6, "{weights:?}");
        }
    }

    #[test]
    fn without_anything_to_learn_from_the_share_is_the_probability() {
        let rows: Vec<Vec<f64>> = (0..10).map(|_| vec![1.0]).collect();
        let truth: Vec<bool> = (0..10).map(|row| row < 3).collect();
        let weights = fit(&rows, &truth, 1.0).expect("it converges");
        assert!((probability(&weights, &[1.0]) - 0.3).abs() < 1e-6);
        assert!(fit(&[], &[], 1.0).is_none());
    }
}
