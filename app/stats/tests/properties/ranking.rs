//! How scores order rows.

use proptest::prelude::*;
use stats::ranking::{Average, Influence, Ranked, roc_auc_multiclass};
use stats::two_sample::ks_statistic;

use crate::given::{close, reordered, scored};

fn ranked(rows: &[(f64, bool)]) -> Ranked {
    let (scores, positive): (Vec<f64>, Vec<bool>) = rows.iter().copied().unzip();
    Ranked::new(&scores, &positive)
}

fn figures(ranked: &Ranked) -> [f64; 5] {
    [
        ranked.roc_auc(),
        ranked.roc_auc_standard_error(),
        ranked.average_precision(),
        ranked.pr_auc_trapezoid(),
        ranked.ks_of_scores(),
    ]
}

fn scores_of(rows: &[(f64, bool)], class: bool) -> Vec<f64> {
    let mut scores: Vec<f64> = rows.iter().filter(|row| row.1 == class).map(|row| row.0).collect();
    scores.sort_by(f64::total_cmp);
    scores
}

proptest! {
    #[test]
    fn figures_stay_in_their_ranges_and_do_not_care_for_the_order(rows in scored(2..60), seed in any::<u64>()) {
        let found = ranked(&rows);
        prop_assert_eq!(&found, &ranked(&reordered(&rows, seed)));
        prop_assert_eq!(found.has_both_classes(), rows.iter().any(|row| row.1) && rows.iter().any(|row| !row.1));
        prop_assume!(found.has_both_classes());
        prop_assert!(figures(&found).iter().all(|figure| (0.0..=1.0 + 1e-12).contains(figure)), "{:?}", figures(&found));
    }

    #[test]
    fn reversed_scores_and_swapped_classes_have_the_other_part_of_the_area(rows in scored(2..60)) {
        let found = ranked(&rows);
        prop_assume!(found.has_both_classes());
        let reversed = ranked(&rows.iter().map(|(score, hit)| (-score, *hit)).collect::<Vec<_>>());
        let swapped = ranked(&rows.iter().map(|(score, hit)| (*score, !hit)).collect::<Vec<_>>());
        prop_assert!(close(found.roc_auc(), 1.0 - reversed.roc_auc()) && close(found.roc_auc(), 1.0 - swapped.roc_auc()));
        prop_assert!(close(found.roc_auc_standard_error(), reversed.roc_auc_standard_error()));
        prop_assert!(close(found.roc_auc_standard_error(), swapped.roc_auc_standard_error()));
        // Of both directions the larger is the two-sided distance.
        let distance = found.ks_of_scores().max(reversed.ks_of_scores());
        prop_assert!(close(distance, ks_statistic(&scores_of(&rows, true), &scores_of(&rows, false)).unwrap()));
    }

    #[test]
    fn only_the_order_of_the_scores_counts(rows in scored(2..60)) {
        let found = ranked(&rows);
        prop_assume!(found.has_both_classes());
        let mapped = ranked(&rows.iter().map(|(score, hit)| (score * 1_024.0 - 3.0, *hit)).collect::<Vec<_>>());
        prop_assert_eq!(figures(&found), figures(&mapped));
        let twice: Vec<(f64, bool)> = rows.iter().flat_map(|row| [*row, *row]).collect();
        prop_assert!(close(found.roc_auc(), ranked(&twice).roc_auc()));
        prop_assert!(close(found.average_precision(), ranked(&twice).average_precision()));
        prop_assert!(ranked(&twice).roc_auc_standard_error() <= found.roc_auc_standard_error() + 1e-12 || rows.len() < 20);
    }

    #[test]
    fn scores_that_separate_are_perfect(positives in 1_usize..20, negatives in 1_usize..20) {
        let rows: Vec<(f64, bool)> =
            (0..positives).map(|row| (0.6 + row as f64 / 100.0, true)).chain((0..negatives).map(|row| (row as f64 / 100.0, false))).collect();
        for figure in [ranked(&rows).roc_auc(), ranked(&rows).average_precision(), ranked(&rows).pr_auc_trapezoid(), ranked(&rows).ks_of_scores()] {
            prop_assert!(close(figure, 1.0));
        }
        let constant: Vec<(f64, bool)> = rows.iter().map(|row| (0.5, row.1)).collect();
        prop_assert!(close(ranked(&constant).roc_auc(), 0.5) && ranked(&constant).ks_of_scores() == 0.0);
        prop_assert!(close(ranked(&constant).average_precision(), positives as f64 / rows.len() as f64));
    }

    #[test]
    fn influences_sum_to_nothing(rows in scored(2..60)) {
        let (scores, positive): (Vec<f64>, Vec<bool>) = rows.iter().copied().unzip();
        let found = Influence::of(&scores, &positive);
        prop_assert_eq!(found.is_some(), ranked(&rows).has_both_classes());
        if let Some(found) = found {
            prop_assert!(close(found.auc, ranked(&rows).roc_auc()));
            prop_assert!(found.rows.iter().sum::<f64>().abs() < 1e-9 * rows.len() as f64);
        }
    }

    #[test]
    fn the_youden_index_lies_between_minus_one_and_one(rows in scored(2..60)) {
        let found = ranked(&rows);
        prop_assume!(found.has_both_classes());
        for at in 0..found.thresholds.len() {
            prop_assert!((-1.0..=1.0).contains(&found.youden_j(at)) && found.youden_j(at) <= found.ks_of_scores());
        }
    }

    #[test]
    fn areas_of_classes_do_not_care_for_their_names(rows in prop::collection::vec((0_u32..3, prop::array::uniform3(0_u8..20)), 3..40), turn in 1_u32..3, seed in any::<u64>()) {
        let area = |rows: &[(u32, [u8; 3])], turn: u32, average| {
            let truth: Vec<u32> = rows.iter().map(|row| (row.0 + turn) % 3).collect();
            let of: Vec<Vec<f64>> =
                (0..3).map(|class| rows.iter().map(|row| f64::from(row.1[(class + 3 - turn as usize) % 3])).collect()).collect();
            roc_auc_multiclass(&truth, &of, average)
        };
        for average in [Average::OneVsRestMacro, Average::OneVsRestWeighted, Average::OneVsOneMacro] {
            let found = area(&rows, 0, average);
            let missing = (0..3).any(|class| rows.iter().all(|row| row.0 != class));
            prop_assert_eq!(found.is_none(), missing);
            let Some((value, error)) = found else { continue };
            prop_assert!((0.0..=1.0 + 1e-12).contains(&value) && error >= 0.0);
            for (again, error_again) in [area(&rows, turn, average), area(&reordered(&rows, seed), 0, average)].into_iter().flatten() {
                prop_assert!(close(value, again) && close(error, error_again));
            }
        }
    }
}
