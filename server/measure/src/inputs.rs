//! What is measured: the opened inputs and what people say about them.

use domain::measurements::fingerprints::History;
use domain::snapshot::Column;
use domain::{Roles, SnapshotRole};
use polars::prelude::DataFrame;

use crate::ingest::guess::{self, facts_of};
use crate::profiled::Profiled;
use crate::table::Table;

/// One opened input.
#[derive(Debug)]
pub struct Snapshot {
    pub role: SnapshotRole,
    /// What people call it.
    pub name: String,
    /// Of the file's bytes, in hexadecimal.
    pub sha256: String,
    pub table: Table,
    /// Its columns as they were guessed to be.
    pub columns: Vec<Column>,
    /// What its columns were guessed to be for, all files together.
    pub guessed: Roles,
    /// `None` for evaluation runs and learning curves: their rows are not compared column by column.
    pub profiled: Option<Profiled>,
}

/// What is to be measured.
pub struct MeasureInputs<'a> {
    pub snapshots: &'a [Snapshot],
    /// As people named them; what they left open is guessed.
    pub roles: &'a Roles,
    /// The decision threshold that people say is in use.
    pub threshold: Option<f64>,
    /// The class that people say is the positive one.
    pub positive: Option<&'a str>,
    /// Test sets of earlier diagnoses.
    pub history: &'a History,
}

impl Snapshot {
    pub(crate) fn has(&self, column: &str) -> bool {
        self.table.position(column).is_some()
    }
}

impl MeasureInputs<'_> {
    /// The roles in all compared tables together. A column that one table shows as the prediction and another
    /// contradicts is not guessed to be it.
    pub(crate) fn roles_of_tables(&self) -> Roles {
        let compared: Vec<&Snapshot> = self.snapshots.iter().filter(|snapshot| snapshot.role.is_compared()).collect();
        let guesses = compared.iter().map(|snapshot| (snapshot.role, &snapshot.guessed));
        let roles = self.roles.with_guesses(guesses);
        let frames = compared.iter().filter_map(|snapshot| Some(&snapshot.profiled.as_ref()?.sample.frame));
        if !frames.into_iter().any(|frame| contradict(frame, &roles, self.roles)) {
            return roles;
        }
        let without = |guessed: &Roles| {
            let kept = guessed.iter().filter(|(_, column)| roles.prediction() != Some(*column));
            kept.collect::<Roles>()
        };
        let left: Vec<(SnapshotRole, Roles)> =
            compared.iter().map(|snapshot| (snapshot.role, without(&snapshot.guessed))).collect();
        self.roles.with_guesses(left.iter().map(|(role, guessed)| (*role, guessed)))
    }

    pub(crate) fn profiled(&self, role: SnapshotRole) -> Option<&Profiled> {
        self.snapshots.iter().find(|snapshot| snapshot.role == role)?.profiled.as_ref()
    }

    /// The same beside the hash of its file.
    pub(crate) fn identified(&self, role: SnapshotRole) -> Option<(&Profiled, &str)> {
        let snapshot = self.snapshots.iter().find(|snapshot| snapshot.role == role)?;
        Some((snapshot.profiled.as_ref()?, &snapshot.sha256))
    }
}

/// Whether the rows contradict a prediction that nobody named.
pub(crate) fn contradict(frame: &DataFrame, roles: &Roles, named: &Roles) -> bool {
    let facts = |column: Option<&str>| Some(facts_of(frame.column(column?).ok()?));
    let guessed = roles.prediction().filter(|column| named.prediction() != Some(column));
    let Some(prediction) = facts(guessed) else { return false };
    guess::contradicts(&prediction, facts(roles.label()).as_ref(), facts(roles.score()).as_ref())
}
