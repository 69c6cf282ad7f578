//! Files that carry their types: Parquet and Arrow IPC, read by polars under a guard, block by block.

use std::fs::File;
use std::io::{Cursor, Seek};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use domain::Problem;
use domain::snapshot::ReadNote;
use polars::prelude::{
    ArrowSchema, Column, DataFrame, DataType, FileMetadataRef, IpcStreamReader, ParquetReader, PolarsError,
    PolarsResult, SerReader,
};
use polars_arrow::io::ipc::read::read_stream_metadata;

use super::arrow_file::{self, ArrowFile};
use super::arrow_schema;
use super::bytes::{Source, TooMany};
use super::canonical::{Canonical, Target, may_exceed_integers, remark, stored_type};
use super::guard::{first_line, guarded};
use super::options::{Format, Limits};
use super::parquet_footer::{self, ArrowsOwn};
use super::table::{TableColumn, column_note};

/// An opened columnar file: its schema and size are known, its values still on disk.
pub(super) struct ColumnarFile {
    path: PathBuf,
    name: String,
    limits: Limits,
    container: Container,
    names: Vec<String>,
    casts: Vec<Canonical>,
    /// Bytes a value of each column takes in memory, on average.
    widths: Vec<u64>,
    pub data_types: Vec<DataType>,
    pub rows: usize,
    pub columns: Vec<TableColumn>,
    pub notes: Vec<ReadNote>,
    pub format: String,
}

enum Container {
    Parquet(FileMetadataRef),
    IpcFile(Box<ArrowFile>),
    IpcStream,
}

impl ColumnarFile {
    pub fn open(source: &Source<'_>, format: Format) -> Result<Self, Problem> {
        let (Opened { container, schema, rows }, mut notes) = match format {
            Format::Parquet => {
                let (opened, notes) = open_parquet(source)?;
                check_claims(source, &opened.container)?;
                (opened, notes)
            }
            Format::ArrowIpc | Format::Csv | Format::JsonLines | Format::JsonArray => (open_ipc(source)?, Vec::new()),
        };
        let most = source.limits.max_columns;
        if schema.len() > most {
            return Err(source.too_large(format_args!("it has {} columns, more than the {most} allowed", schema.len())));
        }
        if schema.is_empty() {
            return Err(source.bad("it has no columns; export it again"));
        }
        // polars panics at types of others, such as Arrow's extensions.
        let stored = guarded(|| Ok(schema.iter_values().map(DataType::from_arrow_field).collect::<Vec<DataType>>()))
            .map_err(|error| unopened(source, format.words(), &error))?;
        let names: Vec<String> = schema.iter_names().map(|name| name.to_string()).collect();
        source.check_names(&names)?;
        for ((name, field), stored) in schema.iter().zip(&stored) {
            notes.extend(remark(&field.dtype, stored).map(|remark| column_note(name, remark)));
        }
        let columns = names
            .iter()
            .zip(&stored)
            .map(|(name, stored)| TableColumn {
                name: name.clone(),
                stored_type: stored_type(stored),
                null_spellings: Vec::new(),
            })
            .collect();
        let mut file = ColumnarFile {
            path: source.path.to_owned(),
            name: source.name.to_owned(),
            limits: *source.limits,
            widths: widths(&container, &stored, &names, rows),
            container,
            casts: schema
                .iter_values()
                .zip(&stored)
                .map(|(field, stored)| Canonical::of(&field.dtype, stored))
                .collect(),
            data_types: Vec::new(),
            names,
            rows,
            columns,
            notes,
            format: format.words().to_owned(),
        };
        file.settle_half_precision(&stored);
        file.settle_unsigned(&stored)?;
        file.data_types = file.casts.iter().zip(&stored).map(|(cast, stored)| cast.data_type(stored)).collect();
        Ok(file)
    }

    /// polars' Parquet reader supports half precision, but asserts in development builds that it does not occur: the
    /// column is then left out rather than the file refused.
    fn settle_half_precision(&mut self, stored: &[DataType]) {
        for column in (0..stored.len()).filter(|&column| stored[column] == DataType::Float16) {
            let readable = self
                .source()
                .open()
                .is_ok_and(|file| guarded(|| self.read_block(file, &[column], &(0..self.rows.min(1)))).is_ok());
            if !readable {
                self.casts[column] = Canonical::Unread;
                let note = "half-precision numbers are not supported and were left empty; cast them to 32 bits";
                self.notes.push(column_note(&self.names[column], note));
            }
        }
    }

    /// Unsigned 64-bit columns whose values do not all fit a signed number become text, so that no digit is lost.
    fn settle_unsigned(&mut self, stored: &[DataType]) -> Result<(), Problem> {
        for column in (0..stored.len()).filter(|&column| may_exceed_integers(&stored[column])) {
            let frame = self.read_stored(&[column], 0..self.rows)?;
            let largest = frame.columns()[0].as_materialized_series().max::<u64>().unwrap_or_default();
            if largest.is_some_and(|largest| i64::try_from(largest).is_err()) {
                self.casts[column] = Canonical::Cast(Target::Text);
                let note = "whole numbers beyond 2^63 are kept as text, because digits would be lost";
                self.notes.push(column_note(&self.names[column], note));
            }
        }
        Ok(())
    }

    fn source(&self) -> Source<'_> {
        Source { path: &self.path, name: &self.name, limits: &self.limits }
    }

    /// The name shown in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A value of the file's own metadata.
    pub fn key_value(&self, key: &str) -> Option<&str> {
        let Container::Parquet(metadata) = &self.container else { return None };
        metadata.key_value_metadata.as_ref()?.iter().find(|pair| pair.key == key)?.value.as_deref()
    }

    /// Average bytes per value of each column.
    pub fn widths(&self) -> &[u64] {
        &self.widths
    }

    /// A block of columns and rows in the canonical types.
    pub fn read(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        let height = rows.len();
        let readable: Vec<usize> =
            columns.iter().copied().filter(|&column| self.casts[column] != Canonical::Unread).collect();
        let frame = if readable.is_empty() { DataFrame::empty() } else { self.read_stored(&readable, rows)? };
        let mut stored = frame.columns().iter();
        let converted = columns.iter().map(|&column| match self.casts[column] {
            Canonical::Unread => Ok(Column::full_null(self.names[column].as_str().into(), height, &DataType::Null)),
            cast => {
                let stored = stored.next().ok_or_else(|| PolarsError::NoData("a column is missing".into()));
                stored.and_then(|stored| cast.apply(stored)).map_err(|error| self.damaged(column, &error))
            }
        });
        let converted: Vec<_> = converted.collect::<Result<_, _>>()?;
        DataFrame::new(height, converted).map_err(|error| self.damaged(columns[0], &error))
    }

    fn read_stored(&self, columns: &[usize], rows: Range<usize>) -> Result<DataFrame, Problem> {
        let file = self.source().open()?;
        match guarded(|| self.read_block(file, columns, &rows)) {
            Ok(frame) if frame.height() == rows.len() && frame.width() == columns.len() => Ok(frame),
            Ok(_) => Err(self
                .source()
                .bad("it has fewer rows than its header states; the file is damaged, so export it again")),
            Err(error) => Err(self.blame(columns, &rows, &error)),
        }
    }

    fn read_block(&self, file: File, columns: &[usize], rows: &Range<usize>) -> PolarsResult<DataFrame> {
        let slice = Some((rows.start, rows.len()));
        let projection = Some(columns.to_vec());
        match &self.container {
            Container::Parquet(metadata) => {
                let mut reader = ParquetReader::new(file).with_projection(projection).with_slice(slice);
                reader.set_metadata(metadata.clone());
                reader.finish()
            }
            Container::IpcFile(arrow) => arrow.read(file, columns, rows),
            Container::IpcStream => {
                let frame =
                    IpcStreamReader::new(file).with_projection(projection).with_n_rows(Some(rows.end)).finish()?;
                Ok(frame.slice(rows.start as i64, rows.len()))
            }
        }
    }

    /// Finds the column that can't be read, so that the message names it.
    fn blame(&self, columns: &[usize], rows: &Range<usize>, error: &PolarsError) -> Problem {
        if columns.len() > 1 {
            for &column in columns {
                let Ok(file) = self.source().open() else { break };
                if let Err(error) = guarded(|| self.read_block(file, &[column], rows)) {
                    return self.damaged(column, &error);
                }
            }
        }
        self.damaged(columns.first().copied().unwrap_or_default(), error)
    }

    fn damaged(&self, column: usize, error: &PolarsError) -> Problem {
        let place = column;
        let column = self.names.get(column).map(String::as_str).unwrap_or_default();
        // The names are people's; the person who sent the file is told them.
        tracing::warn!(place, %error, "a column of a file could not be read");
        self.source().bad(format_args!(
            "column {column:?} can't be read ({}); the file is damaged, so export it again",
            first_line(error)
        ))
    }
}

/// The footer says how large the row groups are once they are decompressed. What a damaged file claims in its pages is
/// left to the bound on the reader's memory.
fn check_claims(source: &Source<'_>, container: &Container) -> Result<(), Problem> {
    let Container::Parquet(metadata) = container else { return Ok(()) };
    let sizes = metadata.row_groups.iter().map(|group| u64::try_from(group.total_byte_size()).unwrap_or(u64::MAX));
    if sizes.fold(0, u64::saturating_add) <= source.limits.max_expanded_bytes {
        return Ok(());
    }
    Err(source.unreadable(&std::io::Error::other(TooMany::Bytes)))
}

/// What a container says of itself.
struct Opened {
    container: Container,
    schema: ArrowSchema,
    rows: usize,
}

impl Opened {
    /// Whether the types that Arrow keeps are ways to read what is stored: polars takes them as they are, and would give other
    /// values, or none.
    fn has_other_types(&self) -> bool {
        let Container::Parquet(metadata) = &self.container else { return false };
        let mut pairs = metadata.key_value_metadata.iter().flatten();
        if !pairs.any(|pair| pair.key == arrow_schema::KEY) {
            return false;
        }
        let mut plain = metadata.as_ref().clone();
        plain.key_value_metadata = None;
        let mut reader = ParquetReader::new(Cursor::new(Vec::new()));
        reader.set_metadata(Arc::new(plain));
        let Ok(stored) = reader.schema() else { return false };
        let mut both = self.schema.iter_values().zip(stored.iter_values());
        !both.all(|(kept, stored)| arrow_schema::agrees(&kept.dtype, &stored.dtype))
    }

    /// Whether the schema that Arrow keeps is of other columns than those of the Parquet file: polars would read by its names.
    fn has_other_names(&self) -> bool {
        let Container::Parquet(metadata) = &self.container else { return false };
        let stored = metadata.schema_descr.fields().iter().map(|field| field.name());
        !stored.eq(self.schema.iter_names().map(|name| name.as_str()))
    }
}

fn open_parquet(source: &Source<'_>) -> Result<(Opened, Vec<ReadNote>), Problem> {
    let file = source.open()?;
    let opened = guarded(|| of_parquet(ParquetReader::new(file)));
    let own = match &opened {
        Ok(opened) if !opened.has_other_names() && opened.has_other_types() => ArrowsOwn::Dropped,
        _ => ArrowsOwn::WhereItFits,
    };
    let asks_for_mending = match &opened {
        _ if own == ArrowsOwn::Dropped => true,
        Ok(opened) => {
            opened.has_other_names() || opened.schema.iter_values().any(|field| arrow_schema::is_misread(&field.dtype))
        }
        Err(error) => matches!(error, PolarsError::Duplicate(_)),
    };
    if asks_for_mending {
        let (mut file, again) = (source.open()?, source.open()?);
        let mended = guarded(|| {
            parquet_footer::mended(&mut file, own)
                .map(|mended| {
                    let (metadata, notes) = mended?;
                    let mut reader = ParquetReader::new(again);
                    reader.set_metadata(metadata);
                    Ok((of_parquet(reader)?, notes))
                })
                .transpose()
        });
        if let Ok(Some(mended)) = mended {
            return Ok(mended);
        }
    }
    opened.map(|opened| (opened, Vec::new())).map_err(|error| unopened(source, "Parquet", &error))
}

fn of_parquet(mut reader: ParquetReader<File>) -> PolarsResult<Opened> {
    let schema = reader.schema()?.as_ref().clone();
    let metadata = reader.get_metadata()?.clone();
    Ok(Opened { rows: metadata.num_rows, container: Container::Parquet(metadata), schema })
}

fn open_ipc(source: &Source<'_>) -> Result<Opened, Problem> {
    let is_file = source.head(6)?.starts_with(b"ARROW1");
    let (mut file, again) = (source.open()?, source.open()?);
    guarded(|| {
        if is_file {
            let arrow = ArrowFile::open(&mut file)?;
            let (schema, rows) = (arrow.schema.clone(), arrow.rows());
            Ok(Opened { container: Container::IpcFile(Box::new(arrow)), schema, rows })
        } else {
            let stream = read_stream_metadata(&mut file)?;
            arrow_file::check_names(&stream.schema, &stream.ipc_schema)?;
            file.rewind()?;
            let schema = IpcStreamReader::new(file).arrow_schema()?;
            // A stream does not say how many rows it holds: the first column is read for it.
            let rows = IpcStreamReader::new(again).with_projection(Some(vec![0])).finish()?.height();
            Ok(Opened { container: Container::IpcStream, schema, rows })
        }
    })
    .map_err(|error| unopened(source, "Arrow IPC", &error))
}

/// What to say when not even the schema can be read.
fn unopened(source: &Source<'_>, format: &str, error: &PolarsError) -> Problem {
    tracing::warn!(format, %error, "the schema of a file could not be read");
    let text = first_line(error);
    if matches!(error, PolarsError::Duplicate(_)) {
        return source.bad(format_args!(
            "two of its columns, or two fields of a struct, share one name ({text}); rename one and export it again"
        ));
    }
    if text.contains("not implemented") || text.contains("not yet implemented") || text.contains("not supported") {
        return source.bad(format_args!(
            "it holds a column of a type that is not read here ({text}; run-end encoded columns and list views are not); \
             cast it to a plain type and export it again"
        ));
    }
    source.bad(format_args!(
        "its {format} schema can't be read ({text}); the file was cut off or damaged, so copy or export it again"
    ))
}

/// Average bytes per value in memory: fixed for numbers; for the rest what Parquet says, or a typical width.
fn widths(container: &Container, stored: &[DataType], names: &[String], rows: usize) -> Vec<u64> {
    const NUMBER: u64 = 8;
    const TEXT: u64 = 24;
    let size = |name: &str| -> u64 {
        let Container::Parquet(metadata) = container else { return 0 };
        let chunks = metadata.row_groups.iter().filter_map(|group| group.columns_under_root_iter(name));
        let bytes: i64 = chunks.flatten().map(|chunk| chunk.uncompressed_size()).sum();
        u64::try_from(bytes).unwrap_or_default() / rows.max(1) as u64
    };
    let width = |(stored, name): (&DataType, &String)| match stored {
        plain if plain.is_primitive_numeric() || plain.is_temporal() || plain.is_bool() => NUMBER,
        // Dictionary-encoded columns grow in memory: never less than a short text.
        _ => size(name).max(TEXT),
    };
    stored.iter().zip(names).map(width).collect()
}
