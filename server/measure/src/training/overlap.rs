//! What two splits share that they should not: rows, entities, time.

use std::collections::{HashMap, HashSet};

use domain::measurements::overlap::{EntityOverlap, RowOverlap, SplitOverlap, TimeOverlap};
use domain::{ColumnRole, Roles, SnapshotRole};
use polars::prelude::{DataType, Series};
use stats::intervals::Share;
use stats::two_sample::ks_statistic;

use crate::profiled::Profiled;
use crate::row_hashes::row_hashes;
use crate::sample::Sample;
use crate::values::words;

/// Measures each pair of the splits given, in the order train, validation, test. Counts are over the samples.
pub fn overlaps(splits: &[(SnapshotRole, &Profiled)], roles: &Roles) -> Vec<SplitOverlap> {
    let mut found = Vec::new();
    for (place, (later_role, later)) in splits.iter().enumerate() {
        for (earlier_role, earlier) in &splits[..place] {
            found.push(SplitOverlap {
                earlier: *earlier_role,
                later: *later_role,
                rows: shared_rows(earlier, later, roles),
                entities: shared_entities(&earlier.sample, &later.sample, roles),
                times: shared_time(&earlier.sample, &later.sample, roles),
            });
        }
    }
    found
}

/// Rows equal in every feature and the label that both splits have, by a 64-bit hash; `None` when they share no feature.
fn shared_rows(earlier: &Profiled, later: &Profiled, roles: &Roles) -> Option<RowOverlap> {
    let mut names: Vec<&str> = Vec::new();
    for column in earlier.sample.frame.columns() {
        let name = column.name().as_str();
        let compared = matches!(roles.of(name), ColumnRole::Feature | ColumnRole::Label);
        let same_type = later.sample.column(name).is_some_and(|other| other.dtype() == column.dtype());
        if compared && same_type {
            names.push(name);
        }
    }
    if names.iter().all(|name| roles.of(name) == ColumnRole::Label) {
        return None;
    }
    let hashes = |sample: &Sample| -> Option<Vec<u64>> {
        let columns: Vec<&Series> = names.iter().filter_map(|name| sample.column(name)).collect();
        row_hashes(&columns, sample.rows as usize)
    };
    let (before, after) = (hashes(&earlier.sample)?, hashes(&later.sample)?);
    let mut counts: HashMap<u64, u64> = HashMap::new();
    before.iter().for_each(|hash| *counts.entry(*hash).or_insert(0) += 1);
    let shared = after.iter().filter(|hash| counts.contains_key(hash)).count() as u64;
    let repeated = counts.values().filter(|rows| **rows > 1).sum();
    Some(RowOverlap {
        shared: Share::new(shared, after.len() as u64),
        repeated: Share::new(repeated, before.len() as u64),
        looked_at: earlier.sample.rows as f64 / earlier.profile.rows.max(1) as f64,
    })
}

fn shared_entities(earlier: &Sample, later: &Sample, roles: &Roles) -> Option<EntityOverlap> {
    let name = roles.group()?;
    let (before, after) = (words(earlier.column(name)?)?, words(later.column(name)?)?);
    let mut counts: HashMap<&str, u64> = HashMap::new();
    before.iter().flatten().for_each(|entity| *counts.entry(entity).or_insert(0) += 1);
    let known: Vec<&String> = after.iter().flatten().collect();
    let shared = known.iter().filter(|entity| counts.contains_key(entity.as_str())).count() as u64;
    let entities: HashSet<&String> = known.iter().copied().collect();
    let shared_entities = entities.iter().filter(|entity| counts.contains_key(entity.as_str())).count() as u64;
    Some(EntityOverlap {
        column: name.to_owned(),
        shared: Share::new(shared, known.len() as u64),
        entities: Share::new(shared_entities, entities.len() as u64),
        repeated: Share::new(counts.values().filter(|rows| **rows > 1).sum(), before.iter().flatten().count() as u64),
    })
}

fn shared_time(earlier: &Sample, later: &Sample, roles: &Roles) -> Option<TimeOverlap> {
    let name = roles.time()?;
    let (before, after) = (times(earlier.column(name)?)?, times(later.column(name)?)?);
    let (end, start) = (*before.last()?, *after.first()?);
    let numbers = |times: &[i64]| times.iter().map(|ms| *ms as f64).collect::<Vec<f64>>();
    Some(TimeOverlap {
        column: name.to_owned(),
        before_end: Share::new(after.partition_point(|time| *time <= end) as u64, after.len() as u64),
        after_start: Share::new(
            (before.len() - before.partition_point(|time| *time < start)) as u64,
            before.len() as u64,
        ),
        ks_statistic: ks_statistic(&numbers(&before), &numbers(&after))?,
        earlier_end_ms: end,
        later_start_ms: start,
    })
}

/// Times in milliseconds, ascending; `None` for columns of anything else.
fn times(column: &Series) -> Option<Vec<i64>> {
    if !matches!(column.dtype(), DataType::Datetime(..)) {
        return None;
    }
    let mut times: Vec<i64> = column.datetime().ok()?.physical().iter().flatten().collect();
    times.sort_unstable();
    Some(times)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use polars::prelude::{DataFrame, NamedFrom, TimeUnit};

    use super::*;
    use crate::profile::tests::profiled;

    fn split(ids: &[i64], amounts: &[f64], customers: &[&str], days: &[i64]) -> Profiled {
        let time = Series::new("at".into(), days.iter().map(|day| day * 86_400_000).collect::<Vec<i64>>())
            .into_datetime(TimeUnit::Milliseconds, None);
        let columns = vec![
            Series::new("id".into(), ids).into(),
            Series::new("amount".into(), amounts).into(),
            Series::new("customer".into(), customers).into(),
            time.into(),
            Series::new("paid".into(), vec![true; ids.len()]).into(),
        ];
        profiled(DataFrame::new(ids.len(), columns).unwrap())
    }

    #[test]
    fn shared_rows_entities_and_days_are_counted_on_the_later_side() {
        let train = split(&[1, 2, 3, 4], &[1.5, 2.5, 2.5, 3.5], &["a", "b", "b", "c"], &[1, 2, 3, 6]);
        let test = split(&[5, 6, 7], &[2.5, 9.5, 8.5], &["c", "c", "d"], &[5, 7, 8]);
        let roles = Roles::from([
            (ColumnRole::Id, "id"),
            (ColumnRole::Label, "paid"),
            (ColumnRole::Group, "customer"),
            (ColumnRole::Time, "at"),
        ]);
        let found = overlaps(&[(SnapshotRole::Train, &train), (SnapshotRole::Test, &test)], &roles);
        assert_eq!(found.len(), 1);
        let rows = found[0].rows.as_ref().unwrap();
        assert_eq!((rows.shared, rows.repeated, rows.looked_at), (Share::new(1, 3), Share::new(2, 4), 1.0));
        let entities = found[0].entities.as_ref().unwrap();
        assert_eq!(
            (entities.shared, entities.entities, entities.repeated),
            (Share::new(2, 3), Share::new(1, 2), Share::new(2, 4))
        );
        let times = found[0].times.as_ref().unwrap();
        assert_eq!((times.before_end, times.after_start), (Share::new(1, 3), Share::new(1, 4)));
        assert!((times.ks_statistic - 0.75).abs() < 1e-12);
    }
}
