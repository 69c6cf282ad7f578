//! A table of an investigation: what is known of it, and its rows, which are opened only when somebody wants them.

mod cut;
mod in_memory;
mod joined;
mod stacked;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;

use domain::Problem;
use domain::snapshot::ReadNote;
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use crate::ingest::{BatchReader, Limits, ReadOptions};
use crate::row_source::RowSource;
use crate::summary::Summary;

pub use in_memory::MemoryTable;
pub use joined::{AttachedColumn, Attachment};

/// Where a table comes from.
pub trait TableSource: Debug + Send + Sync {
    /// Opens its rows; the same ones each time.
    ///
    /// # Errors
    /// When they can't be read as a table.
    fn open(&self) -> Result<Box<dyn Rows>, Problem>;
}

/// The rows of an opened table: all of them, part by part, or some columns of some rows.
pub trait Rows: RowSource + Debug + Send {
    /// What was noticed when they were opened.
    fn notes(&self) -> &[ReadNote];
    /// The given columns (by place, in the order given) and rows; rows beyond the last one are left out.
    ///
    /// # Errors
    /// When the rows can't be read there.
    fn read(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem>;
}

impl Rows for BatchReader {
    fn notes(&self) -> &[ReadNote] {
        BatchReader::notes(self)
    }

    fn read(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        BatchReader::read(self, columns, rows)
    }
}

/// A table in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredFile {
    pub path: PathBuf,
    /// What people call it.
    pub name: String,
    pub options: ReadOptions,
    /// Where text is kept as Parquet once it was parsed; `None` to parse it at each opening.
    pub converted: Option<PathBuf>,
    /// Files whose rows come after its own, in this order.
    #[serde(default)]
    pub followed_by: Vec<StoredFile>,
    /// Columns of other files that belong to its rows.
    #[serde(default)]
    pub attached: Vec<Attachment>,
}

impl StoredFile {
    /// The file alone, without what is attached.
    ///
    /// # Errors
    /// When the file can't be read as a table.
    pub fn reader(&self) -> Result<BatchReader, Problem> {
        BatchReader::open(&self.path, &self.name, &self.options, &Limits::default(), self.converted.as_deref())
    }

    /// The rows of this file that are asked for.
    fn own_rows(&self) -> Result<Box<dyn Rows>, Problem> {
        let rows = self.reader()?;
        match &self.options.rows {
            Some(cut) => Ok(Box::new(cut::CutRows::open(Box::new(rows), cut, &self.name)?)),
            None => Ok(Box::new(rows)),
        }
    }
}

impl TableSource for StoredFile {
    fn open(&self) -> Result<Box<dyn Rows>, Problem> {
        let mut rows = self.own_rows()?;
        if !self.followed_by.is_empty() {
            let mut files = vec![(self.name.clone(), rows)];
            for file in &self.followed_by {
                files.push((file.name.clone(), file.own_rows()?));
            }
            rows = Box::new(stacked::StackedRows::open(files)?);
        }
        if !self.attached.is_empty() {
            rows = Box::new(joined::JoinedRows::open(rows, &self.attached)?);
        }
        Ok(rows)
    }
}

#[derive(Debug)]
pub struct Table {
    pub rows: u64,
    /// The names of its columns, in their order.
    pub columns: Vec<String>,
    /// What the reader noticed.
    pub notes: Vec<ReadNote>,
    source: Box<dyn TableSource>,
    opened: OnceLock<Box<dyn Rows>>,
}

impl Table {
    /// Opens the rows at once.
    ///
    /// # Errors
    /// When they can't be read as a table.
    pub fn open(source: impl TableSource + 'static) -> Result<Self, Problem> {
        let rows = source.open()?;
        Ok(Self {
            rows: rows.rows(),
            columns: rows.columns().iter().map(|column| column.name.to_owned()).collect(),
            notes: rows.notes().to_vec(),
            source: Box::new(source),
            opened: OnceLock::from(rows),
        })
    }

    /// A table whose summary is known: nothing is opened.
    pub fn known(source: impl TableSource + 'static, summary: &Summary) -> Self {
        let profile = &summary.profiled.profile;
        Self {
            rows: profile.rows,
            columns: profile.columns.iter().map(|column| column.name.clone()).collect(),
            notes: summary.notes.clone(),
            source: Box::new(source),
            opened: OnceLock::new(),
        }
    }

    /// A column's place among the columns.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Its rows; they are opened the first time.
    ///
    /// # Errors
    /// When they can't be read as a table.
    pub fn reader(&self) -> Result<&dyn Rows, Problem> {
        if let Some(rows) = self.opened.get() {
            return Ok(rows.as_ref());
        }
        let rows = self.source.open()?;
        Ok(self.opened.get_or_init(|| rows).as_ref())
    }
}
