//! The distribution of the two-sided Kolmogorov-Smirnov statistic for a finite sample (SciPy's `kstwo`), which
//! `scipy.stats.ks_2samp(method="asymp")` evaluates at the effective sample size.

use std::f64::consts::PI;

use super::special::factorial_stirling_error;

/// `P(D_n ≥ d)` for n observations.
///
/// Which formula serves which part of the plane follows Simard and L'Ecuyer, "Computing the two-sided
/// Kolmogorov-Smirnov distribution", J. Stat. Software 39 (2011).
pub fn kolmogorov_sf(n: u64, d: f64) -> f64 {
    if n == 0 || d.is_nan() {
        return f64::NAN;
    }
    let size = n as f64;
    let nd = size * d;
    let squared = nd * d;
    if d >= 1.0 {
        return 0.0;
    }
    if nd <= 0.5 {
        return 1.0;
    }
    let two_sided_tail = if n <= 140 { 4.0 } else { 2.2 };
    let sf = if squared >= 370.0 {
        // Below the smallest double.
        0.0
    } else if d >= 0.5 || squared >= two_sided_tail {
        // Both one-sided statistics reach d together with negligible (from one half on: no) probability.
        2.0 * one_sided_sf(n, d)
    } else if n <= 140 || (n <= 10_000 && nd * d.sqrt() <= 1.4) {
        1.0 - durbin_cdf(n, d)
    } else {
        1.0 - pelz_good_cdf(size, d)
    };
    sf.clamp(0.0, 1.0)
}

/// `P(D+ ≥ d)`, exact (Birnbaum and Tingey 1951):
/// `d Σ_v C(n,v) (d + v/n)^(v-1) (1 - d - v/n)^(n-v)`, v from 0 to `floor(n(1-d))`.
fn one_sided_sf(n: u64, d: f64) -> f64 {
    let size = n as f64;
    let shift = size * d;
    let last = (size * (1.0 - d)).floor() as u64;
    let whole = factorial_stirling_error(n);
    let mut sum = (size * (-d).ln_1p()).exp();
    for v in 1..=last.min(n - 1) {
        let (hit, miss) = (v as f64, (n - v) as f64);
        if shift >= miss {
            break;
        }
        // Each term is a binomial probability at a shifted rate, written so that nothing large cancels (Loader 2000).
        let log_term = whole - factorial_stirling_error(v) - factorial_stirling_error(n - v)
            + hit * (shift / hit).ln_1p()
            + miss * (-shift / miss).ln_1p();
        sum += d / (d + hit / size) * (size / (2.0 * PI * hit * miss)).sqrt() * log_term.exp();
    }
    sum
}

/// `P(D_n ≤ d)`, exact: an entry of the n-th power of Durbin's matrix (Marsaglia, Tsang and Wang 2003). Its order is
/// about `2nd`, so it is for small `nd` only.
fn durbin_cdf(n: u64, d: f64) -> f64 {
    let k = (n as f64 * d).ceil() as usize;
    let h = k as f64 - n as f64 * d;
    let order = 2 * k - 1;
    let (power, exponent) = Scaled { matrix: durbin_matrix(order, h), exponent: 0 }.power(n, order, k - 1);
    let mut value = power[(k - 1) * order + k - 1];
    let mut exponent = exponent;
    for i in 1..=n {
        value *= i as f64 / n as f64;
        if value < 1e-140 {
            value *= 1e140;
            exponent -= 140;
        }
    }
    value * 10f64.powi(exponent)
}

/// Durbin's matrix: `1/(i-j+1)!` on and below the first superdiagonal, corrected in the first column and the last row.
fn durbin_matrix(order: usize, h: f64) -> Vec<f64> {
    let mut inverse_factorial = vec![1.0; order + 1];
    for i in 1..=order {
        inverse_factorial[i] = inverse_factorial[i - 1] / i as f64;
    }
    let mut matrix = vec![0.0; order * order];
    for i in 0..order {
        for j in 0..order.min(i + 2) {
            matrix[i * order + j] = inverse_factorial[i + 1 - j];
        }
    }
    for i in 0..order {
        let correction = h.powi(i as i32 + 1) * inverse_factorial[i + 1];
        matrix[i * order] -= correction;
        matrix[(order - 1) * order + order - 1 - i] -= correction;
    }
    if h > 0.5 {
        matrix[(order - 1) * order] += (2.0 * h - 1.0).powi(order as i32) * inverse_factorial[order];
    }
    matrix
}

/// A square matrix times a power of ten, so that high powers neither overflow nor vanish.
struct Scaled {
    matrix: Vec<f64>,
    exponent: i32,
}

impl Scaled {
    /// By repeated squaring; `watched` is the diagonal entry that decides when to rescale.
    fn power(self, n: u64, order: usize, watched: usize) -> (Vec<f64>, i32) {
        let mut base = self;
        let mut result: Option<Scaled> = None;
        let mut left = n;
        loop {
            if left % 2 == 1 {
                result = Some(match result {
                    None => Scaled { matrix: base.matrix.clone(), exponent: base.exponent },
                    Some(so_far) => so_far.times(&base, order, watched),
                });
            }
            left /= 2;
            if left == 0 {
                break;
            }
            base = base.times(&base, order, watched);
        }
        let result = result.unwrap_or(base);
        (result.matrix, result.exponent)
    }

    fn times(&self, other: &Scaled, order: usize, watched: usize) -> Scaled {
        let mut matrix = vec![0.0; order * order];
        for i in 0..order {
            for l in 0..order {
                let factor = self.matrix[i * order + l];
                if factor != 0.0 {
                    let row = &other.matrix[l * order..(l + 1) * order];
                    for (cell, value) in matrix[i * order..(i + 1) * order].iter_mut().zip(row) {
                        *cell += factor * value;
                    }
                }
            }
        }
        let mut exponent = self.exponent + other.exponent;
        if matrix[watched * order + watched] > 1e140 {
            matrix.iter_mut().for_each(|cell| *cell *= 1e-140);
            exponent += 140;
        }
        Scaled { matrix, exponent }
    }
}

/// `P(D_n ≤ d)` to about 1e-10 for n > 140: three terms after Kolmogorov's limit (Pelz and Good 1976).
fn pelz_good_cdf(n: f64, d: f64) -> f64 {
    let z = n.sqrt() * d;
    let (z2, z4, z6) = (z * z, z.powi(4), z.powi(6));
    let (pi2, pi4, pi6) = (PI * PI, PI.powi(4), PI.powi(6));
    let terms = (16.0 * z / PI).ceil() as i32 + 2;
    let (mut k0, mut k1, mut k2, mut k3) = (0.0, 0.0, 0.0, 0.0);
    for k in (1..=terms).rev() {
        let odd = f64::from(2 * k - 1);
        let (m2, m4, m6) = (odd * odd, odd.powi(4), odd.powi(6));
        let weight = (-pi2 * m2 / (8.0 * z2)).exp();
        k0 += weight;
        k1 += weight * (pi2 * m2 / 4.0 - z2);
        k2 += weight
            * (6.0 * z6 + 2.0 * z4 + pi2 * m2 * (2.0 * z4 - 5.0 * z2) / 4.0 + pi4 * m4 * (1.0 - 2.0 * z2) / 16.0);
        k3 += weight
            * (pi6 * m6 * (5.0 - 30.0 * z2) / 64.0
                + pi4 * m4 * (-60.0 * z2 + 212.0 * z4) / 16.0
                + pi2 * m2 * (135.0 * z4 - 96.0 * z6) / 4.0
                - 30.0 * z6
                - 90.0 * z4 * z4);
    }
    let (mut extra2, mut extra3) = (0.0, 0.0);
    for k in (1..=terms).rev() {
        let k2 = f64::from(k * k);
        let weight = k2 * (-pi2 * k2 / (2.0 * z2)).exp();
        extra2 += weight;
        extra3 += weight * (3.0 * z2 - pi2 * k2);
    }
    let root = (2.0 * PI).sqrt();
    root * k0 / z
        + root * k1 / (6.0 * z4) / n.sqrt()
        + (root * k2 / (72.0 * z.powi(7)) - pi2 * root * extra2 / (36.0 * z.powi(3))) / n
        + (root * k3 / (6480.0 * z.powi(10)) + pi2 * root * extra3 / (216.0 * z6)) / n.powf(1.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_is_scipys_kstwo_in_every_regime() {
        let figures = [
            (1, 0.7, 0.6),
            (5, 0.15, 0.9988),
            (5, 0.3, 0.664),
            (5, 0.55, 0.059_696_25),
            (10, 0.95, 1.953_125e-13),
            (30, 0.2, 0.157_969_161_015_473_98),
            (57, 0.1, 0.583_826_038_853_538_6),
            (100, 0.05, 0.953_215_971_063_572_5),
            (140, 0.169, 0.000_577_868_280_618_394_5),
            (140, 0.2, 2.198_156_330_220_022_2e-5),
            (141, 0.05, 0.854_845_693_009_663),
            (141, 0.12, 0.031_600_605_277_584_68),
            (141, 0.13, 0.015_449_346_308_454_497),
            (2_000, 0.003, 1.0),
            (2_000, 0.0125, 0.909_512_743_494_154),
            (2_000, 0.017_25, 0.585_072_033_740_410_3),
            (2_000, 0.03, 0.053_546_947_939_325_57),
            (2_000, 0.033_5, 0.021_953_825_147_398_93),
            (2_000, 0.2, 1.355_065_445_704_170_8e-70),
            (20_000, 0.004, 0.904_896_824_070_295_9),
            (20_000, 0.012, 0.006_251_252_284_121_751),
            (32_768, 0.000_5, 1.0),
            (32_768, 0.02, 8.119_596_329_612_434e-12),
            (500_000, 0.001, 0.698_980_144_366_366_1),
            (500_000, 0.002_2, 0.015_790_882_813_587_38),
        ];
        for (n, d, expected) in figures {
            let value = kolmogorov_sf(n, d);
            assert!((value - expected).abs() < 1e-10 * expected, "n {n}, d {d}: {value} against {expected}");
        }
    }

    #[test]
    fn the_ends_are_certain() {
        assert_eq!(kolmogorov_sf(50, 0.0), 1.0);
        assert_eq!(kolmogorov_sf(50, 1.0), 0.0);
        assert_eq!(kolmogorov_sf(1_000_000, 0.5), 0.0);
        assert!(kolmogorov_sf(0, 0.5).is_nan());
    }
}
