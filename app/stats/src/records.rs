//! Values beyond all that were seen before: how far is too far?

use crate::quantiles::{mean, quantile};
use crate::special::gamma_q;

/// The share of the reference that describes its lower tail.
const TAIL: f64 = 0.05;

/// Chance that values below the minimum of a reference are as far below it in total, or farther: the distances of values
/// beyond the outermost one are taken for exponential with the mean of the reference's own tail (peaks over a threshold:
/// Davison and Smith 1990, JRSS B 52; an edge that holds has a shorter tail than that), so their sum is gamma distributed.
/// `step` is the smallest distance that counts, such as 1 for whole numbers. 1 without values below the minimum.
///
/// `reference` ascending.
pub fn chance_below_minimum(reference: &[f64], values: &[f64], step: f64) -> f64 {
    let Some(least) = reference.first().copied() else { return 1.0 };
    let beyond: Vec<f64> = values.iter().filter(|value| **value < least).map(|value| least - value).collect();
    if beyond.is_empty() {
        return 1.0;
    }
    let edge = quantile(reference, TAIL);
    let tail: Vec<f64> = reference.iter().take_while(|value| **value < edge).map(|value| edge - value).collect();
    let scale = if tail.is_empty() { 0.0 } else { mean(&tail) };
    gamma_q(beyond.len() as f64, beyond.iter().sum::<f64>() / scale.max(step).max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hundred() -> Vec<f64> {
        (0..=100).map(f64::from).collect()
    }

    #[test]
    fn the_chance_is_scipys_gamma_of_the_distances_over_the_tail() {
        // The 5 % quantile is 5, the tail is 5, 4, 3, 2, 1 below it: mean 3. scipy.special.gammaincc(2, 15 / 3) = 0.040428
        let found = chance_below_minimum(&hundred(), &[-5.0, -10.0, 50.0], 1.0);
        assert!((found - 0.040_427_682).abs() < 1e-8, "{found}");
    }

    #[test]
    fn nothing_below_is_certain_and_an_edge_without_a_tail_is_hard() {
        assert_eq!(chance_below_minimum(&hundred(), &[0.0, 7.0], 1.0), 1.0);
        assert_eq!(chance_below_minimum(&[], &[-1.0], 1.0), 1.0);
        let zeros: Vec<f64> = [vec![0.0; 50], hundred()].concat();
        let mut sorted = zeros;
        sorted.sort_by(f64::total_cmp);
        // Nothing is below the 5 % quantile: the step is the scale. exp(-20)
        assert!((chance_below_minimum(&sorted, &[-20.0], 1.0) - (-20.0_f64).exp()).abs() < 1e-12);
    }
}
