//! Snapshots: bytes that were kept and understood as one table, or as an artifact of another tool.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Problem;
use domain::job::JobKind;
use domain::snapshot::{Preview, Snapshot};
use domain::visitor::Sight;

use crate::Service;
use crate::blobs::Blob;
use crate::blocking::blocking;
use crate::cache::Weighed;
use crate::isolation::{Inspect, Show};
use crate::store::{Along, StoredSnapshot, new_id, now_ms};
use crate::work::readable;
use measure::ingest::ReadOptions;
use measure::inspect::Inspected;
use measure::progress::Unwatched;
use measure::table::StoredFile;

/// Snapshots shown in a list.
const LISTED: i64 = 200;
/// First rows kept in memory, in bytes: everybody who opens an investigation looks at the same ones.
pub(crate) const PREVIEWS_BYTES: u64 = 16_000_000;
/// A cell beside its text.
const BYTES_OF_A_CELL: usize = 24;
/// Rows of a preview at most.
const PREVIEW_ROWS: usize = 200;

impl Service {
    /// # Errors
    /// `NotFound` without such a snapshot.
    pub async fn snapshot(&self, id: &str) -> Result<Snapshot, Problem> {
        Ok(self.stored_snapshot(id).await?.snapshot)
    }

    /// The newest snapshots that somebody sees, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshots(&self, sight: &Sight) -> Result<Vec<Snapshot>, Problem> {
        Ok(self.inner.store.snapshots(LISTED, sight).await?.into_iter().map(|stored| stored.snapshot).collect())
    }

    /// How a person said the file is to be read; what is `None` was detected.
    ///
    /// # Errors
    /// `NotFound` without such a snapshot.
    pub async fn read_options(&self, id: &str) -> Result<ReadOptions, Problem> {
        Ok(self.stored_snapshot(id).await?.options)
    }

    /// Reads the same bytes in another way: a new snapshot, because a stored one never changes.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` when the bytes can't be read that way.
    pub async fn reread(&self, id: &str, options: ReadOptions) -> Result<Snapshot, Problem> {
        let name = self.stored_snapshot(id).await?.snapshot.name;
        self.read_as(id, options, &name).await
    }

    /// The same under another name.
    pub(crate) async fn read_as(&self, id: &str, options: ReadOptions, name: &str) -> Result<Snapshot, Problem> {
        let stored = self.stored_snapshot(id).await?;
        let _unchanged = readable(self, stored.snapshot.guessed_role, stored.clone(), Arc::new(Unwatched)).await?;
        let stored = stored.snapshot;
        let blob = Blob { sha256: stored.sha256, size_bytes: stored.size_bytes };
        self.keep(Unnamed::of(self, blob), name, &stored.origin, options).await
    }

    /// The first rows as text, or what was read from an artifact.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` when the file can't be read any more.
    pub async fn preview(&self, id: &str, rows: usize) -> Result<Preview, Problem> {
        let stored = self.stored_snapshot(id).await?;
        let file = readable(self, stored.snapshot.guessed_role, stored, Arc::new(Unwatched)).await?;
        let rows = rows.min(PREVIEW_ROWS);
        let key = format!("{id} {rows}");
        if let Some(known) = self.inner.previews.get(&key) {
            return Ok(Preview::clone(&known));
        }
        let preview: Preview = self.inner.isolation.ask(Show { input: file.input.clone(), rows }).await?;
        let texts = preview.rows.iter().flatten().map(Option::as_ref).chain(preview.columns.iter().map(Some));
        let bytes: usize = texts.map(|text| BYTES_OF_A_CELL + text.map_or(0, String::len)).sum();
        self.inner.previews.put(&key, Weighed { value: Arc::new(preview.clone()), bytes: bytes as u64 });
        Ok(preview)
    }

    pub(crate) async fn stored_snapshot(&self, id: &str) -> Result<StoredSnapshot, Problem> {
        let stored = self.inner.store.snapshot(id).await?;
        stored.ok_or_else(no_snapshot)
    }

    /// Stores the snapshot of durable bytes, or nothing: bytes that are neither table nor artifact are removed again.
    pub(crate) async fn keep(
        &self,
        mut unnamed: Unnamed,
        name: &str,
        origin: &str,
        options: ReadOptions,
    ) -> Result<Snapshot, Problem> {
        let read = self.understood(&mut unnamed, name, &options).await?;
        self.keep_understood(unnamed, read, name, origin, options).await
    }

    /// What durable bytes are; they are removed again where they are neither table nor artifact.
    pub(crate) async fn understood(
        &self,
        unnamed: &mut Unnamed,
        name: &str,
        options: &ReadOptions,
    ) -> Result<Inspected, Problem> {
        match self.inspected(&unnamed.blob.sha256, name, options).await {
            Ok(read) => Ok(read),
            Err(problem) => {
                unnamed.discard().await?;
                Err(problem)
            }
        }
    }

    /// Stores the snapshot of durable bytes that were understood.
    pub(crate) async fn keep_understood(
        &self,
        mut unnamed: Unnamed,
        read: Inspected,
        name: &str,
        origin: &str,
        options: ReadOptions,
    ) -> Result<Snapshot, Problem> {
        let blob = unnamed.blob.clone();
        let id = new_id();
        let snapshot = Snapshot {
            id: id.clone(),
            name: name.to_owned(),
            sha256: blob.sha256,
            size_bytes: blob.size_bytes,
            rows: read.rows,
            columns: read.columns,
            origin: origin.to_owned(),
            format: read.format,
            notes: read.notes,
            guessed_role: read.guessed_role,
            created_at_ms: now_ms(),
        };
        // The same file again is profiled, or about to be; an artifact has no columns to profile.
        let job = Along::Job { kind: JobKind::Profile, subject: &id };
        let along = if snapshot.guessed_role.is_table() { &[job][..] } else { &[] };
        let stored = self.inner.store.insert_snapshot(&StoredSnapshot { snapshot, options }, along).await?;
        unnamed.is_named();
        self.wake_workers();
        let installation = Arc::clone(&self.inner.installation);
        blocking(move || {
            installation.has_kept_a_file();
            Ok(())
        })
        .await?;
        Ok(stored.snapshot)
    }
}

impl Service {
    /// The first look at stored bytes. Text is converted with it, once, for everybody who reads the table later.
    async fn inspected(&self, sha256: &str, name: &str, options: &ReadOptions) -> Result<Inspected, Problem> {
        let (blobs, stored) = (self.inner.blobs.clone(), sha256.to_owned());
        let file = blocking(move || Ok(blobs.file(&stored)?)).await?;
        let file_to_read = StoredFile {
            path: file.path.clone(),
            name: name.to_owned(),
            options: options.clone(),
            converted: Some(self.inner.copies.of(sha256, options)?),
            followed_by: Vec::new(),
            attached: Vec::new(),
        };
        self.inner.isolation.ask(Inspect(file_to_read)).await
    }
}

/// How many requests are about to give each blob a name: the bytes that two of them brought belong to both.
pub(crate) type Keeping = Mutex<HashMap<String, usize>>;

/// Durable bytes that no snapshot names yet. They go when they turn out to be no table, and also when the client goes and
/// its request is dropped half-way.
pub(crate) struct Unnamed {
    service: Service,
    blob: Blob,
    over: bool,
}

impl Unnamed {
    pub fn of(service: &Service, blob: Blob) -> Unnamed {
        *keeping(service).entry(blob.sha256.clone()).or_default() += 1;
        Unnamed { service: service.clone(), blob, over: false }
    }

    pub fn blob(&self) -> &Blob {
        &self.blob
    }

    /// A snapshot names them now.
    fn is_named(&mut self) {
        self.over = true;
        release(&self.service, &self.blob.sha256);
    }

    pub(crate) async fn discard(&mut self) -> Result<(), Problem> {
        self.over = true;
        discard(self.service.clone(), self.blob.sha256.clone()).await
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        // Without a runtime the process ends, and the next start sweeps.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (service, sha256) = (self.service.clone(), self.blob.sha256.clone());
        runtime.spawn(async move {
            if let Err(problem) = discard(service, sha256).await {
                tracing::warn!(%problem, "unused bytes could not be removed; the next start does");
            }
        });
    }
}

fn keeping(service: &Service) -> MutexGuard<'_, HashMap<String, usize>> {
    service.inner.keeping.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request less is about to name the blob.
fn release(service: &Service, sha256: &str) {
    let mut keeping = keeping(service);
    if let Some(count) = keeping.get_mut(sha256) {
        *count -= 1;
        if *count == 0 {
            keeping.remove(sha256);
        }
    }
}

/// Removes bytes that neither a snapshot names nor another request is about to keep.
async fn discard(service: Service, sha256: String) -> Result<(), Problem> {
    let named = service.inner.store.is_blob_named(&sha256).await;
    blocking(move || {
        release(&service, &sha256);
        // Held while the bytes go: who begins to keep the same ones now finds them gone instead of losing them later.
        let keeping = keeping(&service);
        if named? || keeping.contains_key(&sha256) {
            return Ok(());
        }
        service.inner.previews.clear();
        service.inner.copies.remove(&sha256)?;
        Ok(service.inner.blobs.remove(&sha256)?)
    })
    .await
}

pub(crate) fn no_snapshot() -> Problem {
    Problem::not_found("There is no such snapshot. It may be in another data folder.")
}
