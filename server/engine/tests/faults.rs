//! Known faults: the cause should be suspect number one, on the right columns, and a clean pair should raise nothing.

#[path = "faults/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use corpus::Case;
use domain::{Cause, Diagnosis, Verdict, detectors};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, NoCache, diagnose};
use engine::ingest::ReadOptions;
use engine::progress::Unwatched;
use rayon::prelude::*;

/// Of ten cases that a detector looks at, at least this many have to be named right.
const RIGHT_OF_TEN: usize = 9;

#[test]
fn the_faults_in_the_repository_are_named_and_clean_pairs_raise_nothing() {
    let outcomes = run("the small corpus", &corpus::small());
    let wrong: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.in_scope && !outcome.right).collect();
    assert!(wrong.is_empty(), "{}", table(&wrong));
}

#[test]
fn the_corpus_outside_the_repository_is_named_nine_times_of_ten() {
    let Some(cases) = corpus::large() else {
        let _ =
            writeln!(std::io::stderr(), "MISMATCH_FIXTURES is not set: the corpus outside the repository is left out");
        return;
    };
    let outcomes = run("the large corpus", &cases);
    let (clean, faulty): (Vec<&Outcome>, Vec<&Outcome>) =
        outcomes.iter().filter(|outcome| outcome.in_scope).partition(|outcome| outcome.expected.is_empty());
    let alarms: Vec<&Outcome> = clean.into_iter().filter(|outcome| !outcome.right).collect();
    assert!(alarms.is_empty(), "false alarms:\n{}", table(&alarms));
    let right = faulty.iter().filter(|outcome| outcome.right).count();
    assert!(right * 10 >= faulty.len() * RIGHT_OF_TEN, "{right} of {} named right", faulty.len());
}

/// What came of one case.
struct Outcome {
    name: String,
    expected: Vec<Cause>,
    columns: Vec<String>,
    first: String,
    /// A detector speaks for an expected cause; clean pairs always are.
    in_scope: bool,
    right: bool,
    alarms: Vec<String>,
}

fn run(title: &str, cases: &[Case]) -> Vec<Outcome> {
    let outcomes: Vec<Outcome> = cases.par_iter().map(outcome).collect();
    let all: Vec<&Outcome> = outcomes.iter().collect();
    // Written past the test harness, which shows nothing of a test that passes.
    let _ = writeln!(std::io::stderr(), "{title}\n{}", table(&all));
    outcomes
}

fn outcome(case: &Case) -> Outcome {
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
            DiagnoseInput {
                role: *role,
                name: format!("{letter}.{extension}"),
                path: neutral,
                sha256: format!("{}{letter}", case.name),
                options: ReadOptions::default(),
            }
        })
        .collect();
    let settings = DiagnoseSettings { roles: case.roles.clone(), ..DiagnoseSettings::default() };
    let diagnosis =
        diagnose(&inputs, &settings, &NoCache, &Unwatched).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
    judged(case, &diagnosis)
}

fn judged(case: &Case, diagnosis: &Diagnosis) -> Outcome {
    let alarms: Vec<String> = diagnosis
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Mismatch)
        .map(|finding| format!("{} {}", finding.detector, finding.columns.join("+")))
        .collect();
    let looked_for: BTreeSet<Cause> = detectors::all().flat_map(|detector| detector.causes).copied().collect();
    let first = diagnosis.suspects.first();
    let right = match first {
        _ if case.causes.is_empty() => alarms.is_empty(),
        None => false,
        Some(suspect) => case.causes.contains(&suspect.cause) && same_columns(&suspect.columns, &case.columns),
    };
    Outcome {
        name: case.name.clone(),
        expected: case.causes.clone(),
        columns: case.columns.clone(),
        first: first.map_or_else(
            || "none".to_owned(),
            |suspect| format!("{} {}", suspect.cause.id(), suspect.columns.join("+")),
        ),
        in_scope: case.causes.is_empty() || case.causes.iter().any(|cause| looked_for.contains(cause)),
        right,
        alarms,
    }
}

/// No column is accused wrongly, and at least half of the right ones are named.
fn same_columns(accused: &[String], guilty: &[String]) -> bool {
    accused.iter().all(|column| guilty.contains(column)) && accused.len() * 2 >= guilty.len()
}

fn table(outcomes: &[&Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let mark = match (outcome.in_scope, outcome.right) {
            (false, _) => "  -  ",
            (true, true) => "right",
            (true, false) => "WRONG",
        };
        let expected: Vec<&str> = outcome.expected.iter().map(|cause| cause.id()).collect();
        let expected = if expected.is_empty() {
            "clean".to_owned()
        } else {
            format!("{} {}", expected.join("|"), outcome.columns.join("+"))
        };
        // Writing to a String can't fail.
        let _ = writeln!(text, "{mark}  {:<38} expected {expected}; first suspect {}", outcome.name, outcome.first);
        if outcome.expected.is_empty() && !outcome.alarms.is_empty() {
            let _ = writeln!(text, "       alarms: {}", outcome.alarms.join(", "));
        }
    }
    let in_scope = outcomes.iter().filter(|outcome| outcome.in_scope);
    let right = in_scope.clone().filter(|outcome| outcome.right).count();
    let _ = writeln!(
        text,
        "{right} of {} right; {} looked at by no detector",
        in_scope.count(),
        outcomes.iter().filter(|outcome| !outcome.in_scope).count()
    );
    text
}
