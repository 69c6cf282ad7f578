//! Later rows whose labels are compared with what the train rows lead to expect of them.

use std::collections::HashMap;

use domain::measurements::labels::{ArrivalChunk, Arrivals, LabelChange};
use domain::{ColumnRole, Roles, SnapshotRole};
use polars::prelude::Series;
use stats::cross_fit::CrossFit;
use stats::label_relation::{Rows, target_relation};
use stats::label_scale::label_scale;
use stats::label_trust::ClassProbabilities;
use stats::rng::Rng;

use crate::feature_bins::FeatureBins;
use crate::monitoring::time_windows::InOrder;
use crate::sample::Sample;
use crate::training::labels::{CLASSES, FEWEST_ROWS, FOLDS, ROWS, SEED};
use crate::values::numbers;

/// Chunks of arrivals at most, and the rows of one at least.
const MOST_CHUNKS: usize = 20;
const FEWEST_OF_CHUNK: usize = 40;
/// Fewer chunks have no course.
const FEWEST_CHUNKS: usize = 5;

/// The later rows that have labels.
pub(super) struct Later<'a> {
    pub role: SnapshotRole,
    pub sample: &'a Sample,
    time: Option<String>,
}

impl<'a> Later<'a> {
    /// Served rows if they have enough labels, otherwise those of another split.
    pub fn with_labels(later: &[(SnapshotRole, &'a Sample)], roles: &Roles) -> Option<Self> {
        let label = roles.label()?;
        let labelled = |sample: &Sample| {
            sample.column(label).is_some_and(|column| column.len() - column.null_count() >= FEWEST_ROWS)
        };
        let order = [SnapshotRole::Serve, SnapshotRole::Test, SnapshotRole::Validation];
        let (role, sample) =
            order.into_iter().find_map(|role| later.iter().find(|(of, sample)| *of == role && labelled(sample)))?;
        Some(Self { role: *role, sample, time: roles.time().map(str::to_owned) })
    }

    /// Whether the later rows have values that can be read as those of this train column.
    fn has(&self, column: &Series) -> bool {
        self.sample.column(column.name()).is_some_and(|later| {
            later.null_count() < later.len() && (numbers(column).is_none() || numbers(later).is_some())
        })
    }

    /// The roles without the features that only train has: what they say can't be compared.
    pub fn common(&self, train: &Sample, roles: &Roles) -> Roles {
        let features = train.frame.columns().iter().map(|column| column.as_materialized_series());
        let lost = features.filter(|column| roles.of(column.name()) == ColumnRole::Feature && !self.has(column));
        let ignored: Vec<String> = lost
            .map(|column| column.name().to_string())
            .chain(roles.columns(ColumnRole::Ignore).iter().cloned())
            .collect();
        let mut common = roles.clone();
        common.set(ColumnRole::Ignore, ignored);
        common
    }

    /// Served rows in the order of their times.
    pub fn order(&self) -> Option<Vec<(i64, usize)>> {
        if self.role != SnapshotRole::Serve {
            return None;
        }
        Some(InOrder::of(self.sample.column(self.time.as_deref()?)?)?.0)
    }
}

/// The course of each class over the rows chosen, in the order of time; empty for too few rows.
pub(super) fn arrivals(
    order: &[(i64, usize)],
    chosen: &[usize],
    probabilities: &ClassProbabilities<'_>,
) -> Vec<Arrivals> {
    let place: HashMap<usize, usize> = chosen.iter().enumerate().map(|(place, row)| (*row, place)).collect();
    let rows: Vec<(i64, usize)> = order.iter().filter_map(|(time, row)| Some((*time, *place.get(row)?))).collect();
    let count = (rows.len() / FEWEST_OF_CHUNK).min(MOST_CHUNKS);
    if count < FEWEST_CHUNKS {
        return Vec::new();
    }
    let chunk = |number: usize, class: usize| {
        let rows = &rows[number * rows.len() / count..(number + 1) * rows.len() / count];
        ArrivalChunk {
            from_ms: rows.first().map_or(0, |(time, _)| *time),
            rows: rows.len() as u64,
            found: rows.iter().filter(|(_, row)| probabilities.labels[*row] as usize == class).count() as f64,
            expected: rows.iter().map(|(_, row)| probabilities.of[class][*row]).sum(),
        }
    };
    let classes = probabilities.classes.iter().enumerate();
    classes
        .map(|(number, class)| Arrivals {
            class: class.clone(),
            chunks: (0..count).map(|chunk_number| chunk(chunk_number, number)).collect(),
        })
        .collect()
}

/// Compares a label that is a quantity, by its rank in train; `None` for a label with few values or too few rows.
pub(super) fn quantity_change(
    train: &Sample,
    later: &Later<'_>,
    label: &str,
    bins: FeatureBins,
) -> Option<LabelChange> {
    let (before_rows, before) = quantities(train, label)?;
    let (after_rows, after) = quantities(later.sample, label)?;
    let mut sorted = before.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let different = sorted.chunk_by(|a, b| a == b).count();
    if before.len() < FEWEST_ROWS || after.len() < FEWEST_ROWS || different <= CLASSES {
        return None;
    }
    let ranks = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| rank(&sorted, *value)).collect() };
    let (old, new) = (ranks(&before), ranks(&after));
    let (train_bins, later_bins) = (bins.apply(train, &before_rows), bins.apply(later.sample, &after_rows));
    let fit = CrossFit::fit(&train_bins, &old, FOLDS, SEED);
    let (old_expected, new_expected) = (fit.out_of_fold(&train_bins), fit.elsewhere(&later_bins, SEED));
    let names: Vec<&str> = bins.names().collect();
    let target = target_relation(
        None,
        Rows { targets: &old, expected: &old_expected, features: &train_bins },
        Rows { targets: &new, expected: &new_expected, features: &later_bins },
        &names,
    );
    Some(LabelChange {
        against: later.role,
        train_rows: before.len() as u64,
        rows: after.len() as u64,
        targets: vec![target],
        scale: label_scale((&before, &old_expected), (&after, &new_expected)),
        arrivals: Vec::new(),
    })
}

/// Rows with a finite label, at most [`ROWS`], and the labels.
fn quantities(sample: &Sample, label: &str) -> Option<(Vec<usize>, Vec<f64>)> {
    let values = numbers(sample.column(label)?)?;
    let finite = |row: &usize| values[*row].is_some_and(f64::is_finite);
    let mut rows: Vec<usize> = (0..values.len()).filter(finite).collect();
    if rows.len() > ROWS {
        Rng::new(SEED).shuffle(&mut rows);
        rows.truncate(ROWS);
        rows.sort_unstable();
    }
    let values = rows.iter().filter_map(|row| values[*row]).collect();
    Some((rows, values))
}

/// The share of values below, equal ones counted half.
fn rank(sorted: &[f64], value: f64) -> f64 {
    let below = sorted.partition_point(|other| *other < value);
    let up_to = sorted.partition_point(|other| *other <= value);
    (below + up_to) as f64 / 2.0 / sorted.len() as f64
}
