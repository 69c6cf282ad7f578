//! Decision thresholds, and correction for many tests.

use proptest::prelude::*;
use stats::multiple::{benjamini_hochberg, benjamini_hochberg_of_discrete};
use stats::ranking::Ranked;
use stats::threshold::{best_f1, f1_regret, in_use, regret, youden};

use crate::given::{close, reordered, scored};

fn f1(rows: &[(f64, bool)], threshold: f64) -> f64 {
    let (mut hits, mut predicted, mut positives) = (0, 0, 0);
    for (score, positive) in rows {
        predicted += usize::from(*score >= threshold);
        positives += usize::from(*positive);
        hits += usize::from(*score >= threshold && *positive);
    }
    2.0 * hits as f64 / (predicted + positives) as f64
}

fn ranked(rows: &[(f64, bool)]) -> Ranked {
    let (scores, positive): (Vec<f64>, Vec<bool>) = rows.iter().copied().unzip();
    Ranked::new(&scores, &positive)
}

proptest! {
    #[test]
    fn tests_that_can_never_be_certain_are_left_out_and_help_the_others(p_values in prop::collection::vec(0.0..=1.0_f64, 1..30)) {
        // Every second test is discrete, and its smallest p is not under the level.
        let least: Vec<f64> = (0..p_values.len()).map(|place| if place % 2 == 0 { 0.0 } else { 0.5 }).collect();
        let q_values = benjamini_hochberg_of_discrete(&p_values, &least, 0.01);
        for place in 0..p_values.len() {
            let least = if place % 2 == 0 { p_values[place] - 1e-12 } else { 1.0 };
            prop_assert!((least..=1.0).contains(&q_values[place]), "{q_values:?}");
        }
        prop_assert_eq!(benjamini_hochberg_of_discrete(&p_values, &[], 0.01), benjamini_hochberg(&p_values));
    }

    #[test]
    fn no_threshold_is_better_than_the_best(rows in scored(1..50), other in 0.0..1.0_f64, seed in any::<u64>()) {
        let found = best_f1(&ranked(&rows));
        prop_assert_eq!(found.is_some(), rows.iter().any(|row| row.1));
        prop_assert_eq!(found, best_f1(&ranked(&reordered(&rows, seed))));
        if let Some(best) = found {
            prop_assert!(close(best.value, f1(&rows, best.threshold)) && f1(&rows, other) <= best.value + 1e-12);
        }
        if let Some(best) = youden(&ranked(&rows)) {
            prop_assert!(close(best.value, ranked(&rows).ks_of_scores()) && best.value > 0.0);
        }
    }

    #[test]
    fn a_threshold_in_use_is_found_again(scores in prop::collection::vec(0.0..1.0_f64, 2..50), threshold in 0.0..1.0_f64) {
        let predicted: Vec<bool> = scores.iter().map(|score| *score >= threshold).collect();
        let both = predicted.iter().any(|yes| *yes) && predicted.iter().any(|yes| !yes);
        let found = in_use(&scores, &predicted);
        prop_assert_eq!(found.is_some(), both);
        if let Some(found) = found {
            prop_assert!(found.unexplained == 0 && found.above < threshold && threshold <= found.up_to);
            prop_assert!(found.above < found.value && found.value <= found.up_to);
        }
    }

    #[test]
    fn what_is_given_away_is_never_less_than_nothing(cells in prop::collection::vec((0_u64..40, 0_u64..40), 1..8), used in 0_usize..9) {
        let thresholds: Vec<f64> = (0..cells.len()).map(|at| 1.0 - at as f64 / 10.0).collect();
        let found = f1_regret(&thresholds, &cells, used, 60);
        prop_assert_eq!(found, f1_regret(&thresholds, &cells, used, 60));
        prop_assert!(used <= cells.len() || found.is_none());
        if let Some(found) = found {
            prop_assert!(found.value >= 0.0 && found.low >= 0.0 && found.low <= found.high, "{:?}", found);
            prop_assert!((0.0..=1.0).contains(&found.p) && found.best_low <= found.best_high, "{:?}", found);
        }
        // Where every threshold is as good, nothing can be given away.
        if let Some(even) = regret(&thresholds, &cells, used, 60, |cells| vec![1.0; cells.len() + 1]) {
            prop_assert_eq!((even.value, even.low, even.high, even.p), (0.0, 0.0, 0.0, 1.0));
        }
    }

    #[test]
    fn corrected_p_values_are_larger_and_in_the_same_order(p_values in prop::collection::vec(0.0..=1.0_f64, 0..30), seed in any::<u64>()) {
        let q = benjamini_hochberg(&p_values);
        prop_assert!(p_values.iter().zip(&q).all(|(p, q)| p <= &(q + 1e-15) && *q <= 1.0));
        for (p, q_of) in p_values.iter().zip(&q) {
            prop_assert!(p_values.iter().zip(&q).all(|(other, q_other)| other < p || q_other >= q_of));
        }
        let order: Vec<usize> = reordered(&(0..p_values.len()).collect::<Vec<_>>(), seed);
        let again = benjamini_hochberg(&order.iter().map(|at| p_values[*at]).collect::<Vec<_>>());
        prop_assert!(order.iter().zip(&again).all(|(at, q_again)| close(q[*at], *q_again)));
        // An undefined p is no evidence.
        let mut more = p_values.clone();
        more.push(f64::NAN);
        prop_assert!(benjamini_hochberg(&more).iter().all(|q| (0.0..=1.0).contains(q)));
    }
}
