//! Metrics of predicted numbers, and correlations.

use proptest::prelude::*;
use stats::regression::{Residuals, correlation_interval, mean, pearson, pinball, ranks, spearman};

use crate::given::{both_close, close, reordered, value};

fn pairs(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((value(), value()), size)
}

fn split(pairs: &[(f64, f64)]) -> (Vec<f64>, Vec<f64>) {
    pairs.iter().copied().unzip()
}

fn figures(residuals: &Residuals<'_>) -> Vec<Option<f64>> {
    let (middle, low, high) = residuals.median_abs_error();
    vec![
        Some(residuals.mae().value),
        Some(residuals.mse().value),
        Some(residuals.rmse().value),
        residuals.r2().map(|estimate| estimate.value),
        residuals.explained_variance().map(|estimate| estimate.value),
        Some(middle),
        Some(low),
        Some(high),
        Some(residuals.max_error()),
        Some(residuals.bias_mean_error().value),
        residuals.mape_nonzero().map(|estimate| estimate.value),
        Some(residuals.baseline_mean_mae().value),
    ]
}

proptest! {
    #[test]
    fn the_pinball_loss_of_a_row_and_that_of_the_other_level_are_the_absolute_error(
        (label, quantile) in (value(), value()),
        level in 0.01_f64..0.99,
    ) {
        let (low, high) = (pinball(label, quantile, level), pinball(label, quantile, 1.0 - level));
        prop_assert!(low >= 0.0 && close(low + high, (label - quantile).abs()));
    }

    #[test]
    fn metrics_do_not_care_for_the_order_of_rows(pairs in pairs(1..40), seed in any::<u64>()) {
        let ((truth, predicted), (other_truth, other_predicted)) = (split(&pairs), split(&reordered(&pairs, seed)));
        let (found, other) =
            (figures(&Residuals::new(&truth, &predicted)), figures(&Residuals::new(&other_truth, &other_predicted)));
        for (found, other) in found.into_iter().zip(other) {
            prop_assert!(both_close(found, other), "{:?} {:?}", found, other);
        }
    }

    #[test]
    fn metrics_are_in_the_order_that_holds_between_them(pairs in pairs(1..40)) {
        let (truth, predicted) = split(&pairs);
        let found = Residuals::new(&truth, &predicted);
        let slack = 1e-9 * found.max_error().max(1.0);
        let (middle, low, high) = found.median_abs_error();
        prop_assert!(found.bias_mean_error().value.abs() <= found.mae().value + slack);
        prop_assert!(found.mae().value <= found.rmse().value + slack && found.rmse().value <= found.max_error() + slack);
        prop_assert!(low <= middle && middle <= high && high <= found.max_error());
        prop_assert!(found.absolute().iter().all(|error| *error >= 0.0));
        if let (Some(r2), Some(explained)) = (found.r2(), found.explained_variance()) {
            prop_assert!(r2.value <= explained.value + 1e-9 * explained.value.abs().max(1.0) && explained.value <= 1.0);
        }
        // The mean of equal values may miss them by a rounding.
        let constant = vec![truth[0]; truth.len()];
        let found_constant = Residuals::new(&constant, &predicted);
        prop_assert!(found_constant.r2().is_none() && found_constant.explained_variance().is_none());
        prop_assert_eq!(found.mape_nonzero().is_none(), truth.iter().all(|value| *value == 0.0));
    }

    #[test]
    fn a_perfect_model_has_no_error(values in prop::collection::vec(value(), 1..40)) {
        let found = Residuals::new(&values, &values);
        prop_assert_eq!((found.mae().value, found.mse().value, found.rmse().value, found.max_error()), (0.0, 0.0, 0.0, 0.0));
        prop_assert!(found.r2().is_none_or(|r2| r2.value == 1.0));
        prop_assert_eq!(found.rmse().standard_error, 0.0);
    }

    #[test]
    fn correlations_are_symmetric_and_change_their_sign(pairs in pairs(2..40), seed in any::<u64>(), power in -5_i32..6) {
        let (a, b) = split(&pairs);
        let negative: Vec<f64> = a.iter().map(|value| -value).collect();
        let scaled: Vec<f64> = a.iter().map(|value| value * 2_f64.powi(power)).collect();
        let (other_a, other_b) = split(&reordered(&pairs, seed));
        for correlation in [pearson, spearman] {
            let found = correlation(&a, &b);
            prop_assert!(found.is_none_or(|found| (-1.0..=1.0).contains(&found)));
            prop_assert!(both_close(found, correlation(&b, &a)) && both_close(found, correlation(&scaled, &b)));
            prop_assert!(both_close(found, correlation(&negative, &b).map(|found| -found)));
            prop_assert!(both_close(found, correlation(&other_a, &other_b)));
            prop_assert!(correlation(&a, &a).is_none_or(|found| close(found, 1.0)));
            prop_assert_eq!(correlation(&a, &vec![a[0]; a.len()]), None);
        }
        let rising: Vec<f64> = a.iter().map(|value| value.powi(3) + value).collect();
        prop_assert!(both_close(spearman(&a, &b), spearman(&rising, &b)));
    }

    #[test]
    fn ranks_share_out_the_places(values in prop::collection::vec(value(), 0..40)) {
        let found = ranks(&values);
        let n = values.len() as f64;
        prop_assert!(close(found.iter().sum(), n * (n + 1.0) / 2.0));
        for (value, rank) in values.iter().zip(&found) {
            prop_assert!(values.iter().zip(&found).all(|(other, place)| (other < value) == (place < rank)));
        }
    }

    #[test]
    fn more_rows_narrow_the_interval_of_a_correlation(correlation in -0.99..0.99_f64, n in 4_usize..1_000, more in 1_usize..1_000) {
        let (low, high) = correlation_interval(correlation, n, 1.0).unwrap();
        let (inner_low, inner_high) = correlation_interval(correlation, n + more, 1.0).unwrap();
        prop_assert!(-1.0 <= low && low < inner_low && inner_low < correlation);
        prop_assert!(correlation < inner_high && inner_high < high && high <= 1.0);
        let (mirror_low, mirror_high) = correlation_interval(-correlation, n, 1.0).unwrap();
        prop_assert!(close(low, -mirror_high) && close(high, -mirror_low));
        prop_assert_eq!(correlation_interval(correlation, 3, 1.0), None);
        prop_assert_eq!(correlation_interval(1.0, n, 1.0), None);
    }

    #[test]
    fn the_error_of_a_mean_shrinks_with_rows(values in prop::collection::vec(value(), 2..30)) {
        let twice: Vec<f64> = values.iter().flat_map(|value| [*value, *value]).collect();
        prop_assert!(mean(&twice).standard_error <= mean(&values).standard_error);
        prop_assert!(close(mean(&twice).value, mean(&values).value));
        prop_assert_eq!(mean(&values[..1]).standard_error, f64::INFINITY);
    }
}

#[test]
fn nothing_has_no_mean_and_no_correlation() {
    assert!(mean(&[]).value.is_nan() && ranks(&[]).is_empty());
    assert_eq!((pearson(&[], &[]), spearman(&[], &[])), (None, None));
}
