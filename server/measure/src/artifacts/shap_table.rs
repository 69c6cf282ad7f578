//! A table of SHAP values, which looks like any other: only its name tells. Text or columnar, it is read like any table.

use std::path::Path;

use connectors::{Artifact, Connector, is_shap_name, shap_table};
use domain::Problem;
use polars::prelude::{Column, DataType};

use crate::ingest::{BatchReader, Limits, ReadOptions};

/// Rows that are read: a mean over them does not change for more.
const MOST_ROWS: usize = 200_000;

/// The connector of a table that is called so.
pub(super) fn connector_by_name(name: &str) -> Option<&'static Connector> {
    connectors::all().find(|connector| connector.id == "shap" && is_shap_name(name))
}

/// # Errors
/// When it is not a table, or no column of it has SHAP values.
pub(super) fn read(path: &Path, name: &str) -> Result<Artifact, Problem> {
    let reader = BatchReader::open(path, name, &ReadOptions::default(), &Limits::default(), None)?;
    let all: Vec<usize> = (0..reader.columns().len()).collect();
    let frame = reader.read(&all, 0..reader.rows().min(MOST_ROWS))?;
    let names: Vec<String> = reader.columns().iter().map(|column| column.name.clone()).collect();
    let columns: Vec<Vec<f64>> = frame.columns().iter().map(numbers).collect();
    shap_table(name, &names, &columns)
}

/// Cells that have no number are NaN.
fn numbers(column: &Column) -> Vec<f64> {
    let nothing = || vec![f64::NAN; column.len()];
    if !column.dtype().is_primitive_numeric() {
        return nothing();
    }
    let Ok(cast) = column.as_materialized_series().cast(&DataType::Float64) else { return nothing() };
    cast.f64()
        .map_or_else(|_wrong_type| nothing(), |values| values.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::super::{read as read_artifact, recognise};
    use super::*;

    #[test]
    fn a_table_is_one_of_shap_values_by_its_name_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("any");
        let rows = "id,age,income\n10,0.5,-2.5\n11,-1.5,0.25\n12,1.0,0.25\n";
        std::fs::write(&path, rows).unwrap();
        let options = ReadOptions::default();
        assert!(recognise(&path, "serve.csv", &options).unwrap().is_none());
        assert!(read_artifact(&path, "serve.csv", &options).unwrap().is_none());
        assert_eq!(recognise(&path, "shap_values_serve.csv", &options).unwrap().unwrap().id, "shap");
        let artifact = read_artifact(&path, "shap_values_serve.csv", &options).unwrap().unwrap();
        let importance = &artifact.brought.facts.importances[0];
        assert_eq!(importance.by_feature, [("age".to_owned(), 1.0), ("income".to_owned(), 1.0)]);
        // What is called so and is not a table says what to do.
        std::fs::write(&path, b"\x00\x01\x02\x03").unwrap();
        assert!(read_artifact(&path, "shap.bin", &options).is_err());
    }
}
