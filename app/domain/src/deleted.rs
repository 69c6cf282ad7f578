//! What was deleted for good.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::snapshot::Snapshot;

/// What becomes of the files of an investigation that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilesToo {
    /// Those that nothing else uses are deleted as well.
    #[default]
    Delete,
    Keep,
}

/// What became of the files of a deleted investigation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deleted {
    /// The names of those that are gone.
    pub files: Vec<String>,
    pub kept: Vec<KeptFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeptFile {
    pub name: String,
    /// The titles of the investigations that use it, and the models that it arrived for; none where it was to be kept.
    pub used_by: Vec<String>,
}

/// A stored file, with what keeps it from being deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredFile {
    pub snapshot: Snapshot,
    pub used_by: Vec<UsedBy>,
    /// The models that it arrived for.
    pub models: Vec<String>,
}

/// An investigation that uses a file, or a share link of which shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedBy {
    pub id: String,
    pub title: String,
}
