//! What a fall of the performance is made of, and where it fell.

use proptest::prelude::*;
use stats::boosted_trees::BinnedRows;
use stats::fall::slices::{BinRange, FAMILY_WISE, FEWEST_IN_HALF, SlicedSide, Slices};
use stats::fall::{Term, by_feature};
use stats::multiple::holm;
use stats::rng::Rng;

/// Four features of five bins, and losses of which a fifth is 1.
fn side(rows: usize, seed: u64) -> (BinnedRows, Vec<f64>) {
    let mut rng = Rng::new(seed);
    let mut feature = || (0..rows).map(|_| 1 + rng.below(5) as u8).collect::<Vec<u8>>();
    let features = (0..4).map(|_| feature()).collect();
    let losses = (0..rows).map(|_| f64::from(u8::from(rng.next_f64() < 0.2))).collect();
    (BinnedRows { features, categorical: vec![false, false, true, true], rows }, losses)
}

fn sliced<'a>((features, losses): &'a (BinnedRows, Vec<f64>)) -> SlicedSide<'a> {
    SlicedSide { features, losses }
}

proptest! {
    #[test]
    fn holm_never_helps_and_keeps_the_order(p_values in prop::collection::vec(0.0..=1.0_f64, 1..40)) {
        let corrected = holm(&p_values);
        prop_assert_eq!(corrected.len(), p_values.len());
        for (place, p) in p_values.iter().enumerate() {
            prop_assert!(corrected[place] >= *p && corrected[place] <= 1.0);
            for (other, q) in p_values.iter().enumerate() {
                prop_assert!(p > q || corrected[place] <= corrected[other]);
            }
        }
        let smallest = p_values.iter().copied().fold(1.0, f64::min);
        let first = corrected.iter().copied().fold(1.0, f64::min);
        prop_assert!((first - (smallest * p_values.len() as f64).min(1.0)).abs() < 1e-12);
    }

    #[test]
    fn the_same_rows_on_both_sides_differ_by_no_feature(seed: u64) {
        let (rows, losses) = side(200, seed);
        for term in by_feature([&rows, &rows], [&losses, &losses]) {
            prop_assert!(term.value.abs() < 1e-9 && term.error.is_finite(), "{term:?}");
        }
    }

    #[test]
    fn means_of_sets_add_up(sets in prop::collection::vec(prop::collection::vec(-5.0..5.0_f64, 2..30), 1..5)) {
        let term = Term::of_means(sets.iter().map(Vec::as_slice));
        let by_hand: f64 = sets.iter().map(|set| set.iter().sum::<f64>() / set.len() as f64).sum();
        prop_assert!((term.value - by_hand).abs() < 1e-9 && term.error >= 0.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn few_rows_propose_nothing(rows in 1..(2 * FEWEST_IN_HALF - 1), seed: u64) {
        let (before, after) = (side(rows, seed), side(4_000, seed.wrapping_add(1)));
        let found = Slices::find([sliced(&before), sliced(&after)], seed);
        prop_assert!(found.confirmed.is_empty() && found.proposed == 0, "{found:?}");
    }

    /// One value of one feature costs more after: the worst slice holds it, with the rows and the losses that it really has.
    #[test]
    fn a_slice_that_fell_is_confirmed_with_its_own_size(seed: u64, feature in 0..4_usize, bin in 1..=5_u8) {
        let before = side(4_000, seed);
        let mut after = side(4_000, seed.wrapping_add(1));
        let mut rng = Rng::new(seed.wrapping_add(2));
        let rows: Vec<usize> = (0..4_000).filter(|row| after.0.features[feature][*row] == bin).collect();
        for row in &rows {
            after.1[*row] = f64::from(u8::from(rng.next_f64() < 0.7));
        }
        let found = Slices::find([sliced(&before), sliced(&after)], seed);
        prop_assert!(!found.confirmed.is_empty(), "{found:?}");
        let first = &found.confirmed[0];
        prop_assert_eq!(&first.conditions, &vec![BinRange { feature, from: bin, to: bin }]);
        prop_assert!(first.p <= FAMILY_WISE && (first.rise.value - 0.5).abs() < 5.0 * first.rise.error, "{first:?}");
        prop_assert!(first.rows[1] <= rows.len() && first.rows[1] * 3 > rows.len(), "{first:?} of {}", rows.len());
        prop_assert_eq!(&found, &Slices::find([sliced(&before), sliced(&after)], seed));
    }
}
