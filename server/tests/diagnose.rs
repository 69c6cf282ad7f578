//! The command line as a pipeline uses it: real files in, reports and exit codes out.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/fixtures/faults").join(path)
}

fn mismatch(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mismatch")).args(arguments).output().unwrap()
}

/// `diagnose` on a train and a serve fixture of car loans.
fn loans(serve: &str, more: &[&str]) -> Output {
    let (train, serve) = (fixture("01/a.csv"), fixture(serve));
    let mut arguments = vec!["diagnose", "--train", train.to_str().unwrap(), "--serve", serve.to_str().unwrap()];
    arguments.extend(["--label", "repaid", "--prediction", "y_pred", "--score", "y_proba"]);
    arguments.extend(["--id", "row_id", "--time", "event_time", "--group", "customer_id"]);
    arguments.extend(more);
    mismatch(&arguments)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// One line on stderr, exit code 2, nothing on stdout.
fn refused(output: &Output) -> String {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(output.stdout.is_empty());
    said
}

#[test]
fn the_prime_suspect_is_named_and_the_gate_closes() {
    let output = loans("01/b.csv", &[]);
    let report = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(output.stderr.is_empty());
    let prime: Vec<&str> = report.lines().skip_while(|line| *line != "PRIME SUSPECT").take(3).collect();
    assert!(prime.join("\n").contains("car_value"), "{report}");
    assert!(
        report.contains("F2 ≠ mismatch") && report.contains("Needs a train snapshot and a test or validation snapshot"),
        "{report}"
    );
    assert_eq!(loans("01/b.csv", &["--fail-on", "never"]).status.code(), Some(0));
}

#[test]
fn a_symptom_points_at_suspects_of_its_layer_and_one_that_is_on_no_map_is_refused() {
    let symptom = "strange feature values at run time";
    let output = loans("01/b.csv", &["--symptom", symptom, "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let prime = &report["suspects"][0];
    assert_eq!((prime["layer"].as_str(), prime["symptoms"][0].as_str()), (Some("features"), Some(symptom)));
    let said = refused(&loans("01/b.csv", &["--symptom", "the sky is low"]));
    assert!(said.contains("the sky is low") && said.contains(symptom), "{said}");
}

#[test]
fn a_table_against_itself_passes_even_the_strictest_gate() {
    let output = loans("01/a.csv", &["--fail-on", "possible"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn json_keeps_its_contract_and_leaves_charts_out() {
    let output = loans("01/b.csv", &["--format", "json"]);
    let diagnosis: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(diagnosis["version"], 1);
    assert!(diagnosis["tool"].as_str().unwrap().starts_with("mismatch "));
    let serve = &diagnosis["inputs"][1];
    assert_eq!(
        (&serve["role"], &serve["name"], &serve["rows"], &serve["columns"]),
        (&"serve".into(), &"b.csv".into(), &900.into(), &14.into())
    );
    assert_eq!(serve["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(diagnosis["layers"].as_array().unwrap().len(), 7);
    let items: Vec<&str> = diagnosis["layers"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|layer| layer["items"].as_array().unwrap())
        .map(|item| item["code"].as_str().unwrap())
        .collect();
    assert_eq!((items.len(), items[0], items[22]), (23, "D1", "M3"));
    let income = diagnosis["comparisons"].as_array().unwrap().iter().find(|one| one["column"] == "car_value").unwrap();
    assert_eq!(
        (&income["n"]["train"], &income["n"]["serve"], &income["nulls"]["serve"]),
        (&1200.into(), &900.into(), &0.into())
    );
    assert!(income["effects"]["ks_statistic"].as_f64().unwrap() > 0.9);
    assert!(income.get("chart").is_none());
    let suspect = &diagnosis["suspects"][0];
    assert_eq!(
        (&suspect["rank"], &suspect["cause"], &suspect["columns"]),
        (&1.into(), &"unit_scale".into(), &vec!["car_value"].into())
    );
    let named = suspect["findings"][0].as_str().unwrap();
    let finding = diagnosis["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == named).unwrap();
    for part in ["detector", "layer", "item", "verdict", "columns", "statement", "effect", "certainty", "n", "try_next"]
    {
        assert!(finding.get(part).is_some(), "{part}");
    }
}

#[test]
fn every_format_can_be_written_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for (format, begins) in [
        ("text", "mismatch "),
        ("json", "{"),
        ("markdown", "# "),
        ("junit", "<?xml"),
        ("sarif", "{"),
        ("html", "<!doctype html>"),
    ] {
        let path = folder.path().join(format);
        let output = loans("01/b.csv", &["--format", format, "--out", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(std::fs::read_to_string(&path).unwrap().starts_with(begins), "{format}");
    }
}

#[test]
fn what_an_earlier_report_has_closes_no_gate_and_one_run_writes_several_reports() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (json, junit) = (format!("json={}", at("last.json")), format!("junit={}", at("all.xml")));
    assert_eq!(loans("01/b.csv", &["--report", &json, "--report", &junit]).status.code(), Some(1));
    assert!(std::fs::read_to_string(at("all.xml")).unwrap().contains("<failure"));

    let again = loans("01/b.csv", &["--against", &at("last.json")]);
    let report = text(&again.stdout);
    assert_eq!(again.status.code(), Some(0), "{report}");
    assert!(report.contains("Against last.json: no finding is new") && !report.contains("\nFINDINGS\n"), "{report}");

    let clean = format!("json={}", at("clean.json"));
    loans("01/a.csv", &["--report", &clean]);
    let since = loans("01/b.csv", &["--against", &at("clean.json"), "--format", "json"]);
    assert_eq!(since.status.code(), Some(1));
    let diagnosis: Value = serde_json::from_slice(&since.stdout).unwrap();
    assert!(!diagnosis["against"]["new"].as_array().unwrap().is_empty(), "{}", diagnosis["against"]);
    let gone = text(&loans("01/a.csv", &["--against", &at("last.json")]).stdout);
    assert!(gone.contains("\n  gone: "), "{gone}");

    std::fs::write(at("none.json"), "{\"findings\": 3}").unwrap();
    assert!(refused(&loans("01/b.csv", &["--against", &at("none.json")])).contains("is not a report"));
    assert!(refused(&loans("01/b.csv", &["--report", "pdf=x"])).contains("the formats are"));
}

#[test]
fn what_can_not_be_used_is_told_in_one_sentence() {
    assert!(refused(&mismatch(&["diagnose", "--train", "/no/such/file.csv"])).contains("no such file"));
    assert!(refused(&mismatch(&["diagnose"])).contains("give at least one file"));
    assert!(refused(&loans("01/b.csv", &["--threshold", "high"])).contains("high"));
    assert!(refused(&mismatch(&["diagnose", "--trian", "a.csv"])).contains("--trian"));
    let train = fixture("01/a.csv");
    let said = refused(&mismatch(&["diagnose", "--train", train.to_str().unwrap(), "--label", "paid_back"]));
    assert!(said.contains("`paid_back`") && said.contains("repaid"), "{said}");
    assert!(refused(&mismatch(&["diagnose", "--artifact", train.to_str().unwrap()])).contains("not a learning curve"));
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.parquet");
    std::fs::write(&broken, b"PAR1 and then nothing").unwrap();
    assert!(refused(&mismatch(&["diagnose", "--train", broken.to_str().unwrap()])).contains("broken.parquet"));
}

#[test]
fn artifacts_are_recognised_by_what_is_in_them() {
    let artifact = |path: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/fixtures/artifacts").join(path);
        path.to_str().unwrap().to_owned()
    };
    let (training, serving) =
        (artifact("faulty/training-requirements.txt"), artifact("faulty/serving-requirements.txt"));
    let output = mismatch(&["diagnose", "--artifact", &training, "--artifact", &serving]);
    let report = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{report}{}", text(&output.stderr));
    assert!(report.contains("S3 ≠ mismatch") && report.contains("1 observation"), "{report}");
    let clean = [artifact("clean/training-requirements.txt"), artifact("clean/serving-requirements.txt")];
    let output = mismatch(&["diagnose", "--artifact", &clean[0], "--artifact", &clean[1], "--fail-on", "possible"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    // A learning curve is a table that other tools write.
    let folder = tempfile::tempdir().unwrap();
    let curve = folder.path().join("history.csv");
    let rows: String = (1..30).map(|epoch| format!("{epoch},{}\n", 1.0 / f64::from(epoch))).collect();
    std::fs::write(&curve, format!("epoch,loss\n{rows}")).unwrap();
    let output = mismatch(&["diagnose", "--artifact", curve.to_str().unwrap(), "--format", "json"]);
    let diagnosis: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(diagnosis["inputs"][0]["role"], "learningcurve");
    // Neither may pass for a table.
    let said = refused(&mismatch(&["diagnose", "--train", &training]));
    assert!(said.contains("is a file from another tool") && said.contains("pip freeze"), "{said}");
    let said = refused(&mismatch(&["diagnose", "--artifact", &training, "--label", "y"]));
    assert!(said.contains("No input is a table"), "{said}");
}

#[test]
fn any_subset_of_inputs_works() {
    let alone = fixture("01/a.csv");
    for role in ["--train", "--serve", "--validation", "--test", "--offline", "--predictions"] {
        let output = mismatch(&["diagnose", role, alone.to_str().unwrap(), "--format", "json", "--fail-on", "never"]);
        assert_eq!(output.status.code(), Some(0), "{role}: {}", text(&output.stderr));
    }
}

#[test]
fn names_from_the_data_are_never_markup() {
    let folder = tempfile::tempdir().unwrap();
    let table = |scale: u32| {
        let mut csv = "id,\"<img src=x onerror=alert(1)>\"\n".to_owned();
        for row in 0..400 {
            csv.push_str(&format!("{row},{}\n", (row * 7 % 101 + 5) * scale));
        }
        csv
    };
    let (train, serve) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
    std::fs::write(&train, table(1)).unwrap();
    std::fs::write(&serve, table(1000)).unwrap();
    for format in ["markdown", "junit", "html"] {
        let output = mismatch(&[
            "diagnose",
            "--train",
            train.to_str().unwrap(),
            "--serve",
            serve.to_str().unwrap(),
            "--format",
            format,
        ]);
        let report = text(&output.stdout);
        assert!(report.contains("onerror") && !report.contains("<img"), "{report}");
    }
}

#[test]
fn explain_tells_of_every_item_and_lists_what_there_is() {
    let all = text(&mismatch(&["explain"]).stdout);
    assert!(all.contains("F2  Normalised, encoded, scaled identically?") && all.contains("D1.column_drift"), "{all}");
    let drift = text(&mismatch(&["explain", "d1.column_drift"]).stdout);
    assert!(drift.contains("How it decides:") && drift.contains("distribution_shift"), "{drift}");
    let said = refused(&mismatch(&["explain", "Z9"]));
    assert!(said.contains("`Z9`") && said.contains("D1.column_drift"), "{said}");
}

#[test]
fn a_file_that_ends_its_reader_is_told_in_one_sentence() {
    let path = "engine/fixtures/hostile/claims_more_than_it_holds.feather";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    for memory in ["4096", "64"] {
        let said = refused(&mismatch(&["diagnose", "--train", path.to_str().unwrap(), "--memory", memory]));
        let expected = format!("`claims_more_than_it_holds.feather` could not be read within {memory} MB of memory");
        assert!(said.contains(&expected), "{said}");
    }
    let said = refused(&mismatch(&["diagnose", "--train", fixture("01/a.csv").to_str().unwrap(), "--time-limit", "0"]));
    assert!(said.contains("`a.csv` could not be read within 0 seconds"), "{said}");
}
