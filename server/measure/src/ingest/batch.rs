//! Any snapshot, block by block: small ones from memory, large ones from disk in bounded memory.

use std::ops::Range;
use std::path::Path;

use domain::Problem;
use domain::snapshot::ReadNote;
use polars::prelude::{DataFrame, DataType, PolarsResult, TimeUnit};

use super::bytes::{Compression, Source};
use super::columnar::ColumnarFile;
use super::convert;
use super::epoch::Epoch;
use super::options::{Limits, ReadOptions};
use super::recognise::{Recognised, recognise};
use super::table::{Table, TableColumn};
use super::text::TextFile;

/// A snapshot whose schema and size are known and whose values are read in blocks of columns and rows.
pub struct BatchReader {
    content: Content,
    name: String,
    limits: Limits,
    rows: usize,
    columns: Vec<TableColumn>,
    notes: Vec<ReadNote>,
    format: String,
    /// Per column, what its numbers count where they are times.
    times: Vec<Option<Epoch>>,
    /// A converted or unpacked copy that lives as long as the reader.
    _scratch: Option<tempfile::TempPath>,
}

enum Content {
    Memory(DataFrame),
    File(Box<ColumnarFile>),
}

/// A block of a snapshot: consecutive columns by consecutive rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

impl BatchReader {
    /// Opens a file of any supported format. Where `converted` is given, text is kept there as Parquet: parsed once, read
    /// from there the next time without a look at the text, and made again when the copy is missing or damaged. Elsewhere,
    /// text beyond [`Limits::max_text_in_memory`] is converted into a temporary file.
    ///
    /// # Errors
    /// One sentence naming the file, the place in it and what to do, when it can't be read or exceeds a limit.
    pub fn open(
        path: &Path,
        display_name: &str,
        options: &ReadOptions,
        limits: &Limits,
        converted: Option<&Path>,
    ) -> Result<BatchReader, Problem> {
        let mut reader = Self::opened(path, display_name, options, limits, converted)?;
        let numeric = |column| matches!(reader.data_type(column), DataType::Int64 | DataType::Float64);
        let epoch =
            |(place, column): (usize, &TableColumn)| options.columns.get(&column.name)?.time.filter(|_| numeric(place));
        let times: Vec<Option<Epoch>> = reader.columns.iter().enumerate().map(epoch).collect();
        for (column, epoch) in reader.columns.iter_mut().zip(&times) {
            if let Some(epoch) = epoch {
                column.stored_type = epoch.stored_type(&column.stored_type);
            }
        }
        reader.times = times;
        Ok(reader)
    }

    fn opened(
        path: &Path,
        display_name: &str,
        options: &ReadOptions,
        limits: &Limits,
        converted: Option<&Path>,
    ) -> Result<BatchReader, Problem> {
        let source = Source { path, name: display_name, limits };
        if let Some(kept) = converted.and_then(|copy| convert::open_kept(&source, copy)) {
            return Ok(BatchReader::from_file(kept, limits, None));
        }
        let Recognised { format, compression } = recognise(&source, options)?;
        if !format.is_text() {
            return if compression == Compression::None {
                Ok(BatchReader::from_file(ColumnarFile::open(&source, format)?, limits, None))
            } else {
                let unpacked = convert::unpack(&source, compression)?;
                let mut file = ColumnarFile::open(&Source { path: &unpacked, ..source }, format)?;
                file.format.extend(compression.words().map(|words| format!(", {words}")));
                Ok(BatchReader::from_file(file, limits, Some(unpacked)))
            };
        }
        let text = TextFile::inspect(source, compression, format, options)?;
        match converted {
            Some(copy) => {
                let (file, scratch) = convert::keep(&source, &text, copy)?;
                Ok(BatchReader::from_file(file, limits, scratch))
            }
            None if text.bytes() <= limits.max_text_in_memory => {
                Ok(BatchReader::from_table(text.table()?, display_name, limits))
            }
            None => {
                let scratch = convert::scratch(&source)?;
                convert::write(&source, &text, &scratch)?;
                let file = convert::open_converted(&source, &scratch)?;
                Ok(BatchReader::from_file(file, limits, Some(scratch)))
            }
        }
    }

    /// A table in memory, read like any other snapshot.
    pub fn from_table(table: Table, display_name: &str, limits: &Limits) -> BatchReader {
        BatchReader {
            name: display_name.to_owned(),
            limits: *limits,
            rows: table.frame.height(),
            content: Content::Memory(table.frame),
            columns: table.columns,
            notes: table.notes,
            format: table.format,
            times: Vec::new(),
            _scratch: None,
        }
    }

    fn from_file(mut file: ColumnarFile, limits: &Limits, scratch: Option<tempfile::TempPath>) -> BatchReader {
        BatchReader {
            name: file.name().to_owned(),
            limits: *limits,
            rows: file.rows,
            columns: std::mem::take(&mut file.columns),
            notes: std::mem::take(&mut file.notes),
            format: std::mem::take(&mut file.format),
            content: Content::File(Box::new(file)),
            times: Vec::new(),
            _scratch: scratch,
        }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// In the order of the file; a column is named by its place in here.
    pub fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    pub fn notes(&self) -> &[ReadNote] {
        &self.notes
    }

    /// The format in words.
    pub fn format(&self) -> &str {
        &self.format
    }

    /// The canonical type of a column, as it comes out of [`BatchReader::read`].
    pub fn data_type(&self, column: usize) -> DataType {
        if self.epoch(column).is_some() {
            return DataType::Datetime(TimeUnit::Milliseconds, None);
        }
        match &self.content {
            Content::Memory(frame) => frame.columns()[column].dtype().clone(),
            Content::File(file) => file.data_types[column].clone(),
        }
    }

    fn epoch(&self, column: usize) -> Option<Epoch> {
        self.times.get(column).copied().flatten()
    }

    /// The place of the column of that name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The given columns (by place, in the order given) and rows. Asking for a bounded block is up to the caller;
    /// [`BatchReader::batches`] gives blocks that are.
    ///
    /// # Errors
    /// One sentence naming the damaged column when the file can't be read there.
    pub fn read(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        let frame = self.read_stored(columns, rows)?;
        if columns.iter().all(|column| self.epoch(*column).is_none()) {
            return Ok(frame);
        }
        let converted = frame.columns().iter().zip(columns).map(|(values, column)| match self.epoch(*column) {
            Some(epoch) => epoch.read(values),
            None => Ok(values.clone()),
        });
        let height = frame.height();
        converted.collect::<PolarsResult<Vec<_>>>().and_then(|columns| DataFrame::new(height, columns)).map_err(
            |error| {
                tracing::error!(%error, "numbers can't be read as times");
                Problem::internal(format!("{}: its times could not be read; the log says why", self.name))
            },
        )
    }

    fn read_stored(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        let rows = rows.start.min(self.rows)..rows.end.min(self.rows);
        if columns.is_empty() {
            return Ok(DataFrame::empty_with_height(rows.len()));
        }
        match &self.content {
            Content::Memory(frame) => {
                let picked = columns
                    .iter()
                    .map(|&column| frame.columns()[column].slice(rows.start as i64, rows.len()))
                    .collect();
                DataFrame::new(rows.len(), picked).map_err(|error| {
                    tracing::error!(%error, "columns of one frame differ in length");
                    Problem::internal(format!("{}: its columns could not be put together; the log says why", self.name))
                })
            }
            Content::File(file) => file.read(columns, rows),
        }
    }

    /// Blocks that together cover every value once, each within [`Limits::batch_bytes`] if a single column of one row
    /// is: as many whole columns as fit, and parts of a column only where one column does not fit.
    pub fn batches(&self) -> Vec<Batch> {
        let width = |column: usize| match &self.content {
            Content::Memory(_) => 0,
            Content::File(file) => file.widths()[column],
        };
        let mut batches = Vec::new();
        let mut start = 0;
        while start < self.columns.len() {
            let mut end = start + 1;
            let mut bytes = width(start) * self.rows as u64;
            while end < self.columns.len() && bytes + width(end) * self.rows as u64 <= self.limits.batch_bytes {
                bytes += width(end) * self.rows as u64;
                end += 1;
            }
            let parts = usize::try_from(bytes.div_ceil(self.limits.batch_bytes.max(1))).unwrap_or(1).max(1);
            let rows_each = self.rows.div_ceil(parts).max(1);
            for part in 0..parts {
                let rows = (part * rows_each).min(self.rows)..((part + 1) * rows_each).min(self.rows);
                if part == 0 || !rows.is_empty() {
                    batches.push(Batch { columns: start..end, rows });
                }
            }
            start = end;
        }
        batches
    }

    /// The whole snapshot in memory.
    ///
    /// # Errors
    /// As [`BatchReader::read`].
    pub fn into_table(self) -> Result<Table, Problem> {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let frame = self.read(&all, 0..self.rows)?;
        Ok(Table { frame, rows: self.rows as u64, columns: self.columns, notes: self.notes, format: self.format })
    }
}

impl std::fmt::Debug for BatchReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BatchReader({}: {} rows, {} columns, {})", self.name, self.rows, self.columns.len(), self.format)
    }
}
