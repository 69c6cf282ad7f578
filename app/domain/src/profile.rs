//! Profiles: the compact summary of a snapshot, computed once and kept by content hash.

use serde::{Deserialize, Serialize};

use crate::snapshot::ColumnKind;

/// At most this many rows of a snapshot are kept for the statistics that need values rather than counts.
/// Up to it, every figure is exact. Beyond it a seeded uniform sample stands for the rows; by the
/// Dvoretzky-Kiefer-Wolfowitz inequality its distribution function is then within
/// `sqrt(ln(2/0.01) / (2 * 65_536))` = 0.0064 of the full one, with 99 % certainty.
pub const SAMPLE_ROWS: usize = 65_536;

/// The summary of one snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Identifies the bytes and how they were read.
    pub key: String,
    pub rows: u64,
    /// Number of rows in the sample; equal to `rows` when every figure is exact.
    pub sampled_rows: u64,
    /// Rows that are equal to an earlier row in every column but id and time (counted in the sample).
    pub duplicate_rows: u64,
    pub columns: Vec<ColumnProfile>,
}

impl Profile {
    pub fn column(&self, name: &str) -> Option<&ColumnProfile> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Stored types of text that was read in one of two ways: dates that begin with the day or the month, and numbers whose
/// decimals follow a comma.
pub const DAY_FIRST: &str = "Datetime (day first)";
pub const MONTH_FIRST: &str = "Datetime (month first)";
pub const DECIMAL_COMMA: &str = "Float64 (decimal comma)";

/// The summary of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    pub name: String,
    /// Place in the file, from 0.
    pub position: usize,
    pub kind: ColumnKind,
    /// The type as stored in the file, such as `Int64` or `String`.
    pub stored_type: String,
    pub rows: u64,
    pub nulls: u64,
    /// How missing values were spelled in a text file, most frequent first: (`NA`, 12). Empty for typed formats.
    pub null_spellings: Vec<(String, u64)>,
    /// Different non-null values; exact up to [`DISTINCT_CAP`], and the cap beyond it.
    pub distinct: u64,
    pub numeric: Option<NumericProfile>,
    pub categories: Option<CategoryProfile>,
    pub text: Option<TextProfile>,
    pub time: Option<TimeProfile>,
}

/// Different values are counted exactly up to this many.
pub const DISTINCT_CAP: u64 = 100_000;

impl ColumnProfile {
    pub fn null_rate(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.nulls as f64 / self.rows as f64 }
    }
    pub fn non_null(&self) -> u64 {
        self.rows - self.nulls
    }
}

/// Counts and moments are over all rows; `sorted` is the sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumericProfile {
    /// Finite values.
    pub finite: u64,
    pub nan: u64,
    pub positive_infinity: u64,
    pub negative_infinity: u64,
    pub zeros: u64,
    pub negatives: u64,
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// Sample standard deviation (ddof 1).
    pub std: f64,
    /// Every finite value is a whole number.
    pub integers: bool,
    /// Most decimal places any value of the sample needs (up to 12).
    pub decimals: u8,
    /// The finite values of the sample, ascending.
    pub sorted: Vec<f64>,
    /// The most frequent single values of the sample with their share of it, most frequent first (at most 20).
    pub modes: Vec<(f64, f64)>,
}

/// Values and their counts, most frequent first, over all rows; at most [`CATEGORY_CAP`], the rest in `other`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CategoryProfile {
    pub counts: Vec<(String, u64)>,
    pub other: u64,
}

/// Categories kept by name.
pub const CATEGORY_CAP: usize = 1_000;

/// The shape of text values, over all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextProfile {
    pub min_length: u64,
    pub max_length: u64,
    pub mean_length: f64,
    /// Non-null values that are empty or only white space.
    pub blank: u64,
    /// Values that parse as a number.
    pub numeric_like: u64,
    /// Sorted lengths of the sample, in characters.
    pub sorted_lengths: Vec<f64>,
    /// Character-class patterns (`9` digit, `A` upper, `a` lower, others as they are, runs shortened) with counts, most frequent first (at most 20).
    pub patterns: Vec<(String, u64)>,
}

/// Times, as milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeProfile {
    pub min_ms: i64,
    pub max_ms: i64,
    /// Sorted times of the sample.
    pub sorted_ms: Vec<i64>,
    /// Values at exactly 1970-01-01 or another well-known placeholder date.
    pub placeholders: u64,
}
