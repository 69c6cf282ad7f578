//! Binning: `numpy`'s edges and counts, and edges for charts that survive outliers.

use super::quantiles::quantile;

/// `bins + 1` edges of equal width from `low` to `high` (`numpy.linspace`).
pub fn linear_edges(low: f64, high: f64, bins: usize) -> Vec<f64> {
    let step = (high - low) / bins as f64;
    let mut edges: Vec<f64> = (0..bins).map(|i| i as f64 * step + low).collect();
    edges.push(high);
    edges
}

/// `bins + 1` edges from `low` to `high` (both positive), equal in width on a logarithmic axis.
pub fn log_edges(low: f64, high: f64, bins: usize) -> Vec<f64> {
    let mut edges: Vec<f64> = linear_edges(low.ln(), high.ln(), bins).into_iter().map(f64::exp).collect();
    // exp(ln(x)) may miss x by a rounding; the ends must hold the smallest and the largest value.
    if let (Some(first), true) = (edges.first_mut(), bins > 0) {
        *first = low;
    }
    if let Some(last) = edges.last_mut() {
        *last = high;
    }
    edges
}

/// Counts of an ascending sample between ascending edges: each bin is `[e_i, e_i+1)`, the last one closed; values outside
/// are not counted (`numpy.histogram` with explicit edges).
pub fn histogram(sorted: &[f64], edges: &[f64]) -> Vec<u64> {
    let last = edges.len().saturating_sub(1);
    let below: Vec<usize> = edges
        .iter()
        .enumerate()
        .map(|(i, edge)| sorted.partition_point(|value| if i == last { value <= edge } else { value < edge }))
        .collect();
    below.windows(2).map(|pair| (pair[1] - pair[0]) as u64).collect()
}

/// As [`histogram`], with the values below the first edge counted in the first bin and those above the last in the last.
pub fn histogram_clipped(sorted: &[f64], edges: &[f64]) -> Vec<u64> {
    let mut counts = histogram(sorted, edges);
    if let (Some(first), Some(last)) = (edges.first(), edges.last()) {
        let below = sorted.partition_point(|value| value < first) as u64;
        let above = (sorted.len() - sorted.partition_point(|value| value <= last)) as u64;
        if let Some(bin) = counts.first_mut() {
            *bin += below;
        }
        if let Some(bin) = counts.last_mut() {
            *bin += above;
        }
    }
    counts
}

/// Edges of about `bins` equal bins for a linear chart of these samples (ascending); `None` when all are empty.
///
/// Whole numbers get bins as wide as a whole number, so that each bin holds as many of them as its neighbours. A constant
/// gets one bin around it. Values may lie beyond the outer edges: count with [`histogram_clipped`].
pub fn chart_edges(samples: &[&[f64]], bins: usize) -> Option<Vec<f64>> {
    let (low, high) = chart_range(samples)?;
    if low == high {
        let reach = 0.5_f64.max(low.abs() * 1e-6);
        return Some(vec![low - reach, low + reach]);
    }
    let whole = samples.iter().flat_map(|sample| sample.iter()).all(|value| value.fract() == 0.0);
    if whole && high - low < 1e15 {
        let (low, high) = (low.floor(), high.ceil());
        let width = ((high - low + 1.0) / bins as f64).ceil();
        let count = ((high - low + 1.0) / width).ceil() as usize;
        return Some(linear_edges(low - 0.5, low - 0.5 + count as f64 * width, count));
    }
    Some(linear_edges(low, high, bins))
}

/// The range a linear chart of these samples shows: all of it, unless a few far values would squeeze the rest into a
/// corner; then the range of the middle 98 % of each sample, widened by three times that range on either side at most.
fn chart_range(samples: &[&[f64]]) -> Option<(f64, f64)> {
    let ends = |pick: fn(f64, f64) -> f64, at: f64| {
        samples.iter().filter(|sample| !sample.is_empty()).map(|sample| quantile(sample, at)).reduce(pick)
    };
    // A quarter of the largest double: no sum or difference of two ends can then overflow.
    let bounded = |value: f64| value.clamp(-f64::MAX / 4.0, f64::MAX / 4.0);
    let (min, max) = (bounded(ends(f64::min, 0.0)?), bounded(ends(f64::max, 1.0)?));
    let (low, high) = (bounded(ends(f64::min, 0.01)?), bounded(ends(f64::max, 0.99)?));
    let reach = 3.0 * (high - low);
    // A column that is nearly constant has no middle to speak of: show everything.
    if reach <= 0.0 { Some((min, max)) } else { Some((min.max(low - reach), max.min(high + reach))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_half_open_but_for_the_last() {
        let edges = linear_edges(0.0, 3.0, 3);
        assert_eq!(edges, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(histogram(&[-1.0, 0.0, 1.0, 1.5, 3.0, 4.0], &edges), [1, 2, 1]);
        assert_eq!(histogram_clipped(&[-1.0, 0.0, 1.0, 1.5, 3.0, 4.0], &edges), [2, 2, 2]);
        assert_eq!(histogram(&[], &edges), [0, 0, 0]);
    }

    #[test]
    fn a_constant_falls_into_the_last_of_equal_edges_as_in_numpy() {
        assert_eq!(histogram(&[5.0, 5.0], &linear_edges(5.0, 5.0, 3)), [0, 0, 2]);
    }

    #[test]
    fn logarithmic_edges_hold_both_ends() {
        let edges = log_edges(0.1, 1_000.0, 4);
        assert_eq!((edges[0], edges[4]), (0.1, 1_000.0));
        assert!((edges[2] - 10.0).abs() < 1e-12);
        assert_eq!(histogram(&[0.1, 1.5, 1_000.0], &edges), [1, 1, 0, 1]);
    }

    #[test]
    fn whole_numbers_share_bins_evenly_and_a_constant_has_one() {
        let sorted: Vec<f64> = (0..=99).map(f64::from).collect();
        let edges = chart_edges(&[&sorted], 30).expect("there are values");
        assert_eq!((edges[0], edges[1], edges.len()), (-0.5, 3.5, 26));
        assert!(histogram_clipped(&sorted, &edges).iter().all(|count| *count == 4));
        assert_eq!(chart_edges(&[&[0.0, 1.0, 1.0], &[2.0]], 30), Some(vec![-0.5, 0.5, 1.5, 2.5]));
        assert_eq!(chart_edges(&[&[7.0, 7.0]], 30), Some(vec![6.5, 7.5]));
        assert_eq!(chart_edges(&[&[0.25, 0.5], &[]], 2), Some(vec![0.25, 0.375, 0.5]));
        assert_eq!(chart_edges(&[&[]], 30), None);
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let edges = chart_edges(&[&[-f64::MAX, 0.5, f64::MAX]], 4).expect("there are values");
        assert!(
            edges.iter().all(|edge| edge.is_finite()) && edges.windows(2).all(|pair| pair[0] < pair[1]),
            "{edges:?}"
        );
    }

    #[test]
    fn a_far_outlier_does_not_squeeze_the_chart_and_no_value_is_lost() {
        let mut sorted: Vec<f64> = (0..1_000).map(f64::from).collect();
        sorted.push(1e12);
        let (low, high) = chart_range(&[&sorted, &[]]).expect("there are values");
        assert_eq!(low, 0.0);
        assert!(high < 5_000.0, "{high}");
        let counts = histogram_clipped(&sorted, &linear_edges(low, high, 30));
        assert_eq!(counts.iter().sum::<u64>(), 1_001);
        assert_eq!(chart_range(&[&[2.0, 2.0, 2.0, 9.0]]), Some((2.0, 9.0)));
        assert_eq!(chart_range(&[&[], &[]]), None);
    }
}
