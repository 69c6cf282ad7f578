//! Guesses about a snapshot, from its name, its columns' names and their values: what kind each column is, which part
//! each plays, and which part the snapshot plays. All of them are shown to people and can be changed.

mod class_probabilities;
mod columns;
mod log;
mod names;
mod part;
mod plain_names;
mod quantile_names;
mod quantiles;
mod roles;
pub mod together;
mod yes_no;

use std::path::Path;

use domain::snapshot::Column;
use domain::{Problem, Roles, SnapshotRole};

use crate::table::Rows;

pub(crate) use class_probabilities::holds_fractions;
pub use columns::{ColumnFacts, facts_of, guess_kind, look};
pub use log::guess_log_columns;
pub(crate) use names::words;
pub use part::guess_snapshot_role;
pub use plain_names::is_plain_name;
pub(crate) use quantile_names::level_of;
pub use roles::{contradicts, guess_roles};
pub(crate) use yes_no::truth_of;

/// Everything guessed about one snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    pub columns: Vec<Column>,
    pub roles: Roles,
    pub part: SnapshotRole,
}

/// Guesses from the file's name and a sample of its rows.
///
/// # Errors
/// As [`Rows::read`].
pub fn guess(reader: &dyn Rows, file_name: &str) -> Result<Guess, Problem> {
    let facts = look(reader)?;
    let roles = guess_roles(&facts);
    let stem = Path::new(file_name).file_name().and_then(|name| name.to_str()).unwrap_or(file_name);
    let part = guess_snapshot_role(stem, &facts, &roles);
    Ok(Guess { columns: columns_of(&facts, &roles), roles, part })
}

/// The columns of a table as they are guessed to be.
///
/// # Errors
/// As [`Rows::read`].
pub fn guess_columns(reader: &dyn Rows) -> Result<Vec<Column>, Problem> {
    let facts = look(reader)?;
    let roles = guess_roles(&facts);
    Ok(columns_of(&facts, &roles))
}

fn columns_of(facts: &[ColumnFacts], roles: &Roles) -> Vec<Column> {
    let column = |facts: &ColumnFacts| Column {
        name: facts.name.clone(),
        kind: facts.kind,
        role: roles.of(&facts.name),
        glance: Some(facts.glance()),
    };
    facts.iter().map(column).collect()
}

#[cfg(test)]
mod tests;
