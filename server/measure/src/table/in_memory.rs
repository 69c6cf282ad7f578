//! A table in memory.

use std::ops::Range;

use domain::Problem;
use domain::snapshot::ReadNote;
use polars::prelude::{Column, DataFrame};

use super::{Rows, TableSource};
use crate::row_source::{Batch, RowSource, SourceColumn};

/// Columns of the canonical types (see [`crate::ingest`]), handed out in batches like those of a file.
#[derive(Debug, Clone)]
pub struct MemoryTable {
    pub frame: DataFrame,
    /// Rows of a batch; not zero.
    pub batch_rows: usize,
}

impl RowSource for MemoryTable {
    fn rows(&self) -> u64 {
        self.frame.height() as u64
    }

    fn columns(&self) -> Vec<SourceColumn<'_>> {
        self.frame.columns().iter().map(of_column).collect()
    }

    fn for_each_batch(&self, visit: &mut dyn FnMut(Batch<'_>) -> Result<(), Problem>) -> Result<(), Problem> {
        for from in (0..self.frame.height()).step_by(self.batch_rows) {
            let frame = self.frame.slice(from as i64, self.batch_rows);
            visit(Batch { first_column: 0, first_row: from as u64, frame: &frame })?;
        }
        Ok(())
    }
}

fn of_column(column: &Column) -> SourceColumn<'_> {
    SourceColumn { name: column.name(), stored_type: "", null_spellings: &[], dtype: column.dtype().clone() }
}

impl Rows for MemoryTable {
    fn notes(&self) -> &[ReadNote] {
        &[]
    }

    fn read(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        let rows = rows.start.min(self.frame.height())..rows.end.min(self.frame.height());
        let picked = columns.iter().map(|&column| self.frame.columns()[column].slice(rows.start as i64, rows.len()));
        DataFrame::new(rows.len(), picked.collect()).map_err(|error| {
            tracing::error!(%error, "columns of one frame differ in length");
            Problem::internal("The columns of a table in memory could not be put together; the log says why.")
        })
    }
}

impl TableSource for MemoryTable {
    fn open(&self) -> Result<Box<dyn Rows>, Problem> {
        Ok(Box::new(self.clone()))
    }
}
