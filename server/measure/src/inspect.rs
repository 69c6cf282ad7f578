//! The first look at a file: enough to store it as a snapshot and to show it, before anything is profiled.

use domain::Problem;
use domain::snapshot::{Column, Preview, ReadNote, SnapshotRole};
use polars::prelude::AnyValue;
use serde::{Deserialize, Serialize};

use crate::connectors;
use crate::ingest::guess::guess;
use crate::table::{StoredFile, TableSource};

/// What a file turned out to be.
#[derive(Debug, Serialize, Deserialize)]
pub struct Inspected {
    pub rows: u64,
    pub columns: Vec<Column>,
    pub format: String,
    pub notes: Vec<ReadNote>,
    pub guessed_role: SnapshotRole,
}

/// Text is converted at this first look, where its copy is kept.
///
/// # Errors
/// When the file is neither a table nor an artifact that is known, or can't be read.
pub fn inspect(file: &StoredFile) -> Result<Inspected, Problem> {
    if let Some(artifact) = connectors::read(&file.path, &file.name, &file.options)? {
        return Ok(Inspected {
            rows: artifact.observations.count() as u64,
            columns: Vec::new(),
            format: artifact.connector.words.to_owned(),
            notes: artifact.notes(),
            guessed_role: SnapshotRole::Artifact,
        });
    }
    let format = file.reader()?.format().to_owned();
    let rows = file.open()?;
    let guess = guess(rows.as_ref(), &file.name)?;
    Ok(Inspected {
        rows: rows.rows(),
        columns: guess.columns,
        format,
        notes: rows.notes().to_vec(),
        guessed_role: guess.part,
    })
}

/// What was read from an artifact, as lines.
///
/// # Errors
/// When it can't be read any more.
pub fn preview_artifact(file: &StoredFile, rows: usize) -> Result<Preview, Problem> {
    let name = &file.name;
    let artifact = connectors::read(&file.path, name, &file.options)?;
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
