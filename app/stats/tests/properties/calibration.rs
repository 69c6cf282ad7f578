//! Scores against what happened.

use proptest::prelude::*;
use stats::calibration::{
    Bin, equal_mass_bins, equal_width_bins, expected_by_chance, expected_calibration_error, hosmer_lemeshow,
    maximum_calibration_error, standard_error,
};
use stats::isotonic::Isotonic;
use stats::probability::{brier_multiclass_of_row, brier_of_row, log_loss_of_row, prior_log_loss};

use crate::given::{close, reordered, scored};

fn split(rows: &[(f64, bool)]) -> (Vec<f64>, Vec<bool>) {
    rows.iter().copied().unzip()
}

proptest! {
    #[test]
    fn every_row_is_in_one_bin(rows in scored(0..80), bins in 1_usize..12) {
        let (scores, hits) = split(&rows);
        for bins_of in [equal_width_bins, equal_mass_bins] {
            let found = bins_of(&scores, &hits, bins);
            prop_assert!(found.len() <= bins && found.iter().map(|bin| bin.n).sum::<u64>() == rows.len() as u64);
            for bin in &found {
                prop_assert!(bin.low <= bin.mean_score + 1e-12 && bin.mean_score <= bin.high + 1e-12, "{:?}", bin);
                prop_assert!((0.0..=1.0).contains(&bin.rate) && bin.n > 0);
            }
            prop_assert!(found.windows(2).all(|pair| pair[0].high <= pair[1].low + 1e-12));
        }
        let sizes: Vec<u64> = equal_mass_bins(&scores, &hits, bins).iter().map(|bin| bin.n).collect();
        prop_assert!(sizes.iter().max().copied().unwrap_or(0) - sizes.iter().min().copied().unwrap_or(0) <= 1);
    }

    #[test]
    fn errors_of_calibration_stay_in_their_ranges(rows in scored(0..80), seed in any::<u64>()) {
        let (scores, hits) = split(&rows);
        let bins = equal_width_bins(&scores, &hits, 10);
        let (expected, most) = (expected_calibration_error(&bins), maximum_calibration_error(&bins));
        prop_assert!(0.0 <= expected && expected <= most + 1e-12 && most <= 1.0);
        prop_assert!(standard_error(&bins) >= 0.0 && (0.0..=1.0).contains(&expected_by_chance(&bins)));
        let (statistic, degrees) = hosmer_lemeshow(&bins);
        prop_assert!(statistic >= 0.0 && statistic.is_finite() && degrees == bins.len());
        let (scores, hits) = split(&reordered(&rows, seed));
        prop_assert!(close(expected, expected_calibration_error(&equal_width_bins(&scores, &hits, 10))));
    }

    #[test]
    fn scores_that_are_the_rates_have_no_error(bins in prop::collection::vec((0_u64..50, 1_u64..50), 1..10), times in 2_u64..9) {
        let bin = |(hits, misses): &(u64, u64), times: u64| {
            let rate = *hits as f64 / (hits + misses) as f64;
            Bin { low: 0.0, high: 1.0, n: (hits + misses) * times, mean_score: rate, rate }
        };
        let few: Vec<Bin> = bins.iter().map(|counts| bin(counts, 1)).collect();
        let many: Vec<Bin> = bins.iter().map(|counts| bin(counts, times)).collect();
        prop_assert_eq!((expected_calibration_error(&few), hosmer_lemeshow(&few).0), (0.0, 0.0));
        // More rows leave less to chance.
        prop_assert!(expected_by_chance(&many) <= expected_by_chance(&few) && standard_error(&many) <= standard_error(&few));
    }

    #[test]
    fn a_calibration_never_falls_and_keeps_the_share(rows in scored(1..120), seed in any::<u64>(), at in 0.0..1.0_f64, more in 0.0..1.0_f64) {
        let (scores, hits) = split(&rows);
        let fitted = Isotonic::fit(&scores, &hits).unwrap();
        prop_assert!(fitted.at(at) <= fitted.at(at + more) && (0.0..=1.0).contains(&fitted.at(at)));
        let share = hits.iter().filter(|hit| **hit).count() as f64 / hits.len() as f64;
        prop_assert!(close(fitted.expected_share(&scores), share), "{} {}", fitted.expected_share(&scores), share);
        let (scores, hits) = split(&reordered(&rows, seed));
        prop_assert_eq!(Some(fitted), Isotonic::fit(&scores, &hits));
    }

    #[test]
    fn proper_scores_are_lowest_where_the_truth_is(p in 0.0..=1.0_f64, more in 0.0..0.5_f64, truth in 0_usize..3) {
        prop_assert!(log_loss_of_row(p) >= log_loss_of_row((p + more).min(1.0)) && log_loss_of_row(p).is_finite());
        prop_assert!(close(brier_of_row(p, true), brier_of_row(1.0 - p, false)) && (0.0..=1.0).contains(&brier_of_row(p, true)));
        let both = brier_multiclass_of_row([p, 1.0 - p].into_iter(), 0);
        prop_assert!(close(both, 2.0 * brier_of_row(p, true)));
        let sure = (0..3).map(|class| f64::from(u8::from(class == truth)));
        prop_assert_eq!(brier_multiclass_of_row(sure, truth), 0.0);
    }

    #[test]
    fn the_loss_of_the_shares_is_their_entropy(counts in prop::collection::vec(0_u32..500, 1..8), seed in any::<u64>()) {
        let counts: Vec<f64> = counts.into_iter().map(f64::from).collect();
        let found = prior_log_loss(&counts);
        prop_assert!(found >= 0.0 && found <= (counts.len() as f64).ln() + 1e-12, "{}", found);
        prop_assert!(close(found, prior_log_loss(&reordered(&counts, seed))));
        prop_assert!(close(found, prior_log_loss(&counts.iter().map(|count| count * 8.0).collect::<Vec<_>>())));
    }
}

#[test]
fn nothing_has_no_calibration() {
    assert_eq!(Isotonic::fit(&[], &[]), None);
    assert_eq!(Isotonic::fit(&[f64::NAN], &[true]), None);
    assert_eq!((expected_calibration_error(&[]), standard_error(&[]), expected_by_chance(&[])), (0.0, 0.0, 0.0));
    assert_eq!(hosmer_lemeshow(&[]), (0.0, 0));
}
