//! The whole corpora, where they are at hand: the folder that `MISMATCH_FIXTURES` names.

use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataType};
use serde_json::Value;

use super::*;

/// One of the corpora's folders.
fn corpora(folder: &str) -> PathBuf {
    let root = std::env::var_os("MISMATCH_FIXTURES").expect("MISMATCH_FIXTURES names the folder of the corpora");
    PathBuf::from(root).join(folder)
}

#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn expectations(folder: &Path) -> serde_json::Map<String, Value> {
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn mean(column: &Column) -> Option<f64> {
    column.cast(&DataType::Float64).ok()?.as_materialized_series().mean()
}

#[test]
#[ignore = "needs the corpora that MISMATCH_FIXTURES names"]
fn every_data_set_has_its_rows_columns_nulls_and_means() {
    let folder = corpora("datasets");
    let mut failures = Vec::new();
    for (name, expected) in expectations(&folder) {
        let table = match read_table(&folder.join(&name), &name, &ReadOptions::default(), &Limits::default()) {
            Ok(table) => table,
            Err(problem) => {
                failures.push(problem.message);
                continue;
            }
        };
        let size = (Some(table.rows), Some(table.columns.len() as u64));
        if size != (expected["rows"].as_u64(), expected["cols"].as_u64()) {
            failures.push(format!("{name}: {size:?}"));
        }
        for column in table.frame.columns() {
            let nulls = expected["nulls"].get(column.name().as_str()).and_then(Value::as_u64).unwrap_or_default();
            if column.null_count() as u64 != nulls {
                failures.push(format!("{name}: {} has {} nulls, not {nulls}", column.name(), column.null_count()));
            }
            let Some(expected) = expected["means"].get(column.name().as_str()).and_then(Value::as_f64) else {
                continue;
            };
            let found = mean(column).unwrap_or(f64::NAN);
            if (found - expected).abs() > 1e-9 * expected.abs().max(1e-3) || found.is_nan() {
                failures.push(format!("{name}: the mean of {} is {found}, not {expected}", column.name()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
#[ignore = "needs the corpora that MISMATCH_FIXTURES names"]
fn the_large_difficult_files_load_in_bounded_memory() {
    let folder = corpora("nasty");
    let expected = expectations(&folder);
    let mut failures = Vec::new();
    for (name, expected) in expected.iter().filter(|(_, expected)| expected.get("rows").is_some()) {
        // Small enough that the largest of them goes the way of files that do not fit memory.
        let limits = Limits { max_text_in_memory: 4 << 20, ..Limits::default() };
        match BatchReader::open(&folder.join(name), name, &ReadOptions::default(), &limits, None) {
            Ok(reader) if Some(reader.rows() as u64) == expected["rows"].as_u64() => {
                let wanted = expected.get("cols").and_then(Value::as_u64);
                if wanted.is_some_and(|wanted| wanted != reader.columns().len() as u64) {
                    failures.push(format!("{name}: {} columns", reader.columns().len()));
                }
            }
            Ok(reader) => failures.push(format!("{name}: {} rows, not {}", reader.rows(), expected["rows"])),
            // A type nobody reads here: refused by name.
            Err(problem) if problem.message.contains("type that is not read") => {}
            Err(problem) => failures.push(problem.message),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
