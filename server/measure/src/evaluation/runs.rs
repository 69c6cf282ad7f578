//! Evaluation runs and learning curves of all inputs.

use domain::evaluation::{EvaluationRun, GuessedColumn};
use domain::measurements::Measurements;
use domain::{ColumnRole, Problem, Roles, SnapshotRole};
use polars::prelude::DataFrame;

use crate::evaluation::run::{EvaluationTable, evaluation_runs};
use crate::inputs::{MeasureInputs, Snapshot, contradict};
use crate::progress::{Progress, go_on};
use crate::training::learning_curve::learning_curve;

/// A table of up to this many cells is read whole; of a larger one only the columns that are measured, and its slices
/// are searched in its sample.
const MOST_CELLS: usize = 1 << 23;

/// Adds the runs and curves that the inputs hold.
///
/// # Errors
/// When a file can't be read, or somebody cancelled.
pub(crate) fn measure(
    inputs: &MeasureInputs<'_>,
    measurements: &mut Measurements,
    progress: &dyn Progress,
) -> Result<(), Problem> {
    let mut runs: Vec<(usize, EvaluationRun)> = Vec::new();
    let mut positive: Option<String> = inputs.positive.map(str::to_owned);
    for (place, snapshot) in from_before_serving_first(inputs.snapshots) {
        match snapshot.role {
            SnapshotRole::LearningCurve => {
                let all: Vec<usize> = (0..snapshot.table.columns.len()).collect();
                let frame = snapshot.table.reader()?.read(&all, 0..snapshot.table.rows as usize)?;
                let curve = learning_curve(&frame, &snapshot.name).ok_or_else(|| no_curve(&snapshot.name))?;
                measurements.learning_curves.push(curve);
            }
            SnapshotRole::Offline
            | SnapshotRole::Repaired
            | SnapshotRole::Labels
            | SnapshotRole::ServingLog
            | SnapshotRole::Artifact => {}
            SnapshotRole::Train
            | SnapshotRole::Validation
            | SnapshotRole::Test
            | SnapshotRole::Serve
            | SnapshotRole::Predictions => {
                let found = evaluate(inputs, &measurements.roles, snapshot, positive.as_deref())?;
                positive = positive.or_else(|| found.iter().find_map(|run| run.positive.clone()));
                runs.extend(found.into_iter().map(|run| (place, run)));
            }
        }
        go_on(progress)?;
    }
    runs.sort_by_key(|(place, _)| *place);
    measurements.evaluations.extend(runs.into_iter().map(|(_, run)| run));
    measurements.task = measurements.task.or_else(|| measurements.evaluations.first().map(|run| run.task));
    Ok(())
}

/// The snapshots with their places, those from before serving first: they settle which class is positive.
fn from_before_serving_first(snapshots: &[Snapshot]) -> Vec<(usize, &Snapshot)> {
    let mut ordered: Vec<(usize, &Snapshot)> = snapshots.iter().enumerate().collect();
    ordered.sort_by_key(|(_, snapshot)| snapshot.role == SnapshotRole::Serve);
    ordered
}

fn no_curve(name: &str) -> Problem {
    Problem::bad_input(format!(
        "`{name}` is not a learning curve: one row per epoch and columns such as `epoch`, `loss` and `val_loss` are needed; \
         give it another role or leave it out."
    ))
}

fn evaluate(
    inputs: &MeasureInputs<'_>,
    all: &Roles,
    snapshot: &Snapshot,
    positive: Option<&str>,
) -> Result<Vec<EvaluationRun>, Problem> {
    let mut roles = inputs.roles.in_run(all, |name| snapshot.has(name), &snapshot.guessed);
    if snapshot.role != SnapshotRole::Predictions {
        // Such a file is one split by its role.
        roles.set(ColumnRole::Split, None);
    }
    if roles.label().is_none() {
        return Ok(Vec::new());
    }
    let read_from = (snapshot.role != SnapshotRole::Predictions).then_some(snapshot.role);
    let runs_of = |frame: &DataFrame| -> Vec<EvaluationRun> {
        let mut roles = roles.clone();
        if contradict(frame, &roles, inputs.roles) {
            roles.set(ColumnRole::Prediction, None);
        }
        let guessed = guessed_columns(inputs.roles, &roles);
        let runs = evaluation_runs(&EvaluationTable {
            frame,
            roles: &roles,
            name: &snapshot.name,
            split: snapshot.role.into(),
            threshold: inputs.threshold,
            positive,
        });
        runs.into_iter().map(|run| EvaluationRun { read_from, guessed: guessed.clone(), ..run }).collect()
    };
    let rows = snapshot.table.rows as usize;
    let sample = snapshot.profiled.as_ref().map(|profiled| &profiled.sample);
    if let Some(whole) = sample.filter(|sample| sample.rows == rows as u64) {
        return Ok(runs_of(&whole.frame));
    }
    let columns = snapshot.table.columns.len();
    if rows.saturating_mul(columns) <= MOST_CELLS {
        let all: Vec<usize> = (0..columns).collect();
        return Ok(runs_of(&snapshot.table.reader()?.read(&all, 0..rows)?));
    }
    if roles.prediction().is_none() && roles.score().is_none() {
        // Labels alone are no run, and the other columns of so large a table are not looked at.
        return Ok(Vec::new());
    }
    let mut found = runs_of(&snapshot.table.reader()?.read(&measured_columns(&roles, snapshot), 0..rows)?);
    if let Some(sample) = sample {
        for (run, sampled) in found.iter_mut().zip(runs_of(&sample.frame)) {
            run.slices = sampled.slices;
            if let (Some(chart), Some(sampled)) = (&mut run.regression, sampled.regression) {
                (chart.by_time, chart.by_segment) = (sampled.by_time, sampled.by_segment);
            }
        }
    }
    Ok(found)
}

/// The columns of a run that nobody named.
fn guessed_columns(named: &Roles, roles: &Roles) -> Vec<GuessedColumn> {
    [ColumnRole::Label, ColumnRole::Prediction, ColumnRole::Score]
        .into_iter()
        .filter_map(|role| Some((role, roles.column_with(role)?)))
        .filter(|(role, column)| named.column_with(*role) != Some(column))
        .map(|(role, column)| GuessedColumn { role, column: column.to_owned() })
        .collect()
}

fn measured_columns(roles: &Roles, snapshot: &Snapshot) -> Vec<usize> {
    let named = [roles.label(), roles.prediction(), roles.score(), roles.split()];
    let quantiles = roles.columns(ColumnRole::Quantile).iter().map(String::as_str);
    named.into_iter().flatten().chain(quantiles).filter_map(|name| snapshot.table.position(name)).collect()
}
