//! What features lead one to expect of a label, before and after.

use proptest::prelude::*;
use stats::boosted_trees::{BinnedRows, Binning, BoostedTrees};
use stats::cross_fit::CrossFit;
use stats::label_relation::{Moved, Rows, target_relation};
use stats::label_scale::label_scale;
use stats::logistic::{fit, probability};
use stats::records::chance_below_minimum;

use crate::given::{sample, value};

/// A number per row and a target from 0 to 1.
fn rows(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((value(), 0.0..1.0_f64), size)
}

fn binned(rows: &[(f64, f64)]) -> BinnedRows {
    let values: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let binning = Binning::of_numbers(&values);
    BinnedRows {
        features: vec![values.iter().map(|value| binning.bin(*value)).collect()],
        categorical: vec![false],
        rows: rows.len(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_expected_is_a_share_and_the_same_each_time(rows in rows(24..60), seed: u64) {
        let (data, targets): (_, Vec<f64>) = (binned(&rows), rows.iter().map(|row| row.1).collect());
        let all: Vec<usize> = (0..rows.len()).collect();
        let trees = BoostedTrees::fit_shares(&data, &targets, &all, seed);
        let folds = CrossFit::fit(&data, &targets, 3, seed);
        let expected = folds.out_of_fold(&data);
        for share in expected.iter().chain(&folds.elsewhere(&data, seed)).copied().chain([trees.probability(&data, 0)]) {
            prop_assert!((0.0..=1.0).contains(&share), "{share}");
        }
        prop_assert_eq!(expected, CrossFit::fit(&data, &targets, 3, seed).out_of_fold(&data));
    }

    #[test]
    fn the_same_rows_on_both_sides_have_not_moved(rows in rows(24..60)) {
        let (features, targets): (_, Vec<f64>) = (binned(&rows), rows.iter().map(|row| row.1).collect());
        let expected = vec![0.5; rows.len()];
        let side = || Rows { targets: &targets, expected: &expected, features: &features };
        let relation = target_relation(None, side(), side(), &["x"]);
        for moved in [relation.label, relation.expected, relation.residual] {
            prop_assert!(moved.value.abs() < 1e-12, "{moved:?}");
        }
        prop_assert_eq!(relation.errors_from_label_shift(), 0.0);
    }

    #[test]
    fn a_quantity_times_a_factor_shows_the_factor(values in prop::collection::vec(1.0..100.0_f64, 200..400), factor in 0.1..10.0_f64) {
        let times: Vec<f64> = values.iter().map(|value| value * factor).collect();
        if let Some(scale) = label_scale((&values, &values), (&times, &values)) {
            prop_assert!((scale.factor / factor - 1.0).abs() < 1e-9 && scale.factor_spread < 1e-9, "{scale:?}");
        }
    }
}

proptest! {
    #[test]
    fn a_move_counts_by_its_size_and_not_its_direction(value in -10.0..10.0_f64, error in 0.01..5.0_f64, more in 0.0..5.0_f64) {
        let moved = |value: f64| Moved { value, error };
        prop_assert!((moved(value).p() - moved(-value).p()).abs() < 1e-12);
        prop_assert!((moved(value).errors() - value / error).abs() < 1e-9);
        prop_assert!(moved(value.abs() + more).p() <= moved(value).p() + 1e-12);
    }

    #[test]
    fn farther_below_the_minimum_is_less_likely(reference in sample(20..80), depth in 0.1..50.0_f64, more in 0.0..50.0_f64) {
        let at = |depth: f64| chance_below_minimum(&reference, &[reference[0] - depth], 1e-3);
        prop_assert!((0.0..=1.0).contains(&at(depth)) && at(depth + more) <= at(depth) + 1e-12);
        prop_assert_eq!(chance_below_minimum(&reference, &[], 1e-3), 1.0);
    }

    #[test]
    fn a_fitted_model_says_a_probability_and_a_larger_ridge_smaller_weights(
        rows in prop::collection::vec((-3.0..3.0_f64, any::<bool>()), 8..60),
    ) {
        let (values, truth): (Vec<Vec<f64>>, Vec<bool>) = rows.into_iter().map(|(value, truth)| (vec![value], truth)).unzip();
        prop_assume!(truth.iter().any(|one| *one) && !truth.iter().all(|one| *one));
        let (loose, tight) = (fit(&values, &truth, 0.1), fit(&values, &truth, 10.0));
        let (Some(loose), Some(tight)) = (loose, tight) else { return Err(TestCaseError::fail("it converges")) };
        prop_assert!(tight[1].abs() <= loose[1].abs() + 1e-6);
        for row in &values {
            prop_assert!((0.0..=1.0).contains(&probability(&loose, row)));
        }
    }
}
