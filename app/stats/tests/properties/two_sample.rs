//! Distances and tests between two samples of numbers.

use proptest::prelude::*;
use stats::contingency::{PSI_FLOOR, psi_of_shares};
use stats::kolmogorov::kolmogorov_sf;
use stats::quantiles::standard_deviation;
use stats::two_sample::{
    difference_p, js_distance, ks_pvalue_asymp, ks_statistic, mann_whitney_p, psi, psi_edges, wasserstein,
    wasserstein_over_std_ref,
};

use crate::given::{both_close, close, sample};

fn mapped(sample: &[f64], map: impl Fn(f64) -> f64) -> Vec<f64> {
    sample.iter().copied().map(map).collect()
}

/// Whole numbers, each once: shifted by a half they tie with none of themselves.
fn distinct() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::btree_set(-200_i32..200, 1..40).prop_map(|set| set.into_iter().map(f64::from).collect())
}

proptest! {
    #[test]
    fn a_difference_is_the_same_seen_from_either_side_and_on_any_scale(a in sample(1..40), b in sample(1..40)) {
        let p = difference_p(&a, &b);
        prop_assert!(p.is_some_and(|p| (0.0..=1.0).contains(&p)), "{p:?}");
        prop_assert!(both_close(p, difference_p(&b, &a)));
        prop_assert!(both_close(p, difference_p(&mapped(&a, |x| 2.0 * x), &mapped(&b, |x| 2.0 * x))));
        prop_assert_eq!(difference_p(&a, &a), Some(1.0));
        prop_assert_eq!(difference_p(&a, &[]), None);
        let surest = mann_whitney_p(&a, &b).into_iter().chain(ks_statistic(&a, &b).map(|d| ks_pvalue_asymp(d, a.len(), b.len())));
        prop_assert!(p <= surest.reduce(f64::min).map(|surest| (2.0 * surest).min(1.0)));
    }

    #[test]
    fn distances_and_tests_do_not_care_which_side_is_first(a in sample(0..40), b in sample(0..40)) {
        prop_assert_eq!(ks_statistic(&a, &b), ks_statistic(&b, &a));
        prop_assert!(both_close(wasserstein(&a, &b), wasserstein(&b, &a)));
        prop_assert!(both_close(js_distance(&a, &b), js_distance(&b, &a)));
        prop_assert!(both_close(mann_whitney_p(&a, &b), mann_whitney_p(&b, &a)));
        prop_assert_eq!(ks_pvalue_asymp(0.3, a.len() + 1, b.len() + 1), ks_pvalue_asymp(0.3, b.len() + 1, a.len() + 1));
    }

    #[test]
    fn figures_stay_in_their_ranges(a in sample(1..40), b in sample(1..40)) {
        let ks = ks_statistic(&a, &b).unwrap();
        prop_assert!((0.0..=1.0).contains(&ks));
        prop_assert!((0.0..=1.0).contains(&ks_pvalue_asymp(ks, a.len(), b.len())));
        prop_assert!((0.0..=1.0).contains(&js_distance(&a, &b).unwrap()));
        prop_assert!((0.0..=1.0).contains(&mann_whitney_p(&a, &b).unwrap()));
        prop_assert!(wasserstein(&a, &b).unwrap() >= 0.0);
        prop_assert!(psi(&a, &b).unwrap() >= 0.0);
        let most = a.last().unwrap().max(*b.last().unwrap()) - a[0].min(b[0]);
        prop_assert!(wasserstein(&a, &b).unwrap() <= most * (1.0 + 1e-12));
    }

    #[test]
    fn nothing_is_far_from_itself(a in sample(1..60)) {
        prop_assert_eq!(ks_statistic(&a, &a), Some(0.0));
        prop_assert_eq!(wasserstein(&a, &a), Some(0.0));
        prop_assert_eq!(psi(&a, &a), Some(0.0));
        prop_assert_eq!(js_distance(&a, &a), Some(0.0));
        prop_assert_eq!(mann_whitney_p(&a, &a), Some(1.0));
        // Rows given twice are the same distribution.
        let twice: Vec<f64> = a.iter().flat_map(|value| [*value, *value]).collect();
        prop_assert!(ks_statistic(&a, &twice).unwrap() < 1e-12 && wasserstein(&a, &twice).unwrap() < 1e-6);
        prop_assert!(js_distance(&a, &twice).unwrap() < 1e-6);
    }

    #[test]
    fn distances_go_round_no_corner(a in sample(1..30), b in sample(1..30), c in sample(1..30)) {
        for distance in [ks_statistic, wasserstein] {
            let (ac, ab, bc) = (distance(&a, &c).unwrap(), distance(&a, &b).unwrap(), distance(&b, &c).unwrap());
            prop_assert!(ac <= (ab + bc) * (1.0 + 1e-9) + 1e-12, "{} {} {}", ac, ab, bc);
        }
    }

    #[test]
    fn a_larger_shift_is_never_nearer(a in distinct(), small in 0_u8..100, more in 1_u8..100) {
        let near = mapped(&a, |value| value + f64::from(small) + 0.5);
        let far = mapped(&a, |value| value + f64::from(small) + f64::from(more) + 0.5);
        prop_assert!(ks_statistic(&a, &near) <= ks_statistic(&a, &far));
        prop_assert!(wasserstein(&a, &near) < wasserstein(&a, &far));
        prop_assert!(both_close(wasserstein(&a, &near), Some(f64::from(small) + 0.5)));
        // No ties, so that only the order counts.
        prop_assert!(mann_whitney_p(&a, &near) >= mann_whitney_p(&a, &far));
    }

    /// A power of two, so that the scaled values are exact and fall into the same bins.
    #[test]
    fn units_do_not_matter(a in sample(1..40), b in sample(1..40), power in -6_i32..7) {
        let factor = 2_f64.powi(power);
        let (scaled_a, scaled_b) = (mapped(&a, |value| value * factor), mapped(&b, |value| value * factor));
        prop_assert_eq!(ks_statistic(&a, &b), ks_statistic(&scaled_a, &scaled_b));
        prop_assert_eq!(mann_whitney_p(&a, &b), mann_whitney_p(&scaled_a, &scaled_b));
        prop_assert_eq!(psi(&a, &b), psi(&scaled_a, &scaled_b));
        prop_assert_eq!(js_distance(&a, &b), js_distance(&scaled_a, &scaled_b));
        prop_assert!(both_close(wasserstein(&a, &b).map(|area| area * factor), wasserstein(&scaled_a, &scaled_b)));
        let std = standard_deviation(&a);
        let over = wasserstein_over_std_ref(&a, &b, std);
        prop_assert!(both_close(over, wasserstein_over_std_ref(&scaled_a, &scaled_b, std * factor)));
        prop_assert_eq!(psi_edges(&a).len(), psi_edges(&scaled_a).len());
    }

    #[test]
    fn only_the_order_counts_for_ranks(a in sample(1..40), b in sample(1..40)) {
        let rising = |value: f64| (value / 1e8).exp_m1() + value;
        let (mapped_a, mapped_b) = (mapped(&a, rising), mapped(&b, rising));
        prop_assert_eq!(ks_statistic(&a, &b), ks_statistic(&mapped_a, &mapped_b));
        prop_assert_eq!(mann_whitney_p(&a, &b), mann_whitney_p(&mapped_a, &mapped_b));
        let (turned_a, turned_b): (Vec<f64>, Vec<f64>) =
            (a.iter().rev().map(|value| -value).collect(), b.iter().rev().map(|value| -value).collect());
        prop_assert!(both_close(ks_statistic(&a, &b), ks_statistic(&turned_a, &turned_b)));
        prop_assert!(both_close(mann_whitney_p(&a, &b), mann_whitney_p(&turned_a, &turned_b)));
        prop_assert!(both_close(wasserstein(&a, &b), wasserstein(&turned_a, &turned_b)));
    }

    #[test]
    fn deciles_lie_inside_the_reference_in_order(a in sample(0..60)) {
        let edges = psi_edges(&a);
        prop_assert!(edges.len() <= 9 && edges.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(edges.iter().all(|edge| a[0] <= *edge && *edge <= a[a.len() - 1]));
    }

    #[test]
    fn the_stability_index_of_shares_is_symmetric(shares in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 0..20)) {
        let (p, q): (Vec<f64>, Vec<f64>) = shares.into_iter().unzip();
        prop_assert!(close(psi_of_shares(&p, &q), psi_of_shares(&q, &p)) && psi_of_shares(&p, &q) >= 0.0);
        prop_assert_eq!(psi_of_shares(&vec![0.0; p.len()], &vec![PSI_FLOOR; p.len()]), 0.0);
    }

    #[test]
    fn a_larger_statistic_is_never_more_likely(n in 1_u64..3_000, d in 0.0..1.0_f64, more in 0.0..0.5_f64) {
        let (near, far) = (kolmogorov_sf(n, d), kolmogorov_sf(n, d + more));
        prop_assert!((0.0..=1.0).contains(&near) && far <= near + 1e-8, "{} {}", near, far);
    }

    #[test]
    fn an_empty_side_has_no_distance(a in sample(0..20)) {
        for distance in [ks_statistic, wasserstein, psi, js_distance, mann_whitney_p] {
            prop_assert!(distance(&a, &[]).is_none() && distance(&[], &a).is_none());
        }
        prop_assert!(wasserstein_over_std_ref(&a, &a, 0.0).is_none());
        prop_assert_eq!(ks_pvalue_asymp(1.0, 1, 1), 1.0);
    }
}
