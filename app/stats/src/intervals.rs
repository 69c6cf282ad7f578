//! Intervals and exact tests for shares, ratios and means. Every interval is a 95 % one.

use super::distributions::{Z_95, beta_quantile, normal_two_sided, student_quantile};
use super::quantiles::{mean, quantile, standard_deviation};
use super::rng::Rng;
use super::special::ln_factorial;

/// An estimate with the two ends of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// `hits` of `n` rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Share {
    pub hits: u64,
    pub n: u64,
}

impl Share {
    pub fn new(hits: u64, n: u64) -> Self {
        Self { hits, n }
    }
    /// NaN for no rows.
    pub fn value(self) -> f64 {
        self.hits as f64 / self.n as f64
    }
}

/// Wilson's score interval of a share (Wilson 1927; statsmodels `proportion_confint(method="wilson")`).
/// With no rows nothing is known: 0 to 1.
pub fn wilson(share: Share) -> Estimate {
    if share.n == 0 {
        return Estimate { value: f64::NAN, low: 0.0, high: 1.0 };
    }
    let (n, p, z2) = (share.n as f64, share.value(), Z_95 * Z_95);
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    // At the ends the formula is exactly 0 and 1, but for rounding.
    let low = if share.hits == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if share.hits >= share.n { 1.0 } else { (centre + half).min(1.0) };
    Estimate { value: p, low, high }
}

/// The exact interval of a share (Clopper and Pearson 1934). With no rows: 0 to 1.
pub fn clopper_pearson(share: Share) -> Estimate {
    let (hits, misses) = (share.hits as f64, share.n.saturating_sub(share.hits) as f64);
    let low = if share.hits == 0 { 0.0 } else { beta_quantile(0.025, hits, misses + 1.0) };
    let high = if misses == 0.0 { 1.0 } else { beta_quantile(0.975, hits + 1.0, misses) };
    Estimate { value: share.value(), low, high }
}

/// The difference `b - a` of two shares with Newcombe's interval (method 10 of Newcombe 1998), from two Wilson intervals.
pub fn share_difference(a: Share, b: Share) -> Estimate {
    let (first, second) = (wilson(a), wilson(b));
    let value = second.value - first.value;
    let below = ((second.value - second.low).powi(2) + (first.high - first.value).powi(2)).sqrt();
    let above = ((second.high - second.value).powi(2) + (first.value - first.low).powi(2)).sqrt();
    Estimate { value, low: (value - below).max(-1.0), high: (value + above).min(1.0) }
}

/// The ratio `b / a` of two shares with its interval on the logarithmic scale (Katz 1978). When a count is 0, one half is
/// added to both counts and sizes, so that a ratio and its interval are always finite.
/// With no rows on a side: NaN, 0 to infinity.
pub fn share_ratio(a: Share, b: Share) -> Estimate {
    if a.n == 0 || b.n == 0 {
        return Estimate { value: f64::NAN, low: 0.0, high: f64::INFINITY };
    }
    let correction = if a.hits == 0 || b.hits == 0 { 0.5 } else { 0.0 };
    let counts = [a.hits, a.n, b.hits, b.n].map(|count| count as f64 + correction);
    let [hits_a, n_a, hits_b, n_b] = counts;
    let value = (hits_b / n_b) / (hits_a / n_a);
    let deviation = (1.0 / hits_a - 1.0 / n_a + 1.0 / hits_b - 1.0 / n_b).max(0.0).sqrt();
    Estimate { value, low: value * (-Z_95 * deviation).exp(), high: value * (Z_95 * deviation).exp() }
}

/// Two-sided p value that two shares are equal: Fisher's exact test where an expected count is under 5, else the pooled
/// two-proportion z test (the square root of an uncorrected chi-square test). 1 with no rows on a side.
pub fn share_difference_p(a: Share, b: Share) -> f64 {
    if a.n == 0 || b.n == 0 {
        return 1.0;
    }
    let (n_a, n_b) = (a.n as f64, b.n as f64);
    let pooled = (a.hits + b.hits) as f64 / (n_a + n_b);
    // In whole numbers: a rounding must not send an expected count of exactly 5 one way here and the other way there.
    let (hits, total) = (a.hits + b.hits, a.n + b.n);
    if u128::from(a.n.min(b.n)) * u128::from(hits.min(total - hits)) < 5 * u128::from(total) {
        return fisher_exact(a, b);
    }
    let deviation = (pooled * (1.0 - pooled) * (1.0 / n_a + 1.0 / n_b)).sqrt();
    normal_two_sided((b.value() - a.value()) / deviation)
}

/// The smallest p of [`share_difference_p`] with as many events and rows: all events on one side.
pub fn least_share_difference_p(a: Share, b: Share) -> f64 {
    let hits = a.hits + b.hits;
    let with = |in_a: u64| share_difference_p(Share::new(in_a, a.n), Share::new(hits - in_a, b.n));
    with(hits.min(a.n)).min(with(hits - hits.min(b.n)))
}

/// Fisher's exact test, two-sided: the sum of the probabilities of all tables as likely as this one or less
/// (`scipy.stats.fisher_exact`). 1 with no rows on a side.
pub fn fisher_exact(a: Share, b: Share) -> f64 {
    let (hits, total) = (a.hits + b.hits, a.n + b.n);
    let fewest = hits.saturating_sub(b.n);
    let most = hits.min(a.n);
    let log_choose = |n: u64, k: u64| ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
    let log_probability = |k: u64| log_choose(a.n, k) + log_choose(b.n, hits - k) - log_choose(total, hits);
    let observed = log_probability(a.hits);
    // Tables exactly as likely as the observed one must be counted whatever the rounding.
    let sum: f64 = (fewest..=most).map(log_probability).filter(|p| *p <= observed + 1e-7).map(f64::exp).sum();
    sum.min(1.0)
}

/// The mean with Student's interval. The interval is unbounded for fewer than two values, the mean NaN for none.
pub fn mean_interval(values: &[f64]) -> Estimate {
    let value = mean(values);
    if values.len() < 2 {
        return Estimate { value, low: f64::NEG_INFINITY, high: f64::INFINITY };
    }
    let n = values.len() as f64;
    let half = student_quantile(0.975, n - 1.0) * standard_deviation(values) / n.sqrt();
    Estimate { value, low: value - half, high: value + half }
}

/// The percentile bootstrap (Efron 1979): `statistic` of `repeats` resamples of row numbers `0..n` drawn with replacement.
/// Resamples on which the statistic is undefined (NaN) are left out; the interval is NaN when it never is defined.
pub fn bootstrap(n: usize, repeats: usize, seed: u64, mut statistic: impl FnMut(&[usize]) -> f64) -> Estimate {
    let mut rows: Vec<usize> = (0..n).collect();
    let value = statistic(&rows);
    let mut rng = Rng::new(seed);
    let mut draws = Vec::with_capacity(repeats);
    for _ in 0..repeats {
        rows.iter_mut().for_each(|row| *row = rng.below(n));
        draws.push(statistic(&rows));
    }
    draws.retain(|draw| !draw.is_nan());
    draws.sort_by(f64::total_cmp);
    Estimate { value, low: quantile(&draws, 0.025), high: quantile(&draws, 0.975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_estimate(estimate: Estimate, expected: [f64; 3]) {
        for (value, expected) in [estimate.value, estimate.low, estimate.high].into_iter().zip(expected) {
            assert!((value - expected).abs() < 1e-9, "{estimate:?} against {expected}");
        }
    }

    #[test]
    fn intervals_of_a_share_are_scipys() {
        // binomtest(k, n).proportion_ci(method="wilson" and "exact")
        assert_estimate(wilson(Share::new(0, 10)), [0.0, 0.0, 0.27753279986288926]);
        assert_estimate(clopper_pearson(Share::new(0, 10)), [0.0, 0.0, 0.30849710781876294]);
        assert_estimate(wilson(Share::new(3, 20)), [0.15, 0.05236874589621662, 0.3604188647407569]);
        assert_estimate(clopper_pearson(Share::new(3, 20)), [0.15, 0.03207093718554477, 0.37892682654529564]);
        assert_estimate(wilson(Share::new(57, 1000)), [0.057, 0.04425344035871594, 0.07313706765948591]);
        assert_estimate(clopper_pearson(Share::new(57, 1000)), [0.057, 0.04345358193695859, 0.07322272946066255]);
        assert_eq!((wilson(Share::new(0, 0)).low, wilson(Share::new(0, 0)).high), (0.0, 1.0));
        assert_eq!(wilson(Share::new(9, 9)).high, 1.0);
    }

    #[test]
    fn newcombes_interval_is_the_published_one() {
        // Newcombe 1998, table II, (a) 56/70 - 48/80 by method 10: 0.0524 to 0.3339.
        let difference = share_difference(Share::new(48, 80), Share::new(56, 70));
        assert!((difference.value - 0.2).abs() < 1e-12);
        assert!((difference.low - 0.0524).abs() < 5e-5 && (difference.high - 0.3339).abs() < 5e-5, "{difference:?}");
    }

    #[test]
    fn a_ratio_is_finite_even_with_no_hits() {
        // scipy.stats.contingency.relative_risk(30, 1000, 15, 1000).confidence_interval()
        let ratio = share_ratio(Share::new(15, 1_000), Share::new(30, 1_000));
        assert_estimate(ratio, [2.0, 1.0828337009401519, 3.694011367144436]);
        let none = share_ratio(Share::new(0, 100), Share::new(10, 100));
        assert!((none.value - 21.0).abs() < 1e-12 && none.low > 1.0 && none.high.is_finite(), "{none:?}");
        assert_eq!(share_ratio(Share::new(0, 0), Share::new(1, 2)).high, f64::INFINITY);
    }

    #[test]
    fn small_tables_are_tested_exactly_and_large_ones_by_z() {
        // fisher_exact([[1, 8], [11, 3]]), fisher_exact([[8, 2], [1, 5]]), chi2_contingency(.., correction=False)
        assert!((share_difference_p(Share::new(1, 9), Share::new(11, 14)) - 0.0027594561852200836).abs() < 1e-9);
        assert!((share_difference_p(Share::new(8, 10), Share::new(1, 6)) - 0.034965034965034975).abs() < 1e-9);
        let z = share_difference_p(Share::new(40, 1_000), Share::new(60, 1_200));
        assert!((z - 0.2621926024067699).abs() < 1e-9);
        assert_eq!(share_difference_p(Share::new(0, 0), Share::new(1, 2)), 1.0);
        assert!((share_difference_p(Share::new(0, 10), Share::new(0, 20)) - 1.0).abs() < 1e-12);
        assert!((share_difference_p(Share::new(10, 10), Share::new(20, 20)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_mean_has_students_interval() {
        // t.interval(0.95, 4, mean, sem)
        assert_estimate(mean_interval(&[2.0, 4.0, 4.0, 5.0, 9.0]), [4.8, 1.5860324292680095, 8.01396757073199]);
        assert_eq!(mean_interval(&[3.0]).high, f64::INFINITY);
    }

    #[test]
    fn the_bootstrap_repeats_itself_and_holds_the_truth() {
        let values: Vec<f64> = (0..200).map(|i| f64::from(i % 20)).collect();
        let mean_of = |rows: &[usize]| rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64;
        let interval = bootstrap(values.len(), 500, 1, mean_of);
        assert_eq!(interval, bootstrap(values.len(), 500, 1, mean_of));
        let student = mean_interval(&values);
        assert_eq!(interval.value, 9.5);
        assert!(
            (interval.low - student.low).abs() < 0.15 && (interval.high - student.high).abs() < 0.15,
            "{interval:?}"
        );
        assert!(bootstrap(10, 20, 1, |_| f64::NAN).low.is_nan());
    }

    #[test]
    fn the_smallest_p_is_that_of_all_events_on_one_side() {
        // C(90, 3) / C(150, 3) is larger than C(60, 3) / C(150, 3) = 0.0621; both ends are as likely or less: 34220 / 551300.
        let least = least_share_difference_p(Share::new(1, 90), Share::new(2, 60));
        assert!((least - 34_220.0 / 551_300.0).abs() < 1e-9, "{least}");
        assert_eq!(least_share_difference_p(Share::new(0, 90), Share::new(0, 60)), 1.0);
    }
}
