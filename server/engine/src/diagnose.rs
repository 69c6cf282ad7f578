//! The diagnosis: the one function behind the page, the address and the command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use checks::{curve_reading, judge, suspects};
use domain::diagnosis::{self, Diagnosis, Input, ReadCurve};
use domain::measurements::fingerprints::History;
use domain::observation::Observations;
use domain::symptom::Symptom;
use domain::{Problem, Roles, SnapshotRole};
use serde::{Deserialize, Serialize};

use measure::connectors;
use measure::connectors::Artifact;
use measure::ingest::guess::{guess_roles, look};
use measure::ingest::{BatchReader, Limits, READ_BY, ReadOptions};
use measure::measured::{MEASURED_BY, TestRows};
use measure::progress::{Part, Progress, go_on};
use measure::stages::Snapshot;
use measure::summary::{Summary, SummaryStore};
use measure::table::{Rows, StoredFile, Table, TableSource};

use crate::measuring;

/// The share of the work that is reading and measuring; judging and explaining is the rest.
const MEASURED: f64 = 0.95;

/// One file of an investigation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DiagnoseInput {
    pub role: SnapshotRole,
    /// What people call it.
    pub name: String,
    pub path: PathBuf,
    /// Where text is kept as Parquet once it was parsed; `None` to parse it anew.
    #[serde(default)]
    pub converted: Option<PathBuf>,
    /// Of the file's bytes, in hexadecimal.
    pub sha256: String,
    pub options: ReadOptions,
    /// What its columns were guessed to be for when it arrived; `None` where nobody has read it before.
    pub guessed: Option<Roles>,
}

impl DiagnoseInput {
    pub fn stored_file(&self) -> StoredFile {
        StoredFile {
            path: self.path.clone(),
            name: self.name.clone(),
            options: self.options.clone(),
            converted: self.converted.clone(),
        }
    }

    /// Identifies the bytes and how they are read, the key of the profile.
    ///
    /// # Errors
    /// When the options can't be written, which is a fault of ours.
    pub fn profile_key(&self) -> Result<String, Problem> {
        keyed(MEASURED_BY, &self.sha256, &self.options)
    }
}

/// Identifies the bytes and how they are read, the key of the converted copy: it stays when measuring changes.
///
/// # Errors
/// As [`DiagnoseInput::profile_key`].
pub fn reading_key(sha256: &str, options: &ReadOptions) -> Result<String, Problem> {
    keyed(READ_BY, sha256, options)
}

fn keyed(by: &str, sha256: &str, options: &ReadOptions) -> Result<String, Problem> {
    let options = serde_json::to_string(options).map_err(|error| {
        tracing::error!(%error, "read options can't be written as JSON");
        Problem::internal("The read options can't be written down.")
    })?;
    Ok(format!("{by} {sha256} {options}"))
}

/// What people say about the files.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DiagnoseSettings {
    /// Columns that are named here are not guessed.
    pub roles: Roles,
    /// The decision threshold in use.
    pub threshold: Option<f64>,
    /// What was reported.
    pub symptoms: Vec<Symptom>,
    /// Test sets of earlier diagnoses; empty where nothing is kept.
    pub history: History,
}

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
    let artifacts = artifacts(inputs, progress)?;
    let measured = measuring::measured(inputs, settings, summaries, &Part::new(progress, 0.0, MEASURED))?;
    let inputs = in_order(inputs, artifacts.listed, measured.tables);
    let mut measurements = measured.measurements;
    measurements.observations = artifacts.observations;
    go_on(progress)?;
    progress.report(MEASURED, "judging");
    let (layers, mut findings) = judge::judge(&measurements);
    let suspects = suspects::explain(&findings, &measurements, &settings.symptoms);
    judge::put_causes_before_consequences(&mut findings, &suspects);
    let coverage = judge::coverage(&layers);
    let learning_curves = measurements.learning_curves.iter().map(read_curve).collect();
    progress.report(1.0, "done");
    let diagnosis = Diagnosis {
        version: diagnosis::VERSION,
        tool: concat!("mismatch ", env!("CARGO_PKG_VERSION")).to_owned(),
        inputs,
        roles: measurements.roles,
        layers,
        comparisons: Arc::new(measurements.comparisons),
        evaluations: Arc::new(measurements.evaluations),
        learning_curves: Arc::new(learning_curves),
        findings,
        suspects,
        coverage,
        mutes: Vec::new(),
        muted_suspects: Vec::new(),
    };
    Ok(Diagnosed { diagnosis, test: measured.test })
}

/// What other tools know: the observations of all artifacts together, and each artifact as a diagnosis lists it.
struct Artifacts {
    observations: Observations,
    listed: Vec<Input>,
}

fn artifacts(inputs: &[DiagnoseInput], progress: &dyn Progress) -> Result<Artifacts, Problem> {
    let mut found = Artifacts { observations: Observations::default(), listed: Vec::new() };
    for input in inputs.iter().filter(|input| input.role == SnapshotRole::Artifact) {
        let artifact = open_artifact(input, progress)?;
        found.listed.push(listed_artifact(input, &artifact));
        found.observations.extend(artifact.observations);
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

/// Summarises one input ahead of any diagnosis, so that the first one is fast.
///
/// # Errors
/// As [`diagnose`].
pub fn summarise(
    input: &DiagnoseInput,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<Summary, Problem> {
    let key = input.profile_key()?;
    if let Some(known) = summaries.get(&key) {
        return Ok(known);
    }
    fresh_summary(input.stored_file().open()?.as_ref(), &key, summaries, progress)
}

fn fresh_summary(
    reader: &dyn Rows,
    key: &str,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<Summary, Problem> {
    let profiled = measure::profile(reader, key, progress)?;
    let summary = Summary { profiled, notes: reader.notes().to_vec() };
    summaries.put(&summary);
    Ok(summary)
}

pub(crate) fn open(
    input: &DiagnoseInput,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<Snapshot, Problem> {
    go_on(progress)?;
    progress.report(0.0, &format!("reading {}", input.name));
    let (table, profiled) = if input.role.is_compared() {
        let (table, summary) = summarised(input, summaries, progress)?;
        (table, Some(summary.profiled))
    } else {
        (Table::open(input.stored_file())?, None)
    };
    let guessed = match &input.guessed {
        Some(guessed) => guessed.clone(),
        None => guess_roles(&look(table.reader()?)?),
    };
    let (name, sha256) = (input.name.clone(), input.sha256.clone());
    Ok(Snapshot { role: input.role, name, sha256, table, guessed, profiled })
}

/// A table beside its summary; of one that is known no file is opened.
fn summarised(
    input: &DiagnoseInput,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<(Table, Summary), Problem> {
    let key = input.profile_key()?;
    if let Some(known) = summaries.get(&key) {
        return Ok((Table::known(input.stored_file(), &known), known));
    }
    let table = Table::open(input.stored_file())?;
    let summary = fresh_summary(table.reader()?, &key, summaries, progress)?;
    Ok((table, summary))
}

fn open_artifact(input: &DiagnoseInput, progress: &dyn Progress) -> Result<Artifact, Problem> {
    go_on(progress)?;
    progress.report(0.0, &format!("reading {}", input.name));
    connectors::read(&input.path, &input.name, &input.options)?.ok_or_else(|| no_artifact(&input.name))
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
    match connectors::recognise(path, name, &ReadOptions::default())? {
        None => Ok(()),
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
    if connectors::recognise(path, name, &options)?.is_some() {
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

/// A column that people name has to be somewhere.
pub(crate) fn check_roles(roles: &Roles, snapshots: &[Snapshot]) -> Result<(), Problem> {
    for (role, column) in roles.iter().filter(|(role, _)| !role.may_repeat()) {
        if snapshots.iter().any(|snapshot| snapshot.table.position(column).is_some()) {
            continue;
        }
        let Some(first) = snapshots.first() else {
            return Err(Problem::bad_input(format!(
                "No input is a table of rows, so there is no {} column `{column}`; add the table or leave the column out.",
                role.id()
            )));
        };
        let some: Vec<&str> = first.table.columns.iter().map(String::as_str).take(20).collect();
        return Err(Problem::bad_input(format!(
            "No input has the {} column `{column}`; the columns of `{}` are {}{}.",
            role.id(),
            first.name,
            some.join(", "),
            if first.table.columns.len() > some.len() { ", …" } else { "" },
        )));
    }
    Ok(())
}

pub(crate) fn listed(input: &DiagnoseInput, snapshot: &Snapshot) -> Input {
    let notes = snapshot.table.notes.iter().map(|note| match &note.column {
        Some(column) => format!("{column}: {}", note.message),
        None => note.message.clone(),
    });
    Input {
        role: input.role,
        name: input.name.clone(),
        rows: snapshot.table.rows,
        columns: snapshot.table.columns.len() as u64,
        sha256: input.sha256.clone(),
        notes: notes.collect(),
    }
}

fn listed_artifact(input: &DiagnoseInput, artifact: &Artifact) -> Input {
    Input {
        role: input.role,
        name: input.name.clone(),
        rows: artifact.observations.count() as u64,
        columns: 0,
        sha256: input.sha256.clone(),
        notes: artifact.notes().into_iter().map(|note| note.message).collect(),
    }
}

fn read_curve(curve: &domain::learning_curve::LearningCurve) -> ReadCurve {
    ReadCurve { readings: curve_reading::read(curve), curve: curve.clone() }
}
