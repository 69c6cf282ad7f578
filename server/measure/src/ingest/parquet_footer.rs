//! Footers of Parquet files, written anew in memory where polars can't read the file by its own: it finds columns by name, so
//! each gets one of its own, and it believes Arrow's schema more than what is stored.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};

use domain::snapshot::ReadNote;
use polars::prelude::{FileMetadataRef, ParquetReader, PolarsResult, SerReader};
use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
use polars_parquet_format::{FileMetaData, SchemaElement};

use super::arrow_schema;
use super::names::unique_names;
use super::table::column_note;

const MAGIC: &[u8; 4] = b"PAR1";
/// The length of the footer and the magic word, in bytes.
const TAIL: i64 = 8;
/// Largest footer that is written anew, in bytes: thousands of columns in thousands of row groups take less.
const MOST_BYTES: u64 = 64 << 20;

const LOST_TYPES: &str = "the schema that Arrow keeps in this file does not fit its columns, so types that only Arrow keeps are \
     read as they are stored: durations as whole numbers, half precision not at all";

/// What becomes of the schema that Arrow keeps in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArrowsOwn {
    /// It is believed where it names the file's columns.
    WhereItFits,
    /// Its types are others than those that are stored.
    Dropped,
}

/// The file's metadata with a name of its own for each column and types that polars reads as they are stored, and a note for
/// each name that was changed. `None` where the footer is not one.
pub(super) fn mended(file: &mut File, own: ArrowsOwn) -> Option<PolarsResult<(FileMetadataRef, Vec<ReadNote>)>> {
    let mut footer = read(file)?;
    let notes = rename(&mut footer, own)?;
    Some(metadata(&footer)?.map(|metadata| (metadata, notes)))
}

fn read(file: &mut File) -> Option<FileMetaData> {
    let end = file.seek(SeekFrom::End(-TAIL)).ok()?;
    let mut tail = [0; TAIL as usize];
    file.read_exact(&mut tail).ok()?;
    let (length, magic) = tail.split_at(4);
    let length = u64::from(u32::from_le_bytes(length.try_into().ok()?));
    if magic != MAGIC || length > end.min(MOST_BYTES) {
        return None;
    }
    file.seek(SeekFrom::Start(end - length)).ok()?;
    let mut bytes = vec![0; length as usize];
    file.read_exact(&mut bytes).ok()?;
    let most = 2 * bytes.len() + 1_024;
    FileMetaData::read_from_in_protocol(&mut TCompactInputProtocol::new(bytes.as_slice(), most)).ok()
}

fn rename(footer: &mut FileMetaData, own: ArrowsOwn) -> Option<Vec<ReadNote>> {
    let Columns { starts, of_leaf } = columns(&footer.schema)?;
    let given: Vec<String> = starts.iter().map(|start| footer.schema[*start].name.clone()).collect();
    let (names, mut notes) = unique_names(given.clone());
    for (start, name) in starts.iter().zip(&names) {
        footer.schema[*start].name.clone_from(name);
    }
    for group in &mut footer.row_groups {
        for (chunk, column) in group.columns.iter_mut().zip(&of_leaf) {
            let path = chunk.meta_data.as_mut().and_then(|metadata| metadata.path_in_schema.first_mut());
            path.into_iter().for_each(|first| first.clone_from(&names[*column]));
        }
    }
    if !mend_arrow_schema(footer, &given, &names, own) {
        notes.extend(names.first().map(|first| column_note(first, LOST_TYPES)));
    }
    Some(notes)
}

/// Whether what Arrow says of the types, if it does, could be kept.
fn mend_arrow_schema(footer: &mut FileMetaData, given: &[String], names: &[String], own: ArrowsOwn) -> bool {
    let Some(pairs) = &mut footer.key_value_metadata else { return true };
    let Some(place) = pairs.iter().position(|pair| pair.key == arrow_schema::KEY) else { return true };
    let mended = match (&pairs[place].value, own) {
        (Some(encoded), ArrowsOwn::WhereItFits) => arrow_schema::mended(encoded, given, names),
        _ => None,
    };
    let is_kept = mended.is_some();
    if is_kept {
        pairs[place].value = mended;
    } else {
        pairs.remove(place);
    }
    is_kept
}

/// Where the columns stand in the schema, which lists each with all that is nested in it, and whose each leaf is.
struct Columns {
    starts: Vec<usize>,
    of_leaf: Vec<usize>,
}

fn columns(schema: &[SchemaElement]) -> Option<Columns> {
    let children =
        |element: &SchemaElement| element.num_children.map_or(0, |count| usize::try_from(count).unwrap_or(0));
    let mut found = Columns { starts: Vec::new(), of_leaf: Vec::new() };
    let mut place = 1;
    for column in 0..children(schema.first()?) {
        found.starts.push(place);
        let mut open = 1;
        while open > 0 {
            let nested = children(schema.get(place)?);
            place += 1;
            open = open - 1 + nested;
            if nested == 0 {
                found.of_leaf.push(column);
            }
        }
    }
    Some(found)
}

/// As polars reads it: of a file that is nothing but this footer.
fn metadata(footer: &FileMetaData) -> Option<PolarsResult<FileMetadataRef>> {
    let mut bytes = MAGIC.to_vec();
    footer.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut bytes)).ok()?;
    let length = u32::try_from(bytes.len() - MAGIC.len()).ok()?;
    bytes.extend(length.to_le_bytes());
    bytes.extend(MAGIC);
    Some(ParquetReader::new(Cursor::new(bytes)).get_metadata().cloned())
}
