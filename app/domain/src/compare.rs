//! Train against serve, column by column: effects, tests and the figures charts draw, all from the two profiles.

use std::collections::{BTreeMap, HashMap};

use crate::comparison::{CategoryChart, ChartData, Comparison, LogBins, NumericChart, Side};
use crate::profile::{CategoryProfile, ColumnProfile, Profile};
use crate::snapshot::{ColumnKind, ColumnRole, Roles};
use stats::contingency::{category_psi, chi_square, cramers_v, pool_sparse, share_distance};
use stats::histogram::{chart_edges, histogram, histogram_clipped, log_edges};
use stats::multiple::benjamini_hochberg;
use stats::quantiles::{even_quantiles, standard_deviation};
use stats::two_sample::{difference_p, js_distance, ks_statistic, psi, wasserstein, wasserstein_over_std_ref};

/// Bins of a chart.
const BINS: usize = 30;
/// 0, 1, 2 … 100 %.
const QUANTILES: usize = 101;
/// Categories drawn by name; the rest are drawn together.
const CATEGORIES: usize = 30;
/// A label of whole numbers with at most this many different values on a side names classes.
const CLASSES: usize = 20;
/// The name of the bar that stands for all other categories.
pub const OTHER: &str = "(other)";

/// Compares every column that both snapshots have, in train's order, but for those that only name rows or are to be
/// ignored, and those whose kinds can't be compared (the schema's detectors speak of them).
///
/// `q` is Benjamini-Hochberg's over the features, which are searched together; label, prediction and score are
/// questions of their own, so theirs is their p.
pub fn compare(train: &Profile, serve: &Profile, roles: &Roles) -> Vec<Comparison> {
    let by_name: HashMap<&str, &ColumnProfile> =
        serve.columns.iter().map(|column| (column.name.as_str(), column)).collect();
    let mut comparisons: Vec<Comparison> = train
        .columns
        .iter()
        .filter_map(|column| compare_column(column, by_name.get(column.name.as_str())?, roles.of(&column.name)))
        .collect();
    correct_for_many(&mut comparisons);
    comparisons
}

/// Sets `q` of comparisons made one by one with [`compare_column`].
pub fn correct_for_many(comparisons: &mut [Comparison]) {
    let (mut features, others): (Vec<&mut Comparison>, Vec<&mut Comparison>) = comparisons
        .iter_mut()
        .filter(|comparison| comparison.p.is_some())
        .partition(|comparison| comparison.role == ColumnRole::Feature);
    let p_values: Vec<f64> = features.iter().filter_map(|comparison| comparison.p).collect();
    for (comparison, q) in features.iter_mut().zip(benjamini_hochberg(&p_values)) {
        comparison.q = Some(q);
    }
    for comparison in others {
        comparison.q = comparison.p;
    }
}

/// One column on both sides, `q` not yet set; `None` when it is not to be compared.
/// The time column is drawn but not tested: time moves on, and that is no drift.
pub fn compare_column(train: &ColumnProfile, serve: &ColumnProfile, role: ColumnRole) -> Option<Comparison> {
    if matches!(role, ColumnRole::Id | ColumnRole::Group | ColumnRole::Split | ColumnRole::Version | ColumnRole::Ignore)
    {
        return None;
    }
    let view = View::of(train, serve, role)?;
    let (n, measured, chart) = match view {
        View::Numbers(kind) => {
            let (reference, current) = (values(train, kind), values(serve, kind));
            (
                [count(train, kind), count(serve, kind)],
                numeric_effects(&reference, &current),
                numeric_chart(&reference, &current),
            )
        }
        View::Categories => {
            let table = Table::of(train.categories.as_ref(), serve.categories.as_ref());
            (
                [train.non_null(), serve.non_null()],
                category_effects(&table),
                Some(ChartData::Categories(category_chart(&table))),
            )
        }
    };
    let (effects, p) = if role == ColumnRole::Time { (BTreeMap::new(), None) } else { measured };
    let sides = |[reference, current]: [u64; 2]| BTreeMap::from([(Side::Train, reference), (Side::Serve, current)]);
    Some(Comparison {
        column: train.name.clone(),
        kind: view.kind(train),
        role,
        n: sides(n),
        nulls: sides([train.nulls, serve.nulls]),
        effects,
        p,
        q: None,
        chart,
    })
}

/// As what a column is compared.
#[derive(Clone, Copy)]
enum View {
    /// Numbers, times (milliseconds) or lengths of text.
    Numbers(ColumnKind),
    Categories,
}

impl View {
    fn of(train: &ColumnProfile, serve: &ColumnProfile, role: ColumnRole) -> Option<View> {
        use ColumnKind::{Boolean, Categorical, Datetime, Empty, Nested, Numeric, Text};
        if matches!(role, ColumnRole::Label | ColumnRole::Prediction) && names_classes(train) && names_classes(serve) {
            return Some(View::Categories);
        }
        match (train.kind, serve.kind) {
            (Nested, _) | (_, Nested) | (Empty, Empty) => None,
            // A column without any value on one side has no distance, but it can be shown.
            (Empty, kind) | (kind, Empty) => Some(View::for_kind(kind)),
            (Categorical | Boolean, Categorical | Boolean) => Some(View::Categories),
            (Categorical | Text, Categorical | Text) => {
                let both = train.categories.is_some() && serve.categories.is_some();
                Some(if both { View::Categories } else { View::Numbers(Text) })
            }
            (kind @ (Numeric | Datetime), other) if kind == other => Some(View::Numbers(kind)),
            _ => None,
        }
    }

    fn for_kind(kind: ColumnKind) -> View {
        if matches!(kind, ColumnKind::Categorical | ColumnKind::Boolean) {
            View::Categories
        } else {
            View::Numbers(kind)
        }
    }

    fn kind(self, train: &ColumnProfile) -> ColumnKind {
        match self {
            View::Numbers(kind) => kind,
            View::Categories if train.kind == ColumnKind::Boolean => ColumnKind::Boolean,
            View::Categories => ColumnKind::Categorical,
        }
    }
}

fn names_classes(column: &ColumnProfile) -> bool {
    column.categories.as_ref().is_some_and(|categories| categories.other == 0 && categories.counts.len() <= CLASSES)
}

/// The finite values of the sample, ascending.
fn values(column: &ColumnProfile, kind: ColumnKind) -> std::borrow::Cow<'_, [f64]> {
    let times = |ms: &[i64]| ms.iter().map(|ms| *ms as f64).collect::<Vec<f64>>().into();
    match kind {
        ColumnKind::Datetime => column.time.as_ref().map_or_else(|| Vec::new().into(), |time| times(&time.sorted_ms)),
        ColumnKind::Text => column.text.as_ref().map_or(&[][..], |text| &text.sorted_lengths).into(),
        _ => column.numeric.as_ref().map_or(&[][..], |numeric| &numeric.sorted).into(),
    }
}

/// Rows with a value that can be compared.
fn count(column: &ColumnProfile, kind: ColumnKind) -> u64 {
    match (&column.numeric, kind) {
        (Some(numeric), ColumnKind::Numeric) => numeric.finite,
        _ => column.non_null(),
    }
}

/// Effects by name, and the p value of the test.
type Measured = (BTreeMap<String, f64>, Option<f64>);

/// Distances that are not defined (nothing to compare, a reference that does not vary) are left out.
fn by_name<const N: usize>(effects: [(&str, Option<f64>); N]) -> BTreeMap<String, f64> {
    effects
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| value.is_finite())?)))
        .collect()
}

fn numeric_effects(reference: &[f64], current: &[f64]) -> Measured {
    let effects = by_name([
        ("ks_statistic", ks_statistic(reference, current)),
        ("wasserstein", wasserstein(reference, current)),
        ("wasserstein_over_std_ref", wasserstein_over_std_ref(reference, current, standard_deviation(reference))),
        ("psi", psi(reference, current)),
        ("js_distance", js_distance(reference, current)),
    ]);
    (effects, difference_p(reference, current))
}

fn category_effects(table: &Table) -> Measured {
    let Table { reference, current, .. } = table;
    let effects = by_name([
        ("js_distance", share_distance(reference, current)),
        ("psi", category_psi(reference, current)),
        ("chi2", chi_square(reference, current).map(|test| test.statistic)),
        ("cramers_v", cramers_v(reference, current)),
    ]);
    let (reference, current) = pool_sparse(reference, current);
    (effects, chi_square(&reference, &current).map(|test| test.p))
}

/// Counts of the same categories on both sides.
struct Table {
    labels: Vec<String>,
    reference: Vec<u64>,
    current: Vec<u64>,
}

impl Table {
    /// Categories in the reference's order, then those only the current side has. Where a side keeps only its most
    /// frequent categories by name, those it doesn't name are counted among the others on both sides.
    fn of(reference: Option<&CategoryProfile>, current: Option<&CategoryProfile>) -> Table {
        let none = CategoryProfile { counts: Vec::new(), other: 0 };
        let (reference, current) = (reference.unwrap_or(&none), current.unwrap_or(&none));
        let in_reference: HashMap<&str, u64> = counts_of(reference);
        let in_current: HashMap<&str, u64> = counts_of(current);
        let mut table = Table { labels: Vec::new(), reference: Vec::new(), current: Vec::new() };
        let mut rest = (reference.other, current.other);
        let only_current = current.counts.iter().filter(|(label, _)| !in_reference.contains_key(label.as_str()));
        for (label, _) in reference.counts.iter().chain(only_current) {
            let (a, b) = (in_reference.get(label.as_str()), in_current.get(label.as_str()));
            let unknown = (a.is_none() && reference.other > 0) || (b.is_none() && current.other > 0);
            let (a, b) = (a.copied().unwrap_or(0), b.copied().unwrap_or(0));
            if unknown {
                rest = (rest.0 + a, rest.1 + b);
            } else {
                table.push(label.clone(), a, b);
            }
        }
        if rest != (0, 0) {
            table.push(OTHER.to_owned(), rest.0, rest.1);
        }
        table
    }

    fn push(&mut self, label: String, reference: u64, current: u64) {
        self.labels.push(label);
        self.reference.push(reference);
        self.current.push(current);
    }
}

fn counts_of(categories: &CategoryProfile) -> HashMap<&str, u64> {
    categories.counts.iter().map(|(label, count)| (label.as_str(), *count)).collect()
}

/// The most frequent categories of the reference by name, the rest in one. A category only the current side has ranks
/// by its count there, so that a new one is seen.
fn category_chart(table: &Table) -> CategoryChart {
    let mut order: Vec<usize> = (0..table.labels.len()).filter(|at| table.labels[*at] != OTHER).collect();
    let weight = |at: usize| if table.reference[at] > 0 { table.reference[at] } else { table.current[at] };
    order.sort_by_key(|at| std::cmp::Reverse(weight(*at)));
    order.truncate(CATEGORIES);
    order.sort_by_key(|at| std::cmp::Reverse((table.reference[*at], table.current[*at])));
    let pick = |counts: &[u64]| order.iter().map(|at| counts[*at]).collect::<Vec<u64>>();
    let mut chart = CategoryChart {
        labels: order.iter().map(|at| table.labels[*at].clone()).collect(),
        reference: pick(&table.reference),
        current: pick(&table.current),
    };
    let rest = |all: &[u64], shown: &[u64]| all.iter().sum::<u64>() - shown.iter().sum::<u64>();
    let others = (rest(&table.reference, &chart.reference), rest(&table.current, &chart.current));
    if others != (0, 0) {
        chart.labels.push(OTHER.to_owned());
        chart.reference.push(others.0);
        chart.current.push(others.1);
    }
    chart
}

/// `None` when neither side has a value. Values beyond the edges are counted in the outer bins.
fn numeric_chart(reference: &[f64], current: &[f64]) -> Option<ChartData> {
    let edges = chart_edges(&[reference, current], BINS)?;
    let smallest = reference.first().into_iter().chain(current.first()).copied().fold(f64::INFINITY, f64::min);
    let largest = reference.last().into_iter().chain(current.last()).copied().fold(f64::NEG_INFINITY, f64::max);
    let log = (smallest > 0.0 && largest > smallest).then(|| {
        let edges = log_edges(smallest, largest, BINS);
        LogBins { reference: histogram(reference, &edges), current: histogram(current, &edges), edges }
    });
    let quantiles = |sorted: &[f64]| if sorted.is_empty() { Vec::new() } else { even_quantiles(sorted, QUANTILES) };
    Some(ChartData::Numeric(NumericChart {
        reference: histogram_clipped(reference, &edges),
        current: histogram_clipped(current, &edges),
        edges,
        log,
        reference_quantiles: quantiles(reference),
        current_quantiles: quantiles(current),
        over_time: Vec::new(),
    }))
}

#[cfg(test)]
mod tests;
