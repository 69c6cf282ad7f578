//! What is diagnosed: files, and what people say about them.

use std::path::PathBuf;

use domain::measurements::fingerprints::History;
use domain::symptom::Symptom;
use domain::{Problem, Roles, SnapshotRole};
use measure::ingest::ReadOptions;
use measure::measured::MEASURED_BY;
use measure::table::Origin;
use serde::{Deserialize, Serialize};

/// One file of an investigation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DiagnoseInput {
    pub role: SnapshotRole,
    /// What people call it.
    pub name: String,
    pub path: PathBuf,
    /// Of the file's bytes, in hexadecimal.
    pub sha256: String,
    pub options: ReadOptions,
}

impl DiagnoseInput {
    pub(super) fn origin(&self) -> Origin {
        Origin { path: self.path.clone(), name: self.name.clone(), options: self.options.clone() }
    }

    /// Identifies the bytes and how they are read, the key of the profile.
    ///
    /// # Errors
    /// When the options can't be written, which is a fault of ours.
    pub fn profile_key(&self) -> Result<String, Problem> {
        let options = serde_json::to_string(&self.options).map_err(|error| {
            tracing::error!(%error, "read options can't be written as JSON");
            Problem::internal("The read options can't be written down.")
        })?;
        Ok(format!("{MEASURED_BY} {} {options}", self.sha256))
    }
}

/// What people say about the files.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DiagnoseSettings {
    /// Columns that are named here are not guessed.
    pub roles: Roles,
    /// The decision threshold in use.
    pub threshold: Option<f64>,
    /// What was reported.
    pub symptoms: Vec<Symptom>,
    /// Test sets of earlier diagnoses; empty where nothing is kept.
    pub history: History,
}
