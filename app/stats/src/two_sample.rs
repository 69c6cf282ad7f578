//! Distances and tests between two samples of one number. Every function takes ascending slices of finite values:
//! nulls, NaN and infinities are counted and left out before.

use super::contingency::{psi_of_shares, share_distance};
use super::distributions::normal_two_sided;
use super::histogram::{histogram, linear_edges};
use super::kolmogorov::kolmogorov_sf;
use super::quantiles::even_quantiles;

/// Bins of [`js_distance`].
pub const JS_BINS: usize = 30;

/// Calls `visit(left, right, width)` for each stretch between neighbouring distinct values of the two samples together:
/// how many of each lie at or below the stretch, and how wide it is. The last value has width 0.
fn walk(a: &[f64], b: &[f64], mut visit: impl FnMut(usize, usize, f64)) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let here = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => x.min(*y),
            (Some(x), None) => *x,
            (None, Some(y)) => *y,
            (None, None) => break,
        };
        while a.get(i).is_some_and(|value| *value <= here) {
            i += 1;
        }
        while b.get(j).is_some_and(|value| *value <= here) {
            j += 1;
        }
        let next = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => x.min(*y),
            (Some(x), None) => *x,
            (None, Some(y)) => *y,
            (None, None) => here,
        };
        visit(i, j, next - here);
    }
}

/// Largest vertical distance between the two empirical distribution functions (`scipy.stats.ks_2samp`), 0 to 1.
/// `None` when either sample is empty.
pub fn ks_statistic(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (n, m) = (a.len() as f64, b.len() as f64);
    let mut largest: f64 = 0.0;
    walk(a, b, |i, j, _| largest = largest.max((i as f64 / n - j as f64 / m).abs()));
    Some(largest)
}

/// p value of [`ks_statistic`], as `scipy.stats.ks_2samp(method="asymp")`: the one-sample distribution at the effective
/// size `n m / (n + m)`, rounded half to even. Conservative when there are ties. 1 where that size is 0, which is one value
/// on each side (SciPy: NaN).
pub fn ks_pvalue_asymp(statistic: f64, n: usize, m: usize) -> f64 {
    let (n, m) = (n as f64, m as f64);
    let size = (n * m / (n + m)).round_ties_even() as u64;
    if size == 0 { 1.0 } else { kolmogorov_sf(size, statistic) }
}

/// Earth mover's distance: the area between the two empirical distribution functions
/// (`scipy.stats.wasserstein_distance`), in the units of the values. `None` when either sample is empty.
pub fn wasserstein(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (n, m) = (a.len() as f64, b.len() as f64);
    let mut area = 0.0;
    walk(a, b, |i, j, width| area += (i as f64 / n - j as f64 / m).abs() * width);
    Some(area)
}

/// [`wasserstein`] in standard deviations of the reference. `None` when either sample is empty or the reference does
/// not vary (`reference_std` is 0 or undefined).
pub fn wasserstein_over_std_ref(reference: &[f64], current: &[f64], reference_std: f64) -> Option<f64> {
    let distance = wasserstein(reference, current)?;
    (reference_std > 0.0).then(|| distance / reference_std).filter(|ratio| ratio.is_finite())
}

/// The inner edges of [`psi`]: the deciles of the reference, duplicates and both ends removed.
/// None are left when fewer than three deciles differ; then there is one bin, and PSI is 0.
pub fn psi_edges(reference: &[f64]) -> Vec<f64> {
    let mut deciles = if reference.is_empty() { Vec::new() } else { even_quantiles(reference, 11) };
    deciles.dedup();
    if deciles.len() < 3 {
        return Vec::new();
    }
    deciles[1..deciles.len() - 1].to_vec()
}

/// Population stability index `Σ (q - p) ln(q / p)` over the deciles of the reference: bins `[e_i, e_i+1)` with open
/// outer ends, shares floored at [`PSI_FLOOR`](super::contingency::PSI_FLOOR). `None` when either sample is empty.
pub fn psi(reference: &[f64], current: &[f64]) -> Option<f64> {
    if reference.is_empty() || current.is_empty() {
        return None;
    }
    let edges = psi_edges(reference);
    Some(psi_of_shares(&shares_between(reference, &edges), &shares_between(current, &edges)))
}

fn shares_between(sorted: &[f64], inner_edges: &[f64]) -> Vec<f64> {
    let total = sorted.len() as f64;
    let mut below: Vec<usize> = inner_edges.iter().map(|edge| sorted.partition_point(|value| value < edge)).collect();
    below.insert(0, 0);
    below.push(sorted.len());
    below.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / total).collect()
}

/// Jensen-Shannon distance in base 2 (`scipy.spatial.distance.jensenshannon`, the square root of the divergence), 0 to 1,
/// between the histograms of both samples on [`JS_BINS`] equal bins over their joint range.
/// 0 when every value is the same; `None` when either sample is empty.
pub fn js_distance(reference: &[f64], current: &[f64]) -> Option<f64> {
    let low = reference.first()?.min(*current.first()?);
    let high = reference.last()?.max(*current.last()?);
    let edges = linear_edges(low, high, JS_BINS);
    share_distance(&histogram(reference, &edges), &histogram(current, &edges))
}

/// Two-sided p value of the Mann-Whitney U test: the normal approximation with tie and continuity correction
/// (`scipy.stats.mannwhitneyu(method="asymptotic")`). 1 when all values are equal; `None` when either sample is empty.
pub fn mann_whitney_p(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (n, m) = (a.len() as f64, b.len() as f64);
    let total = n + m;
    let (mut rank_sum, mut ties) = (0.0, 0.0);
    let (mut seen_a, mut seen_b) = (0, 0);
    walk(a, b, |i, j, _| {
        let (in_a, size) = ((i - seen_a) as f64, (i - seen_a + j - seen_b) as f64);
        // The mean rank of a group of equal values.
        rank_sum += in_a * ((seen_a + seen_b) as f64 + 0.5 * (size + 1.0));
        ties += size * (size * size - 1.0);
        (seen_a, seen_b) = (i, j);
    });
    let u = rank_sum - 0.5 * n * (n + 1.0);
    let deviation = (n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)))).sqrt();
    let distance = u.max(n * m - u) - 0.5 * n * m - 0.5;
    // A distance below zero is the continuity correction overshooting at the very centre.
    Some(if deviation > 0.0 { normal_two_sided(distance.max(0.0) / deviation) } else { 1.0 })
}

/// The chance of so large a difference between two samples of one population: twice the smaller p of two tests
/// (Bonferroni). Kolmogorov's test sees any difference, but needs many rows for one that is spread over the whole range.
/// The rank sum sees just that one in fewer rows: it is the locally most powerful rank test where the odds of a value move
/// with its rank (Lehmann 1953; Hájek and Šidák 1967), as they do when larger values become more frequent. `None` when
/// either sample is empty.
pub fn difference_p(a: &[f64], b: &[f64]) -> Option<f64> {
    let by_distance = ks_pvalue_asymp(ks_statistic(a, b)?, a.len(), b.len());
    Some((2.0 * by_distance.min(mann_whitney_p(a, b)?)).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contingency::PSI_FLOOR;
    use crate::testing::{draws, normal};

    fn assert_close(value: Option<f64>, expected: f64) {
        assert!(value.is_some_and(|value| (value - expected).abs() < 1e-12), "{value:?} against {expected}");
    }

    #[test]
    fn ties_are_stepped_over_together() {
        // F: 1/3, 1, 1; G: 0, 1/2, 1 at 1, 2, 3.
        let (a, b) = ([1.0, 2.0, 2.0], [2.0, 3.0]);
        assert_close(ks_statistic(&a, &b), 0.5);
        assert_close(wasserstein(&a, &b), 1.0 / 3.0 + 0.5);
        assert_close(ks_statistic(&a, &a), 0.0);
        assert_close(wasserstein(&a, &a), 0.0);
    }

    #[test]
    fn a_shift_moves_every_value_by_as_much() {
        let a: Vec<f64> = (0..100).map(f64::from).collect();
        let b: Vec<f64> = a.iter().map(|value| value + 7.0).collect();
        assert_close(wasserstein(&a, &b), 7.0);
        assert_close(wasserstein_over_std_ref(&a, &b, 3.5), 2.0);
        assert_close(ks_statistic(&a, &b), 0.07);
        assert_eq!(wasserstein_over_std_ref(&a, &b, 0.0), None);
        assert_eq!(wasserstein_over_std_ref(&a, &b, f64::NAN), None);
    }

    #[test]
    fn empty_samples_have_no_distance() {
        assert_eq!(ks_statistic(&[], &[1.0]), None);
        assert_eq!(wasserstein(&[1.0], &[]), None);
        assert_eq!(psi(&[], &[1.0]), None);
        assert_eq!(js_distance(&[1.0], &[]), None);
        assert_eq!(mann_whitney_p(&[], &[]), None);
    }

    #[test]
    fn one_row_and_constants_are_defined() {
        assert_close(ks_statistic(&[1.0], &[2.0]), 1.0);
        assert_close(js_distance(&[1.0], &[2.0]), 1.0);
        assert_close(js_distance(&[4.0; 5], &[4.0; 9]), 0.0);
        assert_close(psi(&[4.0; 5], &[9.0; 9]), 0.0);
        assert_close(mann_whitney_p(&[4.0; 5], &[4.0; 9]), 1.0);
    }

    #[test]
    fn the_stability_index_floors_an_empty_decile() {
        // Ten deciles of 0..100; all current values in the lowest: 0.1 against 1, and nine times 0.1 against 1e-4.
        let reference: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(psi_edges(&reference).len(), 9);
        let shares = shares_between(&reference, &psi_edges(&reference));
        let expected: f64 = shares
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let q: f64 = if i == 0 { 1.0 } else { PSI_FLOOR };
                (q - p) * (q / p).ln()
            })
            .sum();
        assert_close(psi(&reference, &[-50.0, 3.0]), expected);
    }

    #[test]
    fn the_effective_size_is_rounded_half_to_even() {
        // 3 * 5 / 8 = 1.875 -> 2; 5 * 5 / 10 = 2.5 -> 2, as numpy rounds.
        assert_eq!(ks_pvalue_asymp(0.4, 3, 5), kolmogorov_sf(2, 0.4));
        assert_eq!(ks_pvalue_asymp(0.4, 5, 5), kolmogorov_sf(2, 0.4));
    }

    fn ascending(mut values: Vec<f64>) -> Vec<f64> {
        values.sort_by(f64::total_cmp);
        values
    }

    #[test]
    fn larger_values_that_became_more_frequent_are_certain_in_fewer_rows_and_a_wider_spread_is_seen_too() {
        let ages =
            |seed, by: f64, spread: f64| ascending(draws(seed, 500, |rng| (40.0 + by + spread * normal(rng)).round()));
        let train = ages(1, 0.0, 10.0);
        let by_distance = |serve: &[f64]| ks_pvalue_asymp(ks_statistic(&train, serve).unwrap_or(0.0), 500, 500);
        let older = ages(2, 2.5, 10.0);
        let p = difference_p(&train, &older).unwrap_or(1.0);
        assert!(p < by_distance(&older) / 5.0, "{p} {}", by_distance(&older));
        let wider = ages(3, 0.0, 20.0);
        assert_close(difference_p(&train, &wider), 2.0 * by_distance(&wider));
        assert_eq!(difference_p(&train, &[]), None);
    }

    #[test]
    fn samples_of_one_population_are_no_more_often_apart_than_the_p_says() {
        // Skewed counts with many ties against a few rows, and a smooth column.
        let counts = |seed, n| ascending(draws(seed, n, |rng| (3.0 * normal(rng).powi(2)).floor()));
        let smooth = |seed, n| ascending(draws(seed, n, normal));
        let apart =
            |pair: &dyn Fn(u64) -> Option<f64>| (0..400).filter(|seed| pair(*seed).is_some_and(|p| p < 0.05)).count();
        assert!(apart(&|seed| difference_p(&counts(seed, 300), &counts(seed + 1_000, 90))) <= 28);
        assert!(apart(&|seed| difference_p(&smooth(seed, 200), &smooth(seed + 1_000, 200))) <= 28);
    }
}
