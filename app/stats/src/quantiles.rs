//! Quantiles and the empirical distribution function of sorted samples.

/// The `q` quantile (0 ≤ q ≤ 1) of an ascending sample, linear between order statistics (`numpy.quantile`).
/// NaN for an empty sample.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = q.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    interpolate(sorted[below], sorted[above], place - below as f64)
}

/// From `a` to `b` at `t` in 0..1, exact at both ends and symmetric, in `numpy`'s order of operations.
fn interpolate(a: f64, b: f64, t: f64) -> f64 {
    let width = b - a;
    if t >= 0.5 { b - width * (1.0 - t) } else { a + width * t }
}

/// `count` quantiles at equal steps from 0 to 1, both ends included.
pub fn even_quantiles(sorted: &[f64], count: usize) -> Vec<f64> {
    let step = 1.0 / count.saturating_sub(1).max(1) as f64;
    (0..count).map(|i| quantile(sorted, if i + 1 == count { 1.0 } else { i as f64 * step })).collect()
}

/// The middle value; NaN for an empty sample.
pub fn median(sorted: &[f64]) -> f64 {
    quantile(sorted, 0.5)
}

/// The share of the sample at or below `x`; NaN for an empty sample.
pub fn ecdf(sorted: &[f64], x: f64) -> f64 {
    sorted.partition_point(|value| *value <= x) as f64 / sorted.len() as f64
}

/// Arithmetic mean; NaN for an empty slice.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Sample standard deviation (divisor n - 1), by two passes; NaN for fewer than two values.
pub fn standard_deviation(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return f64::NAN;
    }
    let centre = mean(values);
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_numpys() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert_eq!(quantile(&sorted, 0.5), 3.0);
        assert!((quantile(&sorted, 0.9) - 6.8).abs() < 1e-12);
        assert_eq!(quantile(&sorted, 1.0), 8.0);
        assert_eq!(even_quantiles(&sorted, 4), [1.0, 2.0, 4.0, 8.0]);
        assert_eq!(median(&[7.0]), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn the_distribution_function_counts_ties_and_the_deviation_divides_by_n_minus_one() {
        assert_eq!(ecdf(&[1.0, 2.0, 2.0, 5.0], 2.0), 0.75);
        assert_eq!(ecdf(&[1.0, 2.0, 2.0, 5.0], 0.0), 0.0);
        assert_eq!(standard_deviation(&[1.0, 2.0, 3.0]), 1.0);
        assert!(standard_deviation(&[1.0]).is_nan() && mean(&[]).is_nan());
    }
}
