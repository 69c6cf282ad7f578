//! Distances and tests between two lists of category counts.

use proptest::prelude::*;
use stats::contingency::{
    category_psi, chi_square, cramers_v, cramers_v_corrected, pool_sparse, share_distance, total_variation,
};

use crate::given::{both_close, close, reordered};

type Pairs = Vec<(u64, u64)>;

fn pairs() -> impl Strategy<Value = Pairs> {
    let count = || prop_oneof![3 => 0_u64..30, 1 => 0_u64..5_000, 1 => Just(0)];
    prop::collection::vec((count(), count()), 0..12)
}

fn sides(pairs: &Pairs) -> (Vec<u64>, Vec<u64>) {
    pairs.iter().copied().unzip()
}

fn figures(pairs: &Pairs) -> [Option<f64>; 6] {
    let (a, b) = sides(pairs);
    let test = chi_square(&a, &b);
    [
        test.map(|test| test.statistic),
        test.map(|test| test.p),
        cramers_v(&a, &b),
        share_distance(&a, &b),
        category_psi(&a, &b),
        total_variation(&a, &b),
    ]
}

fn all_close(a: [Option<f64>; 6], b: [Option<f64>; 6]) -> bool {
    // Distances are square roots of differences: a rounding of 1e-16 becomes 1e-8.
    a.iter().zip(&b).all(|(a, b)| both_close(*a, *b) || a.zip(*b).is_some_and(|(a, b)| (a - b).abs() < 1e-7))
}

proptest! {
    #[test]
    fn neither_the_order_of_categories_nor_of_sides_matters(pairs in pairs(), seed in any::<u64>()) {
        let found = figures(&pairs);
        prop_assert!(all_close(found, figures(&reordered(&pairs, seed))));
        prop_assert!(all_close(found, figures(&pairs.iter().map(|(a, b)| (*b, *a)).collect())));
        // A category that occurs on neither side is none.
        let mut more = pairs.clone();
        more.push((0, 0));
        prop_assert!(all_close(found, figures(&more)));
    }

    #[test]
    fn figures_stay_in_their_ranges(pairs in pairs()) {
        let [statistic, p, v, js, psi, variation] = figures(&pairs);
        let (a, b) = sides(&pairs);
        let empty = a.iter().sum::<u64>() == 0 || b.iter().sum::<u64>() == 0;
        for figure in [statistic, p, v, js, psi, variation] {
            prop_assert_eq!(figure.is_none(), empty);
        }
        if !empty {
            prop_assert!(statistic >= Some(0.0) && psi >= Some(0.0));
            for share in [p, v, js, variation] {
                prop_assert!((0.0..=1.0).contains(&share.unwrap()), "{:?}", share);
            }
            // Lin (1991): the divergence in bits is at most the total variation distance.
            prop_assert!(js.unwrap().powi(2) <= variation.unwrap() + 1e-9);
        }
    }

    #[test]
    fn shares_without_a_common_category_are_as_far_as_can_be(a in prop::collection::vec(1_u64..50, 1..6), b in prop::collection::vec(1_u64..50, 1..6)) {
        let pairs: Pairs = a.iter().map(|count| (*count, 0)).chain(b.iter().map(|count| (0, *count))).collect();
        let [_, _, v, js, _, variation] = figures(&pairs);
        prop_assert!(both_close(v, Some(1.0)) && both_close(js, Some(1.0)) && both_close(variation, Some(1.0)));
    }

    #[test]
    fn more_rows_of_the_same_shares_are_more_certain_and_not_further(pairs in pairs(), times in 2_u64..6) {
        let more: Pairs = pairs.iter().map(|(a, b)| (a * times, b * times)).collect();
        let ([statistic, p, v, js, psi, variation], found) = (figures(&pairs), figures(&more));
        prop_assert!(all_close([found[0], None, v, js, psi, variation], [statistic.map(|x| x * times as f64), None, found[2], found[3], found[4], found[5]]));
        prop_assert!(found[1] <= p.map(|p| p + 1e-12));
        // In proportion there is no difference.
        let even: Pairs = pairs.iter().map(|(a, _)| (*a, a * times)).collect();
        if let [Some(statistic), Some(p), Some(_), Some(js), Some(psi), Some(variation)] = figures(&even) {
            prop_assert!(statistic < 1e-9 && p > 1.0 - 1e-4 && js < 1e-7 && psi < 1e-9 && variation < 1e-9);
        }
    }

    #[test]
    fn pooling_loses_no_row(pairs in pairs()) {
        let (a, b) = sides(&pairs);
        let (pooled_a, pooled_b) = pool_sparse(&a, &b);
        prop_assert_eq!(pooled_a.iter().sum::<u64>(), a.iter().sum::<u64>());
        prop_assert_eq!(pooled_b.iter().sum::<u64>(), b.iter().sum::<u64>());
        prop_assert!(pooled_a.len() == pooled_b.len() && pooled_a.len() <= a.len());
        // Fewer categories hold less of a difference.
        if let (Some(before), Some(after)) = (total_variation(&a, &b), total_variation(&pooled_a, &pooled_b)) {
            prop_assert!(after <= before || close(after, before));
        }
    }
}

proptest! {
    /// Which of the two columns stands across, and in which order their values stand, says nothing about how they go together.
    #[test]
    fn an_association_is_the_same_from_either_side(
        table in prop::collection::vec(prop::collection::vec(0_u64..60, 4), 1..6),
        seed in any::<u64>(),
    ) {
        let across: Vec<Vec<u64>> = (0..4).map(|column| table.iter().map(|row| row[column]).collect()).collect();
        let found = cramers_v_corrected(&table);
        prop_assert!(found.is_none_or(|value| (0.0..=1.0).contains(&value)), "{:?}", found);
        let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
            // The square root of a rounding.
            (Some(a), Some(b)) => (a - b).abs() < 1e-6,
            (a, b) => a == b,
        };
        prop_assert!(same(found, cramers_v_corrected(&across)));
        prop_assert!(same(found, cramers_v_corrected(&reordered(&table, seed))));
    }
}
