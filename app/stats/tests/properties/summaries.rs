//! Quantiles, spreads and bins of one sample.

use proptest::prelude::*;
use stats::histogram::{chart_edges, histogram, histogram_clipped, linear_edges, log_edges};
use stats::mann_kendall::robust_deviation;
use stats::quantiles::{ecdf, even_quantiles, mean, median, quantile, standard_deviation};

use crate::given::{close, reordered, sample, values};

proptest! {
    #[test]
    fn quantiles_rise_within_the_sample(sample in sample(1..60), q in 0.0..1.0_f64, more in 0.0..1.0_f64) {
        let (low, high) = (quantile(&sample, q), quantile(&sample, q + more));
        prop_assert!(sample[0] <= low && low <= high && high <= sample[sample.len() - 1]);
        prop_assert_eq!(median(&sample), quantile(&sample, 0.5));
        let even = even_quantiles(&sample, 11);
        prop_assert!(even.windows(2).all(|pair| pair[0] <= pair[1]) && even[0] == sample[0] && even[10] == sample[sample.len() - 1]);
        // The sample upside down has its quantiles upside down.
        let turned: Vec<f64> = sample.iter().rev().map(|value| -value).collect();
        prop_assert!(close(quantile(&turned, 1.0 - q), -low) || (quantile(&turned, 1.0 - q) + low).abs() < 1e-6);
    }

    #[test]
    fn the_distribution_function_rises_from_nothing_to_one(sample in sample(1..60), x in -120.0..120.0_f64, more in 0.0..50.0_f64) {
        prop_assert!((0.0..=1.0).contains(&ecdf(&sample, x)) && ecdf(&sample, x) <= ecdf(&sample, x + more));
        prop_assert_eq!((ecdf(&sample, sample[0] - 1.0), ecdf(&sample, sample[sample.len() - 1])), (0.0, 1.0));
    }

    #[test]
    fn spreads_scale_and_do_not_move(values in values(2..40), by in -100_i32..100, power in -4_i32..5, seed in any::<u64>()) {
        let (by, factor) = (f64::from(by), 2_f64.powi(power));
        let scale = values.iter().fold(1.0_f64, |most, value| most.max(value.abs()));
        for spread in [standard_deviation, robust_deviation] {
            let found = spread(&values);
            prop_assert!(found >= 0.0 && (spread(&reordered(&values, seed)) - found).abs() <= 1e-9 * scale);
            let moved: Vec<f64> = values.iter().map(|value| by - value).collect();
            prop_assert!((spread(&moved) - found).abs() <= 1e-9 * scale);
            let scaled: Vec<f64> = values.iter().map(|value| value * factor).collect();
            prop_assert!(close(spread(&scaled), found * factor));
            prop_assert!(spread(&[values[0]; 9]) < 1e-12 * scale);
        }
        prop_assert!((mean(&reordered(&values, seed)) - mean(&values)).abs() <= 1e-9 * scale);
    }

    #[test]
    fn bins_lose_no_value(sample in sample(1..80), bins in 1_usize..30) {
        let n = sample.len() as u64;
        let (low, high) = (sample[0], sample[sample.len() - 1]);
        let edges = linear_edges(low, high, bins);
        prop_assert!(edges.len() == bins + 1 && edges[bins] == high);
        if low < high {
            prop_assert_eq!(histogram(&sample, &edges).iter().sum::<u64>(), n);
        }
        prop_assert_eq!(histogram_clipped(&sample, &linear_edges(-1.0, 1.0, bins)).iter().sum::<u64>(), n);
        let chart = chart_edges(&[&sample, &[]], bins).unwrap();
        prop_assert!(chart.windows(2).all(|pair| pair[0] < pair[1]) && chart.len() <= bins + 2, "{:?}", chart);
        prop_assert_eq!(histogram_clipped(&sample, &chart).iter().sum::<u64>(), n);
    }

    #[test]
    fn logarithmic_edges_rise_between_their_ends(low in 1e-6..1.0_f64, over in 1.01..1e6_f64, bins in 1_usize..30) {
        let edges = log_edges(low, low * over, bins);
        prop_assert!(edges[0] == low && edges[bins] == low * over && edges.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[test]
fn nothing_has_no_summary() {
    for nothing in
        [quantile(&[], 0.3), median(&[]), mean(&[]), standard_deviation(&[1.0]), robust_deviation(&[]), ecdf(&[], 1.0)]
    {
        assert!(nothing.is_nan());
    }
    assert_eq!(chart_edges(&[&[], &[]], 10), None);
    assert_eq!(histogram(&[], &[0.0, 1.0]), [0]);
}
