//! How a file is to be read, and the bounds on what reading it may cost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::epoch::Epoch;
use super::moment::DateOrder;

/// The formats a snapshot may come in. Compression (gzip, zstd) is recognised by content and is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Delimited text: comma, tab, semicolon, pipe or any other single byte.
    Csv,
    /// One JSON object per line.
    JsonLines,
    /// One JSON array of objects.
    JsonArray,
    Parquet,
    /// Arrow IPC, file (Feather v2) or stream.
    ArrowIpc,
}

impl Format {
    pub const ALL: [Format; 5] = [Format::Csv, Format::JsonLines, Format::JsonArray, Format::Parquet, Format::ArrowIpc];

    /// The words shown to people.
    pub fn words(self) -> &'static str {
        match self {
            Format::Csv => "CSV",
            Format::JsonLines => "JSON Lines",
            Format::JsonArray => "JSON array",
            Format::Parquet => "Parquet",
            Format::ArrowIpc => "Arrow IPC",
        }
    }

    /// Text formats carry no types: every value has to be looked at before a column's type is known.
    pub fn is_text(self) -> bool {
        matches!(self, Format::Csv | Format::JsonLines | Format::JsonArray)
    }
}

/// What a person says about a file; null means "detect it".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReadOptions {
    pub format: Option<Format>,
    /// The byte between two cells, such as 59 for a semicolon.
    pub delimiter: Option<u8>,
    /// The byte around a cell that holds delimiters.
    pub quote: Option<u8>,
    /// An encoding's label by the WHATWG standard, such as `utf-8`, `utf-16le`, `windows-1252`.
    pub encoding: Option<String>,
    /// `1.234,5` means 1234.5.
    pub decimal_comma: Option<bool>,
    /// The first record holds the column names.
    pub header: Option<bool>,
    /// How single columns are read, by name, where their values leave it open.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnOptions>,
    /// The rows that are meant; null for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<RowCut>,
}

impl ReadOptions {
    /// The same for all rows of the file.
    #[must_use]
    pub fn of_all_rows(&self) -> ReadOptions {
        ReadOptions { rows: None, ..self.clone() }
    }
}

/// A part of the rows of a file, cut out by the values of one column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum RowCut {
    /// Rows with one of these values.
    Values { column: String, values: Vec<String> },
    /// Rows with a time from `from_ms` on and before `before_ms`, in milliseconds since 1970-01-01 UTC; null for no end
    /// on that side.
    Times {
        column: String,
        #[serde(default)]
        from_ms: Option<i64>,
        #[serde(default)]
        before_ms: Option<i64>,
    },
}

impl RowCut {
    pub fn column(&self) -> &str {
        match self {
            RowCut::Values { column, .. } | RowCut::Times { column, .. } => column,
        }
    }
}

/// How one column is read where its values leave it open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ColumnOptions {
    /// Spellings of a missing value that are values in this column, such as `NA` for Namibia.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Its numbers count time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Epoch>,
    /// What its dates begin with, where they exist in two orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateOrder>,
}

/// The bounds on what reading one file may cost. A file beyond one of them is refused in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after decompression.
    pub max_expanded_bytes: u64,
    /// Bytes after decompression for each stored byte, once they are more than [`Limits::free_of_ratio`]: gzip reaches
    /// 1,032 at best, tables a few hundred, and zstd of a small bomb a hundred thousand.
    pub max_ratio: u64,
    /// So much is expanded whatever the ratio: a second's work.
    pub free_of_ratio: u64,
    pub max_columns: usize,
    /// Characters of a column's name: it is repeated in every sentence about the column, on every page.
    pub max_name_chars: usize,
    /// Bytes of one record of a text format, which bounds a single cell too.
    pub max_record_bytes: u64,
    /// Levels of nested JSON.
    pub max_nesting: usize,
    /// Text larger than this (after decompression) is converted to Parquet, streaming, instead of being held in memory.
    pub max_text_in_memory: u64,
    /// The size of a batch of rows in memory that [`super::BatchReader`] aims at.
    pub batch_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_expanded_bytes: 16 << 30,
            max_ratio: 1_000,
            free_of_ratio: 64 << 20,
            max_columns: 20_000,
            max_name_chars: 1_000,
            max_record_bytes: 64 << 20,
            max_nesting: 100,
            max_text_in_memory: 64 << 20,
            batch_bytes: 256 << 20,
        }
    }
}
