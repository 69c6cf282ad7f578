//! What each kind of job does.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::job::{Job, JobKind};
use domain::measurements::fingerprints::History;
use domain::{Problem, ProblemKind, SnapshotRole};

use crate::Engine;
use engine::diagnose;
use engine::diagnose::DiagnoseInput;
use engine::diagnose::DiagnoseSettings;
use crate::error::Error;
use crate::jobs::Steps;
use crate::profiles::DiskProfiles;
use measure::progress::Progress;
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
    let settings = DiagnoseSettings {
        roles: row.roles,
        threshold: row.threshold,
        history: history(engine, investigation, &row.model, &inputs).await?,
        symptoms: row.symptoms,
    };
    let inputs: Vec<DiagnoseInput> = inputs.iter().map(|(role, stored)| input_of(engine, *role, stored)).collect();
    let cache = DiskProfiles::new(engine.inner.blobs.clone());
    let watched = Arc::clone(&progress);
    let diagnosed =
        blocking(move || diagnose::diagnose_and_remember(&inputs, &settings, &cache, watched.as_ref())).await?;
    // Cancelled at the last moment means that other inputs were pinned: this answer must not appear beside them.
    if progress.cancelled() {
        return Err(Problem::new(ProblemKind::Cancelled, "The work was cancelled before it was done."));
    }
    progress.report(0.99, "keeping the diagnosis");
    engine.keep_diagnosis(investigation, diagnosed.diagnosis).await?;
    // After the diagnosis: a test set counts as used from the first one that people could see.
    if let Some(test) = diagnosed.test {
        engine.inner.store.insert_test_fingerprints(investigation, &test.name, &test.sha256, &test.rows).await?;
    }
    Ok(())
}

/// The test sets of the past that the train rows could hold.
async fn history(
    engine: &Engine,
    investigation: &str,
    model: &str,
    inputs: &[(SnapshotRole, StoredSnapshot)],
) -> Result<History, Problem> {
    let train = inputs.iter().find(|(role, _)| *role == SnapshotRole::Train);
    let columns: BTreeSet<String> =
        train.iter().flat_map(|(_, stored)| &stored.snapshot.columns).map(|column| column.name.clone()).collect();
    let tests = engine.inner.store.test_fingerprints(&columns).await?;
    Ok(History { investigation: investigation.to_owned(), model: model.to_owned(), tests })
}

pub(crate) fn input_of(engine: &Engine, role: SnapshotRole, stored: &StoredSnapshot) -> DiagnoseInput {
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
