//! A table of an investigation: what is known of it, and its rows, which are opened only when somebody wants them.

use std::path::PathBuf;
use std::sync::OnceLock;

use domain::Problem;
use domain::snapshot::ReadNote;

use crate::ingest::{BatchReader, Limits, ReadOptions};
use crate::summary::Summary;

/// Where a table's rows come from.
#[derive(Debug, Clone)]
pub struct Origin {
    pub path: PathBuf,
    /// What people call it.
    pub name: String,
    pub options: ReadOptions,
}

impl Origin {
    /// # Errors
    /// When the file can't be read as a table.
    pub fn open(&self) -> Result<BatchReader, Problem> {
        BatchReader::open(&self.path, &self.name, &self.options, &Limits::default(), None)
    }
}

#[derive(Debug)]
pub struct Table {
    pub rows: u64,
    /// The names of its columns, in their order.
    pub columns: Vec<String>,
    /// What the reader noticed.
    pub notes: Vec<ReadNote>,
    origin: Origin,
    opened: OnceLock<BatchReader>,
}

impl Table {
    /// Opens the rows at once.
    ///
    /// # Errors
    /// When the file can't be read as a table.
    pub fn open(origin: Origin) -> Result<Self, Problem> {
        let reader = origin.open()?;
        Ok(Self {
            rows: reader.rows() as u64,
            columns: reader.columns().iter().map(|column| column.name.clone()).collect(),
            notes: reader.notes().to_vec(),
            origin,
            opened: OnceLock::from(reader),
        })
    }

    /// A table whose summary is known: no file is opened.
    pub fn known(origin: Origin, summary: &Summary) -> Self {
        let profile = &summary.profiled.profile;
        Self {
            rows: profile.rows,
            columns: profile.columns.iter().map(|column| column.name.clone()).collect(),
            notes: summary.notes.clone(),
            origin,
            opened: OnceLock::new(),
        }
    }

    /// A column's place among the columns.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Its rows; the file is opened the first time.
    ///
    /// # Errors
    /// When the file can't be read as a table.
    pub fn reader(&self) -> Result<&BatchReader, Problem> {
        if let Some(reader) = self.opened.get() {
            return Ok(reader);
        }
        let reader = self.origin.open()?;
        Ok(self.opened.get_or_init(|| reader))
    }
}
