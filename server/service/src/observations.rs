//! Files of other tools: what each says by itself, and as inputs of an investigation.

use domain::investigation::Investigation;
use domain::snapshot::Snapshot;
use domain::{Actor, Problem, SnapshotRole};
use engine::ingest::Ingested;

use crate::Service;
use crate::blocking::blocking;
use crate::isolation::Tell;

impl Service {
    /// What a stored artifact says.
    ///
    /// # Errors
    /// `NotFound`; `BadInput` when it is none.
    pub async fn said_by(&self, snapshot: &str) -> Result<Ingested, Problem> {
        let stored = self.stored_snapshot(snapshot).await?;
        if stored.snapshot.guessed_role != SnapshotRole::Artifact {
            return Err(engine::ingest::unknown(&stored.snapshot.name));
        }
        let (blobs, sha256) = (self.inner.blobs.clone(), stored.snapshot.sha256.clone());
        let file = blocking(move || Ok(blobs.file(&sha256)?)).await?;
        self.inner.isolation.ask(Tell { path: file.path.clone(), name: stored.snapshot.name }).await
    }

    /// Adds artifacts to the inputs of an investigation and checks it again. Those that are inputs already stay as they are. A
    /// table that came out of an artifact is added where nothing plays its part yet.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when it is closed; `BadInput` when it would have too many inputs.
    pub async fn add_artifacts(
        &self,
        investigation: &str,
        snapshots: &[&Snapshot],
        actor: &Actor,
    ) -> Result<Investigation, Problem> {
        let with_them = |before: &Investigation| {
            let mut inputs: Vec<(SnapshotRole, String)> =
                before.inputs.iter().map(|input| (input.role, input.snapshot.id.clone())).collect();
            for snapshot in snapshots {
                let role = snapshot.guessed_role;
                let is_taken = role != SnapshotRole::Artifact && inputs.iter().any(|(taken, _)| *taken == role);
                if !is_taken && inputs.iter().all(|(_, id)| *id != snapshot.id) {
                    inputs.push((role, snapshot.id.clone()));
                }
            }
            Ok(inputs)
        };
        self.change_inputs(investigation, with_them, actor).await
    }
}
