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
use crate::training::label_sample::{CLASSES, FEWEST_COMPARED, FOLDS, ROWS, SEED};
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
            sample.column(label).is_some_and(|column| column.len() - column.null_count() >= FEWEST_COMPARED)
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
    if before.len().min(after.len()) < FEWEST_COMPARED || different <= CLASSES {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeMap;

    use polars::prelude::{NamedFrom, TimeUnit};

    use super::*;
    use crate::training::labels::label_measures;

    fn roles() -> Roles {
        Roles::from([(ColumnRole::Label, "fare"), (ColumnRole::Time, "at")])
    }

    /// Rides whose fare follows from their length and the hour, by a rule of its own, with a little noise.
    fn rides(seed: u64, rows: usize, fare: impl Fn(f64, f64) -> f64) -> Sample {
        let mut rng = Rng::new(seed);
        let length: Vec<f64> = (0..rows).map(|_| rng.next_f64() * 20.0).collect();
        let hour: Vec<f64> = (0..rows).map(|_| rng.below(24) as f64).collect();
        let fares: Vec<f64> =
            length.iter().zip(&hour).map(|(length, hour)| fare(*length, *hour) + rng.next_f64()).collect();
        let at = Series::new("at".into(), (0..rows as i64).map(|minute| minute * 60_000).collect::<Vec<_>>())
            .into_datetime(TimeUnit::Milliseconds, None);
        let columns = vec![
            Series::new("length".into(), length),
            Series::new("hour".into(), hour),
            Series::new("fare".into(), fares),
            at,
        ];
        Sample::new(columns, rows).unwrap()
    }

    fn change(train: &Sample, role: SnapshotRole, later: &Sample) -> LabelChange {
        label_measures(train, &[(role, later)], &roles(), &BTreeMap::new()).unwrap().change.unwrap()
    }

    fn usual(length: f64, hour: f64) -> f64 {
        5.0 + 2.0 * length + hour / 2.0
    }

    #[test]
    fn a_fare_that_is_multiplied_moves_what_the_features_do_not_explain() {
        let train = rides(1, 900, usual);
        let same = change(&train, SnapshotRole::Serve, &rides(2, 700, usual));
        assert!(same.targets[0].residual.p() > 1e-3 && same.targets[0].columns.is_empty(), "{same:?}");
        let found = change(&train, SnapshotRole::Serve, &rides(2, 700, |length, hour| 1.2 * usual(length, hour)));
        assert!(found.targets[0].residual.p() < 1e-9 && found.targets[0].expected.p() > 1e-3, "{found:?}");
        let scale = found.scale.unwrap();
        assert!((scale.factor - 1.2).abs() < 0.05 && scale.factor_spread < 0.1, "{scale:?}");
    }

    #[test]
    fn an_hour_that_counts_the_other_way_is_named_and_the_length_is_not() {
        let turned = |length: f64, hour: f64| usual(length, 24.0 - hour);
        let found = change(&rides(1, 900, usual), SnapshotRole::Test, &rides(2, 700, turned));
        let columns: Vec<&str> = found.targets[0].columns.iter().map(|column| column.column.as_str()).collect();
        assert_eq!((found.against, columns), (SnapshotRole::Test, vec!["hour"]), "{found:?}");
    }

    #[test]
    fn classes_have_a_course_over_arrivals_and_a_column_of_train_alone_is_left_out() {
        let paid = |rows: usize, seed| {
            let mut sample = rides(seed, rows, usual);
            let fares: Vec<f64> = sample.column("fare").unwrap().f64().unwrap().iter().flatten().collect();
            let unknown = |row: usize| seed == 2 && row >= 500;
            let dear: Vec<i64> =
                fares.iter().enumerate().map(|(row, fare)| i64::from(*fare > 30.0 && !unknown(row))).collect();
            sample.frame.with_column(Series::new("fare".into(), dear).into()).unwrap();
            sample
        };
        let mut train = paid(900, 1);
        let copy = train.column("fare").unwrap().clone().with_name("copy".into());
        train.frame.with_column(copy.into()).unwrap();
        let found = change(&train, SnapshotRole::Serve, &paid(700, 2));
        let dear = found.arrivals.iter().find(|arrivals| arrivals.class == "1").unwrap();
        let ratio = |chunks: &[ArrivalChunk]| {
            chunks.iter().map(|chunk| chunk.found).sum::<f64>() / chunks.iter().map(|chunk| chunk.expected).sum::<f64>()
        };
        let last = dear.chunks.len() * 5 / 7 + 1;
        assert!((0.8..1.25).contains(&ratio(&dear.chunks[..last - 2])), "{dear:?}");
        assert!(ratio(&dear.chunks[last..]) < 0.05, "{dear:?}");
    }
}
