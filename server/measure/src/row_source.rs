//! Where rows come from.

use domain::Problem;
use polars::prelude::{DataFrame, DataType};

use crate::ingest::BatchReader;

/// A stored table that can be read in parts: whole columns of a range of rows at a time, in bounded memory.
pub trait RowSource: Sync {
    fn rows(&self) -> u64;
    fn columns(&self) -> Vec<SourceColumn<'_>>;
    /// Reads everything, part by part. For each column its parts come in the order of the rows; `from` is the number of
    /// the part's first row.
    ///
    /// # Errors
    /// When the bytes can't be read, or what `visit` returned.
    fn for_each_batch(&self, visit: &mut dyn FnMut(Batch<'_>) -> Result<(), Problem>) -> Result<(), Problem>;
}

impl RowSource for BatchReader {
    fn rows(&self) -> u64 {
        BatchReader::rows(self) as u64
    }

    fn columns(&self) -> Vec<SourceColumn<'_>> {
        let columns = BatchReader::columns(self).iter().enumerate();
        columns
            .map(|(place, column)| SourceColumn {
                name: &column.name,
                stored_type: &column.stored_type,
                null_spellings: &column.null_spellings,
                dtype: self.data_type(place),
            })
            .collect()
    }

    fn for_each_batch(&self, visit: &mut dyn FnMut(Batch<'_>) -> Result<(), Problem>) -> Result<(), Problem> {
        for batch in self.batches() {
            let columns: Vec<usize> = batch.columns.clone().collect();
            let frame = self.read(&columns, batch.rows.clone())?;
            visit(Batch { first_column: batch.columns.start, first_row: batch.rows.start as u64, frame: &frame })?;
        }
        Ok(())
    }
}

/// One column of a source.
pub struct SourceColumn<'a> {
    pub name: &'a str,
    pub stored_type: &'a str,
    pub null_spellings: &'a [(String, u64)],
    pub dtype: DataType,
}

/// A block of columns of a range of rows.
pub struct Batch<'a> {
    /// Place in the file of the frame's first column.
    pub first_column: usize,
    pub first_row: u64,
    pub frame: &'a DataFrame,
}
