//! What is diagnosed: files, and what people say about them.

use std::path::{Path, PathBuf};

use domain::measurements::fingerprints::History;
use domain::snapshot::Column;
use domain::symptom::Symptom;
use domain::{Problem, Roles, SnapshotRole};
use measure::ingest::{READ_BY, ReadOptions};
use measure::measured::MEASURED_BY;
use measure::table::{Attachment, StoredFile};
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
    /// Files whose rows come after its own: later windows of the same table.
    #[serde(default)]
    pub followed_by: Vec<Follower>,
    /// Columns of other files that belong to its rows.
    #[serde(default)]
    pub attached: Vec<Attached>,
}

/// Another file of the investigation whose rows are read with these.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Follower {
    pub file: StoredFile,
    /// Identifies that file's bytes and how they are read.
    pub key: String,
}

/// Columns of another file of the investigation, joined by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attached {
    pub attachment: Attachment,
    /// Identifies that file's bytes and how they are read.
    pub key: String,
}

impl DiagnoseInput {
    /// A file that nobody has read before, as it is.
    pub fn of_file(role: SnapshotRole, name: &str, path: &Path, sha256: &str) -> Self {
        Self {
            role,
            name: name.to_owned(),
            path: path.to_owned(),
            converted: None,
            sha256: sha256.to_owned(),
            options: ReadOptions::default(),
            guessed: None,
            followed_by: Vec::new(),
            attached: Vec::new(),
        }
    }

    pub fn stored_file(&self) -> StoredFile {
        StoredFile {
            path: self.path.clone(),
            name: self.name.clone(),
            options: self.options.clone(),
            converted: self.converted.clone(),
            followed_by: self.followed_by.iter().map(|follower| follower.file.clone()).collect(),
            attached: self.attached.iter().map(|attached| attached.attachment.clone()).collect(),
        }
    }

    /// The same rows, their columns read in another way. A converted copy holds what was read before.
    pub(super) fn read_as(&self, options: &ReadOptions) -> Self {
        let mut again = Self { options: options.clone(), converted: None, ..self.clone() };
        for Follower { file, .. } in &mut again.followed_by {
            let rows = file.options.rows.take();
            (file.options, file.converted) = (ReadOptions { rows, ..options.clone() }, None);
        }
        again
    }

    /// Identifies the bytes and how they are read, the key of the profile.
    ///
    /// # Errors
    /// When the options can't be written, which is a fault of ours.
    pub fn profile_key(&self) -> Result<String, Problem> {
        let mut key = keyed(MEASURED_BY, &self.sha256, &self.options)?;
        for Follower { file, key: other } in &self.followed_by {
            key = format!("{key} then {other} {}", in_json(&file.options)?);
        }
        for Attached { attachment, key: other } in &self.attached {
            let Attachment { id, of, columns, file: _ } = attachment;
            key = format!("{key} with {}", in_json(&(other, id, of, columns))?);
        }
        Ok(key)
    }
}

/// Identifies the bytes and how they are read, the key of the converted copy: it stays when measuring changes, and is of all
/// rows of the file.
///
/// # Errors
/// As [`DiagnoseInput::profile_key`].
pub fn reading_key(sha256: &str, options: &ReadOptions) -> Result<String, Problem> {
    keyed(READ_BY, sha256, &options.of_all_rows())
}

fn keyed(by: &str, sha256: &str, options: &ReadOptions) -> Result<String, Problem> {
    Ok(format!("{by} {sha256} {}", in_json(options)?))
}

fn in_json(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|error| {
        tracing::error!(%error, "how a file is read can't be written as JSON");
        Problem::internal("The read options can't be written down.")
    })
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
