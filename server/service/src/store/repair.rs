//! What an earlier version left half done when it was killed: things without the work that belongs to them.

use super::{Along, Result, Store, from_word};
use domain::SnapshotRole;
use domain::job::JobKind;

impl Store {
    /// Queues what was never queued: diagnoses of investigations that have inputs, and profiles of tables. Gives how many.
    pub async fn queue_what_was_forgotten(&self) -> Result<usize> {
        let investigations: Vec<String> = sqlx::query_scalar(
            "select id from investigations
             where exists (select 1 from investigation_inputs input where input.investigation = investigations.id)
               and not exists (select 1 from jobs where jobs.subject = investigations.id)
               and not exists (select 1 from diagnoses where diagnoses.investigation = investigations.id)",
        )
        .fetch_all(&self.pool)
        .await?;
        let snapshots: Vec<(String, String)> = sqlx::query_as(
            "select id, guessed_role from snapshots where not exists (select 1 from jobs where jobs.subject = snapshots.id)",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut along = Vec::new();
        for (snapshot, role) in &snapshots {
            if from_word::<SnapshotRole>("snapshot role", role)?.is_table() {
                along.push(Along::Job { kind: JobKind::Profile, subject: snapshot });
            }
        }
        along.extend(investigations.iter().map(|id| Along::Job { kind: JobKind::Diagnose, subject: id }));
        if !along.is_empty() {
            self.write(&along).await?;
        }
        Ok(along.len())
    }
}
