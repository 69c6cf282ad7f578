//! What all files of an investigation show together: which of them is train and which is serve, and which column is the
//! label. One file alone can't show that a column is absent from the data that is served.

mod cuts;
mod files;
mod joins;
mod label;

use domain::snapshot::{Column, Glance, Snapshot, SnapshotRole};
use domain::{ColumnKind, ColumnRole};

pub use cuts::cuts;
pub use files::{Arranged, Reason, arrange};
pub use joins::{Join, JoinedColumn, joins};
pub use label::{LabelGuess, Shown, label};

/// A table, and the role that it has or seems to have.
#[derive(Debug, Clone)]
pub struct File<'a> {
    pub name: &'a str,
    pub role: SnapshotRole,
    pub columns: Vec<FileColumn<'a>>,
}

/// What is known of a column without looking at its rows again.
#[derive(Debug, Clone)]
pub struct FileColumn<'a> {
    pub name: &'a str,
    pub kind: ColumnKind,
    /// As guessed from its own file.
    pub role: ColumnRole,
    pub glance: Option<Glance>,
}

impl<'a> File<'a> {
    /// A stored table in the role that it is given.
    pub fn of(snapshot: &'a Snapshot, role: SnapshotRole) -> Self {
        Self::new(&snapshot.name, role, &snapshot.columns)
    }

    pub fn new(name: &'a str, role: SnapshotRole, columns: &'a [Column]) -> Self {
        let columns = columns.iter().map(|column| FileColumn {
            name: &column.name,
            kind: column.kind,
            role: column.role,
            glance: column.glance.clone(),
        });
        Self { name, role, columns: columns.collect() }
    }

    pub fn column(&self, name: &str) -> Option<&FileColumn<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The share of its columns that another table has too.
    fn shared_with(&self, other: &File) -> f64 {
        let shared = self.columns.iter().filter(|column| other.column(column.name).is_some()).count();
        shared as f64 / self.columns.len().max(1) as f64
    }
}

impl FileColumn<'_> {
    /// Classes or numbers, more than one of them, and not one for each row where it names something.
    fn may_be_label(&self) -> bool {
        let glance = self.glance.as_ref();
        let varies = glance.is_none_or(|glance| glance.distinct > 1);
        let is_key = |glance: &Glance| glance.is_key() && (glance.whole || self.kind != ColumnKind::Numeric);
        let is_answer = matches!(self.kind, ColumnKind::Boolean | ColumnKind::Categorical | ColumnKind::Numeric);
        let is_free = matches!(self.role, ColumnRole::Feature | ColumnRole::Label);
        // A whole amount can be another one in nearly every row too, so a key is also named as one.
        let named_key = super::roles::names_a_key(self.name);
        is_answer && is_free && varies && !(named_key && glance.is_some_and(is_key))
    }

    fn values(&self) -> &[String] {
        self.glance.as_ref().map_or(&[], |glance| glance.values.as_slice())
    }
}
