//! Opening inputs: a table with its summary, which is taken from what is kept, or else made and kept.

use domain::diagnosis::Input;
use domain::{ColumnRole, Problem, Roles};
use measure::ingest::ReadOptions;
use measure::ingest::guess::{guess_columns, guess_roles, look};
use measure::inputs::Snapshot;
use measure::progress::{Progress, go_on};
use measure::summary::{Summary, SummaryStore};
use measure::table::{Rows, Table, TableSource};

use super::input::DiagnoseInput;

/// Summarises one input ahead of any diagnosis, so that the first one is fast.
///
/// # Errors
/// As [`super::diagnose`].
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

pub(super) fn open(
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
    let columns = match &input.guessed {
        Some(columns) => columns.clone(),
        None => guess_columns(table.reader()?)?,
    };
    let mut guessed: Roles = columns.iter().map(|column| (column.role, column.name.as_str())).collect();
    // Guessed before it was known that numbers are times.
    if guessed.time().is_none() && has_times(&input.options) {
        guessed.set(ColumnRole::Time, guess_roles(&look(table.reader()?)?).time().map(str::to_owned));
    }
    let (name, sha256) = (input.name.clone(), input.sha256.clone());
    Ok(Snapshot { role: input.role, name, sha256, table, columns, guessed, profiled })
}

fn has_times(options: &ReadOptions) -> bool {
    options.columns.values().any(|column| column.time.is_some())
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

/// A column that people name has to be somewhere.
pub(super) fn check_roles(roles: &Roles, snapshots: &[Snapshot]) -> Result<(), Problem> {
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

/// A table of which a few figures are wanted: it is opened only where nothing is kept of it.
pub(super) fn known_or_opened(input: &DiagnoseInput, summaries: &dyn SummaryStore) -> Result<Table, Problem> {
    match summaries.get(&input.profile_key()?) {
        Some(known) => Ok(Table::known(input.stored_file(), &known)),
        None => Table::open(input.stored_file()),
    }
}

pub(super) fn listed(input: &DiagnoseInput, table: &Table) -> Input {
    let notes = table.notes.iter().map(|note| match &note.column {
        Some(column) => format!("{column}: {}", note.message),
        None => note.message.clone(),
    });
    Input {
        role: input.role,
        name: input.name.clone(),
        rows: table.rows,
        columns: table.columns.len() as u64,
        sha256: input.sha256.clone(),
        notes: notes.collect(),
    }
}
