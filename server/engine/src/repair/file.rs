//! The whole served table, repaired, as a file: read and written block by block.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use domain::repair::Repair;
use domain::{Problem, SnapshotRole};
use measure::progress::{Progress, go_on};
use measure::table::{Rows, TableSource};
use polars::prelude::{DataFrame, ParquetWriter};

use super::preview::{header, push_rows};
use super::ways::Ways;
use crate::diagnose::{DiagnoseInput, joined};

/// Rows from which the ways back are learnt.
const LEARNT: usize = 100_000;
/// Cells that are read at once.
const CELLS: usize = 1 << 22;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepairedFile {
    pub rows: u64,
    /// Rows in which a value changed.
    pub changed: u64,
    pub left_out: u64,
}

/// Writes the served rows of the inputs, repaired, to `out`: CSV where its name ends so, else Parquet. Labels and predictions
/// that lie in files of their own are not part of them.
///
/// # Errors
/// When there are no served rows, they can't be read, or the file can't be written.
pub fn write_repaired(
    inputs: &[DiagnoseInput],
    roles: &domain::Roles,
    repair: &Repair,
    out: &Path,
    progress: &dyn Progress,
) -> Result<RepairedFile, Problem> {
    let inputs = joined(inputs, roles)?;
    let of_role = |role: SnapshotRole| inputs.iter().find(|input| input.role == role);
    let serve = of_role(SnapshotRole::Serve)
        .ok_or_else(|| Problem::bad_input("There are no served rows to repair. Give them with --serve."))?;
    let served = DiagnoseInput { attached: Vec::new(), ..serve.clone() }.stored_file().open()?;
    let trained = match of_role(SnapshotRole::Train) {
        Some(train) => Some(first(train.stored_file().open()?.as_ref())?),
        None => None,
    };
    let ways = Ways::learn(repair, trained.as_ref(), &first(served.as_ref())?, roles.time())?;
    let written = write(served.as_ref(), &ways, out, progress);
    if written.is_err() {
        // A part of a table must not pass for the table; what can't be removed was not there.
        let _ = fs::remove_file(out);
    }
    written
}

fn first(rows: &dyn Rows) -> Result<DataFrame, Problem> {
    read(rows, 0, LEARNT)
}

fn read(rows: &dyn Rows, from: usize, count: usize) -> Result<DataFrame, Problem> {
    let all: Vec<usize> = (0..rows.columns().len()).collect();
    rows.read(&all, from..from.saturating_add(count))
}

fn write(rows: &dyn Rows, ways: &Ways, out: &Path, progress: &dyn Progress) -> Result<RepairedFile, Problem> {
    let is_csv = out.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let file = BufWriter::new(File::create(out).map_err(|error| unwritten(out, &error))?);
    let sample = ways.apply(&read(rows, 0, 0)?)?.frame;
    let mut sink = if is_csv { Sink::csv(file, &sample, out)? } else { Sink::parquet(file, &sample, out)? };
    let block = (CELLS / rows.columns().len().max(1)).max(1);
    let mut done = RepairedFile { rows: 0, changed: 0, left_out: 0 };
    let mut from = 0;
    let total = rows.rows() as usize;
    while from < total {
        go_on(progress)?;
        progress.report(from as f64 / total as f64, "writing the repaired rows");
        let repaired = ways.apply(&read(rows, from, block)?)?;
        sink.add(&repaired.frame, out)?;
        done.rows += repaired.frame.height() as u64;
        done.left_out += repaired.kept.iter().filter(|kept| !**kept).count() as u64;
        let changed = repaired.changed.iter().zip(&repaired.kept);
        done.changed += changed.filter(|(changed, kept)| **changed && **kept).count() as u64;
        from += block;
    }
    sink.finish(out)?;
    Ok(done)
}

/// Where the blocks go.
enum Sink {
    Csv(BufWriter<File>),
    Parquet(Box<polars::io::parquet::write::BatchedWriter<BufWriter<File>>>),
}

impl Sink {
    fn csv(mut file: BufWriter<File>, sample: &DataFrame, out: &Path) -> Result<Self, Problem> {
        file.write_all(header(sample).as_bytes()).map_err(|error| unwritten(out, &error))?;
        Ok(Self::Csv(file))
    }

    fn parquet(file: BufWriter<File>, sample: &DataFrame, out: &Path) -> Result<Self, Problem> {
        let writer = ParquetWriter::new(file).batched(sample.schema()).map_err(|error| unwritten(out, &error))?;
        Ok(Self::Parquet(Box::new(writer)))
    }

    fn add(&mut self, frame: &DataFrame, out: &Path) -> Result<(), Problem> {
        match self {
            Self::Csv(file) => {
                let mut text = String::new();
                push_rows(&mut text, frame, usize::MAX)?;
                file.write_all(text.as_bytes()).map_err(|error| unwritten(out, &error))
            }
            Self::Parquet(writer) => writer.write_batch(frame).map_err(|error| unwritten(out, &error)),
        }
    }

    fn finish(self, out: &Path) -> Result<(), Problem> {
        match self {
            Self::Csv(mut file) => file.flush().map_err(|error| unwritten(out, &error)),
            Self::Parquet(writer) => writer.finish().map(|_bytes| ()).map_err(|error| unwritten(out, &error)),
        }
    }
}

fn unwritten(out: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::bad_input(format!("The repaired rows can't be written to `{}`: {error}.", out.display()))
}
