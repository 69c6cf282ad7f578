//! Deleting for good: what is deleted is gone from the database and from the disk.

use domain::audit::AuditKind;
use domain::deleted::{Deleted, FilesToo, KeptFile, StoredFile, UsedBy};
use domain::snapshot::Snapshot;
use domain::visitor::Sight;
use domain::{Actor, Problem, ProblemKind};

use crate::Service;
use crate::blobs::Blob;
use crate::blocking::blocking;
use crate::diagnoses::path_of;
use crate::durable::removed;
use crate::people::Client;
use crate::snapshots::Unnamed;
use crate::store::Along;
use crate::summaries::DiskSummaries;

/// Investigations that a refusal names.
const FEW: usize = 5;

impl Service {
    /// Deletes an investigation with its diagnoses, notes, decisions and links; and, where that is asked for, those of its
    /// files that nothing else uses.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` while its checks run.
    pub async fn delete_investigation(
        &self,
        id: &str,
        files: FilesToo,
        actor: &Actor,
        client: &Client,
    ) -> Result<Deleted, Problem> {
        let investigation = self.investigation(id).await?;
        if !self.inner.store.open_jobs(id).await?.is_empty() {
            return Err(Problem::new(
                ProblemKind::Conflict,
                "Its checks are running. Wait until they are done, or cancel them, then delete it.",
            ));
        }
        let diagnoses = self.inner.store.diagnoses_of(id).await?;
        let what = AuditKind::InvestigationDeleted { title: investigation.title.clone() };
        let along = [Along::Audit { actor, from: &client.address, what: &what }];
        self.inner.store.delete_investigation(id, &along).await?;
        let service = self.clone();
        blocking(move || {
            for diagnosis in diagnoses {
                service.inner.diagnoses.remove(&diagnosis);
                removed(&path_of(&service.inner.folder, &diagnosis))?;
            }
            service.inner.answers.clear();
            Ok(())
        })
        .await?;
        let mut deleted = Deleted::default();
        for input in investigation.inputs {
            let snapshot = input.snapshot;
            let used_by = self.users(&snapshot).await?;
            match files {
                FilesToo::Delete if used_by.is_empty() => {
                    self.forget(&snapshot, actor, client).await?;
                    deleted.files.push(snapshot.name);
                }
                FilesToo::Delete | FilesToo::Keep => {
                    deleted.kept.push(KeptFile { name: snapshot.name, used_by });
                }
            }
        }
        self.inner.store.try_checkpoint().await;
        Ok(deleted)
    }

    /// The files stored last, the newest first, each with what uses it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stored_files(&self) -> Result<Vec<StoredFile>, Problem> {
        let mut files = Vec::new();
        for snapshot in self.snapshots(&Sight::All).await? {
            let users = self.inner.store.users_of(&snapshot.id).await?;
            let used_by = users.into_iter().map(|user| UsedBy { id: user.id, title: user.title }).collect();
            let models = self.inner.store.models_with(&snapshot.id).await?;
            files.push(StoredFile { snapshot, used_by, models });
        }
        Ok(files)
    }

    /// Deletes a stored file that neither an investigation nor a model uses.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` with what uses it.
    pub async fn delete_snapshot(&self, id: &str, actor: &Actor, client: &Client) -> Result<Snapshot, Problem> {
        let snapshot = self.snapshot(id).await?;
        let used_by = self.users(&snapshot).await?;
        if !used_by.is_empty() {
            return Err(in_use(&snapshot, &used_by));
        }
        self.forget(&snapshot, actor, client).await?;
        self.inner.store.try_checkpoint().await;
        Ok(snapshot)
    }

    /// The titles of the investigations and the models that use a file.
    async fn users(&self, snapshot: &Snapshot) -> Result<Vec<String>, Problem> {
        let investigations = self.inner.store.users_of(&snapshot.id).await?.into_iter().map(|user| user.title);
        let models = self.inner.store.models_with(&snapshot.id).await?.into_iter();
        Ok(investigations.chain(models.map(|model| format!("the model {model}"))).collect())
    }

    /// Removes the row of a snapshot, its bytes where no other snapshot has the same, and what was made of them.
    async fn forget(&self, snapshot: &Snapshot, actor: &Actor, client: &Client) -> Result<(), Problem> {
        for job in self.inner.store.open_jobs(&snapshot.id).await? {
            self.cancel_job(&job.id).await?;
        }
        let what = AuditKind::FileDeleted { name: snapshot.name.clone() };
        let along = [Along::Audit { actor, from: &client.address, what: &what }];
        if !self.inner.store.delete_snapshot(&snapshot.id, &along).await? {
            return Err(in_use(snapshot, &self.users(snapshot).await?));
        }
        let blob = Blob { sha256: snapshot.sha256.clone(), size_bytes: snapshot.size_bytes };
        Unnamed::of(self, blob).discard().await?;
        if self.inner.store.is_blob_named(&snapshot.sha256).await? {
            return Ok(());
        }
        let (summaries, sha256) = (DiskSummaries::new(&self.inner.folder), snapshot.sha256.clone());
        blocking(move || Ok(summaries.forget(&sha256)?)).await
    }
}

fn in_use(snapshot: &Snapshot, users: &[String]) -> Problem {
    let named: Vec<String> = users.iter().take(FEW).map(|user| format!("\u{201c}{user}\u{201d}")).collect();
    let more = match users.len().saturating_sub(FEW) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Problem::new(
        ProblemKind::Conflict,
        format!(
            "{} is used by {}{more}. Delete those first, or take it out of their inputs.",
            snapshot.name,
            named.join(", ")
        ),
    )
}
