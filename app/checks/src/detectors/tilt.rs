//! What a selection of rows does to a column: rows with larger values become more (or less) frequent, and no value changes.

use crate::detectors::affine::spread;
use crate::thresholds::{CERTAINTY, OFFSET_OVER_SELECTION};
use stats::quantiles::{mean, median};
use stats::two_sample::ks_pvalue_asymp;

/// Steps of the bisection for the strength of a tilt, and where it begins: at this strength all weight is at one end.
const STEPS: usize = 40;
const STRONGEST: f64 = 60.0;

/// The Kolmogorov-Smirnov distance that remains between `current` and the rows of `reference`, weighted so that the means
/// agree: the smaller one of weights `exp(t x)` and `exp(t rank)`, the exponential tilts of the values and of their ranks.
/// 1 where no weights give the mean. Both ascending.
fn residual(reference: &[f64], current: &[f64]) -> f64 {
    let unit = spread(reference);
    if reference.is_empty() || current.is_empty() || unit <= 0.0 {
        return 1.0;
    }
    let (middle, n) = (median(reference), reference.len() as f64);
    let by_value = |place: usize| ((reference[place] - middle) / unit).clamp(-STRONGEST, STRONGEST);
    let by_rank = |place: usize| (place as f64 + 0.5) / n - 0.5;
    left_by(&by_value, reference, current).min(left_by(&by_rank, reference, current))
}

/// Whether no weights along the column make `reference` look like `current`, while a map of its values, which leaves the
/// distance `with_map`, does far better. Both ascending.
pub fn is_excluded(reference: &[f64], current: &[f64], with_map: f64) -> bool {
    let selected = residual(reference, current);
    with_map <= OFFSET_OVER_SELECTION * selected
        && ks_pvalue_asymp(selected, reference.len(), current.len()) < CERTAINTY
}

fn left_by(along: &dyn Fn(usize) -> f64, reference: &[f64], current: &[f64]) -> f64 {
    let wanted = mean(current);
    let weights = |strength: f64| -> Vec<f64> {
        let top = (0..reference.len()).map(|place| strength * along(place)).fold(f64::NEG_INFINITY, f64::max);
        (0..reference.len()).map(|place| (strength * along(place) - top).exp()).collect()
    };
    let weighted_mean = |weights: &[f64]| {
        let sum: f64 = weights.iter().zip(reference).map(|(weight, value)| weight * value).sum();
        sum / weights.iter().sum::<f64>()
    };
    let (mut low, mut high) = (-STRONGEST, STRONGEST);
    if !(weighted_mean(&weights(low))..=weighted_mean(&weights(high))).contains(&wanted) {
        return 1.0;
    }
    for _ in 0..STEPS {
        let middle = (low + high) / 2.0;
        if weighted_mean(&weights(middle)) < wanted { low = middle } else { high = middle }
    }
    distance(reference, &weights((low + high) / 2.0), current)
}

/// Kolmogorov's distance between a weighted sample and one without weights, both ascending.
fn distance(reference: &[f64], weights: &[f64], current: &[f64]) -> f64 {
    let all: f64 = weights.iter().sum();
    let (mut here, mut there, mut reached, mut largest) = (0, 0, 0.0, 0.0_f64);
    while here < reference.len() && there < current.len() {
        let value = reference[here].min(current[there]);
        while here < reference.len() && reference[here] <= value {
            reached += weights[here];
            here += 1;
        }
        while there < current.len() && current[there] <= value {
            there += 1;
        }
        largest = largest.max((reached / all - there as f64 / current.len() as f64).abs());
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, exponential};

    fn sorted(mut values: Vec<f64>) -> Vec<f64> {
        values.sort_by(f64::total_cmp);
        values
    }

    fn fares(seed: u64, rows: usize) -> Vec<f64> {
        sorted(draws(seed, rows, |rng| 5.0 + 20.0 * exponential(rng)))
    }

    #[test]
    fn a_selection_of_rows_is_explained_and_a_constant_added_to_all_is_not() {
        let reference = fares(1, 3_000);
        // Every second row below the median is left out.
        let middle = median(&reference);
        let rare: Vec<f64> = fares(2, 3_000);
        let selected: Vec<f64> = rare
            .iter()
            .enumerate()
            .filter(|(row, fare)| row % 2 == 0 || **fare > middle)
            .map(|(_, fare)| *fare)
            .collect();
        assert!(residual(&reference, &selected) < 0.1, "{}", residual(&reference, &selected));
        let moved: Vec<f64> = rare.iter().map(|fare| fare + 12.0).collect();
        assert!(residual(&reference, &moved) > 0.2, "{}", residual(&reference, &moved));
    }

    #[test]
    fn without_a_change_nothing_remains_and_beyond_the_range_everything() {
        let reference = fares(1, 500);
        assert!(residual(&reference, &reference) < 0.01);
        assert_eq!(residual(&reference, &[1e6; 50]), 1.0);
        assert_eq!(residual(&[], &reference), 1.0);
        assert_eq!(residual(&[3.0; 40], &[4.0; 40]), 1.0, "a constant has no rows to select");
    }

    #[test]
    fn the_weighted_distance_is_that_of_kolmogorov_for_equal_weights() {
        let (a, b) = (fares(1, 200), fares(2, 300));
        let expected = stats::two_sample::ks_statistic(&a, &b).unwrap_or(f64::NAN);
        assert!((distance(&a, &[1.0; 200], &b) - expected).abs() < 1e-9);
    }
}
