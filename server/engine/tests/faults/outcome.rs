//! What the diagnosis makes of one case.

use std::path::PathBuf;
use std::time::Instant;

use domain::{Diagnosis, Verdict};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, diagnose};
use measure::progress::Unwatched;
use measure::summary::Nowhere;

use super::corpus::Case;

/// What came of one case.
pub struct Outcome<'a> {
    pub case: &'a Case,
    pub diagnosis: Diagnosis,
    pub seconds: f64,
}

/// Runs the diagnosis on a case.
pub fn outcome(case: &Case) -> Outcome<'_> {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("a temporary folder: {error}"));
    let inputs: Vec<DiagnoseInput> = case
        .inputs
        .iter()
        .enumerate()
        .map(|(place, (role, path))| {
            // Under a neutral name: a path may give the fault away.
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            let letter = char::from(b'a' + place as u8);
            let neutral: PathBuf = folder.path().join(format!("{letter}.{extension}"));
            std::fs::copy(path, &neutral).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            DiagnoseInput::of_file(*role, &format!("{letter}.{extension}"), &neutral, &format!("{}{letter}", case.name))
        })
        .collect();
    let settings = DiagnoseSettings { roles: case.roles.clone(), ..DiagnoseSettings::default() };
    let start = Instant::now();
    let diagnosis =
        diagnose(&inputs, &settings, &Nowhere, &Unwatched).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
    Outcome { case, diagnosis, seconds: start.elapsed().as_secs_f64() }
}

impl Outcome<'_> {
    /// A fault is named first, on its columns; a clean case raises nothing.
    pub fn right(&self) -> bool {
        match self.case {
            Case { causes, .. } if causes.is_empty() => self.alarms().is_empty(),
            Case { second, .. } if !second.is_empty() => self.both_first(),
            _ => self.cause_right() && self.columns_right(),
        }
    }

    /// Two faults at once are the first two suspects.
    fn both_first(&self) -> bool {
        let first: Vec<_> = self.diagnosis.suspects.iter().take(2).collect();
        self.case.parts().all(|(causes, columns)| {
            first.iter().any(|suspect| {
                causes.contains(&suspect.cause) && suspect.columns.iter().any(|column| columns.contains(column))
            })
        })
    }

    fn cause_right(&self) -> bool {
        self.diagnosis.suspects.first().is_some_and(|suspect| self.case.causes.contains(&suspect.cause))
    }

    /// The first suspect accuses no wrong column, and at least half of the right ones.
    fn columns_right(&self) -> bool {
        let guilty = |column: &&String| self.case.columns.contains(column);
        self.diagnosis.suspects.first().is_some_and(|suspect| {
            suspect.columns.iter().all(|column| guilty(&column) || self.case.consequences.contains(column))
                && suspect.columns.iter().filter(guilty).count() * 2 >= self.case.columns.len()
        })
    }

    /// The first suspect in words.
    pub fn first(&self) -> String {
        self.diagnosis.suspects.first().map_or_else(
            || "none".to_owned(),
            |suspect| format!("{} {}", suspect.cause.id(), suspect.columns.join("+")),
        )
    }

    /// The detectors and columns of all mismatches.
    pub fn alarms(&self) -> Vec<String> {
        let mismatches = self.diagnosis.findings.iter().filter(|finding| finding.verdict == Verdict::Mismatch);
        mismatches.map(|finding| format!("{} {}", finding.detector, finding.columns.join("+"))).collect()
    }
}
