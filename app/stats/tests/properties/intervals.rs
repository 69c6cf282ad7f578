//! Shares, ratios, means and their intervals.

use proptest::prelude::*;
use stats::intervals::{
    Estimate, Share, bootstrap, clopper_pearson, fisher_exact, least_share_difference_p, mean_interval,
    share_difference, share_difference_p, share_ratio, wilson,
};
use stats::paired::Paired;
use stats::quantiles::mean;
use stats::weighted_counts::weighted_sum;

use crate::given::{close, reordered, values};

fn share(rows: u64) -> impl Strategy<Value = Share> {
    (0..=rows).prop_flat_map(|n| (0..=n).prop_map(move |hits| Share::new(hits, n)))
}

fn turned(share: Share) -> Share {
    Share::new(share.n - share.hits, share.n)
}

fn times(share: Share, factor: u64) -> Share {
    Share::new(share.hits * factor, share.n * factor)
}

fn holds(estimate: Estimate) -> bool {
    estimate.low <= estimate.value && estimate.value <= estimate.high
}

fn width(estimate: Estimate) -> f64 {
    estimate.high - estimate.low
}

proptest! {
    #[test]
    fn no_table_with_these_margins_is_less_likely_than_the_least(a in share(60), b in share(60)) {
        let least = least_share_difference_p(a, b);
        prop_assert!((0.0..=1.0).contains(&least) && least <= share_difference_p(a, b) + 1e-9);
        prop_assert!(close(least, least_share_difference_p(b, a)));
    }

    #[test]
    fn an_interval_of_a_share_holds_it_and_mirrors_its_complement(share in share(2_000)) {
        for interval in [wilson, clopper_pearson] {
            let (found, mirror) = (interval(share), interval(turned(share)));
            prop_assert!(0.0 <= found.low && found.high <= 1.0);
            prop_assert!(share.n == 0 || holds(found), "{:?}", found);
            prop_assert!(close(found.low, 1.0 - mirror.high) && close(found.high, 1.0 - mirror.low));
        }
        prop_assert!(share.n > 0 || share.value().is_nan() && width(wilson(share)) == 1.0);
    }

    #[test]
    fn more_rows_narrow_an_interval(a in share(300), b in share(300), factor in 2_u64..6) {
        prop_assume!(a.n > 0 && b.n > 0);
        prop_assert!(width(wilson(times(a, factor))) < width(wilson(a)));
        prop_assert!(width(clopper_pearson(times(a, factor))) < width(clopper_pearson(a)));
        let difference = |factor| share_difference(times(a, factor), times(b, factor));
        prop_assert!(width(difference(factor)) < width(difference(1)));
        if a.hits > 0 && b.hits > 0 {
            let ratio = |factor| share_ratio(times(a, factor), times(b, factor));
            prop_assert!(width(ratio(factor)) <= width(ratio(1)));
        }
    }

    #[test]
    fn a_difference_changes_its_sign_with_the_sides(a in share(500), b in share(500)) {
        prop_assume!(a.n > 0 && b.n > 0);
        let (found, back) = (share_difference(a, b), share_difference(b, a));
        prop_assert!(holds(found) && found.low >= -1.0 && found.high <= 1.0);
        prop_assert!(close(found.value, -back.value) && close(found.low, -back.high) && close(found.high, -back.low));
        let (found, back) = (share_ratio(a, b), share_ratio(b, a));
        prop_assert!(holds(found) && found.low > 0.0 && found.high.is_finite(), "{:?}", found);
        prop_assert!(close(found.value * back.value, 1.0) && close(found.low * back.high, 1.0));
    }

    #[test]
    fn tests_of_two_shares_do_not_care_for_sides_or_names(a in share(200), b in share(200)) {
        for test in [share_difference_p, fisher_exact] {
            let p = test(a, b);
            prop_assert!((0.0..=1.0).contains(&p), "{}", p);
            prop_assert!(close(p, test(b, a)) && close(p, test(turned(a), turned(b))));
        }
        prop_assert!(close(share_difference_p(a, a), 1.0) && close(fisher_exact(a, a), 1.0));
        prop_assert_eq!(share_difference_p(a, Share::new(0, 0)), 1.0);
        prop_assert!(close(fisher_exact(a, Share::new(0, 0)), 1.0));
    }

    #[test]
    fn the_interval_of_a_mean_moves_and_scales_with_the_values(values in values(2..40), by in -50.0..50.0_f64, seed in any::<u64>()) {
        let found = mean_interval(&values);
        prop_assert!(holds(found) && close(found.value, mean(&values)));
        let again = mean_interval(&reordered(&values, seed));
        prop_assert!(close(found.low, again.low) && close(found.high, again.high));
        let moved = mean_interval(&values.iter().map(|value| by - value).collect::<Vec<_>>());
        let scale = values.iter().fold(1.0_f64, |most, value| most.max(value.abs()));
        prop_assert!((moved.low - (by - found.high)).abs() < 1e-9 * scale && (moved.high - (by - found.low)).abs() < 1e-9 * scale);
        let twice: Vec<f64> = values.iter().flat_map(|value| [*value, *value]).collect();
        prop_assert!(width(mean_interval(&twice)) <= width(found) + 1e-9 * scale);
    }

    #[test]
    fn fewer_than_two_values_bound_no_mean(value in -10.0..10.0_f64) {
        let found = mean_interval(&[value]);
        prop_assert_eq!((found.value, found.low, found.high), (value, f64::NEG_INFINITY, f64::INFINITY));
        prop_assert!(mean_interval(&[]).value.is_nan());
    }

    #[test]
    fn a_bootstrap_repeats_itself_and_stays_among_the_values(values in values(1..30), seed in any::<u64>()) {
        let of = |rows: &[usize]| rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64;
        let found = bootstrap(values.len(), 100, seed, of);
        prop_assert_eq!(found, bootstrap(values.len(), 100, seed, of));
        let (least, most) = values.iter().fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(*value), most.max(*value)));
        let slack = 1e-9 * least.abs().max(most.abs());
        prop_assert!(least - slack <= found.low && found.low <= found.high && found.high <= most + slack);
        let constant = bootstrap(values.len(), 20, seed, |_| 4.0);
        prop_assert_eq!((constant.low, constant.high), (4.0, 4.0));
        prop_assert!(bootstrap(values.len(), 20, seed, |_| f64::NAN).low.is_nan());
        prop_assert!(bootstrap(0, 20, seed, |rows| rows.len() as f64).high == 0.0);
    }

    #[test]
    fn a_weighted_sum_mirrors_its_negative(cells in prop::collection::vec((0_u64..500, -20.0..20.0_f64), 0..8), seed in any::<u64>(), power in -3_i32..4) {
        let found = weighted_sum(&cells);
        prop_assert!(found.low <= found.value && found.value <= found.high && (0.0..=1.0).contains(&found.p));
        let negative: Vec<(u64, f64)> = cells.iter().map(|(count, weight)| (*count, -weight)).collect();
        let mirror = weighted_sum(&negative);
        prop_assert!(close(found.low, -mirror.high) && close(found.high, -mirror.low) && close(found.p, mirror.p));
        let other = weighted_sum(&reordered(&cells, seed));
        prop_assert!(close(found.low, other.low) && close(found.high, other.high));
        let factor = 2_f64.powi(power);
        let scaled = weighted_sum(&cells.iter().map(|(count, weight)| (*count, weight * factor)).collect::<Vec<_>>());
        prop_assert!(close(found.value * factor, scaled.value) && close(found.high * factor, scaled.high));
        prop_assert_eq!(found.p, scaled.p);
    }
}

proptest! {
    #[test]
    fn two_answers_for_the_same_rows_are_compared_alike_from_either_side(
        both in 0_u64..400, only_first in 0_u64..200, only_second in 0_u64..200, neither in 0_u64..400,
    ) {
        let paired = Paired { both, only_first, only_second, neither };
        let turned = Paired { only_first: only_second, only_second: only_first, ..paired };
        prop_assert!((0.0..=1.0).contains(&paired.p()) && close(paired.p(), turned.p()));
        prop_assume!(paired.n() > 0);
        let (found, mirror) = (paired.difference(), turned.difference());
        prop_assert!(holds(found) && found.low >= -1.0 && found.high <= 1.0, "{:?}", found);
        prop_assert!(close(found.value, -mirror.value) && close(found.low, -mirror.high));
    }
}
