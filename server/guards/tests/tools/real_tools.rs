//! Exported guards in the tools themselves: each passes on clean data and fails on faulty data.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::trips::{Fault, Trips, guard, trips};
use domain::guard::AlertLimit;
use domain::observation::Breach;
use domain::{Guard, Item};

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What the tool prints of each table, by its name. Who asks for the test means it: a tool that is absent fails it.
fn run(python: &Path, tool: &str, guard: &Path, csvs: &[PathBuf]) -> BTreeMap<String, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_tools.py");
    let output = Command::new(python).arg(script).arg(tool).arg(guard).args(csvs).output().unwrap();
    assert_ne!(output.status.code(), Some(3), "{tool} is not in {}", python.display());
    assert!(output.status.success(), "{tool}: {}", words(&output));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let of_table = |part: &str| {
        let (name, said) = part.split_once('\n').unwrap();
        (name.to_owned(), said.trim_end().to_owned())
    };
    printed.split("== ").skip(1).map(of_table).collect()
}

fn python() -> PathBuf {
    let named = std::env::var_os("MISMATCH_TOOLS_PYTHON").map(PathBuf::from);
    named.expect("MISMATCH_TOOLS_PYTHON names no Python with tests/requirements.txt")
}

fn written(folder: &Path, name: &str, trips: &Trips) -> PathBuf {
    let path = folder.join(format!("{name}.csv"));
    fs::write(&path, trips.csv()).unwrap();
    path
}

/// The guard passes on train, on a clean batch and on a small clean batch. On each faulty one it fails, by rules about the column
/// of the fault and by no others.
#[track_caller]
fn proves(tool: &str) {
    let python = python();
    let folder = tempfile::tempdir().unwrap();
    let train = trips(1, 4_000, None);
    let mut csvs = vec![
        written(folder.path(), "train", &train),
        written(folder.path(), "clean", &trips(2, 2_000, None)),
        written(folder.path(), "small", &trips(3, 120, None)),
    ];
    csvs.extend(Fault::ALL.map(|fault| written(folder.path(), fault.column(), &trips(4, 500, Some(fault)))));
    let format = guards::find(tool).unwrap();
    let file = folder.path().join(format.file_name);
    fs::write(&file, (format.write)(&guard(&train, &trips(5, 1_000, Some(Fault::Unit)))).unwrap()).unwrap();
    let said = run(&python, tool, &file, &csvs);
    assert_eq!(said.len(), csvs.len(), "{said:#?}");
    for clean in ["train", "clean", "small"] {
        assert!(said[clean].ends_with("passes") && !said[clean].contains("broken"), "{tool}: {said:#?}");
    }
    for fault in Fault::ALL {
        let of_fault = &said[fault.column()];
        let named = Fault::ALL.map(|any| of_fault.contains(any.column()));
        assert!(of_fault.ends_with("fails"), "{tool}: {said:#?}");
        assert_eq!(named, Fault::ALL.map(|any| any == fault), "{tool}: {said:#?}");
    }
}

#[test]
#[ignore = "needs Great Expectations in MISMATCH_TOOLS_PYTHON"]
fn great_expectations_rejects_faulty_data_only() {
    proves("great_expectations");
}

#[test]
#[ignore = "needs pandera in MISMATCH_TOOLS_PYTHON"]
fn pandera_rejects_faulty_data_only() {
    proves("pandera");
}

#[test]
#[ignore = "needs dbt with DuckDB in MISMATCH_TOOLS_PYTHON"]
fn dbt_rejects_faulty_data_only() {
    proves("dbt");
}

#[test]
#[ignore = "needs TensorFlow Data Validation in MISMATCH_TOOLS_PYTHON"]
fn tfdv_rejects_faulty_data_only() {
    proves("tfdv");
}

#[test]
#[ignore = "needs datacontract-cli in MISMATCH_TOOLS_PYTHON"]
fn odcs_rejects_faulty_data_only() {
    proves("odcs");
}

/// The answers of promtool's own tests: a latency that rose fires, one as before doesn't; a verdict of 3 fires, of 2 doesn't.
const CASES: &str = r#"rule_files: [guard.yml]
evaluation_interval: 1m
tests:
  - name: faulty
    interval: 1m
    input_series:
      - {series: 'latency_seconds', values: '0.27x30'}
      - {series: 'mismatch_verdict{investigation="it''s \"0198\"",item="D1"}', values: '3x30'}
    alert_rule_test:
      - eval_time: 20m
        alertname: MismatchSignalMoved
        exp_alerts: [{exp_labels: {severity: warning, findings: f1}, exp_annotations: {summary: 'latency_seconds is above 0.18 s: it was 0.09 before it moved and 0.27 after.'}}]
      - eval_time: 20m
        alertname: MismatchFound
        exp_alerts: [{exp_labels: {severity: warning, item: D1, investigation: 'it''s "0198"'}, exp_annotations: {summary: 'D1 Does inference data look like training data? Mismatch says no, for (( .Value )).'}}]
  - name: clean
    interval: 1m
    input_series:
      - {series: 'latency_seconds', values: '0.09x30'}
      - {series: 'mismatch_verdict{investigation="it''s \"0198\"",item="D1"}', values: '2x30'}
    alert_rule_test:
      - {eval_time: 20m, alertname: MismatchSignalMoved, exp_alerts: []}
      - {eval_time: 20m, alertname: MismatchFound, exp_alerts: []}
"#;

fn promtool(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("promtool").current_dir(folder).args(arguments).output().expect("promtool is not installed")
}

#[test]
#[ignore = "needs promtool"]
fn prometheus_fires_on_a_faulty_series_only() {
    let alert = AlertLimit {
        signal: "latency_seconds".into(),
        breach: Breach::Above,
        limit: 0.18,
        unit: Some("s".into()),
        for_ms: 300_000,
        before: 0.09,
        after: 0.27,
        findings: vec!["f1".into()],
    };
    let guard = Guard {
        title: "{{ .Value }}".into(),
        investigation: "it's \"0198\"".into(),
        alerts: vec![alert],
        items: vec![Item::D1],
        ..Guard::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let text = (guards::find("prometheus").unwrap().write)(&guard).unwrap();
    fs::write(folder.path().join("guard.yml"), text).unwrap();
    fs::write(folder.path().join("cases.yml"), CASES).unwrap();
    let checked = promtool(folder.path(), &["check", "rules", "guard.yml"]);
    assert!(checked.status.success() && words(&checked).contains("2 rules found"), "{}", words(&checked));
    let tested = promtool(folder.path(), &["test", "rules", "cases.yml"]);
    assert!(tested.status.success(), "{}", words(&tested));
}
