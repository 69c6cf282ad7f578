//! What each kind of job does.

use std::sync::Arc;

use domain::job::{Job, JobKind};
use domain::{Problem, ProblemKind};

use crate::Engine;
use crate::diagnose::{self, DiagnoseInput, DiagnoseSettings};
use crate::error::Error;
use crate::jobs::Steps;
use crate::profiles::DiskProfiles;
use crate::progress::Progress;
use crate::store::StoredSnapshot;

pub(crate) async fn run(engine: &Engine, job: &Job, progress: Arc<Steps>) -> Result<(), Problem> {
    match job.kind {
        JobKind::Profile => profile(engine, &job.subject, progress).await,
        JobKind::Diagnose => diagnose(engine, &job.subject, progress).await,
    }
}

async fn profile(engine: &Engine, snapshot: &str, progress: Arc<Steps>) -> Result<(), Problem> {
    let stored = engine.stored_snapshot(snapshot).await?;
    let input = input_of(engine, stored.snapshot.guessed_role, &stored);
    let cache = DiskProfiles::new(engine.inner.blobs.clone());
    blocking(move || diagnose::profile_input(&input, &cache, progress.as_ref())).await?;
    Ok(())
}

async fn diagnose(engine: &Engine, investigation: &str, progress: Arc<Steps>) -> Result<(), Problem> {
    let row = engine.require_investigation(investigation).await?;
    let inputs = engine.inner.store.inputs(investigation).await?;
    let inputs: Vec<DiagnoseInput> = inputs.iter().map(|(role, stored)| input_of(engine, *role, stored)).collect();
    let settings = DiagnoseSettings { roles: row.roles, threshold: row.threshold, symptoms: row.symptoms };
    let cache = DiskProfiles::new(engine.inner.blobs.clone());
    let watched = Arc::clone(&progress);
    let diagnosis = blocking(move || diagnose::diagnose(&inputs, &settings, &cache, watched.as_ref())).await?;
    // Cancelled at the last moment means that other inputs were pinned: this answer must not appear beside them.
    if progress.cancelled() {
        return Err(Problem::new(ProblemKind::Cancelled, "The work was cancelled before it was done."));
    }
    progress.report(0.99, "keeping the diagnosis");
    engine.keep_diagnosis(investigation, diagnosis).await?;
    Ok(())
}

pub(crate) fn input_of(engine: &Engine, role: domain::SnapshotRole, stored: &StoredSnapshot) -> DiagnoseInput {
    DiagnoseInput {
        role,
        name: stored.snapshot.name.clone(),
        path: engine.inner.blobs.path(&stored.snapshot.sha256),
        sha256: stored.snapshot.sha256.clone(),
        options: stored.options.clone(),
    }
}

/// Runs blocking work; if it panics, the person gets a sentence and the log has the rest.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Error::from)?
}
