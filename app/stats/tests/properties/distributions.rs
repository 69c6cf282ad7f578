//! Distribution functions, their quantiles and the special functions below them.

use proptest::prelude::*;
use stats::distributions::{
    beta_quantile, binomial_upper, chi_square_sf, normal_cdf, normal_quantile, normal_sf, normal_two_sided,
    student_quantile, student_two_sided,
};
use stats::rng::Rng;
use stats::special::{beta_inc, erf, erfc, factorial_stirling_error, gamma_p, gamma_q, ln_factorial, ln_gamma};

use crate::given::close;

proptest! {
    #[test]
    fn tails_add_up_and_mirror(z in -40.0..40.0_f64, more in 0.0..3.0_f64) {
        prop_assert!(close(normal_cdf(z) + normal_sf(z), 1.0) && close(normal_cdf(z), normal_sf(-z)));
        prop_assert_eq!(normal_two_sided(z), normal_two_sided(-z));
        prop_assert!((0.0..=1.0).contains(&normal_two_sided(z)));
        prop_assert!(normal_cdf(z) <= normal_cdf(z + more) + 1e-15 && normal_sf(z) >= normal_sf(z + more) - 1e-15);
        prop_assert!(close(erf(z) + erfc(z), 1.0) && erf(-z) == -erf(z));
    }

    #[test]
    fn quantiles_undo_their_distribution(p in 1e-6..0.999_999_f64, df in 0.5..400.0_f64, a in 0.5..60.0_f64, b in 0.5..60.0_f64) {
        prop_assert!(close(normal_cdf(normal_quantile(p)), p));
        let t = student_quantile(p, df);
        let upper = student_two_sided(t, df) / 2.0;
        prop_assert!((if t > 0.0 { 1.0 - upper } else { upper } - p).abs() < 1e-8, "{} {}", t, upper);
        prop_assert!((beta_inc(a, b, beta_quantile(p, a, b)) - p).abs() < 1e-8);
        prop_assert!(close(normal_quantile(p), -normal_quantile(1.0 - p)) || p.min(1.0 - p) < 1e-4);
    }

    #[test]
    fn more_hits_are_less_likely_and_a_larger_chance_makes_them_likelier(of in 1_u64..400, share in 0.0..1.0_f64, chance in 0.001..0.99_f64) {
        let hits = (share * of as f64) as u64;
        let tail = binomial_upper(hits, of, chance);
        prop_assert!((0.0..=1.0).contains(&tail) && binomial_upper(hits + 1, of.max(hits + 1), chance) <= tail + 1e-12);
        prop_assert!(binomial_upper(hits, of, chance + 0.009) >= tail - 1e-12);
        prop_assert!(close(binomial_upper(of, of, chance), chance.powf(of as f64)));
    }

    #[test]
    fn a_larger_statistic_is_less_likely(x in 0.0..300.0_f64, more in 0.0..50.0_f64, df in 1.0..200.0_f64) {
        let (near, far) = (chi_square_sf(x, df), chi_square_sf(x + more, df));
        prop_assert!((0.0..=1.0).contains(&near) && far <= near + 1e-14);
        let (near, far) = (student_two_sided(x, df), student_two_sided(x + more, df));
        prop_assert!((0.0..=1.0).contains(&near) && far <= near + 1e-14, "{} {}", near, far);
        prop_assert_eq!(student_two_sided(x, df), student_two_sided(-x, df));
        // Wider tails than the normal distribution's.
        prop_assert!(student_two_sided(x, df) >= normal_two_sided(x) - 1e-14);
    }

    #[test]
    fn halves_of_a_function_add_up_to_one(a in 0.05..200.0_f64, b in 0.05..200.0_f64, x in 0.0..=1.0_f64, wide in 0.0..400.0_f64) {
        prop_assert!(close(gamma_p(a, wide) + gamma_q(a, wide), 1.0));
        let share = beta_inc(a, b, x);
        prop_assert!((0.0..=1.0).contains(&share) && (share + beta_inc(b, a, 1.0 - x) - 1.0).abs() < 1e-9);
        prop_assert!(share <= beta_inc(a, b, (x + 0.1).min(1.0)) + 1e-12);
    }

    #[test]
    fn factorials_follow_from_each_other(x in 0.01..500.0_f64, n in 1_u64..3_000) {
        prop_assert!(close(ln_gamma(x + 1.0), ln_gamma(x) + x.ln()));
        prop_assert!(close(ln_factorial(n), ln_factorial(n - 1) + (n as f64).ln()));
        let size = n as f64;
        let stirling = 0.5 * (std::f64::consts::TAU * size).ln() + size * (size.ln() - 1.0);
        prop_assert!(close(ln_factorial(n), stirling + factorial_stirling_error(n)));
    }

    #[test]
    fn outside_its_domain_a_function_says_nothing(beyond in 0.001..10.0_f64) {
        for p in [-beyond, 1.0 + beyond, f64::NAN] {
            prop_assert!(normal_quantile(p).is_nan() && beta_quantile(p, 1.0, 1.0).is_nan());
            prop_assert!(student_quantile(p, 3.0).is_nan() && beta_inc(1.0, 1.0, p).is_nan());
        }
        prop_assert!(ln_gamma(-beyond).is_nan() && gamma_q(-beyond, 1.0).is_nan() && gamma_q(1.0, -beyond).is_nan());
        prop_assert!(normal_two_sided(f64::NAN) == 1.0 && student_two_sided(f64::NAN, 3.0).is_nan());
    }

    #[test]
    fn draws_repeat_stay_below_their_bound_and_lose_nothing(seed in any::<u64>(), bound in 0_usize..1_000, mut items in prop::collection::vec(any::<u8>(), 0..50)) {
        let (mut one, mut other) = (Rng::new(seed), Rng::new(seed));
        for _ in 0..20 {
            prop_assert_eq!(one.next_u64(), other.next_u64());
            prop_assert!(one.below(bound) < bound.max(1) && (0.0..1.0).contains(&one.next_f64()));
            other.next_u64();
            other.next_u64();
        }
        let mut shuffled = items.clone();
        one.shuffle(&mut shuffled);
        shuffled.sort_unstable();
        items.sort_unstable();
        prop_assert_eq!(shuffled, items);
    }
}
