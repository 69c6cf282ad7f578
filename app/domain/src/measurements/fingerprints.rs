//! Test sets of the past: hashes of their rows, kept for ever, and what train holds of them today.

use serde::{Deserialize, Serialize};

use stats::intervals::Share;

/// The rows of one test set as hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFingerprints {
    /// The columns hashed (features and label), by name.
    pub columns: Vec<String>,
    /// The smallest 64-bit hashes of the different rows, ascending: the same rows are kept whatever their order.
    pub hashes: Vec<u64>,
    /// Different rows hashed, of which those are kept.
    pub rows: u64,
}

/// A test set that an earlier diagnosis was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownTest {
    pub investigation: String,
    /// The investigation's title.
    pub title: String,
    pub model: String,
    /// The file's name.
    pub file: String,
    pub sha256: String,
    pub at_ms: i64,
    pub rows: RowFingerprints,
}

/// Who asks: what a known test set is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct History {
    /// The investigation and the model that the present diagnosis is for.
    pub investigation: String,
    pub model: String,
    pub tests: Vec<KnownTest>,
}

/// What the present inputs hold of a known test set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TouchedTest {
    /// The investigation's title.
    pub title: String,
    pub file: String,
    pub at_ms: i64,
    /// The test set was this model's, or this very investigation's.
    pub same_model: bool,
    pub columns: Vec<String>,
    /// Its kept rows that are among the train rows.
    pub in_train: Share,
    /// Train rows that equal another train row in these columns: how often rows repeat by nature.
    pub repeated: Share,
    /// Share of the train rows that were looked at.
    pub looked_at: f64,
    /// Its kept rows that are among the present test rows; `None` without a test snapshot.
    pub in_test: Option<Share>,
}
