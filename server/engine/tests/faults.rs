//! Known faults: the cause should be suspect number one, on the right columns, and a clean pair should raise nothing.

#[path = "faults/corpus.rs"]
mod corpus;
#[path = "faults/outcome.rs"]
mod outcome;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use checks::detectors;
use corpus::Case;
use domain::Cause;
use outcome::{Outcome, outcome};
use rayon::prelude::*;

/// Of ten cases that a detector looks at, at least this many have to be named right.
const RIGHT_OF_TEN: usize = 9;

#[test]
fn the_faults_in_the_repository_are_named_and_clean_pairs_raise_nothing() {
    let cases = corpus::small();
    let outcomes = run("the small corpus", &cases);
    let wrong: Vec<&Outcome> = outcomes.iter().filter(|outcome| in_scope(outcome) && !outcome.right()).collect();
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
        outcomes.iter().filter(|outcome| in_scope(outcome)).partition(|outcome| outcome.case.causes.is_empty());
    let alarms: Vec<&Outcome> = clean.into_iter().filter(|outcome| !outcome.right()).collect();
    assert!(alarms.is_empty(), "false alarms:\n{}", table(&alarms));
    let right = faulty.iter().filter(|outcome| outcome.right()).count();
    assert!(right * 10 >= faulty.len() * RIGHT_OF_TEN, "{right} of {} named right", faulty.len());
}

fn run<'a>(title: &str, cases: &'a [Case]) -> Vec<Outcome<'a>> {
    let outcomes: Vec<Outcome> = cases.par_iter().map(outcome).collect();
    let all: Vec<&Outcome> = outcomes.iter().collect();
    // Written past the test harness, which shows nothing of a test that passes.
    let _ = writeln!(std::io::stderr(), "{title}\n{}", table(&all));
    outcomes
}

/// A detector speaks for an expected cause; clean pairs always are in scope.
fn in_scope(outcome: &Outcome) -> bool {
    let looked_for: BTreeSet<Cause> = detectors::all().flat_map(|detector| detector.causes).copied().collect();
    let expected = &outcome.case.causes;
    expected.is_empty() || expected.iter().any(|cause| looked_for.contains(cause))
}

fn table(outcomes: &[&Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let mark = match (in_scope(outcome), outcome.right()) {
            (false, _) => "  -  ",
            (true, true) => "right",
            (true, false) => "WRONG",
        };
        let case = outcome.case;
        let causes: Vec<&str> = case.causes.iter().map(|cause| cause.id()).collect();
        let step =
            case.step.as_ref().map_or_else(String::new, |step| format!(" ({} {})", step.measure, step.magnitude));
        let expected = if causes.is_empty() {
            "clean".to_owned()
        } else {
            format!("{} {}{step}", causes.join("|"), case.columns.join("+"))
        };
        let (first, milliseconds) = (outcome.first(), outcome.seconds * 1000.0);
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "{mark} {milliseconds:>5.0} ms  {:<38} expected {expected}; first suspect {first}",
            case.name
        );
        let alarms = outcome.alarms();
        if causes.is_empty() && !alarms.is_empty() {
            let _ = writeln!(text, "       alarms: {}", alarms.join(", "));
        }
    }
    let considered = outcomes.iter().filter(|outcome| in_scope(outcome));
    let right = considered.clone().filter(|outcome| outcome.right()).count();
    let _ = writeln!(
        text,
        "{right} of {} right; {} looked at by no detector",
        considered.count(),
        outcomes.iter().filter(|outcome| !in_scope(outcome)).count()
    );
    text
}
