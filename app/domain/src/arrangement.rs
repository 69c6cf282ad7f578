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
}

/// The column that seems to be the label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArrangedLabel {
    pub column: String,
    /// A sentence.
    pub why: String,
    pub sureness: Sureness,
}
