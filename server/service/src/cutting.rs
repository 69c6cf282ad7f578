//! Cutting one stored table into several inputs: by a column that says the split, or by time. The bytes stay as they are;
//! each part is a way of reading them.

use domain::arrangement::CutOffer;
use domain::clock::Moment;
use domain::snapshot::Snapshot;
use domain::{Problem, SnapshotRole};
use measure::ingest::guess::together;
use measure::ingest::{ReadOptions, RowCut};

use crate::Service;

/// How a person wants a table to be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutChoice {
    /// As its column of splits says.
    BySplit,
    /// Rows before this time are train, later ones are serve, in milliseconds since 1970-01-01 UTC.
    AtTime(i64),
}

impl Service {
    /// The parts of a stored table, each a snapshot of its own with its role.
    ///
    /// # Errors
    /// `NotFound` without such a snapshot; `BadInput` when it can't be cut that way, or a part has no row.
    pub async fn cut(&self, id: &str, choice: CutChoice) -> Result<Vec<(SnapshotRole, Snapshot)>, Problem> {
        let stored = self.stored_snapshot(id).await?;
        let mut parts = Vec::new();
        for part in parts_of(&stored.snapshot, choice)? {
            let options = ReadOptions { rows: Some(part.rows), ..stored.options.clone() };
            parts.push((part.role, self.read_as(id, options, &part.name).await?));
        }
        Ok(parts)
    }
}

/// One part of a table.
#[derive(Debug, PartialEq)]
struct Part {
    role: SnapshotRole,
    rows: RowCut,
    name: String,
}

fn parts_of(snapshot: &Snapshot, choice: CutChoice) -> Result<Vec<Part>, Problem> {
    let offers = together::cuts(snapshot);
    let fitting = offers.into_iter().find(|offer| match choice {
        CutChoice::BySplit => matches!(offer, CutOffer::Split { .. }),
        CutChoice::AtTime(_) => matches!(offer, CutOffer::Time { .. }),
    });
    match (fitting, choice) {
        (Some(CutOffer::Split { column, parts }), _) => Ok(parts
            .into_iter()
            .map(|part| Part {
                role: part.role,
                name: named(&snapshot.name, &format!("{column} {}", part.values.join(" "))),
                rows: RowCut::Values { column: column.clone(), values: part.values },
            })
            .collect()),
        (Some(CutOffer::Time { column, .. }), CutChoice::AtTime(at)) => {
            let date = Moment::from_ms(at).iso_date();
            let times = |from_ms, before_ms| RowCut::Times { column: column.clone(), from_ms, before_ms };
            let part = |role, rows, words: &str| Part { role, rows, name: named(&snapshot.name, words) };
            Ok(vec![
                part(SnapshotRole::Train, times(None, Some(at)), &format!("before {date}")),
                part(SnapshotRole::Serve, times(Some(at), None), &format!("from {date}")),
            ])
        }
        _ => Err(Problem::bad_input(format!(
            "`{}` can't be cut that way: it needs a column of splits with train among its values, or a column of times.",
            snapshot.name
        ))),
    }
}

/// `rates.csv` with `before 2024-03-01` is `rates before 2024-03-01.csv`.
fn named(file: &str, words: &str) -> String {
    match file.split_once('.') {
        Some((stem, endings)) if !stem.is_empty() => format!("{stem} {words}.{endings}"),
        _ => format!("{file} {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_is_in_the_name_before_its_endings() {
        assert_eq!(named("rates.csv.gz", "before 2024-03-01"), "rates before 2024-03-01.csv.gz");
        assert_eq!(named("rates", "split test"), "rates split test");
        assert_eq!(named(".csv", "split test"), ".csv split test");
    }
}
