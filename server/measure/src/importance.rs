//! How strongly each column goes with the label: cheap, rank-based, one column at a time.

use std::collections::BTreeMap;

use domain::profile::CATEGORY_CAP;
use domain::{ColumnRole, Roles};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::distributions::{chi_square_sf, normal_two_sided};
use stats::regression::{ranks, spearman};

use crate::sample::Sample;
use crate::values::{codes, numbers};

/// A label with at most this many different values is a class, with more (if they are numbers) a quantity.
const CLASSES: usize = 20;
/// In fewer rows where both values are there, any order may be chance.
const FEWEST_ROWS: usize = 20;
/// With fewer rows to a category on average, names and numbers of single rows go with any label by chance.
const ROWS_PER_KIND: f64 = 2.0;

/// How strongly a column goes with the label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Association {
    /// 0 (none) to 1 (determines it).
    pub strength: f64,
    /// The chance of so strong an association between columns that have nothing to do with each other.
    pub p: f64,
    /// Rows where both values are there.
    pub rows: u64,
}

impl Association {
    fn new(strength: f64, p: f64, rows: usize) -> Option<Self> {
        let strength = strength.clamp(0.0, 1.0);
        (rows >= FEWEST_ROWS && strength.is_finite()).then_some(Self { strength, p, rows: rows as u64 })
    }
}

/// The label of each row, ready to be related to columns.
pub(super) enum Label {
    /// Class number per row, and how many classes.
    Classes(Vec<Option<u32>>, usize),
    Quantity(Vec<Option<f64>>),
}

/// Association of each feature with the label over the sampled rows where both are there, 0 (none) to 1 (determines it):
/// two classes and numbers `|2 AUC - 1|`; other classes and numbers, or a quantity and categories, the correlation
/// ratio η of the ranks; two quantities `|Spearman's ρ|`; classes and categories Cramér's V with Bergsma's bias correction
/// ("A bias-correction for Cramér's V and Tschuprow's T", 2013). Empty without a label; text, times and constants are left out.
pub fn associations_with_label(sample: &Sample, roles: &Roles) -> BTreeMap<String, Association> {
    let Some(label) = roles.label().and_then(|name| sample.column(name)).and_then(Label::of) else {
        return BTreeMap::new();
    };
    sample
        .frame
        .columns()
        .par_iter()
        .filter(|column| roles.of(column.name()) == ColumnRole::Feature)
        .filter_map(|column| Some((column.name().to_string(), label.with(column.as_materialized_series())?)))
        .collect()
}

impl Label {
    pub(super) fn of(column: &Series) -> Option<Self> {
        match codes(column, CLASSES) {
            Some((_, 0 | 1)) => None,
            Some((codes, classes)) => Some(Label::Classes(codes, classes)),
            None => Some(Label::Quantity(numbers(column)?)),
        }
    }

    /// How strongly a column goes with it, 0 to 1, as [`associations_with_label`].
    pub(super) fn with(&self, column: &Series) -> Option<Association> {
        let feature = numbers(column);
        match (self, feature) {
            (Label::Classes(label, classes), Some(values)) => {
                let (values, classes_of): (Vec<f64>, Vec<u32>) = both(&values, label);
                correlation_ratio_of_ranks(&values, &classes_of, *classes)
            }
            (Label::Classes(label, classes), None) => {
                let (feature, kinds) = codes(column, CATEGORY_CAP)?;
                cramers_v(&feature, kinds, label, *classes)
            }
            (Label::Quantity(label), Some(values)) => {
                let (values, quantities): (Vec<f64>, Vec<f64>) = both(&values, label);
                let strength = spearman(&values, &quantities)?.abs();
                let rows = values.len();
                // Without an association ρ varies by 1 / sqrt(n - 1) around 0.
                Association::new(strength, normal_two_sided(strength * (rows as f64 - 1.0).max(0.0).sqrt()), rows)
            }
            (Label::Quantity(label), None) => {
                let (feature, kinds) = codes(column, CATEGORY_CAP)?;
                let (quantities, kinds_of): (Vec<f64>, Vec<u32>) = both(label, &feature);
                correlation_ratio_of_ranks(&quantities, &kinds_of, kinds)
            }
        }
    }
}

impl Label {
    /// As [`Self::with`], each value of the column being a kind of its own: sees a code whose numbers have no order.
    /// `None` for a label that is a quantity, and for columns of more than `most` values.
    pub(super) fn with_kinds(&self, column: &Series, most: usize) -> Option<Association> {
        let Label::Classes(label, classes) = self else { return None };
        let (feature, kinds) = codes(column, most)?;
        cramers_v(&feature, kinds, label, *classes)
    }

    /// Classes of the label; 0 for a quantity.
    pub(super) fn classes(&self) -> usize {
        match self {
            Label::Classes(_, classes) => *classes,
            Label::Quantity(_) => 0,
        }
    }
}

/// The rows where both are there.
fn both<T: Copy>(values: &[Option<f64>], others: &[Option<T>]) -> (Vec<f64>, Vec<T>) {
    values
        .iter()
        .zip(others)
        .filter_map(|(value, other)| Some((value.filter(|value| !value.is_nan())?, (*other)?)))
        .unzip()
}

/// For two groups `|2 AUC - 1|`, which equals the difference of the groups' mean ranks over half the number of rows;
/// for more, the square root of the share of the ranks' variance that lies between the groups. Its chance is that of the
/// tests of Mann and Whitney (1947, normal approximation) and of Kruskal and Wallis (1952).
fn correlation_ratio_of_ranks(values: &[f64], groups: &[u32], count: usize) -> Option<Association> {
    let ranks = ranks(values);
    let total = ranks.len() as f64;
    let mut sums = vec![(0.0, 0.0); count];
    for (rank, group) in ranks.iter().zip(groups) {
        let (n, sum) = &mut sums[*group as usize];
        *n += 1.0;
        *sum += rank;
    }
    sums.retain(|(n, _)| *n > 0.0);
    match sums.as_slice() {
        [] | [_] => None,
        [(n0, sum0), (n1, sum1)] => {
            let strength = (2.0 * (sum0 / n0 - sum1 / n1) / total).abs();
            let by_chance = ((total + 1.0) / (3.0 * n0 * n1)).sqrt();
            Association::new(strength, normal_two_sided(strength / by_chance), ranks.len())
        }
        groups if total < ROWS_PER_KIND * groups.len() as f64 => None,
        groups => {
            let mean = (total + 1.0) / 2.0;
            let all: f64 = ranks.iter().map(|rank| (rank - mean) * (rank - mean)).sum();
            let between: f64 = groups.iter().map(|(n, sum)| n * (sum / n - mean) * (sum / n - mean)).sum();
            // Chance alone puts (groups - 1) / (rows - 1) of the variance between the groups.
            let chance = (groups.len() as f64 - 1.0) / (total - 1.0);
            let p = chi_square_sf((total - 1.0) * between / all, groups.len() as f64 - 1.0);
            Association::new((((between / all) - chance) / (1.0 - chance)).max(0.0).sqrt(), p, ranks.len())
        }
    }
}

fn cramers_v(a: &[Option<u32>], kinds_a: usize, b: &[Option<u32>], kinds_b: usize) -> Option<Association> {
    let mut counts = vec![0.0; kinds_a * kinds_b];
    let mut total = 0.0;
    for (a, b) in a.iter().zip(b) {
        if let (Some(a), Some(b)) = (a, b) {
            counts[*a as usize * kinds_b + *b as usize] += 1.0;
            total += 1.0;
        }
    }
    let rows: Vec<f64> = counts.chunks(kinds_b).map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..kinds_b).map(|b| counts.iter().skip(b).step_by(kinds_b).sum()).collect();
    let (r, k) = (present(&rows), present(&columns));
    if r < 2.0 || k < 2.0 || total < ROWS_PER_KIND * r.max(k) {
        return None;
    }
    let mut chi2 = 0.0;
    for (row, row_sum) in counts.chunks(kinds_b).zip(&rows) {
        for (count, column_sum) in row.iter().zip(&columns) {
            let expected = row_sum * column_sum / total;
            if expected > 0.0 {
                chi2 += (count - expected) * (count - expected) / expected;
            }
        }
    }
    let p = chi_square_sf(chi2, (r - 1.0) * (k - 1.0));
    let phi2 = (chi2 / total - (r - 1.0) * (k - 1.0) / (total - 1.0)).max(0.0);
    let (r, k) = (r - (r - 1.0).powi(2) / (total - 1.0), k - (k - 1.0).powi(2) / (total - 1.0));
    let smaller = r.min(k) - 1.0;
    if smaller > 0.0 { Association::new((phi2 / smaller).sqrt(), p, total as usize) } else { None }
}

fn present(sums: &[f64]) -> f64 {
    sums.iter().filter(|sum| **sum > 0.0).count() as f64
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::NamedFrom;

    use super::*;

    #[test]
    fn a_copy_of_the_label_is_one_and_noise_is_near_zero_for_every_pair_of_types() {
        let n = 2_000_u64;
        let label: Vec<i64> = (0..n).map(|i| i64::from(i % 3 == 0)).collect();
        // A multiplicative generator, unrelated to i mod 3.
        let noise: Vec<f64> =
            (0..n).map(|i| (i.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99) >> 33) as f64).collect();
        let word = |yes: bool| if yes { "late" } else { "on time" };
        let columns = vec![
            Series::new("late".into(), label.clone()),
            Series::new("copy".into(), label.iter().map(|l| *l as f64 * 2.0 - 5.0).collect::<Vec<_>>()),
            Series::new("word".into(), label.iter().map(|l| word(*l == 1)).collect::<Vec<_>>()),
            Series::new("noise".into(), noise.clone()),
            Series::new(
                "noise word".into(),
                noise.iter().map(|v| word((*v as u64).is_multiple_of(2))).collect::<Vec<_>>(),
            ),
        ];
        let sample = Sample::new(columns, n as usize).unwrap();
        let classes = associations_with_label(&sample, &Roles::from([(ColumnRole::Label, "late")]));
        let strengths = |found: BTreeMap<String, Association>| -> BTreeMap<String, f64> {
            found.into_iter().map(|(name, found)| (name, found.strength)).collect()
        };
        let classes = strengths(classes);
        assert!((classes["copy"] - 1.0).abs() < 1e-9 && classes["word"] > 0.99, "{classes:?}");
        assert!(classes["noise"] < 0.08 && classes["noise word"] < 0.08, "{classes:?}");
        let quantity = strengths(associations_with_label(&sample, &Roles::from([(ColumnRole::Label, "noise")])));
        assert!(quantity["late"] < 0.08 && quantity["noise word"] < 0.08, "{quantity:?}");
        assert!(associations_with_label(&sample, &Roles::default()).is_empty());
    }

    #[test]
    fn names_that_hardly_repeat_go_with_nothing() {
        // 130 names for 200 rows: the few that repeat decide, by chance.
        let names: Vec<u32> = (0..200).map(|row| row % 130).collect();
        let values: Vec<f64> = (0..200).map(f64::from).collect();
        assert_eq!(correlation_ratio_of_ranks(&values, &names, 130), None);
        let names: Vec<Option<u32>> = names.into_iter().map(Some).collect();
        let label: Vec<Option<u32>> = (0..200).map(|row| Some(u32::from(row % 3 == 0))).collect();
        assert_eq!(cramers_v(&names, 130, &label, 2), None);
    }

    #[test]
    fn two_classes_give_the_rank_difference_that_auc_gives() {
        // scikit-learn: roc_auc_score([0, 0, 1, 1] * 6, [0.1, 0.4, 0.35, 0.8] * 6) = 0.75; SciPy: mannwhitneyu(..., use_continuity=False,
        // method="asymptotic") gives 0.0377 with its correction for ties and 0.0377 < p < 0.04 without.
        let values = [0.1, 0.4, 0.35, 0.8].repeat(6);
        let found = correlation_ratio_of_ranks(&values, &[0, 0, 1, 1].repeat(6), 2).unwrap();
        assert!((found.strength - 0.5).abs() < 1e-12);
        assert!((found.p - 0.0377).abs() < 3e-3, "{found:?}");
    }

    #[test]
    fn a_perfect_order_of_a_few_rows_is_nothing_or_chance() {
        let label = Label::Quantity((0..60).map(|row| Some(f64::from(row))).collect());
        // Three rows have a value, in the order of the label.
        let rare: Vec<Option<f64>> = (0..60).map(|row| (row % 20 == 0).then_some(f64::from(row))).collect();
        assert_eq!(label.with(&Series::new("pool".into(), rare)), None);
        // One row has another kind, and the largest label.
        let street: Vec<&str> = (0..60).map(|row| if row == 59 { "gravel" } else { "paved" }).collect();
        let found = label.with(&Series::new("street".into(), street)).unwrap();
        assert!(found.strength == 1.0 && found.p > 0.05, "{found:?}");
        let half: Vec<&str> = (0..60).map(|row| if row >= 30 { "new" } else { "old" }).collect();
        assert!(label.with(&Series::new("age".into(), half)).unwrap().p < 1e-9);
    }
}
