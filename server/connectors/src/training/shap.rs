//! SHAP: an Explanation written as JSON, which has no format of its own, so by its fields:
//! <https://shap.readthedocs.io/en/latest/generated/shap.Explanation.html>. Arrays and tables of SHAP values are known by the
//! names of their files.

mod array;
mod npy;
mod table;

use domain::Problem;
use domain::tool_check::Source;
use domain::tool_facts::Importance;
use serde_json::Value;

use crate::environments::stage;
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

pub(super) use array::ARRAY;
pub use table::{is_shap_name, shap_table};

const TOOL: &str = "SHAP";
const METHOD: &str = "mean |SHAP value|";
const VALUES: [&str; 3] = ["values", "shap_values", ".values"];
const NAMES: [&str; 3] = ["feature_names", "features", "columns"];

pub(super) static CONNECTOR: Connector = Connector {
    id: "shap",
    tool: TOOL,
    words: "SHAP explanation, JSON with values, feature names and base values; a table of SHAP values with the word shap in \
            its name",
    proven_on: "0.51",
    takes: "mean |SHAP value| of each feature over the rows and outputs",
    leaves: "the rows, base values, data, interactions",
    recognise,
    read,
};

fn recognise(seen: &Seen<'_>) -> bool {
    let has_values = VALUES.iter().any(|key| seen.json.has(&format!("{key}[]")));
    let has_names = NAMES.iter().any(|key| seen.json.has(&format!("{key}[]")));
    let has_base = ["base_value", "base_values", "expected_value", ".base_values"].iter().any(|key| seen.json.has(key));
    has_values && has_names && (has_base || seen.json.has("shap_values[]"))
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let (key, values) = VALUES
        .iter()
        .find_map(|key| Some((*key, document.get(*key)?.as_array()?)))
        .ok_or_else(|| given.bad("it holds no SHAP values; write them again"))?;
    let names = NAMES.iter().find_map(|key| document.get(*key)?.as_array());
    let names: Vec<String> = names.into_iter().flatten().map(json::words).collect();
    let mut means = vec![Mean::default(); names.len()];
    // One row may stand alone, and a list of outputs may stand around the rows.
    let of_one_row = values.iter().all(|value| !value.is_array());
    let whole = Value::Array(values.clone());
    let rows = if of_one_row { vec![&whole] } else { values.iter().collect() };
    let mut odd = 0_u64;
    for row in rows {
        odd += add(row, &mut means, 0);
    }
    if means.iter().all(|mean| mean.value().is_none()) {
        return Err(given.bad("no row of its SHAP values is as long as its list of features; write them again"));
    }
    let by_feature = names.into_iter().zip(&means).filter_map(|(name, mean)| Some((name, mean.value()?))).collect();
    let stage =
        ["stage", "split", "dataset", "name"].iter().find_map(|key| stage::of_name(json::text(&document, &[key])?));
    let source = Source::of(TOOL, json::text(&document, &["shap_version"]), key);
    let mut brought = Brought::default();
    brought.facts.importances.push(Importance {
        source,
        stage: stage.or_else(|| stage::of_name(given.name)),
        method: METHOD.to_owned(),
        rows: None,
        by_feature,
        by_place: Vec::new(),
        named_by: None,
    });
    if odd > 0 {
        brought.warnings.push(format!(
            "{} of another length than the list of features were left out.",
            domain::number::counted(odd, "row")
        ));
    }
    Ok(brought)
}

/// The mean of absolute values.
#[derive(Clone, Default)]
struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    /// What is not a number is left out.
    fn add(&mut self, value: f64) {
        if value.is_finite() {
            self.sum += value.abs();
            self.count = self.count.saturating_add(1);
        }
    }

    /// Of several outputs each counts.
    fn add_cell(&mut self, cell: &Value) {
        let outputs = cell.as_array().map_or_else(|| vec![cell], |outputs| outputs.iter().collect());
        outputs.into_iter().filter_map(json::finite).for_each(|value| self.add(value));
    }

    fn value(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64).filter(|mean| mean.is_finite())
    }
}

/// Adds one row; an element that is a list of rows is an output with its rows. Returns how many rows fit nowhere.
fn add(row: &Value, means: &mut [Mean], depth: usize) -> u64 {
    let Some(cells) = row.as_array() else { return 1 };
    let is_row = cells.len() == means.len()
        && !means.is_empty()
        && cells
            .iter()
            .all(|cell| !cell.is_array() || cell.as_array().is_some_and(|outputs| outputs.len() != means.len()));
    if is_row {
        cells.iter().zip(means).for_each(|(cell, mean)| mean.add_cell(cell));
        return 0;
    }
    if depth > 0 || !cells.iter().all(Value::is_array) {
        return 1;
    }
    cells.iter().map(|row| add(row, means, depth + 1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn importance(text: &str) -> Vec<(String, f64)> {
        assert!(recognise(&Seen::of(text.as_bytes())));
        let brought = read(&Given::of(text.as_bytes(), "serve.json")).unwrap_or_default();
        brought.facts.importances.into_iter().flat_map(|one| one.by_feature).collect()
    }

    #[test]
    fn rows_outputs_within_cells_and_outputs_around_rows() {
        let expected = vec![("a".to_owned(), 2.0), ("b".to_owned(), 0.5)];
        assert_eq!(
            importance(r#"{"base_value": 0, "feature_names": ["a", "b"], "values": [[1, 0], [-3, 1]]}"#),
            expected
        );
        assert_eq!(
            importance(
                r#"{"base_values": [0], "feature_names": ["a", "b"], "values": [[[1, 1, -1], [0.5, 0.5, 0.5]], [[3, 3, 3], [0.5, -0.5, 0.5]]]}"#
            ),
            expected
        );
        assert_eq!(
            importance(
                r#"{"shap_values": [[[1, 0], [3, 1], [2, 0.5]], [[1, 0], [3, 1], [2, -0.5]]], "feature_names": ["a", "b"]}"#
            ),
            expected
        );
        assert_eq!(importance(r#"{"expected_value": 1, "feature_names": ["a", "b"], "values": [-2, 0.5]}"#), expected);
    }
}
