//! What each kind of job does.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::job::{Job, JobKind};
use domain::measurements::fingerprints::History;
use domain::{Problem, ProblemKind, SnapshotRole};

use crate::Service;
use crate::error::Error;
use crate::isolation::{DiagnoseAll, ProfileOne};
use crate::jobs::Steps;
use crate::store::StoredSnapshot;
use crate::summaries::DiskSummaries;
use engine::diagnose::{DiagnoseInput, DiagnoseSettings};
use measure::progress::Progress;

pub(crate) async fn run(service: &Service, job: &Job, progress: Arc<Steps>) -> Result<(), Problem> {
    match job.kind {
        JobKind::Profile => profile(service, &job.subject, progress).await,
        JobKind::Diagnose => diagnose(service, &job.subject, progress).await,
    }
}

async fn profile(service: &Service, snapshot: &str, progress: Arc<Steps>) -> Result<(), Problem> {
    let stored = service.stored_snapshot(snapshot).await?;
    let input = input_of(service, stored.snapshot.guessed_role, &stored);
    check(service, std::slice::from_ref(&input), Arc::clone(&progress)).await?;
    let summaries = DiskSummaries::new(&service.inner.blobs);
    service.inner.isolation.work(ProfileOne { input, summaries }, progress).await
}

async fn diagnose(service: &Service, investigation: &str, progress: Arc<Steps>) -> Result<(), Problem> {
    let row = service.require_investigation(investigation).await?;
    let inputs = service.inner.store.inputs(investigation).await?;
    let settings = DiagnoseSettings {
        roles: row.roles,
        threshold: row.threshold,
        history: history(service, investigation, &row.model, &inputs).await?,
        symptoms: row.symptoms,
    };
    let inputs: Vec<DiagnoseInput> = inputs.iter().map(|(role, stored)| input_of(service, *role, stored)).collect();
    check(service, &inputs, Arc::clone(&progress)).await?;
    let task = DiagnoseAll { inputs, settings, summaries: DiskSummaries::new(&service.inner.blobs) };
    let watched: Arc<Steps> = Arc::clone(&progress);
    let diagnosed = service.inner.isolation.work(task, watched).await?;
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

/// Makes sure that the stored files of the inputs are what was stored: before anything is read from them, in this process
/// or in a child.
pub(crate) async fn check<P: Progress + Send + 'static>(
    service: &Service,
    inputs: &[DiagnoseInput],
    progress: Arc<P>,
) -> Result<(), Problem> {
    let blobs = service.inner.blobs.clone();
    let files: Vec<(String, String)> = inputs.iter().map(|input| (input.sha256.clone(), input.name.clone())).collect();
    blocking(move || files.iter().try_for_each(|(sha256, name)| blobs.check(sha256, name, progress.as_ref()))).await
}

/// The test sets of the past that the train rows could hold.
async fn history(
    service: &Service,
    investigation: &str,
    model: &str,
    inputs: &[(SnapshotRole, StoredSnapshot)],
) -> Result<History, Problem> {
    let train = inputs.iter().find(|(role, _)| *role == SnapshotRole::Train);
    let columns: BTreeSet<String> =
        train.iter().flat_map(|(_, stored)| &stored.snapshot.columns).map(|column| column.name.clone()).collect();
    let tests = service.inner.store.test_fingerprints(&columns).await?;
    Ok(History { investigation: investigation.to_owned(), model: model.to_owned(), tests })
}

pub(crate) fn input_of(service: &Service, role: SnapshotRole, stored: &StoredSnapshot) -> DiagnoseInput {
    DiagnoseInput {
        role,
        name: stored.snapshot.name.clone(),
        path: service.inner.blobs.path(&stored.snapshot.sha256),
        sha256: stored.snapshot.sha256.clone(),
        options: stored.options.clone(),
        guessed: Some(stored.snapshot.guessed_roles()),
    }
}

/// Runs blocking work; if it panics, the person gets a sentence and the log has the rest.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Error::from)?
}
