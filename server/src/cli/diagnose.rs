//! `mismatch diagnose`: every check on the files given, as a report and an exit code.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use domain::Problem;
use engine::report::{FailOn, Gate, Report, ReportFormat, compare_with, render};
use measure::progress::Unwatched;
use measure::summary::Nowhere;
use service::isolation::{leave_with_parent, limit_this_process};

use super::fetched::SourcesArguments;
use super::given::{Given, inputs};
use super::guard_file::GuardFile;
use super::isolated::{BoundsArguments, again_in_a_child};

/// Diagnoses the given files (all are optional). A file can be a path, an http or https address, or an object of a bucket
/// (s3://, gs://, az://). Exits with 0 if no verdict is at or above --fail-on, with 1 if
/// one is, and with 2 if an input can't be used.
#[derive(Debug, Args)]
pub struct Diagnose {
    #[command(flatten)]
    given: Given,
    /// Format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Writes the report to a file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Writes the report to one more file, as FORMAT=FILE. Can be given several times: a pipeline wants JUnit for its tests,
    /// Markdown for a comment and JSON for the next run at once.
    #[arg(long, value_name = "FORMAT=FILE")]
    report: Vec<ReportFile>,
    /// A report of an earlier run (--format json): only findings that are new or worse are listed, and close the gate.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Writes what would have caught it for another tool, as FORMAT=FILE. Formats: great_expectations, tfdv, pandera, dbt, odcs,
    /// prometheus. Can be given several times.
    #[arg(long, value_name = "FORMAT=FILE")]
    guard: Vec<GuardFile>,
    /// The lowest verdict of something that changed that makes the exit code 1.
    #[arg(long, value_enum, default_value_t = Level::Mismatch)]
    fail_on: Level,
    /// The same for standing weaknesses: what was there before.
    #[arg(long, value_enum, default_value_t = Level::Never)]
    fail_on_standing: Level,
    #[command(flatten)]
    sources: SourcesArguments,
    #[command(flatten)]
    bounds: BoundsArguments,
    /// Set by the program itself: this is the child, whose end a damaged file may be.
    #[arg(long, hide = true)]
    in_this_process: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    Junit,
    Sarif,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    Mismatch,
    Possible,
    Never,
}

impl Diagnose {
    /// # Errors
    /// When an input can't be used or the report can't be written.
    pub fn run(self) -> Result<ExitCode, Problem> {
        let artifacts = self.given.artifacts()?;
        let files = self.given.files(&artifacts);
        let paths = files.iter().map(|(_role, path)| path.as_path());
        if self.in_this_process {
            leave_with_parent();
            limit_this_process(self.bounds.get().memory_mb, paths);
        } else {
            let paths: Vec<&Path> = paths.collect();
            let fetched = self.sources.fetch(&paths)?;
            return again_in_a_child("--in-this-process", &paths, &fetched, &self.bounds.get());
        }
        self.given.check_symptoms()?;
        let mut inputs = inputs(&files)?;
        let _rows = super::brought_rows::add(&mut inputs)?;
        let mut diagnosis = engine::diagnose::diagnose(&inputs, &self.given.settings(), &Nowhere, &Unwatched)?;
        let gate = Gate { changes: self.fail_on.into(), standing: self.fail_on_standing.into() };
        if let Some(earlier) = &self.against {
            compare_with(&mut diagnosis, earlier)?;
        }
        let written = |format: Format| render(&Report::from(&diagnosis), format.into(), gate);
        match &self.out {
            None => super::print(&written(self.format)?)?,
            Some(path) => write(path, written(self.format)?)?,
        }
        self.report.iter().try_for_each(|file| write(&file.path, written(file.format)?))?;
        self.guard.iter().try_for_each(|guard| guard.write(&diagnosis))?;
        Ok(ExitCode::from(u8::from(gate.fails_for(&diagnosis))))
    }
}

/// A format and where its file goes.
#[derive(Debug, Clone)]
struct ReportFile {
    format: Format,
    path: PathBuf,
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text
            .split_once('=')
            .ok_or_else(|| format!("{text:?} names no file; write FORMAT=FILE, such as junit=mismatch.xml"))?;
        let formats = || {
            let names = Format::value_variants().iter().filter_map(|format| format.to_possible_value());
            names.map(|name| name.get_name().to_owned()).collect::<Vec<_>>().join(", ")
        };
        let known = Format::from_str(format, false)
            .map_err(|_unknown| format!("{format:?} is not a format; the formats are {}", formats()))?;
        Ok(ReportFile { format: known, path: PathBuf::from(path) })
    }
}

fn write(path: &Path, report: String) -> Result<(), Problem> {
    std::fs::write(path, report)
        .map_err(|error| Problem::bad_input(format!("The report can't be written to `{}`: {error}.", path.display())))
}

impl From<Format> for ReportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => ReportFormat::Text,
            Format::Json => ReportFormat::Json,
            Format::Markdown => ReportFormat::Markdown,
            Format::Junit => ReportFormat::Junit,
            Format::Sarif => ReportFormat::Sarif,
            Format::Html => ReportFormat::Html,
        }
    }
}

impl From<Level> for FailOn {
    fn from(level: Level) -> Self {
        match level {
            Level::Mismatch => FailOn::Mismatch,
            Level::Possible => FailOn::Possible,
            Level::Never => FailOn::Never,
        }
    }
}
