//! Judging what arrived: served rows next to the model's reference, and next to the rows before them.

use std::sync::Arc;

use checks::windows::{against_previous, results, results_against_previous, served_run, window};
use domain::model::{AgainstPrevious, Arrival, Window, WindowResult, reference_for};
use domain::snapshot::{Roles, SnapshotRole};
use domain::{Diagnosis, Problem, ProblemKind};
use engine::diagnose::DiagnoseSettings;
use measure::progress::Progress;

use crate::Service;
use crate::alerting::Decided;
use crate::isolation::DiagnoseAll;
use crate::store::{JudgedWindow, StoredSnapshot, new_id, now_ms};
use crate::summaries::DiskSummaries;
use crate::work::{history, make_room, readable};

/// Files next to the rows of a window: logs, predictions, artifacts.
const MOST_COMPANIONS: i64 = 20;
/// Files with labels among which those of a window are looked for, the newest first.
const LABELS_LOOKED_AT: i64 = 60;
/// The share of the work that is the comparison with the reference.
const AGAINST_REFERENCE: f64 = 0.7;

type Inputs = Vec<(SnapshotRole, StoredSnapshot)>;

impl Service {
    /// Judges a window and keeps what is found. One that was taken out meanwhile is left alone.
    ///
    /// # Errors
    /// `BadInput` where there is no reference or a file can't be read; `Cancelled`.
    pub(crate) async fn judge(&self, arrival: &str, progress: Arc<dyn Progress + Send>) -> Result<(), Problem> {
        let Some(stored) = self.inner.store.arrival(arrival).await? else { return Ok(()) };
        let (arrival, last) = (stored.arrival, stored.diagnosis);
        let roles = self.model_row(&arrival.model).await?.roles;
        let inputs = self.inputs_of_window(&arrival).await?;
        let settings = DiagnoseSettings {
            roles: roles.clone(),
            history: history(self, &arrival.id, &arrival.model, &inputs).await?,
            ..DiagnoseSettings::default()
        };
        let first = Share::of(&progress, 0.0, AGAINST_REFERENCE);
        let diagnosis = self.diagnosed_together(&inputs, settings, first).await?;
        let second = Share::of(&progress, AGAINST_REFERENCE, 0.97);
        let before = self.next_to_previous(&arrival, &roles, second).await?;
        make_room(self).await?;
        if progress.cancelled() {
            return Err(Problem::new(ProblemKind::Cancelled, "The work was cancelled before it was done."));
        }
        progress.report(0.98, "keeping what was found");
        let (previous, previous_results) = before.unzip();
        let window = Window { previous, ..window(&diagnosis, now_ms()) };
        let inputs: Vec<(SnapshotRole, String)> =
            inputs.into_iter().map(|(role, stored)| (role, stored.snapshot.id)).collect();
        self.keep_window(&arrival, &inputs, diagnosis, &window, &previous_results.unwrap_or_default()).await?;
        if let Some(last) = last {
            self.forget_diagnosis(&last).await?;
        }
        self.decide_alerts(Decided::Judged(&arrival)).await
    }

    /// The file first, then the rows that make it count.
    async fn keep_window(
        &self,
        arrival: &Arrival,
        inputs: &[(SnapshotRole, String)],
        diagnosis: Diagnosis,
        window: &Window,
        previous: &[WindowResult],
    ) -> Result<(), Problem> {
        let id = new_id();
        let diagnosis = self.write_diagnosis(&id, diagnosis).await?;
        let found = results(&diagnosis.value);
        let judged = JudgedWindow {
            arrival,
            inputs,
            diagnosis: &id,
            window,
            results: &found,
            previous,
            run: served_run(&diagnosis.value),
        };
        let kept = self.inner.store.keep_judged(&judged).await;
        // It may have been taken out meanwhile: nothing of it stays.
        if !matches!(kept, Ok(true)) {
            self.forget_diagnosis(&id).await?;
        }
        kept?;
        Ok(())
    }

    /// What the rows of a window are judged with: the reference of their version, they themselves, and what came with them.
    async fn inputs_of_window(&self, arrival: &Arrival) -> Result<Inputs, Problem> {
        let store = &self.inner.store;
        let references = store.references(&arrival.model).await?;
        let mut chosen: Vec<(SnapshotRole, String)> = reference_for(&references, &arrival.version)
            .into_iter()
            .map(|one| (one.role, one.snapshot.id.clone()))
            .collect();
        if chosen.is_empty() {
            return Err(Problem::bad_input(
                "The model has no reference any more. Push one with --role train, then run the checks again.",
            ));
        }
        chosen.push((SnapshotRole::Serve, arrival.snapshot.id.clone()));
        let end_ms = store.next_window_at(&arrival.model, arrival.at_ms).await?.unwrap_or(i64::MAX);
        for companion in store.companions(&arrival.model, arrival.at_ms, end_ms, MOST_COMPANIONS).await? {
            let (role, snapshot) = (companion.arrival.role, companion.arrival.snapshot.id);
            let is_taken = chosen.iter().any(|(known, id)| *id == snapshot || (*known == role && !role.may_repeat()));
            if !is_taken {
                chosen.push((role, snapshot));
            }
        }
        if let Some(labels) = self.labels_of(arrival).await? {
            chosen.push((SnapshotRole::Labels, labels));
        }
        let mut inputs = Inputs::new();
        for (role, snapshot) in chosen {
            inputs.push((role, self.stored_snapshot(&snapshot).await?));
        }
        Ok(inputs)
    }

    /// The newest labels that are about the rows of a window.
    async fn labels_of(&self, arrival: &Arrival) -> Result<Option<String>, Problem> {
        let store = &self.inner.store;
        let all = store.arrivals(&arrival.model, Some(SnapshotRole::Labels), None, LABELS_LOOKED_AT).await?;
        if all.is_empty() {
            return Ok(None);
        }
        let window = self.stored_snapshot(&arrival.snapshot.id).await?.snapshot;
        for labels in all {
            let labels = self.stored_snapshot(&labels.arrival.snapshot.id).await?.snapshot;
            if self.labels_fit(&arrival.model, &window, &labels).await? {
                return Ok(Some(labels.id));
            }
        }
        Ok(None)
    }

    /// The same rows compared with those of the window before. What can't be compared is left out: the comparison with the
    /// reference counts without it.
    async fn next_to_previous(
        &self,
        arrival: &Arrival,
        roles: &Roles,
        progress: Arc<dyn Progress + Send>,
    ) -> Result<Option<(AgainstPrevious, Vec<WindowResult>)>, Problem> {
        let store = &self.inner.store;
        let before = store.arrivals(&arrival.model, Some(SnapshotRole::Serve), Some(arrival), 1).await?;
        let Some(before) = before.into_iter().next().map(|stored| stored.arrival) else { return Ok(None) };
        let (was, is) =
            (self.stored_snapshot(&before.snapshot.id).await?, self.stored_snapshot(&arrival.snapshot.id).await?);
        let roles = roles.present(|column| was.snapshot.has_column(column) || is.snapshot.has_column(column));
        let settings = DiagnoseSettings { roles, ..DiagnoseSettings::default() };
        let inputs = vec![(SnapshotRole::Train, was), (SnapshotRole::Serve, is)];
        match self.diagnosed_together(&inputs, settings, progress).await {
            Ok(diagnosis) => Ok(Some((against_previous(&diagnosis, &before.id), results_against_previous(&diagnosis)))),
            Err(problem) if problem.kind == ProblemKind::BadInput => {
                tracing::info!(arrival = arrival.id, "not compared with the window before: {}", problem.message);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    async fn diagnosed_together(
        &self,
        inputs: &[(SnapshotRole, StoredSnapshot)],
        settings: DiagnoseSettings,
        progress: Arc<dyn Progress + Send>,
    ) -> Result<Diagnosis, Problem> {
        let mut files = Vec::with_capacity(inputs.len());
        for (role, stored) in inputs {
            files.push(readable(self, *role, stored.clone(), Arc::clone(&progress)).await?);
        }
        let inputs = files.iter().map(|file| file.input.clone()).collect();
        let task = DiagnoseAll { inputs, settings, summaries: DiskSummaries::new(&self.inner.folder) };
        Ok(self.inner.isolation.work(task, progress).await?.diagnosis)
    }
}

/// A part of some longer work that is watched from another thread: its 0 to 1 is `from` to `to` of the whole.
struct Share {
    whole: Arc<dyn Progress + Send>,
    from: f64,
    to: f64,
}

impl Share {
    fn of(whole: &Arc<dyn Progress + Send>, from: f64, to: f64) -> Arc<dyn Progress + Send> {
        Arc::new(Share { whole: Arc::clone(whole), from, to })
    }
}

impl Progress for Share {
    fn report(&self, fraction: f64, stage: &str) {
        self.whole.report(self.from + (self.to - self.from) * fraction.clamp(0.0, 1.0), stage);
    }

    fn cancelled(&self) -> bool {
        self.whole.cancelled()
    }
}
