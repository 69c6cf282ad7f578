//! Every metric against the figures of scikit-learn and SciPy, on predictions of models that were really fitted.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use domain::EvaluationRun;
use domain::evaluation::{Classification, Predicted};
use serde_json::Value;

const TOLERANCE: f64 = 1e-9;

type Columns = BTreeMap<String, Vec<String>>;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/evaluation").join(name)
}

/// The rows of one split, by column. The fixtures hold no quotes.
fn read_split(name: &str, split: &str) -> Result<Columns, Box<dyn Error>> {
    let text = std::fs::read_to_string(fixture(&format!("{name}.csv")))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().ok_or("the fixture is empty")?.split(',').collect();
    let mut columns: Columns = header.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
    for line in lines.filter(|line| line.starts_with(&format!("{split},"))) {
        for (name, cell) in header.iter().zip(line.split(',')) {
            columns.get_mut(*name).ok_or("a column is missing")?.push(cell.to_owned());
        }
    }
    Ok(columns)
}

fn numbers(cells: &[String]) -> Result<Vec<f64>, Box<dyn Error>> {
    Ok(cells.iter().map(|cell| cell.parse()).collect::<Result<_, _>>()?)
}

fn measure(expected: &Value, columns: &Columns, split: &str) -> Result<EvaluationRun, Box<dyn Error>> {
    let (truth, predicted) = (&columns["y_true"], &columns["y_pred"]);
    let Some(classes) = expected["classes"].as_array() else {
        return Ok(EvaluationRun::of_regression("fixture", split, &numbers(truth)?, &numbers(predicted)?));
    };
    let classes: Vec<String> =
        classes.iter().map(|class| class.as_str().map_or_else(|| class.to_string(), str::to_owned)).collect();
    let index = |cells: &[String]| -> Vec<u32> {
        cells.iter().filter_map(|cell| classes.iter().position(|class| class == cell)).map(|at| at as u32).collect()
    };
    let positive = match &expected["positive_class"] {
        Value::Null => None,
        Value::String(name) => classes.iter().position(|class| class == name),
        other => {
            let name = other.to_string();
            classes.iter().position(|class| *class == name)
        }
    };
    let score = columns.get("y_proba").map(|cells| numbers(cells)).transpose()?;
    let probabilities: Vec<Vec<f64>> = classes
        .iter()
        .filter_map(|class| columns.get(&format!("proba_{class}")))
        .map(|cells| numbers(cells))
        .collect::<Result<_, _>>()?;
    let (truth, predicted) = (index(truth), index(predicted));
    let rows = Classification {
        classes: &classes,
        truth: &truth,
        predicted: Predicted::Given(&predicted),
        positive,
        score: score.as_deref(),
        probabilities: &probabilities,
    };
    Ok(rows.measure("fixture", split))
}

fn assert_close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= TOLERANCE * expected.abs().max(1.0), "{what}: {found} instead of {expected}");
}

/// Compares every figure of the fixture; returns how many there were.
fn compare(run: &EvaluationRun, expected: &Value, what: &str) -> Result<usize, Box<dyn Error>> {
    let mut compared = 0;
    for (name, figure) in expected.as_object().ok_or("the expected figures are no object")? {
        let metric = |name: &str| run.value(name).ok_or(format!("{what}: {name} was not measured"));
        match (name.as_str(), figure) {
            ("n", count) => assert_eq!(run.n, count.as_u64().ok_or("n is no count")?, "{what}"),
            ("positive_class", _) => continue,
            ("confusion_matrix", matrix) => {
                let found = run.confusion_matrix.as_ref().ok_or("no confusion matrix")?;
                assert_eq!(serde_json::to_value(&found.counts)?, *matrix, "{what}");
            }
            ("best_f1_threshold", best) => {
                let threshold = best["threshold"].as_f64().ok_or("no threshold")?;
                assert_close(run.thresholds["best_f1"], threshold, &format!("{what} best F1 threshold"));
                let table = run.scores.as_ref().ok_or("no score table")?;
                assert_close(table.f1_at(threshold), best["f1"].as_f64().ok_or("no f1")?, &format!("{what} best F1"));
            }
            ("youden_threshold", best) => {
                let threshold = best["threshold"].as_f64().ok_or("no threshold")?;
                assert_close(run.thresholds["youden"], threshold, &format!("{what} Youden threshold"));
                let table = run.scores.as_ref().ok_or("no score table")?;
                assert_close(table.youden_at(threshold), best["j"].as_f64().ok_or("no j")?, &format!("{what} J"));
            }
            ("per_class", classes) => {
                for found in &run.per_class {
                    let class = &classes[&found.class];
                    for (name, value) in
                        [("precision", found.precision.value), ("recall", found.recall.value), ("f1", found.f1.value)]
                    {
                        let expected = class[name].as_f64().ok_or("no per-class figure")?;
                        assert_close(value, expected, &format!("{what} {} {name}", found.class));
                    }
                    assert_eq!(Some(found.support), class["support"].as_u64(), "{what} {}", found.class);
                }
                assert_eq!(run.per_class.len(), classes.as_object().map_or(0, serde_json::Map::len));
            }
            (_, Value::Object(ece)) if ece.contains_key("bins") => {
                assert_close(metric(name)?, ece["ece"].as_f64().ok_or("no ece")?, &format!("{what} {name}"));
                let mce = if name.starts_with("top") { "top_label_mce" } else { "mce" };
                assert_close(metric(mce)?, ece["mce"].as_f64().ok_or("no mce")?, &format!("{what} {mce}"));
                for (found, bin) in run.calibration.iter().zip(ece["bins"].as_array().ok_or("no bins")?) {
                    assert_eq!(Some(found.n), bin["n"].as_u64(), "{what} {name}");
                    assert_close(found.mean_score, bin["mean_score"].as_f64().ok_or("no score")?, name);
                    assert_close(found.rate, bin["rate"].as_f64().ok_or("no rate")?, name);
                }
            }
            (_, Value::Number(figure)) => {
                assert_close(metric(name)?, figure.as_f64().ok_or("no number")?, &format!("{what} {name}"));
            }
            _ => continue,
        }
        compared += 1;
    }
    Ok(compared)
}

fn check(name: &str, at_least: usize) -> Result<(), Box<dyn Error>> {
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(fixture(&format!("{name}.json")))?)?;
    for (split, figures) in expected["by_split"].as_object().ok_or("no splits")? {
        let columns = read_split(name, split)?;
        let run = measure(figures, &columns, split)?;
        let compared = compare(&run, figures, &format!("{name} {split}"))?;
        assert!(compared >= at_least, "{name} {split}: only {compared} figures were compared");
        for (metric, figure) in &run.metrics {
            let (low, high) = (figure.low.unwrap_or(figure.value), figure.high.unwrap_or(figure.value));
            let within = low <= figure.value + TOLERANCE && figure.value <= high + TOLERANCE;
            assert!(within, "{name} {split} {metric}: {} lies outside {low} to {high}", figure.value);
        }
    }
    Ok(())
}

#[test]
fn a_binary_classifier_with_text_labels() -> Result<(), Box<dyn Error>> {
    check("breast_cancer", 30)
}

#[test]
fn a_binary_classifier_with_numeric_labels() -> Result<(), Box<dyn Error>> {
    check("car_loan", 30)
}

#[test]
fn a_classifier_of_three_classes() -> Result<(), Box<dyn Error>> {
    check("penguins", 20)
}

#[test]
fn a_regression() -> Result<(), Box<dyn Error>> {
    check("flights", 13)
}
