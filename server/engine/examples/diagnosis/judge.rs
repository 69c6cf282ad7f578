//! Tables of what the diagnosis names in a corpus: by cause, by strength, and beside what other tools flag.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::{Cause, Verdict};
use serde::Deserialize;

use crate::corpus::{self, Case};
use crate::outcome::{Outcome as Judged, outcome};
use crate::{Arguments, Outcome, side_by_side};

pub fn run(arguments: &Arguments) -> Outcome {
    arguments.only(&[])?;
    match arguments.others.first() {
        Some(folder) => {
            let cases = corpus::below(Path::new(folder));
            let judged = judged(&cases);
            by_cause(&judged);
            by_strength(&judged);
            wrong(&judged);
            beside_others(Path::new(folder), &judged)
        }
        None => {
            let mut cases = corpus::small();
            cases.extend(corpus::large().unwrap_or_default());
            let judged = judged(&cases);
            by_cause(&judged);
            wrong(&judged);
            Ok(())
        }
    }
}

fn judged(cases: &[Case]) -> Vec<Judged<'_>> {
    side_by_side::each(cases, outcome)
}

/// The faulty cases by their first right cause, in the order of the map.
fn groups<'a, 'b>(judged: &'b [Judged<'a>]) -> BTreeMap<Cause, Vec<&'b Judged<'a>>> {
    let mut groups: BTreeMap<Cause, Vec<&Judged>> = BTreeMap::new();
    for one in judged {
        if let Some(cause) = one.case.causes.first() {
            groups.entry(*cause).or_default().push(one);
        }
    }
    groups
}

fn by_cause(judged: &[Judged]) {
    println!("\n| fault | cases | cause named first | and its columns | median ms |\n|---|---|---|---|---|");
    let groups = groups(judged);
    for (cause, cases) in &groups {
        println!("{}", cause_row(cause.id(), cases));
    }
    let faulty: Vec<&Judged> = groups.values().flatten().copied().collect();
    println!("{}", cause_row("all faults", &faulty));
    let clean: Vec<&Judged> = judged.iter().filter(|one| one.case.causes.is_empty()).collect();
    let with = |verdict: Verdict| {
        clean.iter().filter(|one| one.diagnosis.findings.iter().any(|finding| finding.verdict >= verdict)).count()
    };
    println!(
        "\nclean: {} cases, {} with a mismatch, {} with a mismatch or a possible",
        clean.len(),
        with(Verdict::Mismatch),
        with(Verdict::Possible)
    );
    for one in clean.iter().filter(|one| !one.right()) {
        println!("- {}: {}; first suspect {}", one.case.name, one.alarms().join(", "), one.first());
    }
}

fn cause_row(name: &str, cases: &[&Judged]) -> String {
    let cause = cases.iter().filter(|one| names_cause(one)).count();
    let right = cases.iter().filter(|one| one.right()).count();
    let mut times: Vec<f64> = cases.iter().map(|one| one.seconds * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
    format!("| {name} | {} | {cause} | {right} | {median:.0} |", cases.len())
}

fn names_cause(one: &Judged) -> bool {
    one.diagnosis.suspects.first().is_some_and(|suspect| one.case.causes.contains(&suspect.cause))
}

/// The cases of each step of a fault, weakest first.
fn steps<'a, 'b>(cases: &[&'b Judged<'a>]) -> Vec<(f64, Vec<&'b Judged<'a>>)> {
    let mut steps: Vec<(f64, Vec<&Judged>)> = Vec::new();
    for one in cases {
        let Some(step) = &one.case.step else { continue };
        match steps.iter_mut().find(|(magnitude, _)| *magnitude == step.magnitude) {
            Some((_, of_step)) => of_step.push(one),
            None => steps.push((step.magnitude, vec![one])),
        }
    }
    // Noise on a leak and the rarest class are the plainer the smaller they are: the generator's order is kept.
    steps
}

fn by_strength(judged: &[Judged]) {
    println!(
        "\nNamed first on the right columns, by strength:\n\n| fault | strength | steps, weakest first |\n|---|---|---|"
    );
    for (cause, cases) in groups(judged) {
        let Some(step) = cases.iter().find_map(|one| one.case.step.as_ref()) else { continue };
        let cells: Vec<String> = steps(&cases)
            .into_iter()
            .map(|(magnitude, cases)| {
                let right = cases.iter().filter(|one| one.right()).count();
                format!("{magnitude}: {right} of {}", cases.len())
            })
            .collect();
        println!("| {} | {} | {} |", cause.id(), step.measure, cells.join(" · "));
    }
}

/// What was named instead.
fn wrong(judged: &[Judged]) {
    println!("\nNot right:");
    for (cause, cases) in groups(judged) {
        let all = steps(&cases);
        let all = if all.is_empty() { vec![(f64::NAN, cases)] } else { all };
        for (magnitude, cases) in all {
            let mut instead: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for one in cases.iter().filter(|one| !one.right()) {
                let first = match one.diagnosis.suspects.first() {
                    None => "nothing".to_owned(),
                    Some(_) if names_cause(one) => format!("{} on other columns", cause.id()),
                    Some(suspect) => suspect.cause.id().to_owned(),
                };
                instead.entry(first).or_default().push(&one.case.name);
            }
            if instead.is_empty() {
                continue;
            }
            let told: Vec<String> = instead
                .iter()
                .map(|(first, names)| format!("{first} {} ({})", names.len(), names[..names.len().min(3)].join(", ")))
                .collect();
            println!("- {} {magnitude}: {}", cause.id(), told.join("; "));
        }
    }
}

/// What another tool says of one case.
#[derive(Deserialize)]
struct Said {
    flagged: Vec<String>,
    seconds: f64,
}

/// How often a tool flags a column that has the fault, and how many it flags that do not.
fn beside_others(folder: &Path, judged: &[Judged]) -> Outcome {
    let mut tools: Vec<(String, BTreeMap<String, Said>)> = Vec::new();
    for name in ["evidently", "deepchecks", "nannyml"] {
        let path = folder.join(format!("{name}.json"));
        if !path.exists() {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}.", path.display()))?;
        tools.push((
            name.to_owned(),
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}.", path.display()))?,
        ));
    }
    if tools.is_empty() {
        return Ok(());
    }
    let ours = judged.iter().map(|one| (one.case.name.clone(), said(one))).collect();
    tools.insert(0, ("mismatch".to_owned(), ours));
    println!(
        "\nA column with the fault is flagged (share of the cases), and columns flagged without a reason (per case):\n"
    );
    let names: Vec<&str> = tools.iter().map(|(name, _)| name.as_str()).collect();
    println!("| fault | cases | {} |\n|---|---|{}", names.join(" | "), "---|".repeat(tools.len()));
    let mut groups: Vec<(&str, Vec<&Judged>)> =
        groups(judged).into_iter().map(|(cause, cases)| (cause.id(), cases)).collect();
    groups.push(("clean", judged.iter().filter(|one| one.case.causes.is_empty()).collect()));
    for (fault, cases) in groups {
        let told_by_all: Vec<&&Judged> =
            cases.iter().filter(|one| tools.iter().all(|(_, said)| said.contains_key(&one.case.name))).collect();
        let cells: Vec<String> = tools.iter().map(|(_, said)| cell(&told_by_all, said)).collect();
        println!("| {fault} | {} | {} |", told_by_all.len(), cells.join(" | "));
    }
    for (name, said) in &tools {
        let mut seconds: Vec<f64> = said.values().map(|one| one.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        println!("\nmedian time of {name}: {:.3} s", seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN));
    }
    Ok(())
}

/// Every column of a finding at mismatch or possible.
fn said(one: &Judged) -> Said {
    let findings = one.diagnosis.findings.iter().filter(|finding| finding.verdict >= Verdict::Possible);
    let flagged: BTreeSet<String> = findings.flat_map(|finding| finding.columns.iter().cloned()).collect();
    Said { flagged: flagged.into_iter().collect(), seconds: one.seconds }
}

fn cell(cases: &[&&Judged], said: &BTreeMap<String, Said>) -> String {
    let (mut hits, mut strangers) = (0_u32, 0_usize);
    for one in cases {
        let Some(said) = said.get(&one.case.name) else { continue };
        hits += u32::from(said.flagged.iter().any(|column| one.case.columns.contains(column)));
        strangers += said
            .flagged
            .iter()
            .filter(|column| !one.case.columns.contains(column) && !one.case.consequences.contains(column))
            .count();
    }
    let count = cases.len().max(1) as f64;
    let others = strangers as f64 / count;
    match cases.first() {
        Some(one) if one.case.causes.is_empty() => format!("{others:.2} others"),
        _ => format!("{:.0} %, {others:.2} others", 100.0 * f64::from(hits) / count),
    }
}
