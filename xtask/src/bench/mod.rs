//! `cargo xtask bench`: seeded data, the same files for every program, ratios and peak memory from one run.

mod diagnosis;
mod labels;
mod measure;
mod npy;
mod onset;
mod peers;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;
use serde::de::DeserializeOwned;

use crate::Outcome;
use crate::build::{self, Profile};
use crate::process::{PRODUCT, announce, cargo, root, run, target};

pub use diagnosis::generate;
use measure::{Cost, cost_of};

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Subject {
    /// Time and memory of `diagnose`, beside polars' bare read and other tools.
    Speed,
    /// Causes and columns named on known faults, by their strength, beside other tools (tables in MISMATCH_FIXTURES).
    Diagnosis,
    /// Faults made from two dozen tables that packages ship, judged table by table, and the likelihood of suspects.
    Workshop,
    /// What is raised on random halves of clean tables (in MISMATCH_FIXTURES), where there is nothing to find.
    FalseAlarms,
    /// What a fall is made of, on seeded mixtures over large tables that packages ship (and over those in
    /// MISMATCH_FALL_TABLES), next to DISDE.
    Fall,
    /// Changes that people marked in public series (the Turing change point data set in MISMATCH_TCPD), next to the published
    /// scores of other methods' defaults.
    Onset,
    /// A year of days for 200 models: what the weekly page names, and how long it takes.
    Year,
    /// Label errors of public test sets that people checked (cleanlab/label-errors in MISMATCH_LABEL_ERRORS), next to
    /// confident learning as published.
    Labels,
}

/// The pair of the design: a million rows, 40 numeric and 10 text columns beside id, time and label.
const TALL: (u64, u64, u64) = (1_000_000, 40, 10);
/// Cost by width: 2,000 columns against 50, with the same rows.
const NARROW: (u64, u64, u64) = (20_000, 40, 10);
const WIDE: (u64, u64, u64) = (20_000, 1_600, 400);

pub fn run_subject(subject: Subject) -> Outcome {
    match subject {
        Subject::Speed => speed(),
        Subject::Diagnosis => diagnosis::known_faults(),
        Subject::Workshop => diagnosis::workshop(),
        Subject::FalseAlarms => diagnosis::false_alarms(),
        Subject::Fall => diagnosis::fall(),
        Subject::Onset => onset::changes_that_people_marked(),
        Subject::Year => year(),
        Subject::Labels => labels::checked_by_people(),
    }
}

fn speed() -> Outcome {
    let mismatch = build::server(Profile::Release)?;
    run(cargo().args(["build", "--release"]).args(PRODUCT).args([
        "--example",
        "synthesize",
        "--example",
        "bare_read",
    ]))?;
    let tall = synthesized("tall", TALL, None)?;
    let narrow = synthesized("narrow", NARROW, None)?;
    let wide = synthesized("wide", WIDE, None)?;
    let steady = synthesized("steady", TALL, Some("steady"))?;
    let fallen = synthesized("fallen", TALL, Some("fallen"))?;

    announce("Timing on 1,000,000 x 53 (the other tools take several minutes)");
    let read = best_of_three(|| bare_read(&tall))?;
    let ours = best_of_three(|| diagnose(&mismatch, &tall))?;
    let mut rows =
        vec![("polars, reading both files".to_owned(), Ok(read)), ("mismatch diagnose".to_owned(), Ok(ours))];
    for peer in peers::ALL {
        rows.push((peer.name.to_owned(), peer.run(&tall)));
    }
    println!("\n| on 1,000,000 x 53, twice | seconds | peak memory, MB | time against mismatch |\n|---|---|---|---|");
    for (name, cost) in &rows {
        match cost {
            Ok(cost) => println!(
                "| {name} | {:.2} | {:.0} | {:.2} x |",
                cost.seconds,
                cost.peak_megabytes,
                cost.seconds / ours.seconds
            ),
            Err(reason) => println!("| {name} | not measured: {reason} | | |"),
        }
    }
    println!("\ndiagnose takes {:.2} x the time of polars' bare read (to hold: 4)", ours.seconds / read.seconds);

    let narrow = best_of_three(|| diagnose(&mismatch, &narrow))?;
    let wide = best_of_three(|| diagnose(&mismatch, &wide))?;
    println!("2,000 columns take {:.1} x the time of 50 (to hold: 45)", wide.seconds / narrow.seconds);
    let steady = best_of_three(|| diagnose(&mismatch, &steady))?;
    let fallen = best_of_three(|| diagnose(&mismatch, &fallen))?;
    println!(
        "with labels and predictions diagnose takes {:.2} s, and where the accuracy fell and is split {:.2} s: {:.2} x (to hold: 1.5)",
        steady.seconds,
        fallen.seconds,
        fallen.seconds / steady.seconds
    );
    Ok(())
}

fn year() -> Outcome {
    announce("A year of days for 200 models (a few minutes)");
    run(cargo().arg("test").args(PRODUCT).args(["--test", "a_year", "--", "--ignored", "--nocapture"]))
}

fn folder() -> PathBuf {
    root().join("xtask/bench")
}

fn read_json<T: DeserializeOwned>(file: &Path) -> Outcome<T> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{} can't be read: {error}.", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is not as expected: {error}.", file.display()))
}

fn synthesized(name: &str, (rows, numeric, text): (u64, u64, u64), answers: Option<&str>) -> Outcome<PathBuf> {
    let to = folder().join("data").join(name);
    if !to.join("serve.parquet").exists() {
        announce(&format!("Writing seeded data: {rows} x {}", numeric + text + 3));
        let example = target().join("release/examples/synthesize");
        let shape = [rows, numeric, text].map(|number| number.to_string());
        run(Command::new(example).arg(&to).args(shape).args(answers))?;
    }
    Ok(to)
}

fn pair(folder: &Path) -> [PathBuf; 2] {
    [folder.join("train.parquet"), folder.join("serve.parquet")]
}

fn bare_read(data: &Path) -> Outcome<Cost> {
    cost_of(Command::new(target().join("release/examples/bare_read")).args(pair(data)))
}

fn diagnose(mismatch: &Path, data: &Path) -> Outcome<Cost> {
    let [train, serve] = pair(data);
    let mut command = Command::new(mismatch);
    command.arg("diagnose").arg("--train").arg(train).arg("--serve").arg(serve);
    command.args([
        "--label",
        "label",
        "--id",
        "row_id",
        "--time",
        "event_time",
        "--format",
        "json",
        "--fail-on",
        "never",
    ]);
    cost_of(&mut command)
}

fn best_of_three(mut measure: impl FnMut() -> Outcome<Cost>) -> Outcome<Cost> {
    let costs = [measure()?, measure()?, measure()?];
    Ok(costs.into_iter().fold(costs[0], |best, cost| if cost.seconds < best.seconds { cost } else { best }))
}
