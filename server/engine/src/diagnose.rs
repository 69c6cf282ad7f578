//! The diagnosis: the one function behind the page, the address and the command line.

mod agreement;
mod data_versions;
mod input;
mod joining;
mod measuring;
mod opening;
mod readings;
mod stacking;

use std::path::Path;
use std::sync::Arc;

use checks::{curve_reading, fall, guards, judge, over_time, running, suspects};
use connectors::Artifact;
use domain::diagnosis::{self, Diagnosis, Input, ReadCurve};
use domain::evaluation::Task;
use domain::learning_curve::LearningCurve;
use domain::observation::Observations;
use domain::told::ToldFile;
use domain::tool_facts::ToolFacts;
use domain::{EvaluationRun, Problem, ReadingOf, SnapshotRole};
use measure::artifacts;
use measure::ingest::{BatchReader, Limits, ReadOptions};
use measure::inspect::refuse_settings;
use measure::measured::TestRows;
use measure::progress::{Part, Progress, go_on};
use measure::summary::SummaryStore;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ingest;

pub use input::{DiagnoseInput, DiagnoseSettings, reading_key};
pub use joining::joined;
pub use opening::summarise;

/// The share of the work that is reading and measuring; judging and explaining is the rest.
const MEASURED: f64 = 0.95;

/// What a diagnosis says, and what is to be remembered of its inputs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Diagnosed {
    pub diagnosis: Diagnosis,
    /// The rows of the test snapshot, when there is one.
    pub test: Option<TestRows>,
}

/// The diagnosis alone, for who keeps nothing: see [`diagnose_and_remember`].
///
/// # Errors
/// As [`diagnose_and_remember`].
pub fn diagnose(
    inputs: &[DiagnoseInput],
    settings: &DiagnoseSettings,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<Diagnosis, Problem> {
    Ok(diagnose_and_remember(inputs, settings, summaries, progress)?.diagnosis)
}

/// Measures every table (or takes from `summaries` what is kept of the same tables), judges and explains. Blocks; reads
/// each file in bounded memory.
///
/// # Errors
/// When there is no input, two inputs share a role that only one can have, a named column is in none of them, a file
/// can't be read, or somebody cancelled.
pub fn diagnose_and_remember(
    inputs: &[DiagnoseInput],
    settings: &DiagnoseSettings,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<Diagnosed, Problem> {
    check_inputs(inputs)?;
    let told = told(inputs, progress)?;
    let measured = measuring::measured(inputs, settings, summaries, &Part::new(progress, 0.0, MEASURED))?;
    let verified = data_versions::verified(inputs, &told.facts.digests)?;
    let inputs = in_order(inputs, told.listed, measured.tables);
    let mut measurements = measured.measurements;
    measurements.observations = told.observations;
    measurements.tool_facts = told.facts;
    measurements.tool_facts.checks.extend(verified);
    measurements.learning_curves.extend(told.curves);
    check_positive(settings.positive.as_deref(), &measurements.evaluations)?;
    go_on(progress)?;
    progress.report(MEASURED, "judging");
    let (layers, mut findings) =
        judge::judge_by(&measurements, |detectors, conclude| detectors.par_iter().map(conclude).collect());
    let mut suspects = suspects::explain(&findings, &measurements, &settings.symptoms);
    // What undoes a broken column is said by its suspect, so a fall is split after explaining.
    let mut fall = fall::split(&measurements, &findings, &mut suspects);
    fall::put_costly_first(&mut suspects);
    fall::attribute(fall.as_mut(), &findings, &suspects);
    fall::fold(fall.as_ref(), &findings, &mut suspects);
    judge::put_causes_before_consequences(&mut findings, &suspects);
    let over_time = over_time::of(&measurements, &findings);
    let running = running::of(&measurements);
    let guard = guards::guard(&measurements, &findings);
    let coverage = judge::coverage(&layers);
    let mut readings = std::mem::take(&mut measurements.readings);
    for reading in readings::of_runs(&measurements.evaluations) {
        // That a column is the label is said once, with what all files show.
        let is_said =
            readings.iter().any(|said| said.of == reading.of && said.columns.first() == reading.columns.first());
        if reading.of != ReadingOf::ColumnRole || !is_said {
            readings.push(reading);
        }
    }
    let learning_curves = measurements.learning_curves.iter().map(read_curve).collect();
    progress.report(1.0, "done");
    let diagnosis = Diagnosis {
        version: diagnosis::VERSION,
        tool: concat!("mismatch ", env!("CARGO_PKG_VERSION")).to_owned(),
        inputs,
        readings,
        roles: measurements.roles,
        layers,
        comparisons: Arc::new(measurements.comparisons),
        evaluations: Arc::new(measurements.evaluations),
        learning_curves: Arc::new(learning_curves),
        over_time: Arc::new(over_time),
        running: Arc::new(running),
        told: told.by_file,
        findings,
        suspects,
        guard: Arc::new(guard),
        coverage,
        fall,
        mutes: Vec::new(),
        muted_suspects: Vec::new(),
        decisions: Vec::new(),
        ruled_out_suspects: Vec::new(),
        against: None,
    };
    Ok(Diagnosed { diagnosis, test: measured.test })
}

/// A class that no run has can't be the positive one.
fn check_positive(named: Option<&str>, runs: &[EvaluationRun]) -> Result<(), Problem> {
    let two_classes = |run: &&EvaluationRun| run.task == Task::Binary && run.positive.is_some();
    let (Some(named), Some(run)) = (named, runs.iter().find(two_classes)) else { return Ok(()) };
    let has = |run: &EvaluationRun| run.positive.as_deref() == Some(named);
    if runs.iter().any(has) {
        return Ok(());
    }
    let classes = run
        .confusion_matrix
        .as_ref()
        .map_or(String::new(), |matrix| format!(" The classes are `{}`.", matrix.labels.join("` and `")));
    Err(Problem::bad_input(format!(
        "No evaluation run has the class `{named}`, which was named as the positive one.{classes}"
    )))
}

/// What other tools know: the facts of all artifacts together, and each artifact as a diagnosis lists it.
#[derive(Default)]
struct Told {
    observations: Observations,
    facts: ToolFacts,
    curves: Vec<LearningCurve>,
    listed: Vec<Input>,
    by_file: Vec<ToldFile>,
}

fn told(inputs: &[DiagnoseInput], progress: &dyn Progress) -> Result<Told, Problem> {
    let mut found = Told::default();
    for input in inputs.iter().filter(|input| input.role == SnapshotRole::Artifact) {
        let artifact = open_artifact(input, progress)?;
        found.listed.push(listed_artifact(input, &artifact));
        found.by_file.push(ingest::told(&artifact, &input.name));
        found.observations.extend(artifact.brought.observations);
        found.facts.extend(artifact.brought.facts);
        found.curves.extend(artifact.brought.curves);
    }
    Ok(found)
}

/// Artifacts and tables in the order in which they were given.
fn in_order(inputs: &[DiagnoseInput], artifacts: Vec<Input>, tables: Vec<Input>) -> Vec<Input> {
    let (mut artifacts, mut tables) = (artifacts.into_iter(), tables.into_iter());
    let next = |input: &DiagnoseInput| match input.role {
        SnapshotRole::Artifact => artifacts.next(),
        _ => tables.next(),
    };
    inputs.iter().filter_map(next).collect()
}

fn open_artifact(input: &DiagnoseInput, progress: &dyn Progress) -> Result<Artifact, Problem> {
    go_on(progress)?;
    progress.report(0.0, &format!("reading {}", input.name));
    artifacts::read(&input.path, &input.name, &input.options)?.ok_or_else(|| no_artifact(&input.name))
}

fn no_artifact(name: &str) -> Problem {
    Problem::bad_input(format!(
        "`{name}` is not a learning curve or a known artifact ({}); give a table the role of a table.",
        connectors::known()
    ))
}

/// Refuses an artifact that somebody gives the part of a table. Stored files have this behind them.
///
/// # Errors
/// When it is one, or can't be read.
pub fn check_is_table(path: &Path, name: &str) -> Result<(), Problem> {
    match artifacts::recognise(path, name, &ReadOptions::default())? {
        None => refuse_settings(&DiagnoseInput::of_file(SnapshotRole::Train, name, path, "").stored_file()),
        Some(connector) => Err(Problem::bad_input(format!(
            "`{name}` is a file from another tool ({}), not a table of rows; give it as an artifact.",
            connector.words
        ))),
    }
}

/// The role of a file exported by another tool: an artifact, or the learning curve that some of them write as a table.
///
/// # Errors
/// When it is neither, or can't be read.
pub fn artifact_role(path: &Path, name: &str) -> Result<SnapshotRole, Problem> {
    let options = ReadOptions::default();
    if artifacts::recognise(path, name, &options)?.is_some() {
        return Ok(SnapshotRole::Artifact);
    }
    let reader = BatchReader::open(path, name, &options, &Limits::default(), None)?;
    let all: Vec<usize> = (0..reader.columns().len()).collect();
    let frame = reader.read(&all, 0..reader.rows())?;
    match measure::learning_curve(&frame, name) {
        Some(_) => Ok(SnapshotRole::LearningCurve),
        None => Err(no_artifact(name)),
    }
}

fn check_inputs(inputs: &[DiagnoseInput]) -> Result<(), Problem> {
    if inputs.is_empty() {
        return Err(Problem::bad_input("There is nothing to diagnose; give at least one file."));
    }
    for role in SnapshotRole::ALL {
        if role.may_repeat() {
            continue;
        }
        let mut of_role = inputs.iter().filter(|input| input.role == role);
        if let (Some(first), Some(second)) = (of_role.next(), of_role.next()) {
            let message = format!(
                "`{}` and `{}` both have the role {}; give that role to one file only.",
                first.name,
                second.name,
                role.id()
            );
            return Err(Problem::bad_input(message));
        }
    }
    Ok(())
}

fn listed_artifact(input: &DiagnoseInput, artifact: &Artifact) -> Input {
    Input {
        role: input.role,
        name: input.name.clone(),
        rows: artifact.brought.count() as u64,
        columns: 0,
        sha256: input.sha256.clone(),
        notes: artifact.notes().into_iter().map(|note| note.message).collect(),
    }
}

fn read_curve(curve: &domain::learning_curve::LearningCurve) -> ReadCurve {
    ReadCurve { readings: curve_reading::read(curve), curve: curve.clone() }
}
