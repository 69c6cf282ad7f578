//! Diagnoses: kept for ever as compressed JSON files, parsed once, shared from memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::investigation::DiagnosisSummary;
use domain::{Diagnosis, Problem};

use crate::Service;
use crate::blocking::blocking;
use crate::cache::Weighed;
use crate::durable::{list, removed, write_atomically};
use crate::error::Error;
use crate::folder::DataFolder;
use crate::store::{Store, new_id};

type Result<T> = std::result::Result<T, Error>;

/// Parsed diagnoses kept in memory, in bytes: about a dozen of 2,000 columns.
pub(crate) const DIAGNOSES_BYTES: u64 = 256_000_000;

const COMPRESSION_LEVEL: i32 = 3;

impl Service {
    /// The last diagnosis of an investigation; `None` until its first job is done.
    ///
    /// # Errors
    /// `NotFound` without such an investigation.
    pub async fn diagnosis(&self, investigation: &str) -> std::result::Result<Option<Arc<Diagnosis>>, Problem> {
        match self.inner.store.latest_diagnosis(investigation).await? {
            Some(stored) => Ok(Some(self.diagnosis_by_id(&stored.id).await?)),
            None => {
                self.require_investigation(investigation).await?;
                Ok(None)
            }
        }
    }

    pub(crate) async fn diagnosis_by_id(&self, id: &str) -> Result<Arc<Diagnosis>> {
        if let Some(diagnosis) = self.inner.diagnoses.get(id) {
            return Ok(diagnosis);
        }
        let (service, id) = (self.clone(), id.to_owned());
        let found = move || {
            let parsed = || read(&path_of(&service.inner.folder, &id)).map_err(Problem::from);
            service.inner.diagnoses.get_or_make(&id, parsed)
        };
        Ok(blocking(found).await?)
    }

    /// Writes the file, then the row that makes it count.
    pub(crate) async fn keep_diagnosis(&self, investigation: &str, diagnosis: Diagnosis) -> Result<()> {
        let id = new_id();
        let diagnosis = self.write_diagnosis(&id, diagnosis).await?;
        let summary = DiagnosisSummary::of(&diagnosis.value);
        if let Err(error) = self.inner.store.insert_diagnosis(&id, investigation, &summary).await {
            // The investigation may have been deleted meanwhile: nothing of it stays.
            let path = path_of(&self.inner.folder, &id);
            if let Err(left) = tokio::fs::remove_file(&path).await {
                tracing::warn!(error = &left as &dyn std::error::Error, path = %path.display(), "a diagnosis that nobody has can't be removed");
            }
            return Err(error);
        }
        let found = Arc::clone(&diagnosis.value);
        self.inner.diagnoses.put(&id, diagnosis);
        if let Err(problem) = self.open_regressed(investigation, &found).await {
            // The diagnosis is kept and counts; that it is news for another investigation is not worth losing it.
            tracing::warn!(%investigation, "closed investigations of the same model can't be opened again: {}", problem.message);
        }
        Ok(())
    }

    /// Writes the file. It is parsed again before: a figure that JSON can't hold (NaN becomes null) must fail the job, not every
    /// page later.
    pub(crate) async fn write_diagnosis(&self, id: &str, diagnosis: Diagnosis) -> Result<Weighed<Diagnosis>> {
        let folder = self.inner.folder.clone();
        let path = path_of(&folder, id);
        tokio::task::spawn_blocking(move || {
            let json = serde_json::to_vec(&diagnosis).map_err(Error::stored("diagnosis"))?;
            let parsed: Diagnosis = serde_json::from_slice(&json).map_err(Error::stored("diagnosis"))?;
            let packed = zstd::encode_all(json.as_slice(), COMPRESSION_LEVEL).map_err(Error::file("packing", &path))?;
            write_atomically(&folder.tmp(), &path, &packed)?;
            Ok::<_, Error>(weighed(parsed, &json))
        })
        .await?
    }
}

fn read(path: &Path) -> Result<Weighed<Diagnosis>> {
    let packed = std::fs::read(path).map_err(Error::file("reading", path))?;
    let json = zstd::decode_all(packed.as_slice()).map_err(Error::file("unpacking", path))?;
    Ok(weighed(serde_json::from_slice(&json).map_err(Error::stored("diagnosis"))?, &json))
}

/// In memory, a diagnosis takes about as many bytes as its JSON has.
fn weighed(diagnosis: Diagnosis, json: &[u8]) -> Weighed<Diagnosis> {
    Weighed { value: Arc::new(diagnosis), bytes: json.len() as u64 }
}

/// Removes the files of diagnoses that nothing names: a killed process left them between two steps.
pub(crate) async fn forget_lost(folder: &DataFolder, store: &Store) -> Result<()> {
    let known = store.diagnosis_ids().await?;
    for path in list(&folder.diagnoses())? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let id = name.split_once('.').map_or(name.as_str(), |(id, _)| id);
        if !known.contains(id) {
            tracing::info!(path = %path.display(), "a diagnosis that nothing names is removed");
            removed(&path)?;
        }
    }
    Ok(())
}

pub(crate) fn path_of(folder: &DataFolder, id: &str) -> PathBuf {
    folder.diagnoses().join(format!("{id}.json.zst"))
}
