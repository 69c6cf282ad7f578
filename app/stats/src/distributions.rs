//! Distribution functions and quantiles of the normal, chi-square, Student and beta distributions.

use std::f64::consts::{PI, SQRT_2};

use super::special::{beta_inc, erfc, gamma_q};

/// The 97.5 % quantile of the standard normal distribution: half the width of a 95 % interval, in standard errors.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// `P(Z ≤ z)` of the standard normal distribution (SciPy's `norm.cdf`).
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z / SQRT_2)
}

/// `P(Z > z)` (SciPy's `norm.sf`).
pub fn normal_sf(z: f64) -> f64 {
    0.5 * erfc(z / SQRT_2)
}

/// The two-sided p value of a standard normal statistic; 1 where the statistic is undefined (NaN).
pub fn normal_two_sided(z: f64) -> f64 {
    erfc(z.abs() / SQRT_2).min(1.0)
}

/// The `p` quantile of the standard normal distribution (SciPy's `norm.ppf`): infinite at 0 and 1, NaN outside.
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    // 1 - p is exact above one half, so working in the lower tail loses nothing.
    let tail = p.min(1.0 - p);
    // A first guess good to 5e-4 (Abramowitz and Stegun 26.2.23), sharpened by Halley's steps.
    let t = (-2.0 * tail.ln()).sqrt();
    let mut z =
        t - (2.515_517 + t * (0.802_853 + t * 0.010_328)) / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    for _ in 0..3 {
        let density = (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
        let step = (normal_sf(z) - tail) / density;
        z += step / (1.0 - 0.5 * z * step);
    }
    if p < 0.5 { -z } else { z }
}

/// `P(X > x)` of the chi-square distribution with `df` degrees of freedom (SciPy's `chi2.sf`).
pub fn chi_square_sf(x: f64, df: f64) -> f64 {
    gamma_q(0.5 * df, 0.5 * x.max(0.0))
}

/// The two-sided p value of a Student t statistic with `df` degrees of freedom.
pub fn student_two_sided(t: f64, df: f64) -> f64 {
    if t.is_infinite() { 0.0 } else { beta_inc(0.5 * df, 0.5, df / (df + t * t)) }
}

/// The `p` quantile of Student's t distribution (SciPy's `t.ppf`), `df` > 0; NaN outside 0 < p < 1.
pub fn student_quantile(p: f64, df: f64) -> f64 {
    if p.is_nan() || p <= 0.0 || p >= 1.0 || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    let tail = p.min(1.0 - p);
    // df / (df + t²) follows a beta distribution.
    let ratio = beta_quantile(2.0 * tail, 0.5 * df, 0.5);
    let t = (df * (1.0 - ratio) / ratio).sqrt();
    if p < 0.5 { -t } else { t }
}

/// `P(X ≥ hits)` of `of` independent events of this chance each (SciPy's `binom.sf(hits - 1, of, chance)`), `hits` ≤ `of`.
pub fn binomial_upper(hits: u64, of: u64, chance: f64) -> f64 {
    if hits == 0 { 1.0 } else { beta_inc(hits as f64, (of - hits) as f64 + 1.0, chance) }
}

/// The `p` quantile of the beta distribution (SciPy's `beta.ppf`), by bisection; NaN for arguments outside its domain.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || a.is_nan() || b.is_nan() || a <= 0.0 || b <= 0.0 {
        return f64::NAN;
    }
    let (mut low, mut high) = (0.0, 1.0);
    // 1,100 halvings reach the smallest double; the loop ends as soon as the two ends are neighbours.
    for _ in 0..1_100 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if beta_inc(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(value: f64, expected: f64, what: &str) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs() + 1e-300, "{what}: {value} against {expected}");
    }

    #[test]
    fn the_normal_distribution_is_scipys() {
        let distribution = [
            (-8.0, 6.220_960_574_271_74e-16),
            (-1.0, 0.158_655_253_931_457_07),
            (0.0, 0.5),
            (0.3, 0.617_911_422_188_952_6),
            (1.96, 0.975_002_104_851_779_5),
            (4.0, 0.999_968_328_758_166_9),
        ];
        for (z, expected) in distribution {
            assert_close(normal_cdf(z), expected, "normal_cdf");
            assert_close(normal_sf(-z), expected, "normal_sf");
        }
        let quantiles = [
            (1e-12, -7.034_483_825_301_131),
            (0.001, -3.090_232_306_167_813),
            (0.2, -0.841_621_233_572_914_2),
            (0.8, 0.841_621_233_572_914_3),
            (0.975, Z_95),
            (0.999_9, 3.719_016_485_455_709),
        ];
        for (p, expected) in quantiles {
            assert_close(normal_quantile(p), expected, "normal_quantile");
        }
        assert!(normal_quantile(0.5).abs() < 1e-15);
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(normal_quantile(1.1).is_nan());
        assert_close(normal_two_sided(-1.959_963_984_540_054), 0.05, "normal_two_sided");
    }

    #[test]
    fn the_chi_square_tail_is_scipys() {
        let figures = [
            (0.5, 1.0, 0.479_500_122_186_953_37),
            (3.84, 1.0, 0.050_043_521_248_705_19),
            (330.0, 3.0, 3.190_932_599_580_880_3e-71),
            (19.7, 14.0, 0.139_887_007_629_126_4),
            (1_100.0, 1_000.0, 0.014_614_408_126_295_192),
        ];
        for (x, df, expected) in figures {
            assert_close(chi_square_sf(x, df), expected, "chi_square_sf");
        }
    }

    #[test]
    fn students_t_is_scipys() {
        let quantiles = [
            (0.975, 1.0, 12.706_204_736_174_694),
            (0.975, 9.0, 2.262_157_162_798_205),
            (0.9, 30.0, 1.310_415_025_391_395_5),
            (0.01, 4.0, -3.746_947_387_979_197),
            (0.975, 5_000.0, 1.960_438_551_706_507_3),
        ];
        for (p, df, expected) in quantiles {
            assert_close(student_quantile(p, df), expected, "student_quantile");
        }
        let tails = [
            (2.0, 5.0, 0.101_939_478_829_858_35),
            (-0.3, 20.0, 0.767_273_003_243_760_2),
            (6.0, 100.0, 3.172_491_502_802_852e-8),
        ];
        for (t, df, expected) in tails {
            assert_close(student_two_sided(t, df), expected, "student_two_sided");
        }
        assert!(student_quantile(0.0, 5.0).is_nan() && student_quantile(0.5, 0.0).is_nan());
    }

    #[test]
    fn the_binomial_tail_is_scipys() {
        assert_close(binomial_upper(3, 10, 0.1), 0.070_190_826_399_999_97, "binomial_upper");
        assert_close(binomial_upper(29, 29, 0.05), 1.862_645_149_230_960_8e-38, "binomial_upper");
        assert_eq!(binomial_upper(0, 5, 0.3), 1.0);
    }

    #[test]
    fn the_beta_quantile_is_scipys() {
        let figures = [
            (0.025, 3.0, 18.0, 0.032_070_937_185_463_7),
            (0.975, 1.0, 20.0, 0.168_433_470_983_085_3),
            (0.5, 200.0, 300.0, 0.399_866_562_714_116_13),
        ];
        for (p, a, b, expected) in figures {
            assert_close(beta_quantile(p, a, b), expected, "beta_quantile");
        }
        assert!(beta_quantile(-0.1, 1.0, 1.0).is_nan());
    }
}
