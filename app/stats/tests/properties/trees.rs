//! Boosted trees and folds.

use proptest::prelude::*;
use stats::boosted_trees::{BINS, BinnedRows, Binning, BoostedTrees, Growth, Loss, out_of_fold, stratified_folds};
use stats::cross_validation::{CrossValidated, folds, grouped_folds};

use crate::given::value;

/// Rows of two numbers and one category, with an answer.
fn rows() -> impl Strategy<Value = Vec<(f64, f64, u8, bool)>> {
    prop::collection::vec((value(), value(), 0_u8..6, any::<bool>()), 12..40)
}

fn binned(rows: &[(f64, f64, u8, bool)], map: impl Fn(f64) -> f64) -> BinnedRows {
    let numbers = |pick: fn(&(f64, f64, u8, bool)) -> f64| -> Vec<u8> {
        let values: Vec<f64> = rows.iter().map(|row| map(pick(row))).collect();
        let binning = Binning::of_numbers(&values);
        values.iter().map(|value| binning.bin(*value)).collect()
    };
    let categories = rows.iter().map(|row| Binning::Categories.bin(f64::from(row.2))).collect();
    BinnedRows {
        features: vec![numbers(|row| row.0), numbers(|row| row.1), categories],
        categorical: vec![false, false, true],
        rows: rows.len(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn bins_rise_with_the_values(values in prop::collection::vec(value(), 0..200), at in value(), more in 0.0..50.0_f64) {
        let binning = Binning::of_numbers(&values);
        prop_assert!(binning.bin(at) >= 1 && binning.bin(at) <= binning.bin(at + more) && usize::from(binning.bin(at)) < BINS);
        for missing in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            prop_assert_eq!((binning.bin(missing), Binning::Categories.bin(missing)), (0, 0));
        }
        prop_assert!(usize::from(Binning::Categories.bin(at)) < BINS);
    }

    #[test]
    fn probabilities_repeat_and_do_not_care_for_units(rows in rows(), seed in any::<u64>()) {
        let yes: Vec<bool> = rows.iter().map(|row| row.3).collect();
        let data = binned(&rows, |value| value);
        let found = out_of_fold(&data, &yes, 3, seed);
        prop_assert!(found.iter().all(|p| (0.0..=1.0).contains(p)));
        // Trees split by order alone.
        prop_assert_eq!(&found, &out_of_fold(&binned(&rows, |value| value * 4.0 + 1.0), &yes, 3, seed));
        let all: Vec<usize> = (0..rows.len()).collect();
        let trees = BoostedTrees::fit(&data, &yes, &all, seed);
        prop_assert!((0..rows.len()).all(|row| (0.0..=1.0).contains(&trees.probability(&data, row))));
        let always = BoostedTrees::fit(&data, &vec![true; rows.len()], &all, seed);
        prop_assert!((0..rows.len()).all(|row| always.probability(&data, row) > 0.9));
    }

    #[test]
    fn rows_that_are_taken_are_these_rows(rows in rows(), seed in any::<u64>()) {
        let data = binned(&rows, |value| value);
        let order = crate::given::reordered(&(0..rows.len()).collect::<Vec<_>>(), seed);
        let taken = data.taken(&order[..rows.len() / 2]);
        prop_assert_eq!(taken.rows, rows.len() / 2);
        for (all, some) in data.features.iter().zip(&taken.features) {
            prop_assert!(some.iter().zip(&order).all(|(bin, row)| *bin == all[*row]));
        }
        prop_assert_eq!(data.taken(&(0..rows.len()).collect::<Vec<_>>()).features, data.features);
    }

    #[test]
    fn a_quantity_that_is_always_the_same_is_expected_to_be_so(rows in rows(), level in -50.0..50.0_f64, seed in any::<u64>()) {
        let data = binned(&rows, |value| value);
        let all: Vec<usize> = (0..rows.len()).collect();
        let growth = Growth { loss: Loss::Squares, ..Growth::QUICK };
        let trees = BoostedTrees::grow(&data, &vec![level; rows.len()], &all, growth, seed);
        prop_assert!((0..rows.len()).all(|row| (trees.probability(&data, row) - level).abs() < 1e-9));
    }

    #[test]
    fn assembled_folds_are_the_fitted_ones(rows in rows(), seed in 0_u64..1_000) {
        let yes: Vec<bool> = rows.iter().map(|row| row.3).collect();
        let data = binned(&rows, |value| value);
        let fold_of = stratified_folds(&yes, 3, seed);
        let fitted = CrossValidated::fit(&data, &yes, fold_of.clone(), seed);
        let trees = (0..folds(&fold_of)).map(|fold| CrossValidated::without(fold, &data, &yes, &fold_of, seed)).collect();
        let assembled = CrossValidated::assemble(&data, fold_of, trees);
        prop_assert_eq!(fitted.area(&yes), assembled.area(&yes));
        let both = yes.iter().any(|yes| *yes) && yes.iter().any(|yes| !yes);
        prop_assert_eq!(fitted.area(&yes).is_some(), both);
        prop_assert!(fitted.area(&yes).is_none_or(|area| (0.0..=1.0).contains(&area.value) && area.standard_error >= 0.0));
        let losses = fitted.losses(&data, &yes, seed);
        prop_assert!(losses.len() == 3 && losses.iter().all(|loss| loss.abs() <= 1.0));
    }

    #[test]
    fn folds_share_out_rows_and_keep_groups(groups in prop::collection::vec(prop::option::of(0_u64..9), 0..60), folds in 1_usize..6, seed in any::<u64>()) {
        let found = grouped_folds(&groups, folds, seed);
        prop_assert!(found.len() == groups.len() && found.iter().all(|fold| *fold < folds));
        for (group, fold) in groups.iter().zip(&found).filter(|(group, _)| group.is_some()) {
            prop_assert!(groups.iter().zip(&found).all(|(other, place)| other != group || place == fold));
        }
        let yes: Vec<bool> = groups.iter().map(Option::is_some).collect();
        let dealt = stratified_folds(&yes, folds, seed);
        for side in [true, false] {
            let sizes: Vec<usize> = (0..folds)
                .map(|fold| yes.iter().zip(&dealt).filter(|(yes, place)| **yes == side && **place == fold).count())
                .collect();
            prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }
    }
}
