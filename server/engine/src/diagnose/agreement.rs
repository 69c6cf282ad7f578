//! What one file shows about how another is to be read: a spelling that is a value there, the order of its dates, numbers
//! that are times.

use std::collections::BTreeSet;

use domain::profile::{ColumnProfile, Profile};
use domain::{ColumnKind, ColumnRole, Roles};
use measure::ingest::{DateOrder, Epoch, ReadOptions, is_spelling_of_missing};
use measure::inputs::Snapshot;

/// The smallest share of the rows at which a spelling is a value of a typed column and not a slip.
const VALUE_SHARE: f64 = 0.005;
/// Rows that must have it.
const VALUE_ROWS: u64 = 5;

/// The options with which each snapshot has to be read so that all of them agree; `None` where it is read well.
pub(super) fn options(snapshots: &[Snapshot], given: &[&ReadOptions], named: &Roles) -> Vec<Option<ReadOptions>> {
    let profiles: Vec<Option<&Profile>> =
        snapshots.iter().map(|snapshot| Some(&snapshot.profiled.as_ref()?.profile)).collect();
    let has_times = profiles.iter().flatten().flat_map(|profile| &profile.columns).any(is_time);
    let times: BTreeSet<&str> = match named.time() {
        Some(named) => BTreeSet::from([named]),
        None => snapshots.iter().filter_map(|snapshot| snapshot.guessed.time()).collect(),
    };
    let agreed = |(own, given): (&Option<&Profile>, &&ReadOptions)| {
        let own = (*own)?;
        let mut options = (*given).clone();
        for column in &own.columns {
            let others: Vec<&ColumnProfile> = profiles
                .iter()
                .flatten()
                .filter(|other| !std::ptr::eq(**other, own))
                .filter_map(|other| other.column(&column.name))
                .collect();
            let values = values(column, &others);
            let time = if times.contains(column.name.as_str()) {
                Epoch::of_times(column)
            } else {
                guessed_time(column, &others).filter(|_| !has_times && named.of(&column.name) == ColumnRole::Feature)
            };
            let dates = dates(column, &others);
            if values.is_empty() && dates.is_none() && time.is_none() {
                continue;
            }
            let of_column = options.columns.entry(column.name.clone()).or_default();
            of_column.values.extend(values);
            of_column.dates = of_column.dates.or(dates);
            of_column.time = of_column.time.or(time);
        }
        (options != **given).then_some(options)
    };
    profiles.iter().zip(given).map(agreed).collect()
}

/// Spellings that were read as missing here and are frequent values of the same column elsewhere.
fn values(column: &ColumnProfile, others: &[&ColumnProfile]) -> BTreeSet<String> {
    let is_value_in = |other: &ColumnProfile, spelling: &str| {
        let counts = other.categories.iter().flat_map(|categories| &categories.counts);
        let rows = counts.filter(|(value, _)| value == spelling).map(|(_, rows)| *rows).sum::<u64>();
        rows >= VALUE_ROWS && rows as f64 >= VALUE_SHARE * other.rows as f64
    };
    let spellings = column.null_spellings.iter().map(|(spelling, _)| spelling);
    let kept = spellings.filter(|spelling| is_spelling_of_missing(spelling));
    kept.filter(|spelling| others.iter().any(|other| is_value_in(other, spelling))).cloned().collect()
}

/// The order of the dates of another file, for text that could be dates in two orders.
fn dates(column: &ColumnProfile, others: &[&ColumnProfile]) -> Option<DateOrder> {
    let is_text = matches!(column.kind, ColumnKind::Text | ColumnKind::Categorical);
    let orders = others.iter().filter_map(|other| DateOrder::of_stored_type(&other.stored_type));
    let orders: Vec<DateOrder> = orders.collect();
    let first = orders.first().copied().filter(|_| is_text)?;
    orders.iter().all(|order| *order == first).then_some(first)
}

/// What the numbers of a column count where its name and its values say that they are times, in every file.
fn guessed_time(column: &ColumnProfile, others: &[&ColumnProfile]) -> Option<Epoch> {
    let alike = |other: &&ColumnProfile| other.kind == ColumnKind::Empty || Epoch::guessed(other).is_some();
    Epoch::guessed(column).filter(|_| others.iter().all(alike))
}

fn is_time(column: &ColumnProfile) -> bool {
    column.kind == ColumnKind::Datetime
}
