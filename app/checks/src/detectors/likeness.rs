//! How similar two columns are, independent of their names: this finds swapped and renamed columns.

use crate::detectors::affine;
use crate::thresholds::{CHANCE_TV, CHANCE_TV_MARGIN};
use domain::profile::{CategoryProfile, ColumnProfile};
use domain::snapshot::ColumnKind;
use stats::contingency::total_variation;
use stats::two_sample::ks_statistic;

/// The distance of two columns' distributions, 0 to 1: Kolmogorov-Smirnov for numbers and times, total variation for
/// categories; 1 if one holds numbers and the other words. `None` when a side has no values or holds free text.
pub fn distance(a: &ColumnProfile, b: &ColumnProfile) -> Option<f64> {
    if a.non_null() == 0 || b.non_null() == 0 {
        return None;
    }
    if family(a.kind)? != family(b.kind)? {
        return Some(1.0);
    }
    match (&a.numeric, &b.numeric, &a.time, &b.time) {
        (Some(a), Some(b), _, _) => ks_statistic(&a.sorted, &b.sorted),
        (_, _, Some(a), Some(b)) => {
            let milliseconds = |times: &[i64]| times.iter().map(|time| *time as f64).collect::<Vec<f64>>();
            ks_statistic(&milliseconds(&a.sorted_ms), &milliseconds(&b.sorted_ms))
        }
        _ => category_distance(a.categories.as_ref()?, b.categories.as_ref()?),
    }
}

/// Total variation distance of two lists of categories, matched by value.
pub fn category_distance(a: &CategoryProfile, b: &CategoryProfile) -> Option<f64> {
    let (left, right) = aligned(a, b);
    total_variation(&left, &right)
}

/// The counts of both sides in one order, over every category of either; categories that were not kept by name count as one more.
pub fn aligned(a: &CategoryProfile, b: &CategoryProfile) -> (Vec<u64>, Vec<u64>) {
    let in_b: std::collections::HashMap<&str, u64> =
        b.counts.iter().map(|(value, count)| (value.as_str(), *count)).collect();
    let in_a: std::collections::HashSet<&str> = a.counts.iter().map(|(value, _)| value.as_str()).collect();
    let (mut left, mut right) = (vec![a.other], vec![b.other]);
    for (value, count) in &a.counts {
        left.push(*count);
        right.push(in_b.get(value.as_str()).copied().unwrap_or(0));
    }
    for (_, count) in b.counts.iter().filter(|(value, _)| !in_a.contains(value.as_str())) {
        left.push(0);
        right.push(*count);
    }
    (left, right)
}

/// The distance that two samples of one population rarely exceed: for numbers the limit of the Kolmogorov-Smirnov test,
/// for categories that of [`category_chance`].
pub fn chance_distance(a: &ColumnProfile, b: &ColumnProfile) -> f64 {
    if let (Some(a), Some(b)) = (&a.numeric, &b.numeric) {
        return affine::chance_distance(a.sorted.len(), b.sorted.len());
    }
    category_chance([a.non_null(), b.non_null()], a.distinct.max(b.distinct), CHANCE_TV_MARGIN)
}

/// The expected total variation distance between two samples of one population, plus a margin for its scatter.
pub fn category_chance(rows: [u64; 2], categories: u64, margin: f64) -> f64 {
    let scatter = rows.map(|rows| 1.0 / rows.max(1) as f64).iter().sum::<f64>().sqrt();
    CHANCE_TV * scatter * (categories as f64).sqrt() + margin * scatter
}

/// Kinds that can be compared with each other; `None` for what has no distribution to compare.
fn family(kind: ColumnKind) -> Option<u8> {
    match kind {
        ColumnKind::Numeric => Some(0),
        ColumnKind::Categorical => Some(1),
        ColumnKind::Boolean => Some(2),
        ColumnKind::Datetime => Some(3),
        ColumnKind::Text | ColumnKind::Nested | ColumnKind::Empty => None,
    }
}
