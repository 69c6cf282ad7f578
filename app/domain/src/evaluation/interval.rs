//! 95 % intervals of the metrics.

use super::Metric;
use stats::regression::Estimate;

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A share with Wilson's score interval (1927), which stays within 0..1 and is honest for few rows.
pub fn wilson(hits: u64, n: u64) -> Metric {
    wilson_of_share(if n == 0 { 0.0 } else { hits as f64 / n as f64 }, n as f64)
}

/// The same for a share that behaves like one of `n` rows.
pub(super) fn wilson_of_share(share: f64, n: f64) -> Metric {
    if n <= 0.0 {
        return Metric::exact(share);
    }
    let squared = Z * Z / n;
    let centre = (share + squared / 2.0) / (1.0 + squared);
    let reach = Z / (1.0 + squared) * (share * (1.0 - share) / n + squared / (4.0 * n)).sqrt();
    Metric { value: share, low: Some((centre - reach).max(0.0)), high: Some((centre + reach).min(1.0)) }
}

/// The normal interval around an estimate, cut at the bounds of the metric.
pub(super) fn normal(estimate: Estimate, low: f64, high: f64) -> Metric {
    let Estimate { value, standard_error } = estimate;
    if !standard_error.is_finite() {
        return Metric::exact(value);
    }
    let reach = Z * standard_error;
    Metric { value, low: Some((value - reach).max(low)), high: Some((value + reach).min(high)) }
}

/// The normal interval of a share on the scale of log odds, so that it never leaves 0..1.
/// Without an error (a perfect value) Wilson's interval for `rows` rows takes its place.
pub(super) fn logit(estimate: Estimate, rows: f64) -> Metric {
    let Estimate { value, standard_error } = estimate;
    let slope = value * (1.0 - value);
    if standard_error <= 0.0 || slope <= 0.0 {
        return wilson_of_share(value, rows);
    }
    let (centre, reach) = ((value / (1.0 - value)).ln(), Z * standard_error / slope);
    let share = |odds: f64| 1.0 / (1.0 + (-odds).exp());
    Metric { value, low: Some(share(centre - reach)), high: Some(share(centre + reach)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_as_in_newcombe_1998() {
        // Table I of Newcombe (Statistics in Medicine 17, 857), method 3: 81/263 and 0/20.
        let found = wilson(81, 263);
        assert!((found.low.unwrap_or(0.0) - 0.2553).abs() < 5e-5 && (found.high.unwrap_or(0.0) - 0.3662).abs() < 5e-5);
        let none = wilson(0, 20);
        assert!(none.low == Some(0.0) && (none.high.unwrap_or(0.0) - 0.1611).abs() < 5e-5);
    }
}
