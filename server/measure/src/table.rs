//! A table of an investigation: what is known of it, and its rows, which are opened only when somebody wants them.

use std::path::PathBuf;
use std::sync::OnceLock;

use domain::Problem;
use domain::snapshot::ReadNote;
use serde::{Deserialize, Serialize};

use crate::ingest::{BatchReader, Limits, ReadOptions};
use crate::summary::Summary;

/// A table in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredFile {
    pub path: PathBuf,
    /// What people call it.
    pub name: String,
    pub options: ReadOptions,
    /// Where text is kept as Parquet once it was parsed; `None` to parse it at each opening.
    pub converted: Option<PathBuf>,
}

impl StoredFile {
    /// # Errors
    /// When the file can't be read as a table.
    pub fn open(&self) -> Result<BatchReader, Problem> {
        BatchReader::open(&self.path, &self.name, &self.options, &Limits::default(), self.converted.as_deref())
    }
}

#[derive(Debug)]
pub struct Table {
    pub rows: u64,
    /// The names of its columns, in their order.
    pub columns: Vec<String>,
    /// What the reader noticed.
    pub notes: Vec<ReadNote>,
    file: StoredFile,
    opened: OnceLock<BatchReader>,
}

impl Table {
    /// Opens the rows at once.
    ///
    /// # Errors
    /// When the file can't be read as a table.
    pub fn open(file: StoredFile) -> Result<Self, Problem> {
        let reader = file.open()?;
        Ok(Self {
            rows: reader.rows() as u64,
            columns: reader.columns().iter().map(|column| column.name.clone()).collect(),
            notes: reader.notes().to_vec(),
            file,
            opened: OnceLock::from(reader),
        })
    }

    /// A table whose summary is known: no file is opened.
    pub fn known(file: StoredFile, summary: &Summary) -> Self {
        let profile = &summary.profiled.profile;
        Self {
            rows: profile.rows,
            columns: profile.columns.iter().map(|column| column.name.clone()).collect(),
            notes: summary.notes.clone(),
            file,
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
        let reader = self.file.open()?;
        Ok(self.opened.get_or_init(|| reader))
    }
}
