//! Which column is for what: as people say, and guessed where they say nothing.

use domain::{ColumnRole, Roles};
use polars::prelude::{Column, PolarsResult};
use rayon::prelude::*;

use crate::ingest::guess::{facts_of, guess_roles};
use crate::sample::Sample;
use crate::inputs::Snapshot;

/// Rows that a guess looks at.
const ROWS_LOOKED_AT: u64 = 20_000;

/// What the columns seem to be for, from their names and an even share of the sampled rows.
pub fn guessed(sample: &Sample) -> Roles {
    let every = sample.rows.div_ceil(ROWS_LOOKED_AT).max(1) as usize;
    let thinned = |column: &Column| column.as_materialized_series().gather_every(every, 0).map(Column::from);
    let columns = sample.frame.columns().par_iter();
    let facts: PolarsResult<Vec<_>> = columns.map(|column| Ok(facts_of(&thinned(column)?))).collect();
    match facts {
        Ok(facts) => guess_roles(&facts),
        Err(error) => {
            // People can still say which column is which.
            tracing::error!(%error, "a sample can't be thinned out");
            Roles::default()
        }
    }
}

/// What people named comes first; what they left open is taken from the guesses, train's before serve's before the
/// others'. A column is given one part only.
pub fn merged(named: &Roles, snapshots: &[Snapshot]) -> Roles {
    let mut in_order: Vec<&Snapshot> = snapshots.iter().filter(|snapshot| snapshot.profiled.is_some()).collect();
    in_order.sort_by_key(|snapshot| domain::SnapshotRole::ALL.iter().position(|role| *role == snapshot.role));
    in_order.iter().fold(named.clone(), |roles, snapshot| completed(roles, &snapshot.guessed))
}

/// The parts that columns play in one file: those named that the file has, and guesses for the rest.
pub fn of_file(named: &Roles, snapshot: &Snapshot) -> Roles {
    let present = Roles {
        // Whole: where people said what to ignore, nothing is guessed to be.
        ignore: named.ignore.clone(),
        ..named.filter(|name| snapshot.table.position(name).is_some())
    };
    completed(present, &snapshot.guessed)
}

/// As [`of_file`], and what is still open as in the other files, by the same names: a run whose answers are all alike tells
/// little by itself.
pub fn of_run(named: &Roles, elsewhere: &Roles, snapshot: &Snapshot) -> Roles {
    completed(of_file(named, snapshot), &elsewhere.filter(|name| snapshot.table.position(name).is_some()))
}

fn completed(roles: Roles, guessed: &Roles) -> Roles {
    let is_taken = |column: &str| roles.of(column) != ColumnRole::Feature;
    let guessed = guessed.filter(|name| !is_taken(name));
    roles.or(&guessed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_people_named_is_not_guessed_to_be_something_else() {
        let named = Roles { label: Some("paid".into()), ..Roles::default() };
        let guessed = Roles {
            label: Some("y".into()),
            prediction: Some("paid".into()),
            id: Some("row".into()),
            ..Roles::default()
        };
        let merged = completed(named, &guessed);
        assert_eq!(
            (merged.label.as_deref(), merged.prediction, merged.id.as_deref()),
            (Some("paid"), None, Some("row"))
        );
    }
}
