//! The figures behind a chart as CSV. Spreadsheets run cells that begin like a formula, and names in these files come
//! from strangers, so such cells are made plain text with a leading apostrophe (OWASP, "CSV Injection").

use domain::plot::format;
use domain::plot::scene::{Scene, Value};

/// A chart's table with a header, every row of it. Cells are quoted where they need it (RFC 4180).
pub fn csv(scene: &Scene) -> String {
    let mut out = String::new();
    push_row(&mut out, scene.table.heads.iter().map(|head| text(&head.id)));
    for row in &scene.table.rows {
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

fn push_row(out: &mut String, cells: impl Iterator<Item = String>) {
    out.push_str(&cells.collect::<Vec<_>>().join(","));
    out.push_str("\r\n");
}

fn text(words: &str) -> String {
    let guarded =
        if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{words}") } else { words.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_start_of_a_formula_is_guarded() {
        for start in ['=', '+', '-', '@', '\t', '\r'] {
            let written = text(&format!("{start}1"));
            assert!(written.trim_start_matches('"').starts_with('\''), "{written:?}");
        }
        assert_eq!(text("plain, text"), "\"plain, text\"");
    }
}
