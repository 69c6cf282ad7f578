//! How data was read where it can be read in two ways: what was taken, why, how sure that is, and how to change it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What can be read in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingOf {
    /// Which of two classes is the positive one, and so what a high score means.
    PositiveClass,
    /// Which column has a role that nobody named.
    ColumnRole,
    /// Whether a spelling is a value or a missing one.
    MissingValue,
    /// Whether the day or the month comes first.
    DateOrder,
    /// From what numbers count the time, and in which unit.
    TimeUnit,
    /// Whether a comma or a point begins the decimals.
    DecimalMark,
    /// To which table the rows of another file belong.
    JoinedRows,
}

/// How sure a reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sureness {
    /// The data allow another reading just as well.
    Open,
    /// Another reading is possible.
    Likely,
    /// The data or a person leave no doubt.
    Sure,
}

impl Sureness {
    pub fn word(self) -> &'static str {
        match self {
            Sureness::Open => "open",
            Sureness::Likely => "likely",
            Sureness::Sure => "sure",
        }
    }
}

/// One reading out of several plausible ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    pub of: ReadingOf,
    /// The file, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub file: Option<String>,
    /// The columns that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What was taken, as a sentence.
    pub taken: String,
    /// Why, as a sentence.
    pub why: String,
    pub sureness: Sureness,
    /// How to have it read otherwise, as a sentence.
    pub change: String,
}
