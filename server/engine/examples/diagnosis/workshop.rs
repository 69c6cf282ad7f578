//! The workshop: corpora from many tables, judged table by table, and what they teach about the likelihood of suspects.
//! Whatever is learnt is judged on tables that were left out of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use checks::suspects::{EVIDENCE, evidence, likelihood_of};
use domain::{Suspect, Verdict};
use serde::Deserialize;
use stats::logistic::{fit, probability};

use crate::corpus::{self, Case};
use crate::outcome::{Outcome as Judged, outcome};
use crate::{Arguments, Outcome, generate, side_by_side};

/// The penalty of the fit: with a few thousand suspects it hardly matters.
const RIDGE: f64 = 1.0;
/// Bins of the reliability diagram.
const BINS: usize = 10;

/// A clean table of the folder, as `tables.json` lists it.
#[derive(Deserialize)]
pub struct Listed {
    pub name: String,
    task: String,
    kind: String,
    pub rows: u64,
    pub roles: BTreeMap<String, String>,
}

/// What became of one case, without the diagnosis.
struct Told {
    table: String,
    /// What was said, a line of the file that `--cases` names.
    line: String,
    cause: Option<&'static str>,
    /// The strength of the fault, and whether it reaches the limit of its check.
    step: Option<f64>,
    reaches_limit: bool,
    /// Two faults at once.
    is_pair: bool,
    right: bool,
    first: String,
    alarms: Vec<String>,
    /// What speaks for each suspect that is of a change, and whether it is a cause.
    suspects: Vec<([f64; EVIDENCE], bool)>,
}

pub fn run(arguments: &Arguments) -> Outcome {
    arguments.only(&["tables", "out", "draws", "pairs", "clean", "seed", "cases"])?;
    let tables = PathBuf::from(arguments.needed("tables")?);
    let out = PathBuf::from(arguments.needed("out")?);
    let listed: Vec<Listed> = read(&tables.join("tables.json"))?;
    if !out.exists() {
        for table in &listed {
            generate::run(&Arguments::of(&made_from(table, &tables, &out, arguments)))?;
        }
    }
    let cases = corpus::below(&out);
    let told = side_by_side::each(&cases, told);
    by_table(&listed, &told);
    by_cause(&told);
    wrong(&told);
    write_evidence(&out, &told)?;
    if let Some(path) = arguments.get("cases") {
        let lines: Vec<&str> = told.iter().map(|one| one.line.as_str()).collect();
        write(Path::new(path), &lines)?;
    }
    reliability(&told)
}

/// What speaks for each suspect and whether it is a cause, one row each, beside the corpora.
fn write_evidence(out: &Path, told: &[Told]) -> Outcome {
    let rows = told.iter().flat_map(|one| one.suspects.iter().map(|suspect| (&one.table, suspect)));
    let lines: Vec<String> = rows
        .map(|(table, (evidence, is_cause))| {
            let evidence: Vec<String> = evidence.iter().map(f64::to_string).collect();
            format!("{table},{},{}", u8::from(*is_cause), evidence.join(","))
        })
        .collect();
    write(&out.join("evidence.csv"), &lines)
}

fn write<L: std::borrow::Borrow<str>>(path: &Path, lines: &[L]) -> Outcome {
    std::fs::write(path, lines.join("\n")).map_err(|error| format!("{} can't be written: {error}.", path.display()))
}

/// One case as a line of JSON: what was put in, the first suspects, and every finding of a change.
fn line(case: &Case, judged: &Judged) -> String {
    let suspects = judged.diagnosis.suspects.iter().filter(|suspect| !suspect.standing).take(3);
    let findings = judged.diagnosis.findings.iter().filter(|finding| !finding.standing);
    let step = case.step.as_ref();
    serde_json::json!({
        "case": case.name,
        "cause": case.causes.first().map(|cause| cause.id()),
        "columns": case.columns,
        "step": step.map(|step| step.magnitude),
        "measure": step.map(|step| step.measure.as_str()),
        "reaches_limit": step.is_none_or(|step| step.reaches_limit),
        "pair": !case.second.is_empty(),
        "right": judged.right(),
        "seconds": judged.seconds,
        "suspects": suspects.map(|one| serde_json::json!([one.cause.id(), one.columns])).collect::<Vec<_>>(),
        "findings": findings
            .filter(|one| one.verdict >= Verdict::Possible)
            .map(|one| serde_json::json!([
                one.detector.to_string(), one.columns, one.verdict == Verdict::Mismatch, one.cause.map(|cause| cause.id()),
                one.effect.name, one.effect.value, one.effect.threshold, one.certainty.value,
            ]))
            .collect::<Vec<_>>(),
    })
    .to_string()
}

fn made_from(table: &Listed, tables: &Path, out: &Path, arguments: &Arguments) -> Vec<(String, String)> {
    let mut words = vec![
        ("from".to_owned(), tables.join(format!("{}.parquet", table.name)).display().to_string()),
        ("out".to_owned(), out.display().to_string()),
        // No name may decide.
        ("names".to_owned(), "shuffled".to_owned()),
    ];
    for (name, usual) in [("draws", "1"), ("pairs", "10"), ("clean", "5"), ("seed", "1")] {
        words.push((name.to_owned(), arguments.get(name).unwrap_or(usual).to_owned()));
    }
    words.extend(table.roles.iter().map(|(role, column)| (role.clone(), column.clone())));
    words
}

fn told(case: &Case) -> Told {
    let judged = outcome(case);
    let diagnosis = &judged.diagnosis;
    let evidence = evidence(&diagnosis.suspects, &diagnosis.findings);
    let suspects = diagnosis.suspects.iter().zip(evidence).filter(|(suspect, _)| !suspect.standing);
    let suspects = suspects.map(|(suspect, evidence)| (evidence, is_cause(suspect, case)));
    Told {
        table: case.name.split('/').next().unwrap_or_default().to_owned(),
        line: line(case, &judged),
        cause: case.causes.first().map(|cause| cause.id()),
        step: case.step.as_ref().map(|step| step.magnitude),
        reaches_limit: case.step.as_ref().is_none_or(|step| step.reaches_limit),
        is_pair: !case.second.is_empty(),
        right: judged.right(),
        first: judged.first(),
        alarms: judged.alarms(),
        suspects: suspects.collect(),
    }
}

/// Whether the suspect names one of the faults, on one of its columns at least.
fn is_cause(suspect: &Suspect, case: &Case) -> bool {
    case.parts().any(|(causes, columns)| {
        let on_columns = columns.is_empty() || suspect.columns.iter().any(|column| columns.contains(column));
        causes.contains(&suspect.cause) && on_columns
    })
}

fn share(of: &[&Told]) -> String {
    let right = of.iter().filter(|one| one.right).count();
    if of.is_empty() {
        "none".into()
    } else {
        format!("{right} of {} ({:.0} %)", of.len(), 100.0 * right as f64 / of.len() as f64)
    }
}

fn by_table(listed: &[Listed], told: &[Told]) {
    println!(
        "\n| table | task | kind | faults named first, from the limit on | every step | two at once, both among the first two | clean without a mismatch |"
    );
    println!("|---|---|---|---|---|---|---|");
    let row = |name: &str, task: &str, kind: &str, cases: &[&Told]| {
        let part =
            |keep: &dyn Fn(&Told) -> bool| share(&cases.iter().copied().filter(|one| keep(one)).collect::<Vec<_>>());
        println!(
            "| {name} | {task} | {kind} | {} | {} | {} | {} |",
            part(&|one| one.cause.is_some() && !one.is_pair && one.reaches_limit),
            part(&|one| one.cause.is_some() && !one.is_pair),
            part(&|one| one.is_pair),
            part(&|one| one.cause.is_none()),
        );
    };
    for table in listed {
        let cases: Vec<&Told> = told.iter().filter(|one| one.table == table.name).collect();
        row(&table.name, &table.task, &table.kind, &cases);
    }
    row("all", "", "", &told.iter().collect::<Vec<_>>());
}

fn by_cause(told: &[Told]) {
    println!(
        "\n| fault | named first, from the limit on | worst table | every step, by strength, in the generator's order |\n|---|---|---|---|"
    );
    let mut causes: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    for one in told.iter().filter(|one| !one.is_pair) {
        causes.entry(one.cause.unwrap_or("clean")).or_default().push(one);
    }
    for (cause, cases) in causes {
        let mut tables: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
        let enough: Vec<&Told> = cases.iter().copied().filter(|one| one.reaches_limit).collect();
        for one in &enough {
            tables.entry(&one.table).or_default().push(one);
        }
        let rate = |of: &[&Told]| of.iter().filter(|one| one.right).count() as f64 / of.len().max(1) as f64;
        let worst = tables.iter().min_by(|a, b| rate(a.1).total_cmp(&rate(b.1)));
        let worst = worst.map_or(String::new(), |(table, of)| format!("{table} {}", share(of)));
        println!("| {cause} | {} | {worst} | {} |", share(&enough), by_step(&cases));
    }
}

/// How many of each step of a fault are right.
fn by_step(cases: &[&Told]) -> String {
    let mut steps: Vec<(f64, Vec<&Told>)> = Vec::new();
    for one in cases {
        let Some(step) = one.step else { continue };
        match steps.iter_mut().find(|(known, _)| *known == step) {
            Some((_, of_step)) => of_step.push(one),
            None => steps.push((step, vec![one])),
        }
    }
    let told = steps.iter().map(|(step, of_step)| {
        let right = of_step.iter().filter(|one| one.right).count();
        format!("{step}: {right} of {}", of_step.len())
    });
    told.collect::<Vec<String>>().join(" · ")
}

/// What was named instead, most frequent first.
fn wrong(told: &[Told]) {
    let mut instead: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for one in told.iter().filter(|one| !one.right && !one.is_pair) {
        let said = match one.cause {
            Some(_) => one.first.split(' ').next().unwrap_or_default().to_owned(),
            None => one.alarms.join(", "),
        };
        instead.entry((one.cause.unwrap_or("clean"), said)).or_default().push(&one.table);
    }
    let mut instead: Vec<_> = instead.into_iter().collect();
    instead.sort_by_key(|(_, tables)| std::cmp::Reverse(tables.len()));
    println!("\nNot right:");
    for ((cause, said), tables) in instead.iter().take(60) {
        println!("- {cause}: {said} {} ({})", tables.len(), tables[..tables.len().min(6)].join(", "));
    }
}

/// Suspects by promised likelihood: how many, the sum of what was promised, and how many were causes.
#[derive(Default)]
struct Bins([(u32, f64, u32); BINS]);

impl Bins {
    fn add(&mut self, promised: f64, is_cause: bool) {
        let bin = &mut self.0[((promised * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1, bin.1 + promised, bin.2 + u32::from(is_cause));
    }

    fn print(&self, of: &str) {
        println!("\nReliability {of}:\n\n| promised | suspects | mean promised | causes |\n|---|---|---|---|");
        for (place, (count, promised, causes)) in self.0.iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
            let share = |part: f64| 100.0 * part / f64::from(*count);
            let (mean, causes) = (share(*promised), share(f64::from(*causes)));
            println!("| {place}0 to {}0 % | {count} | {mean:.1} % | {causes:.1} % |", place + 1);
        }
    }
}

/// Fits without each table in turn, and holds what it promises for that table's suspects against what they are.
fn reliability(told: &[Told]) -> Outcome {
    let tables: std::collections::BTreeSet<&str> = told.iter().map(|one| one.table.as_str()).collect();
    let suspects = |keep: &dyn Fn(&Told) -> bool| -> (Vec<Vec<f64>>, Vec<bool>) {
        let of = told.iter().filter(|one| keep(one)).flat_map(|one| &one.suspects);
        of.map(|(evidence, is_cause)| (evidence.to_vec(), *is_cause)).unzip()
    };
    let failed = || "the likelihood of suspects can't be fitted: there are too few of them.".to_owned();
    let mut left_out = Bins::default();
    for table in &tables {
        let (rows, truth) = suspects(&|one| one.table != *table);
        let weights = fit(&rows, &truth, RIDGE).ok_or_else(failed)?;
        let (rows, truth) = suspects(&|one| one.table == *table);
        for (row, is_cause) in rows.iter().zip(truth) {
            left_out.add(probability(&weights, row), is_cause);
        }
    }
    left_out.print("on tables left out of a fit to the others");
    let mut shown = Bins::default();
    for (evidence, is_cause) in told.iter().flat_map(|one| &one.suspects) {
        shown.add(likelihood_of(evidence), *is_cause);
    }
    shown.print("of the likelihoods that are shown (RELIABILITY in app/checks/src/suspects/likelihood.rs, from held-out tables)");
    let (rows, truth) = suspects(&|_| true);
    let weights = fit(&rows, &truth, RIDGE).ok_or_else(failed)?;
    let written: Vec<String> = weights.iter().map(|weight| format!("{weight:.4}")).collect();
    println!("\nWeights from all tables (app/checks/src/suspects/likelihood.rs): [{}]", written.join(", "));
    Ok(())
}

pub fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Outcome<T> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{} can't be read: {error}.", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is not a list of tables: {error}.", path.display()))
}
