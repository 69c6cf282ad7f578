//! The first look at a file: enough to store it as a snapshot and to show it, before anything is profiled.

use std::fs::File;
use std::io::Read;

use domain::Problem;
use domain::snapshot::{Column, Preview, ReadNote, SnapshotRole};
use polars::prelude::AnyValue;
use serde::{Deserialize, Serialize};

use crate::artifacts;
use crate::ingest::ReadOptions;
use crate::ingest::document::{nested_object, settings};
use crate::ingest::guess::guess;
use crate::table::{Rows, StoredFile, TableSource};

/// What a file turned out to be.
#[derive(Debug, Serialize, Deserialize)]
pub struct Inspected {
    pub rows: u64,
    pub columns: Vec<Column>,
    pub format: String,
    pub notes: Vec<ReadNote>,
    pub guessed_role: SnapshotRole,
    /// Tables that an artifact holds, which can be read too.
    pub tables: u64,
}

/// Text is converted at this first look, where its copy is kept.
///
/// # Errors
/// When the file is neither a table nor an artifact that is known, or can't be read.
pub fn inspect(file: &StoredFile) -> Result<Inspected, Problem> {
    if let Some(artifact) = artifacts::read(&file.path, &file.name, &file.options)? {
        return Ok(Inspected {
            rows: artifact.brought.count() as u64,
            columns: Vec::new(),
            format: artifact.connector.words.to_owned(),
            notes: artifact.notes(),
            guessed_role: SnapshotRole::Artifact,
            tables: artifacts::count_tables(&artifact),
        });
    }
    refuse_settings(file)?;
    let format = file.reader()?.format().to_owned();
    let rows = file.open()?;
    refuse_nested_object(file, rows.as_ref())?;
    let guess = guess(rows.as_ref(), &file.name)?;
    Ok(Inspected {
        rows: rows.rows(),
        columns: guess.columns,
        format,
        notes: rows.notes().to_vec(),
        guessed_role: guess.part,
        tables: 0,
    })
}

/// Bytes in which settings show.
const BEGINNING: u64 = 4096;

/// Refuses settings and locks of other tools. Who says how a file is to be read is believed.
///
/// # Errors
/// When it is one, or can't be read.
pub fn refuse_settings(file: &StoredFile) -> Result<(), Problem> {
    if file.options != ReadOptions::default() {
        return Ok(());
    }
    let mut beginning = Vec::new();
    let read = File::open(&file.path).and_then(|bytes| bytes.take(BEGINNING).read_to_end(&mut beginning));
    read.map_err(|error| {
        tracing::error!(%error, name = file.name, "a file can't be opened");
        Problem::internal(format!("{}: it could not be opened; the log says why.", file.name))
    })?;
    let Ok(text) = std::str::from_utf8(&beginning).or_else(|cut| std::str::from_utf8(&beginning[..cut.valid_up_to()]))
    else {
        return Ok(());
    };
    refused(&file.name, settings(text))
}

fn refuse_nested_object(file: &StoredFile, rows: &dyn Rows) -> Result<(), Problem> {
    if file.options != ReadOptions::default() || rows.rows() != 1 {
        return Ok(());
    }
    let all: Vec<usize> = (0..rows.columns().len()).collect();
    refused(&file.name, nested_object(&rows.read(&all, 0..1)?, rows.rows()))
}

fn refused(name: &str, document: Option<&str>) -> Result<(), Problem> {
    match document {
        None => Ok(()),
        Some(what) => Err(Problem::bad_input(format!(
            "{name}: it is {what}, not a table of rows, and is not read yet. Leave it out, or give its values as CSV, JSON Lines or Parquet."
        ))),
    }
}

/// What was read from an artifact, as lines.
///
/// # Errors
/// When it can't be read any more.
pub fn preview_artifact(file: &StoredFile, rows: usize) -> Result<Preview, Problem> {
    let name = &file.name;
    let artifact = artifacts::read(&file.path, name, &file.options)?;
    let gone = || Problem::internal(format!("{name}: the artifact can't be understood any more; upload it again."));
    Ok(artifact.ok_or_else(gone)?.preview(rows))
}

/// The first rows as text.
///
/// # Errors
/// When the file can't be read any more.
pub fn preview(file: &StoredFile, rows: usize) -> Result<Preview, Problem> {
    let reader = file.open()?;
    let columns: Vec<String> = reader.columns().iter().map(|column| column.name.to_owned()).collect();
    let all: Vec<usize> = (0..columns.len()).collect();
    let frame = reader.read(&all, 0..rows)?;
    let row = |at: usize| {
        frame
            .columns()
            .iter()
            .map(|column| column.get(at).ok().filter(|value| !value.is_null()).map(|value| shown(&value)))
            .collect()
    };
    Ok(Preview { columns, rows: (0..frame.height()).map(row).collect() })
}

/// Text without quotes; everything else as polars shows it.
fn shown(value: &AnyValue<'_>) -> String {
    value.get_str().map_or_else(|| value.to_string(), str::to_owned)
}
