//! What is diagnosed: files, and what people say about them.

use std::path::PathBuf;

use domain::measurements::fingerprints::History;
use domain::snapshot::Column;
use domain::symptom::Symptom;
use domain::{Problem, Roles, SnapshotRole};
use measure::ingest::{READ_BY, ReadOptions};
use measure::measured::MEASURED_BY;
use measure::table::StoredFile;
use serde::{Deserialize, Serialize};

/// One file of an investigation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DiagnoseInput {
    pub role: SnapshotRole,
    /// What people call it.
    pub name: String,
    pub path: PathBuf,
    /// Where text is kept as Parquet once it was parsed; `None` to parse it anew.
    #[serde(default)]
    pub converted: Option<PathBuf>,
    /// Of the file's bytes, in hexadecimal.
    pub sha256: String,
    pub options: ReadOptions,
    /// Its columns as they were guessed to be when it arrived; `None` where nobody has read it before.
    pub guessed: Option<Vec<Column>>,
}

impl DiagnoseInput {
    pub fn stored_file(&self) -> StoredFile {
        StoredFile {
            path: self.path.clone(),
            name: self.name.clone(),
            options: self.options.clone(),
            converted: self.converted.clone(),
        }
    }

    /// Identifies the bytes and how they are read, the key of the profile.
    ///
    /// # Errors
    /// When the options can't be written, which is a fault of ours.
    pub fn profile_key(&self) -> Result<String, Problem> {
        keyed(MEASURED_BY, &self.sha256, &self.options)
    }
}

/// Identifies the bytes and how they are read, the key of the converted copy: it stays when measuring changes.
///
/// # Errors
/// As [`DiagnoseInput::profile_key`].
pub fn reading_key(sha256: &str, options: &ReadOptions) -> Result<String, Problem> {
    keyed(READ_BY, sha256, options)
}

fn keyed(by: &str, sha256: &str, options: &ReadOptions) -> Result<String, Problem> {
    let options = serde_json::to_string(options).map_err(|error| {
        tracing::error!(%error, "read options can't be written as JSON");
        Problem::internal("The read options can't be written down.")
    })?;
    Ok(format!("{by} {sha256} {options}"))
}

/// What people say about the files.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DiagnoseSettings {
    /// Columns that are named here are not guessed.
    pub roles: Roles,
    /// The decision threshold in use.
    pub threshold: Option<f64>,
    /// The positive one of two classes.
    #[serde(default)]
    pub positive: Option<String>,
    /// What was reported.
    pub symptoms: Vec<Symptom>,
    /// Test sets of earlier diagnoses; empty where nothing is kept.
    pub history: History,
}
