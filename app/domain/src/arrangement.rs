//! What all files together seem to be, before an investigation is opened with them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{SnapshotRole, Sureness};

/// The role that each file seems to have among all of them, and the label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Arrangement {
    pub files: Vec<ArrangedFile>,
    /// Null where nothing shows which column is the label.
    #[schema(required)]
    pub label: Option<ArrangedLabel>,
}

/// One file among the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArrangedFile {
    /// Id of the snapshot.
    pub snapshot: String,
    /// Null where the file is better left out.
    #[schema(required)]
    pub role: Option<SnapshotRole>,
    /// A sentence; null where the file says it by itself.
    #[schema(required)]
    pub why: Option<String>,
    /// How it can be cut into several inputs, the surest way first.
    pub cuts: Vec<CutOffer>,
}

/// A column by which one table can be cut into several inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum CutOffer {
    /// The column says which split a row is in.
    Split { column: String, parts: Vec<CutPart> },
    /// Earlier rows are train, later ones serve. From the first to the last time that was looked at, in milliseconds since
    /// 1970-01-01 UTC.
    Time { column: String, first_ms: i64, last_ms: i64 },
}

/// The rows of one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CutPart {
    pub role: SnapshotRole,
    /// The values of the column in these rows.
    pub values: Vec<String>,
}

/// The column that seems to be the label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArrangedLabel {
    pub column: String,
    /// A sentence.
    pub why: String,
    pub sureness: Sureness,
}
