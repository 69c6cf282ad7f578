//! Text becomes Parquet, streaming, and is read as Parquet from then on: text too large for memory, and all text whose
//! copy is kept.

use std::fs::{self, File};
use std::io::{BufWriter, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use domain::snapshot::ReadNote;
use domain::{Problem, ProblemKind};
use flate2::Crc;
use polars::prelude::{KeyValueMetadata, ParquetCompression, ParquetWriter};
use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempPath};

use super::bytes::{Compression, Source};
use super::columnar::ColumnarFile;
use super::options::Format;
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

/// Text as Parquet in a place where it is found again, or, where that place can't be used, in a file that goes away with
/// its reader.
pub(super) fn keep(
    source: &Source<'_>,
    text: &TextFile<'_>,
    copy: &Path,
) -> Result<(ColumnarFile, Option<TempPath>), Problem> {
    let scratch = scratch(source)?;
    write(source, text, &scratch)?;
    let (error, scratch) = match sum_of(&scratch).and_then(|sum| fs::write(checksum_of(copy), sum)) {
        // Moved, not copied: what is kept is whole or not there.
        Ok(()) => match scratch.persist(copy) {
            Ok(()) => return Ok((open_converted(source, copy)?, None)),
            Err(failed) => (failed.error, failed.path),
        },
        Err(error) => (error, scratch),
    };
    tracing::warn!(copy = %copy.display(), %error, "converted text can't be kept, so it will be parsed again");
    Ok((open_converted(source, &scratch)?, Some(scratch)))
}

/// What [`keep`] kept; `None` when it is not there or not what it was, which costs time and nothing else.
pub(super) fn open_kept(source: &Source<'_>, copy: &Path) -> Option<ColumnarFile> {
    let expected = fs::read_to_string(checksum_of(copy)).ok()?;
    let sum = sum_of(copy).ok()?;
    let opened = if sum == expected { open_converted(source, copy).ok() } else { None };
    match &opened {
        None => tracing::warn!(copy = %copy.display(), "a converted copy is damaged and will be made again"),
        Some(_) => touch(copy),
    }
    opened
}

/// What was used last stays longest.
fn touch(copy: &Path) {
    if let Err(error) = File::open(copy).and_then(|file| file.set_modified(SystemTime::now())) {
        tracing::debug!(copy = %copy.display(), %error, "when a copy was used can't be noted");
    }
}

/// Where the checksum of a kept copy is: Parquet has none over all of its bytes.
pub fn checksum_of(copy: &Path) -> PathBuf {
    copy.with_added_extension("crc")
}

/// CRC-32 of a file, in hexadecimal: against disks that fail, not against people.
fn sum_of(path: &Path) -> std::io::Result<String> {
    let (mut file, mut sum, mut piece) = (File::open(path)?, Crc::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(format!("{:08x}", sum.sum())),
            read => sum.update(&piece[..read]),
        }
    }
}

/// Writes the text's rows to `target`, in bounded memory.
pub(super) fn write(source: &Source<'_>, text: &TextFile<'_>, target: &Path) -> Result<(), Problem> {
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(file = source.name, target = %target.display(), %error, "conversion to Parquet failed");
        // Nothing else fails in writing what was read already: polars says no more than its words.
        Problem::new(
            ProblemKind::StorageFull,
            format!("{}: it could not be converted for reading; is the disk full?", source.name),
        )
    };
    let mut file = File::create(target).map_err(|error| failed(&error))?;
    let origin = Origin { columns: text.columns.clone(), notes: text.notes.clone(), format: text.format.clone() };
    let origin = serde_json::to_string(&origin).map_err(|error| failed(&error))?;
    let mut writer = ParquetWriter::new(BufWriter::new(&mut file))
        .with_compression(ParquetCompression::Lz4Raw)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(vec![(ORIGIN_KEY.to_owned(), origin)])))
        .batched(&text.schema())
        .map_err(|error| failed(&error))?;
    text.frames(&mut |frame| writer.write_batch(&frame).map_err(|error| failed(&error)))?;
    writer.finish().map_err(|error| failed(&error))?;
    drop(writer);
    file.sync_all().map_err(|error| failed(&error))
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
