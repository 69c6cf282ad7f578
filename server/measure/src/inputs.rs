//! What is measured: the opened inputs and what people say about them.

use domain::measurements::fingerprints::History;
use domain::{Roles, SnapshotRole};

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
    /// What its columns were guessed to be for.
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
    /// Test sets of earlier diagnoses.
    pub history: &'a History,
}

impl Snapshot {
    pub(crate) fn has(&self, column: &str) -> bool {
        self.table.position(column).is_some()
    }
}

impl MeasureInputs<'_> {
    /// The roles in all compared tables together.
    pub(crate) fn roles_of_tables(&self) -> Roles {
        let compared = self.snapshots.iter().filter(|snapshot| snapshot.role.is_compared());
        self.roles.with_guesses(compared.map(|snapshot| (snapshot.role, &snapshot.guessed)))
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
