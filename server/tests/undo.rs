//! `mismatch undo` as a person uses it: the served rows repaired, and what predictions for them say.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The fixture in which car_value is 1,000 times smaller in serving.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/fixtures/faults/01").join(name)
}

fn undo(more: &[&str]) -> Output {
    let (train, serve) = (fixture("a.csv"), fixture("b.csv"));
    Command::new(env!("CARGO_BIN_EXE_mismatch"))
        .args(["undo", "--train", train.to_str().unwrap(), "--serve", serve.to_str().unwrap()])
        .args(["--label", "repaid", "--prediction", "y_pred", "--score", "y_proba"])
        .args(["--id", "row_id", "--time", "event_time", "--group", "customer_id"])
        .args(more)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The cells of one column of a plain CSV.
fn column(text: &str, name: &str) -> Vec<String> {
    let mut lines = text.lines();
    let place = lines.next().unwrap().split(',').position(|column| column == name).unwrap();
    lines.map(|line| line.split(',').nth(place).unwrap().to_owned()).collect()
}

fn median(values: &[String]) -> f64 {
    let mut values: Vec<f64> = values.iter().filter_map(|value| value.parse().ok()).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[test]
fn the_served_rows_are_written_as_they_should_be() {
    let folder = tempfile::tempdir().unwrap();
    let (csv, parquet) = (folder.path().join("repaired.csv"), folder.path().join("repaired.parquet"));
    let output = undo(&["--suspect", "1", "--out", csv.to_str().unwrap()]);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("car_value is ") && told.contains("900 rows written"), "{told}");
    let [trained, served] = ["a.csv", "b.csv"].map(|name| std::fs::read_to_string(fixture(name)).unwrap());
    let repaired = std::fs::read_to_string(&csv).unwrap();
    assert_eq!(column(&repaired, "row_id"), column(&served, "row_id"));
    let value = |text: &str| median(&column(text, "car_value"));
    assert!((value(&repaired) / value(&trained) - 1.0).abs() < 0.2 && value(&served) < 0.01 * value(&trained));
    // The other format holds the same rows: what it is repaired from is no suspect any more.
    let output = undo(&["--out", parquet.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let again = Command::new(env!("CARGO_BIN_EXE_mismatch"))
        .args(["diagnose", "--train", fixture("a.csv").to_str().unwrap(), "--serve", parquet.to_str().unwrap()])
        .args(["--label", "repaid", "--id", "row_id", "--fail-on", "never"])
        .output()
        .unwrap();
    assert!(!said(&again).contains("car_value is 1,000 times smaller"), "{}", said(&again));
}

#[test]
fn predictions_for_the_repaired_rows_confirm_the_suspect_or_refute_it() {
    let folder = tempfile::tempdir().unwrap();
    let served = std::fs::read_to_string(fixture("b.csv")).unwrap();
    let of = |name: &str, predictions: &[String]| {
        let rows = column(&served, "row_id").into_iter().zip(predictions);
        let rows: String = rows.map(|(id, prediction)| format!("{id},{prediction}\n")).collect();
        let path = folder.path().join(name);
        std::fs::write(&path, format!("row_id,y_pred\n{rows}")).unwrap();
        undo(&["--repaired-predictions", path.to_str().unwrap()])
    };
    let right = of("right.csv", &column(&served, "repaid"));
    assert!(said(&right).contains("Confirmed: ") && right.status.code() == Some(0), "{}", said(&right));
    let as_before = of("same.csv", &column(&served, "y_pred"));
    assert!(said(&as_before).contains("Refuted: 0.0 points"), "{}", said(&as_before));
}

#[test]
fn what_can_not_be_undone_is_told_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("repaired.csv");
    let refused = |more: &[&str]| {
        let output = undo(more);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused(&["--suspect", "99", "--out", out.to_str().unwrap()]).contains("There is no suspect 99"));
    assert!(!out.exists(), "nothing is left behind");
    assert!(refused(&[]).contains("--out"));
    let nowhere = folder.path().join("gone/repaired.csv");
    assert!(refused(&["--out", nowhere.to_str().unwrap()]).contains("can't be written"));
    let other = fixture("a.csv");
    let text = refused(&["--repaired-predictions", other.with_file_name("nowhere.csv").to_str().unwrap()]);
    assert!(text.contains("nowhere.csv"), "{text}");
}
