//! How far each window of the served time is from the training rows, in the columns that differ most; windows of train
//! of the same size are the measure of it.

use std::collections::BTreeSet;

use domain::measurements::Measurements;
use domain::measurements::drift_windows::{Distance, DriftWindow, DriftWindows};
use domain::{ColumnKind, ColumnRole, Comparison, Roles};
use polars::prelude::Series;
use rayon::prelude::*;
use stats::chunks::{beyond_chance, ks_beyond_chance, rate_beyond_chance};
use stats::contingency::share_distance;
use stats::intervals::Share;
use stats::two_sample::ks_statistic;

use super::time_windows::InOrder;
use crate::sample::Sample;
use crate::values::{codes, numbers};

/// Columns that are followed: those that differ most altogether, and those that move most while the model serves.
const MOST_DIFFERENT: usize = 32;
const MOST_MOVING: usize = 8;
/// Windows of the served time, rows that one should have (a window of 200 rows is further away than a tenth by chance in
/// fewer than one of a hundred cases), and the fewest that it may have.
const WINDOWS: usize = 24;
const ROWS: usize = 200;
const FEWEST_ROWS: usize = 100;
/// Values that a window needs.
const FEWEST_VALUES: usize = 20;
/// More categories than this are not compared window by window.
const CATEGORIES: usize = 200;

/// Empty without a column of times in serve, or with too few rows for two windows.
pub fn drift_windows(train: &Sample, serve: &Sample, roles: &Roles, measurements: &Measurements) -> Vec<DriftWindows> {
    let order = |sample: &Sample| roles.time().and_then(|time| InOrder::of(sample.column(time)?));
    let Some(served) = order(serve) else { return Vec::new() };
    let served = windows_of(&served);
    let Some(size) = served.first().map(|window| window.rows.len()) else { return Vec::new() };
    let order_of_train = order(train);
    let before = order_of_train.as_ref().map(|order| windows_of_size(order, size)).unwrap_or_default();
    let followed = followed(measurements);
    followed
        .into_par_iter()
        .filter_map(|comparison| {
            let columns = (train.column(&comparison.column)?, serve.column(&comparison.column)?);
            let found = along(comparison, columns, (&before, &served))?;
            (!found.served.is_empty()).then_some(found)
        })
        .collect()
}

/// The columns that are followed, the most different first.
fn followed(measurements: &Measurements) -> Vec<&Comparison> {
    let can_be = |comparison: &&Comparison| {
        distance_of(comparison).is_some()
            && matches!(
                comparison.role,
                ColumnRole::Feature | ColumnRole::Prediction | ColumnRole::Score | ColumnRole::Probability
            )
            && !measurements.follows_time(&comparison.column)
    };
    let mut different: Vec<&Comparison> = measurements.comparisons.iter().filter(can_be).collect();
    different.sort_by(|a, b| effect(b).total_cmp(&effect(a)));
    let mut moving: Vec<(&Comparison, f64)> = different
        .iter()
        .filter_map(|comparison| {
            let mut columns = measurements.time_windows.iter().flat_map(|windows| &windows.columns);
            let column = columns.find(|one| one.column == comparison.column)?;
            Some((*comparison, column.drift?.serve.change.abs()))
        })
        .collect();
    moving.sort_by(|a, b| b.1.total_cmp(&a.1));
    different.truncate(MOST_DIFFERENT);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let moving = moving.into_iter().take(MOST_MOVING).map(|(comparison, _)| comparison);
    different.into_iter().chain(moving).filter(|comparison| seen.insert(&comparison.column)).collect()
}

fn distance_of(comparison: &Comparison) -> Option<Distance> {
    match comparison.kind {
        ColumnKind::Numeric => Some(Distance::KolmogorovSmirnov),
        ColumnKind::Categorical => Some(Distance::JensenShannon),
        ColumnKind::Boolean => Some(Distance::Rates),
        ColumnKind::Datetime | ColumnKind::Text | ColumnKind::Nested | ColumnKind::Empty => None,
    }
}

/// How far the two sides are apart altogether.
fn effect(comparison: &Comparison) -> f64 {
    let name = if comparison.kind == ColumnKind::Numeric { "ks_statistic" } else { "js_distance" };
    comparison.effects.get(name).copied().filter(|effect| effect.is_finite()).unwrap_or(0.0)
}

/// Consecutive rows in the order of time, with the times of the first and the last.
struct Window<'a> {
    rows: &'a [(i64, usize)],
}

impl Window<'_> {
    fn at(&self, rows: usize, distance: f64) -> DriftWindow {
        let time = |row: Option<&(i64, usize)>| row.map_or(0, |(time, _)| *time);
        DriftWindow { from_ms: time(self.rows.first()), to_ms: time(self.rows.last()), rows: rows as u64, distance }
    }

    fn values<T: Copy>(&self, of_row: &[Option<T>]) -> Vec<T> {
        self.rows.iter().filter_map(|(_, row)| of_row.get(*row).copied().flatten()).collect()
    }
}

/// The served rows in windows of equal size.
fn windows_of(order: &InOrder) -> Vec<Window<'_>> {
    let rows = &order.0;
    if rows.len() < 2 * FEWEST_ROWS {
        return Vec::new();
    }
    let count = (rows.len() / ROWS).clamp(2, WINDOWS);
    (0..count).map(|at| Window { rows: &rows[at * rows.len() / count..(at + 1) * rows.len() / count] }).collect()
}

/// As many windows of this size as there are, spread evenly; none where there is no rest to compare one with.
fn windows_of_size(order: &InOrder, size: usize) -> Vec<Window<'_>> {
    let rows = &order.0;
    let count = (rows.len() / size.max(1)).min(WINDOWS);
    if count < 2 {
        return Vec::new();
    }
    let start = |at: usize| at * (rows.len() - size) / (count - 1);
    (0..count).map(|at| Window { rows: &rows[start(at)..start(at) + size] }).collect()
}

fn along(
    comparison: &Comparison,
    (train, serve): (&Series, &Series),
    (before, served): (&[Window<'_>], &[Window<'_>]),
) -> Option<DriftWindows> {
    let distance = distance_of(comparison)?;
    let (train, served) = match distance {
        Distance::KolmogorovSmirnov => of_numbers((&finite(train)?, &finite(serve)?), (before, served)),
        Distance::Rates => of_rates((&finite(train)?, &finite(serve)?), (before, served)),
        Distance::JensenShannon => of_categories((train, serve), (before, served))?,
    };
    Some(DriftWindows { column: comparison.column.clone(), distance, train, served })
}

type Both = (Vec<DriftWindow>, Vec<DriftWindow>);

fn finite(column: &Series) -> Option<Vec<Option<f64>>> {
    Some(numbers(column)?.into_iter().map(|value| value.filter(|value| value.is_finite())).collect())
}

fn of_numbers(
    (train, serve): (&[Option<f64>], &[Option<f64>]),
    (before, served): (&[Window<'_>], &[Window<'_>]),
) -> Both {
    let sorted = |mut values: Vec<f64>| {
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let all = sorted(train.iter().flatten().copied().collect());
    let from_all = |inside: &[f64]| ks_statistic(&all, inside).filter(|_| inside.len() >= FEWEST_VALUES);
    let against_the_rest = |window: &Window<'_>| {
        let inside = window.values(train);
        let (n, m) = (inside.len(), all.len());
        let rest = m.checked_sub(n).filter(|rest| *rest > 0)?;
        // Of a part of a whole: F - F_rest = (F - F_all) m / (m - n).
        let ks = from_all(&sorted(inside))? * m as f64 / rest as f64;
        Some(window.at(n, ks_beyond_chance(ks, n, rest)))
    };
    let of_served = |window: &Window<'_>| {
        let inside = sorted(window.values(serve));
        Some(window.at(inside.len(), ks_beyond_chance(from_all(&inside)?, inside.len(), all.len())))
    };
    let of_train = before.iter().filter_map(against_the_rest).collect();
    let of_serve = served.iter().filter_map(of_served).collect();
    (of_train, of_serve)
}

fn of_rates(
    (train, serve): (&[Option<f64>], &[Option<f64>]),
    (before, served): (&[Window<'_>], &[Window<'_>]),
) -> Both {
    let share =
        |values: &[f64]| Share::new(values.iter().filter(|value| **value > 0.5).count() as u64, values.len() as u64);
    let all = share(&train.iter().flatten().copied().collect::<Vec<_>>());
    let compared = |window: &Window<'_>, inside: Share, others: Share| {
        let enough = inside.n >= FEWEST_VALUES as u64 && others.n > 0;
        enough.then(|| window.at(inside.n as usize, rate_beyond_chance(others, inside)))
    };
    let against_the_rest = |window: &Window<'_>| {
        let inside = share(&window.values(train));
        compared(window, inside, Share::new(all.hits - inside.hits, all.n - inside.n))
    };
    let of_train = before.iter().filter_map(against_the_rest).collect();
    let of_serve = served.iter().filter_map(|window| compared(window, share(&window.values(serve)), all)).collect();
    (of_train, of_serve)
}

/// `None` with too many categories.
fn of_categories((train, serve): (&Series, &Series), (before, served): (&[Window<'_>], &[Window<'_>])) -> Option<Both> {
    let mut both = train.clone();
    both.append(serve).ok()?;
    let (codes, categories) = codes(&both, CATEGORIES)?;
    let (train, serve) = codes.split_at(train.len());
    let counts = |values: &[u32]| {
        let mut counts = vec![0_u64; categories];
        values.iter().for_each(|code| counts[*code as usize] += 1);
        counts
    };
    let all = counts(&train.iter().flatten().copied().collect::<Vec<_>>());
    let compared = |window: &Window<'_>, inside: &[u64], others: &[u64]| {
        let (n, m) = (inside.iter().sum::<u64>(), others.iter().sum::<u64>());
        let distance = share_distance(others, inside).filter(|_| n >= FEWEST_VALUES as u64)?;
        Some(window.at(n as usize, beyond_chance(distance, categories, n, m)))
    };
    let against_the_rest = |window: &Window<'_>| {
        let inside = counts(&window.values(train));
        let rest: Vec<u64> = all.iter().zip(&inside).map(|(all, inside)| all - inside).collect();
        compared(window, &inside, &rest)
    };
    let of_train = before.iter().filter_map(against_the_rest).collect();
    let of_serve = served.iter().filter_map(|window| compared(window, &counts(&window.values(serve)), &all)).collect();
    Some((of_train, of_serve))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{NamedFrom, TimeUnit};
    use stats::rng::Rng;

    use super::*;

    /// Hourly rows, last first, with a number, a yes/no column and a category that move from `moved_from` on.
    fn sample(first: i64, hours: i64, seed: u64, moved_from: i64) -> Sample {
        let mut random = Rng::new(seed);
        let backwards: Vec<i64> = (first..first + hours).rev().collect();
        let time = Series::new("at".into(), backwards.iter().map(|hour| hour * 3_600_000).collect::<Vec<i64>>())
            .into_datetime(TimeUnit::Milliseconds, None);
        let has_moved: Vec<bool> = backwards.iter().map(|hour| *hour >= moved_from).collect();
        let load: Vec<f64> = has_moved.iter().map(|moved| random.next_f64() + if *moved { 0.5 } else { 0.0 }).collect();
        let paid: Vec<bool> =
            has_moved.iter().map(|moved| random.next_f64() < if *moved { 0.9 } else { 0.5 }).collect();
        let city: Vec<&str> =
            has_moved.iter().map(|moved| if *moved || random.next_f64() < 0.5 { "Oslo" } else { "Bergen" }).collect();
        let columns = vec![
            time,
            Series::new("load".into(), load),
            Series::new("paid".into(), paid),
            Series::new("city".into(), city),
        ];
        Sample::new(columns, hours as usize).unwrap()
    }

    fn measured(train: &Sample, serve: &Sample) -> Vec<DriftWindows> {
        let kinds = [("load", ColumnKind::Numeric), ("paid", ColumnKind::Boolean), ("city", ColumnKind::Categorical)];
        let comparisons = kinds.map(|(column, kind)| Comparison {
            column: column.to_owned(),
            kind,
            role: ColumnRole::Feature,
            n: Default::default(),
            nulls: Default::default(),
            effects: Default::default(),
            p: None,
            q: None,
            chart: None,
        });
        let measurements = Measurements { comparisons: comparisons.to_vec(), ..Measurements::default() };
        drift_windows(train, serve, &Roles::from([(ColumnRole::Time, "at")]), &measurements)
    }

    #[test]
    fn a_window_is_far_from_training_from_the_time_on_at_which_its_column_moved() {
        let (train, serve) = (sample(0, 2_000, 1, i64::MAX), sample(2_000, 1_000, 2, 2_600));
        let found = measured(&train, &serve);
        assert_eq!(found.iter().map(|one| one.column.as_str()).collect::<Vec<_>>(), ["load", "paid", "city"]);
        // Of the shares 1/2 and 1/2 and of 1 and 0: the root of 0.311 bits.
        for (column, expected) in found.iter().zip([0.5, 0.4, 0.558]) {
            assert_eq!((column.train.len(), column.served.len()), (10, 5), "windows of 200 rows on both sides");
            assert_eq!((column.served[3].from_ms, column.served[3].to_ms), (2_600 * 3_600_000, 2_799 * 3_600_000));
            let (early, late) = column.served.split_at(3);
            assert!(early.iter().chain(&column.train).all(|window| window.distance < 0.13), "{column:?}");
            assert!(late.iter().all(|window| (window.distance - expected).abs() < 0.13), "{column:?}");
        }
    }

    #[test]
    fn without_times_in_training_there_is_no_floor_and_without_times_in_serving_nothing() {
        let (train, serve) = (sample(0, 500, 1, i64::MAX), sample(500, 250, 2, i64::MAX));
        let untimed = Sample::new(vec![train.column("load").unwrap().clone()], 500).unwrap();
        let found = measured(&untimed, &serve);
        assert_eq!((found.len(), found[0].train.len(), found[0].served.len()), (1, 0, 2));
        assert!(measured(&train, &untimed).is_empty());
        assert!(measured(&train, &sample(500, 199, 3, i64::MAX)).is_empty(), "too few rows");
    }

    #[test]
    fn a_window_of_train_is_compared_with_the_rows_outside_of_it() {
        let train: Vec<Option<f64>> = (0..400).map(|row| Some(f64::from(row * 37 % 101))).collect();
        let rows: Vec<(i64, usize)> = (0..400).map(|row| (row as i64, row)).collect();
        let window = Window { rows: &rows[100..220] };
        let (found, _) = of_numbers((&train, &train), (&[window], &[]));
        let sorted = |rows: &mut dyn Iterator<Item = usize>| {
            let mut values: Vec<f64> = rows.filter_map(|row| train[row]).collect();
            values.sort_unstable_by(f64::total_cmp);
            values
        };
        let inside = sorted(&mut (100..220));
        let rest = sorted(&mut (0..100).chain(220..400));
        let ks = ks_statistic(&rest, &inside).unwrap();
        assert!((found[0].distance - ks_beyond_chance(ks, 120, 280)).abs() < 1e-12);
    }
}
