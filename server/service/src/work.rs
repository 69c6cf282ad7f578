//! What each kind of job does.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::job::{Job, JobKind};
use domain::measurements::fingerprints::History;
use domain::snapshot::Snapshot;
use domain::{Problem, ProblemKind, SnapshotRole};

use crate::Service;
use crate::blobs::LocalFile;
use crate::blocking::blocking;
use crate::isolation::{DiagnoseAll, ProfileOne};
use crate::store::StoredSnapshot;
use crate::summaries::DiskSummaries;
use engine::diagnose::{DiagnoseInput, DiagnoseSettings};
use measure::progress::Progress;

pub(crate) async fn run(service: &Service, job: &Job, progress: Arc<dyn Progress + Send>) -> Result<(), Problem> {
    match job.kind {
        JobKind::Profile => profile(service, &job.subject, progress).await,
        JobKind::Diagnose => diagnose(service, &job.subject, progress).await,
        JobKind::Judge => service.judge(&job.subject, progress).await,
    }
}

async fn profile(service: &Service, snapshot: &str, progress: Arc<dyn Progress + Send>) -> Result<(), Problem> {
    let stored = service.stored_snapshot(snapshot).await?;
    let file = readable(service, stored.snapshot.guessed_role, stored, Arc::clone(&progress)).await?;
    let task = ProfileOne { input: file.input.clone(), summaries: DiskSummaries::new(&service.inner.folder) };
    service.inner.isolation.work(task, progress).await?;
    make_room(service).await
}

async fn diagnose(service: &Service, investigation: &str, progress: Arc<dyn Progress + Send>) -> Result<(), Problem> {
    let row = service.require_investigation(investigation).await?;
    let inputs = service.inner.store.inputs(investigation).await?;
    let settings = DiagnoseSettings {
        roles: row.roles,
        threshold: row.threshold,
        positive: row.positive,
        history: history(service, investigation, &row.model, &inputs).await?,
        symptoms: row.symptoms,
    };
    let mut files = Vec::with_capacity(inputs.len());
    for (role, stored) in inputs {
        files.push(readable(service, role, stored, Arc::clone(&progress)).await?);
    }
    let inputs = files.iter().map(|file| file.input.clone()).collect();
    let task = DiagnoseAll { inputs, settings, summaries: DiskSummaries::new(&service.inner.folder) };
    let watched = Arc::clone(&progress);
    let diagnosed = service.inner.isolation.work(task, watched).await?;
    drop(files);
    make_room(service).await?;
    // Cancelled at the last moment means that other inputs were pinned: this answer must not appear beside them.
    if progress.cancelled() {
        return Err(Problem::new(ProblemKind::Cancelled, "The work was cancelled before it was done."));
    }
    progress.report(0.99, "keeping the diagnosis");
    service.keep_diagnosis(investigation, diagnosed.diagnosis).await?;
    // After the diagnosis: a test set counts as used from the first one that people could see.
    if let Some(test) = diagnosed.test {
        service.inner.store.insert_test_fingerprints(investigation, &test.name, &test.sha256, &test.rows).await?;
    }
    Ok(())
}

/// A stored file that may be read: in this process or in a child, for as long as this lives.
pub(crate) struct Readable {
    pub input: DiagnoseInput,
    _file: LocalFile,
}

/// Makes sure that a stored file is what was stored, before anything is concluded from it.
pub(crate) async fn readable(
    service: &Service,
    role: SnapshotRole,
    stored: StoredSnapshot,
    progress: Arc<dyn Progress + Send>,
) -> Result<Readable, Problem> {
    let (blobs, copies) = (service.inner.blobs.clone(), service.inner.copies.clone());
    let StoredSnapshot { snapshot: Snapshot { name, sha256, columns, .. }, options } = stored;
    blocking(move || {
        blobs.check(&sha256, &name, progress.as_ref())?;
        let file = blobs.file(&sha256)?;
        let (path, converted) = (file.path.clone(), Some(copies.of(&sha256, &options)?));
        let (guessed, followed_by, attached) = (Some(columns), Vec::new(), Vec::new());
        let input = DiagnoseInput { role, name, path, converted, sha256, options, guessed, followed_by, attached };
        Ok(Readable { input, _file: file })
    })
    .await
}

/// After work that may have converted text.
pub(crate) async fn make_room(service: &Service) -> Result<(), Problem> {
    let copies = service.inner.copies.clone();
    blocking(move || {
        copies.make_room();
        Ok(())
    })
    .await
}

/// The test sets of the past that the train rows could hold.
pub(crate) async fn history(
    service: &Service,
    investigation: &str,
    model: &str,
    inputs: &[(SnapshotRole, StoredSnapshot)],
) -> Result<History, Problem> {
    let train = inputs.iter().find(|(role, _)| *role == SnapshotRole::Train);
    let columns: BTreeSet<String> =
        train.iter().flat_map(|(_, stored)| &stored.snapshot.columns).map(|column| column.name.clone()).collect();
    let tests = service.inner.store.test_fingerprints(model, &columns).await?;
    Ok(History { investigation: investigation.to_owned(), model: model.to_owned(), tests })
}
