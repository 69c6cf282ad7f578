//! Text too large for memory becomes Parquet once, streaming, and is read as Parquet from then on.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use domain::Problem;
use domain::snapshot::ReadNote;
use polars::prelude::{KeyValueMetadata, ParquetCompression, ParquetWriter};
use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempPath};

use super::bytes::{Compression, Source};
use super::columnar::ColumnarFile;
use super::options::{Format, Limits, ReadOptions};
use super::recognise::{Recognised, recognise};
use super::table::TableColumn;
use super::text::TextFile;

/// Where the converted file keeps what the text reader knew.
const ORIGIN_KEY: &str = "mismatch.origin";

/// What Parquet has no place for.
#[derive(Serialize, Deserialize)]
struct Origin {
    columns: Vec<TableColumn>,
    notes: Vec<ReadNote>,
    format: String,
}

/// Converts a text file of any supported format to Parquet at `target`, in bounded memory. The target appears whole or
/// not at all. [`super::BatchReader::open`] reads it when given as `converted`.
///
/// # Errors
/// As [`super::read_table`]; and when `target` can't be written, or the file is not text.
pub fn convert_to_parquet(
    path: &Path,
    display_name: &str,
    options: &ReadOptions,
    limits: &Limits,
    target: &Path,
) -> Result<(), Problem> {
    let source = Source { path, name: display_name, limits };
    let Recognised { format, compression } = recognise(&source, options)?;
    if !format.is_text() {
        return Err(source.bad(format_args!("it is {} already and needs no conversion", format.words())));
    }
    write(&source, &TextFile::inspect(source, compression, format, options)?, target)
}

/// Writes the text's rows to `target`.
pub(super) fn write(source: &Source<'_>, text: &TextFile<'_>, target: &Path) -> Result<(), Problem> {
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(file = source.name, target = %target.display(), %error, "conversion to Parquet failed");
        Problem::internal(format!("{}: it could not be converted for reading; is the disk full?", source.name))
    };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    let origin = Origin { columns: text.columns.clone(), notes: text.notes.clone(), format: text.format.clone() };
    let origin = serde_json::to_string(&origin).map_err(|error| failed(&error))?;
    let mut writer = ParquetWriter::new(BufWriter::new(file.as_file_mut()))
        .with_compression(ParquetCompression::Lz4Raw)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(vec![(ORIGIN_KEY.to_owned(), origin)])))
        .batched(&text.schema())
        .map_err(|error| failed(&error))?;
    text.frames(&mut |frame| writer.write_batch(&frame).map_err(|error| failed(&error)))?;
    writer.finish().map_err(|error| failed(&error))?;
    drop(writer);
    file.as_file().sync_all().map_err(|error| failed(&error))?;
    file.persist(target).map_err(|error| failed(&error))?;
    Ok(())
}

/// Opens a file that [`write()`] made; the notes and spellings are those of the text it was made from.
pub(super) fn open_converted(source: &Source<'_>, converted: &Path) -> Result<ColumnarFile, Problem> {
    let mut file = ColumnarFile::open(&Source { path: converted, ..*source }, Format::Parquet)?;
    let origin: Option<Origin> = file.key_value(ORIGIN_KEY).and_then(|json| serde_json::from_str(json).ok());
    let origin = origin.filter(|origin| origin.columns.len() == file.columns.len()).ok_or_else(|| {
        Problem::internal(format!(
            "{}: its converted copy is damaged; remove the copy and read the file again",
            source.name
        ))
    })?;
    (file.columns, file.notes, file.format) = (origin.columns, origin.notes, origin.format);
    Ok(file)
}

/// A place for a converted or unpacked file that goes away with its reader.
pub(super) fn scratch(source: &Source<'_>) -> Result<TempPath, Problem> {
    NamedTempFile::new().map(NamedTempFile::into_temp_path).map_err(|error| no_scratch(source, &error))
}

/// Unpacks a compressed columnar file: its readers need to jump around in it.
pub(super) fn unpack(source: &Source<'_>, compression: Compression) -> Result<TempPath, Problem> {
    let path = scratch(source)?;
    let mut file = File::create(&path).map_err(|error| no_scratch(source, &error))?;
    std::io::copy(&mut source.expand(compression)?, &mut file).map_err(|error| source.unreadable(&error))?;
    Ok(path)
}

fn no_scratch(source: &Source<'_>, error: &std::io::Error) -> Problem {
    tracing::error!(%error, "no temporary file");
    Problem::internal(format!("{}: no temporary file could be made to unpack it; is the disk full?", source.name))
}
