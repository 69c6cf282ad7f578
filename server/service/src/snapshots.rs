//! Snapshots: bytes that were kept and understood as one table, or as an artifact of another tool.

use domain::job::JobKind;
use domain::snapshot::{Preview, Snapshot};
use domain::{Problem, SnapshotRole};

use crate::Service;
use crate::blobs::Blob;
use crate::store::{Along, StoredSnapshot, new_id, now_ms};
use crate::work::blocking;
use measure::ingest::ReadOptions;
use measure::inspect;

/// Snapshots shown in a list.
const LISTED: i64 = 200;
/// Rows of a preview at most.
const PREVIEW_ROWS: usize = 200;

impl Service {
    /// # Errors
    /// `NotFound` without such a snapshot.
    pub async fn snapshot(&self, id: &str) -> Result<Snapshot, Problem> {
        Ok(self.stored_snapshot(id).await?.snapshot)
    }

    /// The newest snapshots, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshots(&self) -> Result<Vec<Snapshot>, Problem> {
        Ok(self.inner.store.snapshots(LISTED).await?.into_iter().map(|stored| stored.snapshot).collect())
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
        let stored = self.stored_snapshot(id).await?.snapshot;
        self.inner.blobs.require(&stored.sha256, &stored.name)?;
        let blob = Blob { sha256: stored.sha256, size_bytes: stored.size_bytes };
        self.keep(blob, &stored.name, &stored.origin, options).await
    }

    /// The first rows as text, or what was read from an artifact.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` when the file can't be read any more.
    pub async fn preview(&self, id: &str, rows: usize) -> Result<Preview, Problem> {
        let stored = self.stored_snapshot(id).await?;
        self.inner.blobs.require(&stored.snapshot.sha256, &stored.snapshot.name)?;
        let path = self.inner.blobs.path(&stored.snapshot.sha256);
        let show = if stored.snapshot.guessed_role.is_table() { inspect::preview } else { inspect::preview_artifact };
        blocking(move || show(&path, &stored.snapshot.name, &stored.options, rows.min(PREVIEW_ROWS))).await
    }

    pub(crate) async fn stored_snapshot(&self, id: &str) -> Result<StoredSnapshot, Problem> {
        let stored = self.inner.store.snapshot(id).await?;
        stored.ok_or_else(|| Problem::not_found("There is no such snapshot. It may be in another data folder."))
    }

    /// Stores the snapshot of durable bytes, or nothing: bytes that are neither table nor artifact are removed again.
    pub(crate) async fn keep(
        &self,
        blob: Blob,
        name: &str,
        origin: &str,
        options: ReadOptions,
    ) -> Result<Snapshot, Problem> {
        let path = self.inner.blobs.path(&blob.sha256);
        let (read_name, read_options) = (name.to_owned(), options.clone());
        let read = blocking(move || inspect::inspect(&path, &read_name, &read_options)).await;
        let read = match read {
            Ok(read) => read,
            Err(problem) => {
                self.discard_unnamed(&blob.sha256).await?;
                return Err(problem);
            }
        };
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
        self.wake_workers();
        Ok(stored.snapshot)
    }

    async fn discard_unnamed(&self, sha256: &str) -> Result<(), Problem> {
        if self.inner.store.is_blob_named(sha256).await? {
            return Ok(());
        }
        let (blobs, sha256) = (self.inner.blobs.clone(), sha256.to_owned());
        blocking(move || Ok(blobs.remove(&sha256)?)).await
    }
}

/// Gives each snapshot a part of its own: the guessed one, or where two were guessed alike, the next that is free.
/// Evaluation runs, learning curves and artifacts may be several.
pub fn assign_roles(snapshots: &[Snapshot]) -> Vec<(SnapshotRole, String)> {
    const INSTEAD: [SnapshotRole; 4] =
        [SnapshotRole::Serve, SnapshotRole::Train, SnapshotRole::Test, SnapshotRole::Validation];
    let mut assigned: Vec<(SnapshotRole, String)> = Vec::with_capacity(snapshots.len());
    for snapshot in snapshots {
        if assigned.iter().any(|(_, id)| *id == snapshot.id) {
            continue;
        }
        let guessed = snapshot.guessed_role;
        let is_free = |role: SnapshotRole| role.may_repeat() || assigned.iter().all(|(taken, _)| *taken != role);
        let instead = || INSTEAD.into_iter().find(|role| is_free(*role)).unwrap_or(SnapshotRole::Predictions);
        let role = if is_free(guessed) { guessed } else { instead() };
        assigned.push((role, snapshot.id.clone()));
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(id: &str, guessed_role: SnapshotRole) -> Snapshot {
        Snapshot {
            id: id.into(),
            name: String::new(),
            sha256: String::new(),
            size_bytes: 0,
            rows: 0,
            columns: Vec::new(),
            origin: String::new(),
            format: String::new(),
            notes: Vec::new(),
            guessed_role,
            created_at_ms: 0,
        }
    }

    #[test]
    fn no_two_snapshots_play_the_same_part_but_runs_and_curves() {
        use SnapshotRole::{Artifact, Predictions, Serve, Test, Train};
        let guessed = [
            ("a", Train),
            ("b", Train),
            ("c", Predictions),
            ("d", Predictions),
            ("e", Train),
            ("a", Train),
            ("f", Artifact),
            ("g", Artifact),
        ];
        let assigned = assign_roles(&guessed.map(|(id, role)| snapshot(id, role)));
        let roles: Vec<_> = assigned.iter().map(|(role, id)| (id.as_str(), *role)).collect();
        let expected = [
            ("a", Train),
            ("b", Serve),
            ("c", Predictions),
            ("d", Predictions),
            ("e", Test),
            ("f", Artifact),
            ("g", Artifact),
        ];
        assert_eq!(roles, expected);
    }
}
