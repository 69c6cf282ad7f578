//! `mismatch undo`: the served rows with what one suspect says undone, and what predictions for them say about the suspect.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::fall::Undone;
use domain::number::{count, counted};
use domain::repair::Repair;
use domain::{Diagnosis, Problem, Suspect};
use engine::diagnose::diagnose;
use engine::repair::write_repaired;
use measure::progress::Unwatched;
use measure::summary::Nowhere;
use service::isolation::{leave_with_parent, limit_this_process};

use super::fetched::SourcesArguments;
use super::given::{Given, inputs};
use super::isolated::{BoundsArguments, again_in_a_child};

/// Writes the served rows with the fault of one suspect undone. Takes the files that `diagnose` takes, finds the suspects again,
/// and brings the columns of one of them back to what training has (or leaves out the rows of an outage). Predict these rows with
/// the model and give the predictions back with --repaired-predictions: the points that they recover confirm the suspect or
/// refute it.
#[derive(Debug, Args)]
pub struct Undo {
    #[command(flatten)]
    given: Given,
    /// The suspect by its number in the report of `diagnose`.
    #[arg(long, value_name = "N", default_value_t = 1)]
    suspect: u32,
    /// Where the repaired rows are written: CSV if the name ends with .csv, else Parquet.
    #[arg(long, value_name = "FILE", required_unless_present = "repaired_predictions")]
    out: Option<PathBuf>,
    #[command(flatten)]
    sources: SourcesArguments,
    #[command(flatten)]
    bounds: BoundsArguments,
    /// Set by the program itself: this is the child, whose end a damaged file may be.
    #[arg(long, hide = true)]
    in_this_process: bool,
}

impl Undo {
    /// # Errors
    /// When an input can't be used, nothing undoes the suspect, or the rows can't be written.
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
        let settings = self.given.settings();
        let mut inputs = inputs(&files)?;
        let _rows = super::brought_rows::add(&mut inputs)?;
        let diagnosis = diagnose(&inputs, &settings, &Nowhere, &Unwatched)?;
        let suspect = suspect(&diagnosis, self.suspect)?;
        super::print(&format!("{}\n", suspect.statement.escape_debug()))?;
        if let Some(out) = &self.out {
            let repair = Repair::of(suspect, &diagnosis.findings)?;
            let written = write_repaired(&inputs, &diagnosis.roles, &repair, out, &Unwatched)?;
            let steps: String = repair.steps().iter().map(|step| format!("  {}\n", step.escape_debug())).collect();
            super::print(&format!(
                "{steps}{} written to {}: {} changed, {} left out.\n",
                counted(written.rows, "row"),
                super::one_line(&out.display().to_string()),
                count(written.changed),
                count(written.left_out)
            ))?;
        }
        if self.given.has_repaired_predictions() {
            super::print(&format!("{}\n", undone(suspect, &diagnosis)?.sentence()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn suspect(diagnosis: &Diagnosis, rank: u32) -> Result<&Suspect, Problem> {
    diagnosis.suspects.iter().find(|suspect| suspect.rank == rank).ok_or_else(|| {
        Problem::bad_input(match diagnosis.suspects.len() as u64 {
            0 => "There are no suspects, so there is nothing to undo.".to_owned(),
            all => format!(
                "There is no suspect {rank}; there are {}. `mismatch diagnose` lists them.",
                counted(all, "suspect")
            ),
        })
    })
}

/// What the answers to the repaired rows recover.
fn undone(suspect: &Suspect, diagnosis: &Diagnosis) -> Result<Undone, Problem> {
    let known = diagnosis.fall.as_ref().and_then(|fall| fall.undone.as_ref());
    known.map(|undone| Undone::of_suspect(suspect, undone.recovered)).ok_or_else(|| {
        Problem::bad_input(
            "The repaired predictions can't be compared with what was served: they need the id of the served rows (name it with \
             --id) and a column of predictions or scores with the same name as there, and the served rows need labels.",
        )
    })
}
