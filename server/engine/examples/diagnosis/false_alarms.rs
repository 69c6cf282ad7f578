//! A/A: two random draws from one table have nothing between them, so whatever is raised is a false alarm.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::{ColumnRole, Diagnosis, Roles, SnapshotRole, Verdict};
use engine::diagnose::{DiagnoseInput, DiagnoseSettings, diagnose};
use measure::progress::Unwatched;
use measure::summary::Nowhere;
use stats::rng::Rng;

use crate::table::Table;
use crate::{Arguments, Outcome, side_by_side};

const SEEDS: u64 = 200;
/// Rows a side, where the table has twice as many.
const SIZES: [usize; 3] = [200, 1_000, 5_000];

/// A clean table and what people would say about its columns.
struct Clean {
    file: &'static str,
    label: &'static str,
    prediction: Option<&'static str>,
    score: Option<&'static str>,
}

const fn clean(file: &'static str, label: &'static str) -> Clean {
    Clean { file, label, prediction: None, score: None }
}

const TABLES: [Clean; 6] = [
    Clean { prediction: Some("y_pred"), score: Some("y_pred_proba"), ..clean("car_loan_reference.parquet", "repaid") },
    clean("flights_20k.parquet", "arr_delay"),
    clean("penguins_zstd.parquet", "Species"),
    clean("breast_cancer.parquet", "diagnosis"),
    clean("wine.csv", "cultivar"),
    clean("diabetes.csv", "progression"),
];

pub fn run(arguments: &Arguments) -> Outcome {
    arguments.only(&["seeds", "table"])?;
    let seeds = arguments.number("seeds", SEEDS)?;
    let only = arguments.get("table");
    let Some(fixtures) = std::env::var_os("MISMATCH_FIXTURES") else {
        return Err("set MISMATCH_FIXTURES to the folder that holds the clean tables (in datasets/).".into());
    };
    let folder = PathBuf::from(fixtures).join("datasets");
    println!(
        "| table | rows a side | runs | with a mismatch | with a possible | detectors at mismatch | at possible |"
    );
    println!("|---|---|---|---|---|---|---|");
    for clean in TABLES.iter().filter(|clean| only.is_none_or(|only| clean.file.starts_with(only))) {
        let (table, _) = Table::read(&folder.join(clean.file))?;
        let half = table.rows / 2;
        let mut sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size <= half).collect();
        if half < SIZES[1] {
            sizes.push(half);
        }
        for size in sizes {
            let seeds: Vec<u64> = (0..seeds).collect();
            let raised = side_by_side::each(&seeds, |seed| pair(&table, clean, size, *seed));
            let raised = raised.into_iter().collect::<Outcome<Vec<Raised>>>()?;
            print_row(clean.file, size, &raised);
        }
    }
    Ok(())
}

/// What one run raised: each detector with its columns, once for each verdict.
struct Raised {
    mismatch: Vec<(String, String)>,
    possible: Vec<(String, String)>,
}

fn pair(table: &Table, clean: &Clean, size: usize, seed: u64) -> Outcome<Raised> {
    let mut rng = Rng::new(seed);
    let mut order: Vec<usize> = (0..table.rows).collect();
    rng.shuffle(&mut order);
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}."))?;
    let mut inputs = Vec::new();
    for (role, rows) in [(SnapshotRole::Train, &order[..size]), (SnapshotRole::Serve, &order[size..2 * size])] {
        let mut rows = rows.to_vec();
        // In the order of the table, as a log would be.
        rows.sort_unstable();
        let path = folder.path().join(format!("{}.parquet", inputs.len()));
        table.take(&rows).write(&path)?;
        inputs.push(input(role, &path, seed));
    }
    let named = [
        (ColumnRole::Label, Some(clean.label)),
        (ColumnRole::Prediction, clean.prediction),
        (ColumnRole::Score, clean.score),
    ];
    let roles: Roles = named.into_iter().filter_map(|(role, column)| Some((role, column?))).collect();
    let settings = DiagnoseSettings { roles, ..DiagnoseSettings::default() };
    let diagnosis =
        diagnose(&inputs, &settings, &Nowhere, &Unwatched).map_err(|problem| format!("{}: {problem}", clean.file))?;
    Ok(Raised { mismatch: at(&diagnosis, Verdict::Mismatch), possible: at(&diagnosis, Verdict::Possible) })
}

fn input(role: SnapshotRole, path: &Path, seed: u64) -> DiagnoseInput {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    DiagnoseInput::of_file(role, &name, path, &format!("{}{seed}", role.id()))
}

fn at(diagnosis: &Diagnosis, verdict: Verdict) -> Vec<(String, String)> {
    let findings = diagnosis.findings.iter().filter(|finding| finding.verdict == verdict);
    findings.map(|finding| (finding.detector.to_string(), finding.columns.join("+"))).collect()
}

fn print_row(file: &str, size: usize, raised: &[Raised]) {
    let runs_with = |of: fn(&Raised) -> &Vec<(String, String)>| raised.iter().filter(|run| !of(run).is_empty()).count();
    println!(
        "| {file} | {size} | {} | {} | {} | {} | {} |",
        raised.len(),
        runs_with(|run| &run.mismatch),
        runs_with(|run| &run.possible),
        by_detector(raised, |run| &run.mismatch),
        by_detector(raised, |run| &run.possible),
    );
}

/// Each detector with the runs in which it spoke, and its most frequent columns.
fn by_detector(raised: &[Raised], of: fn(&Raised) -> &Vec<(String, String)>) -> String {
    let mut runs: BTreeMap<&str, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    for run in raised {
        let mut seen: Vec<&str> = Vec::new();
        for (detector, columns) in of(run) {
            let (count, on) = runs.entry(detector).or_default();
            *count += usize::from(!seen.contains(&detector.as_str()));
            *on.entry(columns).or_default() += 1;
            seen.push(detector);
        }
    }
    let told = runs.iter().map(|(detector, (count, on))| {
        let mut on: Vec<(&&str, &usize)> = on.iter().collect();
        on.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let most: Vec<String> = on.iter().take(3).map(|(columns, count)| format!("{columns} {count}")).collect();
        format!("{detector} {count} ({})", most.join(", "))
    });
    told.collect::<Vec<_>>().join("; ")
}
