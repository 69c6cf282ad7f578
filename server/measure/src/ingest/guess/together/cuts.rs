//! One table that is several inputs: a column says the split of each row, or the rows go on over time.

use domain::arrangement::{CutOffer, CutPart};
use domain::snapshot::{Column, ColumnKind, ColumnRole, Snapshot};
use domain::{SnapshotRole, snapshot::Glance};

use super::super::names::words;
use super::super::part::named_role;

/// Words in the names of columns that say the split.
const SPLITS: [&str; 8] = ["split", "splits", "set", "subset", "partition", "fold", "dataset", "sample"];
/// Two times that are closer than an hour are no period to cut.
const SHORTEST_MS: i64 = 3_600_000;

/// How a table can be cut, by its split before its time.
pub fn cuts(snapshot: &Snapshot) -> Vec<CutOffer> {
    let splits = snapshot.columns.iter().filter_map(by_split);
    let times = snapshot.columns.iter().filter_map(by_time);
    splits.take(1).chain(times.take(1)).collect()
}

/// At least two roles, train among them, and no value that is of none.
fn by_split(column: &Column) -> Option<CutOffer> {
    let is_named = words(&column.name).iter().any(|word| SPLITS.contains(&word.as_str()));
    if column.role != ColumnRole::Split && !is_named {
        return None;
    }
    let mut parts: Vec<CutPart> = Vec::new();
    for value in &column.glance.as_ref()?.values {
        let role = named_role(value)?;
        match parts.iter_mut().find(|part| part.role == role) {
            Some(part) => part.values.push(value.clone()),
            None => parts.push(CutPart { role, values: vec![value.clone()] }),
        }
    }
    parts.sort_by_key(|part| SnapshotRole::ALL.iter().position(|role| *role == part.role));
    let is_cut = parts.len() > 1 && parts[0].role == SnapshotRole::Train;
    is_cut.then(|| CutOffer::Split { column: column.name.clone(), parts })
}

fn by_time(column: &Column) -> Option<CutOffer> {
    let Glance { low, high, .. } = column.glance.as_ref().filter(|_| column.kind == ColumnKind::Datetime)?;
    let (first_ms, last_ms) = ((*low)? as i64, (*high)? as i64);
    (last_ms - first_ms >= SHORTEST_MS).then(|| CutOffer::Time { column: column.name.clone(), first_ms, last_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: ColumnKind, values: &[&str], range: Option<(f64, f64)>) -> Column {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let (low, high) = range.unzip();
        let glance = Glance { filled: 900, distinct: 900, whole: false, low, high, values };
        Column { name: name.into(), kind, role: ColumnRole::Feature, glance: Some(glance) }
    }

    #[test]
    fn a_column_of_splits_cuts_into_their_roles() {
        let offered = |name, values: &[&str]| by_split(&column(name, ColumnKind::Categorical, values, None));
        let part = |role, value: &str| CutPart { role, values: vec![value.into()] };
        let parts = vec![part(SnapshotRole::Train, "train"), part(SnapshotRole::Test, "test")];
        assert_eq!(
            offered("data_split", &["test", "train"]),
            Some(CutOffer::Split { column: "data_split".into(), parts })
        );
        // The name is of something else; one value is of no role; no rows to compare with.
        for (name, values) in
            [("city", ["test", "train"]), ("split", ["train", "spare"]), ("split", ["test", "validation"])]
        {
            assert_eq!(offered(name, &values), None, "{name}");
        }
    }

    #[test]
    fn times_cut_unless_they_are_all_within_the_hour() {
        let offered = |kind, high| by_time(&column("at", kind, &[], Some((0.0, high))));
        let expected = CutOffer::Time { column: "at".into(), first_ms: 0, last_ms: 86_400_000 };
        assert_eq!(offered(ColumnKind::Datetime, 86_400_000.0), Some(expected));
        assert_eq!(offered(ColumnKind::Datetime, 1_000.0), None);
        assert_eq!(offered(ColumnKind::Numeric, 86_400_000.0), None);
    }
}
