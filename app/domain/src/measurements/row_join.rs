//! What was measured about rows that serve and offline share: the training pipeline's values beside the served ones,
//! joined by the id column.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use stats::intervals::Share;

/// Serve joined with offline. Counts are over the samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowJoin {
    /// The column that joins them.
    pub id: String,
    /// Rows whose id is there once on each side.
    pub matched: u64,
    /// Rows whose id is there once, and on one side only.
    pub only_serve: u64,
    pub only_offline: u64,
    /// Rows left out because their id is missing or comes more than once on their side.
    pub left_out: u64,
    /// A side was too large to be looked at whole: ids on one side only then mean nothing.
    pub sampled: bool,
    /// Whether the rows could be put in the order of time; else they are in the order of the serve file.
    pub in_time_order: bool,
    /// Columns that both have.
    pub columns: Vec<JoinedColumn>,
    /// Rows with another prediction or score, among those in which every shared feature agrees; `None` when one of the two
    /// is not there.
    pub answers_differ_on_equal_features: Option<Share>,
}

impl RowJoin {
    pub fn column(&self, name: &str) -> Option<&JoinedColumn> {
        self.columns.iter().find(|column| column.column == name)
    }
}

/// One column of the joined rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JoinedColumn {
    pub column: String,
    pub kind: JoinedKind,
    /// Rows compared.
    pub rows: u64,
    /// Rows with a value on both sides, and not the same; numbers may differ by a millionth of themselves or of their spread.
    pub changed: u64,
    /// Rows with a value offline and none at serving.
    pub missing_serve: u64,
    /// Rows with a value at serving and none offline.
    pub missing_offline: u64,
    /// Numbers: the median size of the change, in standard deviations of the offline values.
    pub typical_change: Option<f64>,
    /// Relations that hold for changed rows, with how many they hold for.
    pub patterns: Vec<RowPattern>,
    /// The most frequent pairs of values in differing rows, at most [`MOST_PAIRS`].
    pub pairs: Vec<ValuePair>,
}

/// Pairs of values kept per column.
pub const MOST_PAIRS: usize = 20;

impl JoinedColumn {
    /// Rows that differ in any way.
    pub fn differing(&self) -> Share {
        Share::new(self.changed + self.missing_serve + self.missing_offline, self.rows)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JoinedKind {
    Numbers,
    /// Milliseconds since 1970-01-01 UTC.
    Times,
    Words,
}

/// A value offline and at serving, and in how many rows; null is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValuePair {
    #[schema(required)]
    pub offline: Option<String>,
    #[schema(required)]
    pub serve: Option<String>,
    pub rows: u64,
}

/// A relation between the offline and the served value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowPattern {
    pub relation: Relation,
    /// Rows it holds for,
    pub rows: u64,
    /// of so many it could hold for.
    pub of: u64,
}

impl RowPattern {
    pub fn share(&self) -> f64 {
        if self.of == 0 { 0.0 } else { self.rows as f64 / self.of as f64 }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Relation {
    /// `serve = offline + by`.
    Offset { by: f64 },
    /// The same round the clock: hours of the day, modulo 24.
    ClockOffset { hours: i32 },
    /// Times that differ by some whole quarters of an hour, up to 14 hours; `by_ms` is the most frequent difference.
    TimeZone { by_ms: i64 },
    /// `serve = offline * by`.
    Factor { by: f64 },
    /// `serve = offline * scale + offset`.
    Affine { scale: f64, offset: f64 },
    /// `serve` is the offline value of another column.
    OtherColumn { column: String },
    /// `serve` is `offline` rounded to so many decimals (negative: tens, hundreds …).
    Rounded { decimals: i32 },
    /// The digits after so many decimals are cut off.
    CutOff { decimals: i32 },
    /// `serve` is the offline value of the row so many rows earlier.
    RowsBack { rows: u32 },
    /// `serve` is an offline value of earlier rows and of no later one; `later` counts the rows of which the opposite is
    /// true, about as many when the values were merely dealt out otherwise.
    EarlierValue { later: u64 },
    /// The same served value in all of them.
    OneValue { value: String },
    /// The same offline value in all of them.
    OneOfflineValue { value: String },
    /// Each offline value has one served value of its own; `values` counts those that are not themselves.
    Recoded { values: u32 },
}
