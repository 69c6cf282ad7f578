//! Files that MLflow keeps with a model or a run: an example of a request, and a confusion matrix.

use domain::Problem;
use domain::number::count;
use domain::tool_facts::{ReportedMetric, Signature};
use serde_json::Value;

use super::{TOOL, source};
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

pub(crate) static EXAMPLE: Connector = Connector {
    id: "mlflow_example",
    tool: TOOL,
    words: "MLflow serving_input_example.json, or a request of that form",
    proven_on: "3.17.2",
    takes: "the inputs of the model with their types, by the example",
    leaves: "the values of the example",
    recognise: |seen| {
        let is_alone = !seen.json.is_list() && !seen.json.has("response") && !seen.json.has("captureData");
        let split = seen.json.has_all(&["dataframe_split.columns", "dataframe_split.data"]);
        is_alone && (split || seen.json.has("dataframe_records[]"))
    },
    read: read_example,
};

pub(crate) static CONFUSION: Connector = Connector {
    id: "mlflow_confusion_matrix",
    tool: TOOL,
    words: "confusion matrix as a list of lists of counts, JSON",
    proven_on: "3.17.2, by MlflowClient.log_dict; rows true and columns predicted, as scikit-learn has them",
    takes: "accuracy; recall and precision of each class, by its place",
    leaves: "names of the classes, which it does not have",
    recognise: |seen| matrix(seen).is_some(),
    read: read_confusion,
};

fn read_example(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let split = document.get("dataframe_split");
    let first = json::list(&document, &["dataframe_records"]).next();
    let kind = |value: &Value| match value {
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("double"),
        Value::Number(_) => Some("long"),
        Value::String(_) => Some("string"),
        _ => None,
    };
    let named = |name: &str, value: Option<&Value>| (name.to_owned(), value.and_then(kind).map(str::to_owned));
    let inputs: Vec<(String, Option<String>)> = match (split, first) {
        (Some(split), _) => {
            let row: Vec<&Value> =
                json::list(split, &["data"]).next().into_iter().flat_map(|row| json::list(row, &[])).collect();
            let columns = json::list(split, &["columns"]).filter_map(Value::as_str).enumerate();
            columns.map(|(place, name)| named(name, row.get(place).copied())).collect()
        }
        (None, Some(row)) => json::entries(row, &[]).map(|(name, value)| named(name, Some(value))).collect(),
        (None, None) => Vec::new(),
    };
    if inputs.is_empty() {
        return Err(given.bad("its example has no columns; log the model with an example again"));
    }
    let mut brought = Brought::default();
    let source = source("dataframe_split");
    brought.facts.signatures.push(Signature { source, model: None, version: None, is_deployed: None, inputs });
    Ok(brought)
}

/// Classes of one matrix at most.
const MOST_CLASSES: usize = 100;

/// A square of counts with most of them where the classes agree, and nothing else in the file.
fn matrix(seen: &Seen<'_>) -> Option<Vec<Vec<u64>>> {
    let text = seen.text.trim();
    let is_short = text.starts_with('[') && text.len() <= crate::HEAD_BYTES;
    let rows: Vec<Vec<u64>> = is_short.then(|| serde_json::from_str(text).ok()).flatten()?;
    let classes = rows.len();
    let is_square = (2..=MOST_CLASSES).contains(&classes) && rows.iter().all(|row| row.len() == classes);
    let agreed: u64 =
        (0..classes).filter_map(|class| rows.get(class)?.get(class)).fold(0, |sum, n| sum.saturating_add(*n));
    let all: u64 = rows.iter().flatten().fold(0, |sum, n| sum.saturating_add(*n));
    // A matrix of costs or of distances has zeros there.
    (is_square && all >= 20 && agreed.saturating_mul(classes as u64) > all).then_some(rows)
}

fn read_confusion(given: &Given<'_>) -> Result<Brought, Problem> {
    let rows =
        matrix(&Seen::of(given.bytes)).ok_or_else(|| given.bad("it is not a square of counts; save it again"))?;
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let all: u64 = rows.iter().flatten().sum();
    let metric = |metric: String, value: Option<f64>| {
        Some(ReportedMetric {
            source: source(""),
            model: None,
            version: None,
            is_deployed: None,
            metric,
            value: value?,
            at_ms: None,
        })
    };
    let agreed = (0..rows.len()).map(|class| rows[class][class]).sum();
    let mut brought = Brought::default();
    brought.facts.metrics.extend(metric("accuracy".to_owned(), share(agreed, all)));
    for class in 0..rows.len() {
        let (of_class, predicted) = (rows[class].iter().sum(), rows.iter().map(|row| row[class]).sum());
        let right = rows[class][class];
        brought.facts.metrics.extend(metric(format!("recall of class {class}"), share(right, of_class)));
        brought.facts.metrics.extend(metric(format!("precision of class {class}"), share(right, predicted)));
    }
    brought.left.push(format!("the counts of {} rows", count(all)));
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_of_costs_or_a_table_is_not_a_confusion_matrix() {
        let is = |text: &str| matrix(&Seen::of(text.as_bytes())).is_some();
        assert!(is("[[1819, 222], [290, 1669]]"));
        assert!(!is("[[0, 50], [10, 0]]") && !is("[[1, 2, 3], [4, 5, 6]]") && !is("[[1.5, 2], [3, 40]]"));
        assert!(!is("[[1, 0], [0, 1]]") && !is("[[-1, 50], [50, 70]]") && !is("[]"));
        assert!(!is("[[18446744073709551615, 18446744073709551615], [1, 1]]"));
    }
}
