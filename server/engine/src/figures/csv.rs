//! The figures behind a chart as CSV. Spreadsheets run cells that begin like a formula, and names in these files come
//! from strangers, so such cells are made plain text with a leading apostrophe (OWASP, "CSV Injection").

/// A table with a header. Cells are quoted where they need it (RFC 4180).
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let mut out = String::new();
    push_row(&mut out, head.iter().map(|name| text(name)));
    for row in rows {
        push_row(&mut out, row.into_iter().map(|cell| cell.written()));
    }
    out
}

pub enum Cell {
    /// Our own number, which may well begin with a minus.
    Number(f64),
    Count(u64),
    /// Anything from a file.
    Text(String),
}

impl Cell {
    fn written(self) -> String {
        match self {
            Cell::Number(value) => value.to_string(),
            Cell::Count(count) => count.to_string(),
            Cell::Text(words) => text(&words),
        }
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
    fn a_cell_from_a_file_cannot_become_a_formula() {
        let row = vec![
            Cell::Text("=HYPERLINK(\"x\",1)".into()),
            Cell::Text("@sum".into()),
            Cell::Number(-1.5),
            Cell::Count(3),
        ];
        assert_eq!(table(&["a", "-b"], [row]), "a,'-b\r\n\"'=HYPERLINK(\"\"x\"\",1)\",'@sum,-1.5,3\r\n");
    }

    #[test]
    fn every_start_of_a_formula_is_guarded() {
        for start in ['=', '+', '-', '@', '\t', '\r'] {
            let written = text(&format!("{start}1"));
            assert!(written.trim_start_matches('"').starts_with('\''), "{written:?}");
        }
        assert_eq!(text("plain, text"), "\"plain, text\"");
    }
}
