//! The measured half of a diagnosis: taken from what is kept of the same tables, or else read and measured.

use domain::diagnosis::Input;
use domain::measurements::Measurements;
use domain::measurements::fingerprints::History;
use domain::snapshot::Column;
use domain::{ColumnRole, Problem, Roles, SnapshotRole};
use measure::ingest::ReadOptions;
use measure::ingest::guess::together::{self, File, LabelGuess};
use measure::inputs::{MeasureInputs, Snapshot};
use measure::measured::{MEASURED_BY, Measured, TestRows};
use measure::progress::{Part, Progress, go_on};
use measure::summary::SummaryStore;
use measure::training::fingerprints;
use rayon::prelude::*;
use serde::Serialize;

use super::input::{DiagnoseInput, DiagnoseSettings};
use super::joining::{self, joined};
use super::opening::{check_roles, known_or_opened, listed, open};
use super::{agreement, readings, stacking};

/// The share of the work that is reading and profiling; measuring is the rest.
const READING: f64 = 0.85;

/// Everything that decides what is measured. Two diagnoses with equal keys have equal measurements.
#[derive(Serialize)]
struct Key<'a> {
    measured_by: &'static str,
    /// Role, name, the bytes with the way in which they are read, and the columns as they were guessed to be.
    tables: Vec<(SnapshotRole, &'a str, String, Option<&'a Vec<Column>>)>,
    roles: &'a Roles,
    threshold: Option<f64>,
    positive: Option<&'a str>,
    history: History,
}

/// Measures the tables among the inputs. Where the same tables were measured before with the same settings, that is
/// taken: no file is opened.
///
/// # Errors
/// When a table can't be read, a named column is in none of them, or somebody cancelled.
pub(super) fn measured(
    inputs: &[DiagnoseInput],
    settings: &DiagnoseSettings,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<Measured, Problem> {
    let tables: Vec<&DiagnoseInput> = inputs.iter().filter(|input| input.role != SnapshotRole::Artifact).collect();
    let key = key(&tables, settings)?;
    if let Some(known) = kept(&key, &tables, summaries)? {
        return Ok(known);
    }
    let joined = joined(inputs, &settings.roles)?;
    let fresh = measured_anew(inputs, &joined, settings, summaries, progress)?;
    summaries.put_measured(&key, &fresh);
    Ok(fresh)
}

fn key(tables: &[&DiagnoseInput], settings: &DiagnoseSettings) -> Result<String, Problem> {
    let of_role = |role| tables.iter().find(|table| table.role == role).map(|table| table.sha256.as_str());
    let (train, test) = (of_role(SnapshotRole::Train), of_role(SnapshotRole::Test));
    let tables =
        tables.iter().map(|table| Ok((table.role, table.name.as_str(), table.profile_key()?, table.guessed.as_ref())));
    let key = Key {
        measured_by: MEASURED_BY,
        tables: tables.collect::<Result<_, Problem>>()?,
        roles: &settings.roles,
        threshold: settings.threshold,
        positive: settings.positive.as_deref(),
        history: fingerprints::relevant(&settings.history, train, test),
    };
    serde_json::to_string(&key).map_err(|error| {
        tracing::error!(%error, "the key of measurements can't be written as JSON");
        Problem::internal("The settings of this diagnosis can't be written down.")
    })
}

/// What is kept, with the profiles of its tables; `None` when a piece of it is gone.
fn kept(key: &str, tables: &[&DiagnoseInput], summaries: &dyn SummaryStore) -> Result<Option<Measured>, Problem> {
    let Some(mut known) = summaries.measured(key) else { return Ok(None) };
    let keyed = tables.iter().zip(&known.profile_keys).filter(|(table, _)| table.role.is_compared());
    let keyed: Vec<(SnapshotRole, &String)> = keyed.map(|(table, key)| (table.role, key)).collect();
    let profiles: Vec<_> = keyed.par_iter().map(|(role, key)| (*role, summaries.profile(key))).collect();
    for (role, profile) in profiles {
        let Some(profile) = profile else { return Ok(None) };
        known.measurements.profiles.insert(role, profile);
    }
    Ok(Some(known))
}

/// `given` are the inputs as they were given, `joined` the same with what belongs to them.
fn measured_anew(
    given: &[DiagnoseInput],
    joined: &[DiagnoseInput],
    settings: &DiagnoseSettings,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<Measured, Problem> {
    let is_read =
        |place: &usize| joined[*place].role != SnapshotRole::Artifact && !stacking::is_part_of_another(*place, joined);
    let tables: Vec<&DiagnoseInput> = (0..joined.len()).filter(is_read).map(|place| &joined[place]).collect();
    let mut snapshots = Vec::with_capacity(tables.len());
    for (place, table) in tables.iter().enumerate() {
        let from = READING * place as f64 / tables.len() as f64;
        let part = Part::new(progress, from, from + READING / tables.len() as f64);
        snapshots.push(open(table, summaries, &part)?);
    }
    let keys = read_in_agreement(&tables, &mut snapshots, settings, summaries, progress)?;
    check_roles(&settings.roles, &snapshots)?;
    let label = settings.roles.label().is_none().then(|| guess_label(&mut snapshots)).flatten();
    let inputs = MeasureInputs {
        snapshots: &snapshots,
        roles: &settings.roles,
        threshold: settings.threshold,
        positive: settings.positive.as_deref(),
        history: &settings.history,
    };
    let mut measurements = measure::measure(&inputs, &Part::new(progress, READING, 1.0))?;
    go_on(progress)?;
    measurements.readings = readings::of_files(&snapshots);
    measurements.readings.extend(label.as_ref().map(readings::of_label));
    measurements.readings.extend(joining::readings(&tables));
    let test = test_rows(&snapshots, &measurements);
    let mut read = Vec::with_capacity(tables.len());
    for ((table, snapshot), key) in tables.iter().zip(&snapshots).zip(keys) {
        let mut input = listed(table, &snapshot.table);
        input.notes.extend(joining::note(table, &tables));
        read.push((input, key));
    }
    let (tables, profile_keys) = in_given_order(given, read, summaries)?.into_iter().unzip();
    Ok(Measured { measurements, tables, test, profile_keys })
}

/// What was read of each table that was given, with the key of its profile: of several windows of served rows each for itself,
/// with the key of all. What is to be said of all their rows together stands with the first.
fn in_given_order(
    given: &[DiagnoseInput],
    read: Vec<(Input, String)>,
    summaries: &dyn SummaryStore,
) -> Result<Vec<(Input, String)>, Problem> {
    let Some(windows) = stacking::windows(given) else { return Ok(read) };
    let (served, others): (Vec<_>, Vec<_>) = read.into_iter().partition(|(input, _)| input.role == SnapshotRole::Serve);
    let mut others = others.into_iter();
    let (key, mut of_all) = match served.into_iter().next() {
        Some((all, key)) => (key, all.notes),
        None => return Err(Problem::internal("Windows of served rows were to be listed, and none was read.")),
    };
    let mut ordered = Vec::with_capacity(given.len());
    for input in given.iter().filter(|input| input.role != SnapshotRole::Artifact) {
        if input.role != SnapshotRole::Serve {
            ordered.extend(others.next());
            continue;
        }
        let mut listed = listed(input, &known_or_opened(input, summaries)?);
        listed.notes.push(stacking::note(input, &windows));
        listed.notes.append(&mut of_all);
        ordered.push((listed, key.clone()));
    }
    Ok(ordered)
}

/// Has the label that all files together show guessed in train, where nobody named one.
fn guess_label(snapshots: &mut [Snapshot]) -> Option<LabelGuess> {
    let files: Vec<File> =
        snapshots.iter().map(|snapshot| File::new(&snapshot.name, snapshot.role, &snapshot.columns)).collect();
    let found = together::label(&files)?;
    let train = snapshots.iter_mut().find(|snapshot| snapshot.role == SnapshotRole::Train)?;
    train.guessed.set(ColumnRole::Label, [found.column.clone()]);
    Some(found)
}

/// Reads again, with what the other files show, the tables that need it. The keys of the profiles of all tables.
fn read_in_agreement(
    tables: &[&DiagnoseInput],
    snapshots: &mut [Snapshot],
    settings: &DiagnoseSettings,
    summaries: &dyn SummaryStore,
    progress: &dyn Progress,
) -> Result<Vec<String>, Problem> {
    let given: Vec<&ReadOptions> = tables.iter().map(|table| &table.options).collect();
    let agreed = agreement::options(snapshots, &given, &settings.roles);
    let mut keys = Vec::with_capacity(tables.len());
    for ((table, snapshot), options) in tables.iter().zip(snapshots).zip(agreed) {
        let Some(options) = options else {
            keys.push(table.profile_key()?);
            continue;
        };
        let again = table.read_as(&options);
        keys.push(again.profile_key()?);
        *snapshot = open(&again, summaries, &Part::new(progress, READING, READING))?;
    }
    Ok(keys)
}

fn test_rows(snapshots: &[Snapshot], measurements: &Measurements) -> Option<TestRows> {
    let test = snapshots.iter().find(|snapshot| snapshot.role == SnapshotRole::Test)?;
    let rows = fingerprints::fingerprints(&test.profiled.as_ref()?.sample, &measurements.roles)?;
    Some(TestRows { name: test.name.clone(), sha256: test.sha256.clone(), rows })
}
