//! The figures behind a chart as CSV.

use domain::plot::format;
use domain::plot::scene::{Table, Value};

use crate::csv::{push_row, text};

/// The table behind a chart with a header, every row of it. Cells are quoted where they need it (RFC 4180).
pub fn csv(table: &Table) -> String {
    let mut out = String::new();
    push_row(&mut out, table.heads.iter().map(|head| text(&head.id)));
    for row in &table.rows {
        push_row(&mut out, row.iter().map(written));
    }
    out
}

/// Numbers are written in full; our own may well begin with a minus.
fn written(value: &Value) -> String {
    match value {
        Value::Text(words) => text(words),
        Value::Count(count) => count.to_string(),
        Value::Number(value) | Value::Share(value) => value.to_string(),
        Value::Time(ms) => format::time(*ms),
        Value::None => String::new(),
    }
}
