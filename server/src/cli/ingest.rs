//! `mismatch ingest`: what files of other tools say, one by one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use domain::Problem;
use engine::ingest::{Ingested, ingest};
use measure::ingest::ReadOptions;
use service::isolation::{leave_with_parent, limit_this_process};

use super::fetched::SourcesArguments;
use super::isolated::{BoundsArguments, again_in_a_child};

/// Reads files of other tools and says what each became. Exits with 2 if one is not known or can't be read.
#[derive(Debug, Args)]
pub struct Ingest {
    /// Files as the tools write them, folders of them, or addresses: of a file, a health check, a running Prometheus,
    /// Alertmanager, Grafana or MLflow, or an object of a bucket.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Format of what is said.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
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
    /// One object for each file.
    Json,
}

impl Ingest {
    /// # Errors
    /// When a file can't be read.
    pub fn run(self) -> Result<ExitCode, Problem> {
        let files: Vec<&Path> = self.files.iter().map(PathBuf::as_path).collect();
        if !self.in_this_process {
            let fetched = self.sources.fetch(&files)?;
            return again_in_a_child("--in-this-process", &files, &fetched, &self.bounds.get());
        }
        leave_with_parent();
        limit_this_process(self.bounds.get().memory_mb, files.iter().copied());
        let mut code = ExitCode::SUCCESS;
        for given in files {
            for path in super::folders::files_of(&[given])? {
                match ingest(&path, &super::name_of(&path)) {
                    Ok(ingested) => super::print(&written(&ingested, self.format)?)?,
                    // Other files lie in a folder too.
                    Err(_unknown) if given.is_dir() && !is_known(&path)? => {
                        super::say(&format!("{} is left out: no tool that is known wrote it.", path.display()));
                    }
                    Err(problem) => code = super::complain(&problem.message),
                }
            }
        }
        Ok(code)
    }
}

fn is_known(path: &Path) -> Result<bool, Problem> {
    Ok(measure::artifacts::recognise(path, &super::name_of(path), &ReadOptions::default())?.is_some())
}

fn written(ingested: &Ingested, format: Format) -> Result<String, Problem> {
    match format {
        Format::Text => Ok(in_words(ingested)),
        Format::Json => match serde_json::to_string(ingested) {
            Ok(json) => Ok(json + "\n"),
            Err(error) => Err(Problem::internal(format!("What was read can't be written as JSON: {error}."))),
        },
    }
}

fn in_words(ingested: &Ingested) -> String {
    let Ingested { file, tool, tool_version, connector, became, statements, left, warnings } = ingested;
    let version = tool_version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let kinds: Vec<String> = became.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let mut text = format!("{file}: {tool}{version} ({connector}): {}\n", kinds.join(", "));
    let marked = [("  ", statements), ("  left: ", left), ("  warning: ", warnings)];
    for (mark, lines) in marked {
        for line in lines {
            // Writing to a String can't fail.
            let _ = writeln!(text, "{mark}{line}");
        }
    }
    text
}
