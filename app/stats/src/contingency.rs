//! Distances and tests between two lists of category counts: position i of both lists is the same category.

use super::distributions::chi_square_sf;

/// Shares below this are raised to it before [`psi_of_shares`] takes a logarithm.
pub const PSI_FLOOR: f64 = 1e-4;

/// A chi-square test of a 2 x k table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquare {
    pub statistic: f64,
    pub degrees_of_freedom: u64,
    pub p: f64,
}

/// Pearson's chi-square test that two lists of counts have the same shares, without Yates's correction
/// (`scipy.stats.chi2_contingency(correction=False)`). Categories that occur on neither side are left out.
/// `None` when either side is empty; with one category the statistic is 0 and p is 1.
pub fn chi_square(reference: &[u64], current: &[u64]) -> Option<ChiSquare> {
    let (n, m) = (total(reference), total(current));
    if n == 0.0 || m == 0.0 {
        return None;
    }
    let mut statistic = 0.0;
    let mut categories = 0;
    for (a, b) in reference.iter().zip(current).map(|(a, b)| (*a as f64, *b as f64)).filter(|(a, b)| a + b > 0.0) {
        categories += 1;
        let expected_a = (a + b) * n / (n + m);
        let expected_b = (a + b) * m / (n + m);
        statistic += (a - expected_a).powi(2) / expected_a + (b - expected_b).powi(2) / expected_b;
    }
    let degrees_of_freedom = categories - 1;
    let p = if degrees_of_freedom == 0 { 1.0 } else { chi_square_sf(statistic, degrees_of_freedom as f64) };
    Some(ChiSquare { statistic, degrees_of_freedom, p })
}

/// The expected count under which [`pool_sparse`] joins categories. A cell's share of the statistic has a variance of about
/// `2 + 1 / expected`; below one quarter that is more than three times what the chi-square distribution supposes.
pub const SPARSE_EXPECTED: f64 = 0.25;

/// The same counts with the categories expected less than [`SPARSE_EXPECTED`] times on one side joined into one, so that a
/// single rare value beside a large sample can't make the chi-square test cry out.
pub fn pool_sparse(reference: &[u64], current: &[u64]) -> (Vec<u64>, Vec<u64>) {
    let (n, m) = (total(reference), total(current));
    let smaller_share = n.min(m) / (n + m);
    let (mut pooled_a, mut pooled_b, mut rest) = (Vec::new(), Vec::new(), (0, 0));
    for (a, b) in reference.iter().zip(current) {
        if ((a + b) as f64) * smaller_share < SPARSE_EXPECTED {
            rest = (rest.0 + a, rest.1 + b);
        } else {
            pooled_a.push(*a);
            pooled_b.push(*b);
        }
    }
    if rest != (0, 0) {
        pooled_a.push(rest.0);
        pooled_b.push(rest.1);
    }
    (pooled_a, pooled_b)
}

/// Cramér's V of a 2 x k table, 0 to 1: `sqrt(chi2 / n)`, n being the rows of both sides together.
/// `None` when either side is empty.
pub fn cramers_v(reference: &[u64], current: &[u64]) -> Option<f64> {
    let test = chi_square(reference, current)?;
    // With nothing in common it can come out a rounding over one.
    Some((test.statistic / (total(reference) + total(current))).sqrt().min(1.0))
}

/// Cramér's V of a table of counts, less what chance gives (Bergsma 2013): 0 for columns that say nothing about each other, 1
/// where one follows from the other. Empty rows and columns are left out. `None` where fewer than two of either are left.
pub fn cramers_v_corrected(counts: &[Vec<u64>]) -> Option<f64> {
    let columns = counts.iter().map(Vec::len).max().unwrap_or(0);
    let of_row: Vec<f64> = counts.iter().map(|row| row.iter().sum::<u64>() as f64).collect();
    let at = |row: &[u64], column: usize| row.get(column).copied().unwrap_or(0) as f64;
    let of_column: Vec<f64> = (0..columns).map(|column| counts.iter().map(|row| at(row, column)).sum()).collect();
    let n: f64 = of_row.iter().sum();
    let filled = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count() as f64;
    let (r, k) = (filled(&of_row), filled(&of_column));
    if r < 2.0 || k < 2.0 || n < 2.0 {
        return None;
    }
    let mut chi_square = 0.0;
    for (row, row_sum) in counts.iter().zip(&of_row) {
        for (column, column_sum) in of_column.iter().enumerate() {
            let expected = row_sum * column_sum / n;
            if expected > 0.0 {
                chi_square += (at(row, column) - expected).powi(2) / expected;
            }
        }
    }
    let phi2 = (chi_square / n - (r - 1.0) * (k - 1.0) / (n - 1.0)).max(0.0);
    let fewer = |count: f64| count - (count - 1.0).powi(2) / (n - 1.0);
    let most = (fewer(r) - 1.0).min(fewer(k) - 1.0);
    (most > 0.0).then(|| (phi2 / most).sqrt().min(1.0))
}

/// Jensen-Shannon distance in base 2 between the shares of two lists of counts
/// (`scipy.spatial.distance.jensenshannon`): 0 for equal shares, 1 when no category is common.
/// `None` when either side is empty.
pub fn share_distance(reference: &[u64], current: &[u64]) -> Option<f64> {
    let (n, m) = (total(reference), total(current));
    if n == 0.0 || m == 0.0 {
        return None;
    }
    let divergence: f64 = reference
        .iter()
        .zip(current)
        .map(|(a, b)| {
            let (p, q) = (*a as f64 / n, *b as f64 / m);
            let middle = 0.5 * (p + q);
            relative_entropy(p, middle) + relative_entropy(q, middle)
        })
        .sum();
    // Equal shares can come out a rounding below zero, and those with nothing in common a rounding over one.
    Some((0.5 * divergence / std::f64::consts::LN_2).clamp(0.0, 1.0).sqrt())
}

fn relative_entropy(p: f64, q: f64) -> f64 {
    if p > 0.0 { p * (p / q).ln() } else { 0.0 }
}

/// Population stability index of two lists of counts; `None` when either side is empty.
pub fn category_psi(reference: &[u64], current: &[u64]) -> Option<f64> {
    let (n, m) = (total(reference), total(current));
    if n == 0.0 || m == 0.0 {
        return None;
    }
    let shares = |counts: &[u64], total: f64| counts.iter().map(|count| *count as f64 / total).collect::<Vec<f64>>();
    Some(psi_of_shares(&shares(reference, n), &shares(current, m)))
}

/// Population stability index of shares already computed.
pub fn psi_of_shares(reference: &[f64], current: &[f64]) -> f64 {
    reference
        .iter()
        .zip(current)
        .map(|(p, q)| (p.max(PSI_FLOOR), q.max(PSI_FLOOR)))
        .map(|(p, q)| (q - p) * (q / p).ln())
        .sum()
}

/// Half the sum of the differences between shares (total variation distance), 0 to 1; `None` when either side is empty.
pub fn total_variation(reference: &[u64], current: &[u64]) -> Option<f64> {
    let (n, m) = (total(reference), total(current));
    let differences = || reference.iter().zip(current).map(|(a, b)| (*a as f64 / n - *b as f64 / m).abs()).sum::<f64>();
    // The same.
    (n > 0.0 && m > 0.0).then(|| (0.5 * differences()).min(1.0))
}

fn total(counts: &[u64]) -> f64 {
    counts.iter().sum::<u64>() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cramers_v_of_a_table_is_corrected_for_chance() {
        // By hand: chi-square 20, n 120; 0.408248 without the correction, as scipy.stats.contingency.association has it.
        let counts = vec![vec![10, 20, 30], vec![30, 20, 10]];
        let found = cramers_v_corrected(&counts).unwrap_or(f64::NAN);
        assert!((found - 0.388_754_348_532).abs() < 1e-9, "{found}");
        assert_eq!(cramers_v_corrected(&[vec![50, 50], vec![50, 50]]), Some(0.0));
        assert_eq!(cramers_v_corrected(&[vec![50, 0], vec![0, 50]]), Some(1.0));
        assert_eq!(cramers_v_corrected(&[vec![50, 0], vec![7, 0]]), None, "one column has all");
        assert_eq!(cramers_v_corrected(&[]), None);
    }

    #[test]
    fn sides_with_nothing_in_common_are_no_further_than_one() {
        let (a, b) = ([1, 0, 0, 0], [0, 22, 3945, 1]);
        for figure in [cramers_v(&a, &b), share_distance(&a, &b), total_variation(&a, &b)] {
            assert!(figure.is_some_and(|figure| figure <= 1.0 && figure > 1.0 - 1e-12), "{figure:?}");
        }
    }

    #[test]
    fn figures_are_scipys() {
        // chi2_contingency([[44, 46, 20], [60, 44, 16]], correction=False) and jensenshannon(.., base=2).
        let (a, b) = ([44, 46, 20, 0], [60, 44, 16, 0]);
        let test = chi_square(&a, &b).expect("both sides have rows");
        assert!((test.statistic - 2.520_409_220_409_222_3).abs() < 1e-12);
        assert_eq!(test.degrees_of_freedom, 2);
        assert!((test.p - 0.283_595_993_928_599_97).abs() < 1e-12);
        assert!((cramers_v(&a, &b).unwrap_or(f64::NAN) - 0.104_681_903_681_108_93).abs() < 1e-12);
        assert!((share_distance(&a, &b).unwrap_or(f64::NAN) - 0.089_091_260_095_123_79).abs() < 1e-12);
        assert!((category_psi(&a, &b).unwrap_or(f64::NAN) - 0.044_124_513_390_176_47).abs() < 1e-12);
        assert!((total_variation(&a, &b).unwrap_or(f64::NAN) - 0.1).abs() < 1e-12);
    }

    #[test]
    fn an_empty_side_has_no_distance_and_one_category_no_difference() {
        assert_eq!(chi_square(&[0, 0], &[1, 2]), None);
        assert_eq!(share_distance(&[1], &[0]), None);
        assert_eq!(category_psi(&[], &[]), None);
        assert_eq!(total_variation(&[3], &[0]), None);
        let test = chi_square(&[5], &[9]).expect("both sides have rows");
        assert_eq!((test.statistic, test.degrees_of_freedom, test.p), (0.0, 0, 1.0));
        assert_eq!(share_distance(&[3, 0], &[0, 8]), Some(1.0));
    }

    #[test]
    fn rare_categories_of_a_small_side_are_pooled() {
        // 20 rows beside 10,000: a category of 100 is expected 0.2 times among the 20.
        let (a, b) = ([9_000, 800, 100, 99, 1], [18, 1, 0, 0, 1]);
        assert_eq!(pool_sparse(&a, &b), (vec![9_000, 800, 200], vec![18, 1, 1]));
        let raw = chi_square(&a, &b).expect("both sides have rows").p;
        let (a, b) = pool_sparse(&a, &b);
        let pooled = chi_square(&a, &b).expect("both sides have rows").p;
        assert!(raw < 1e-9 && pooled > 0.1, "{raw} {pooled}");
        assert_eq!(pool_sparse(&[10, 1], &[10, 0]), (vec![10, 1], vec![10, 0]));
    }
}
