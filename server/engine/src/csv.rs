//! Rows of CSV. Spreadsheets run cells that begin like a formula, and names and values come from strangers, so such cells
//! are made plain text with a leading apostrophe (OWASP, "CSV Injection").

/// Adds a row of cells that are already written.
pub fn push_row(out: &mut String, cells: impl Iterator<Item = String>) {
    out.push_str(&cells.collect::<Vec<_>>().join(","));
    out.push_str("\r\n");
}

/// A cell of text, quoted where it needs it (RFC 4180).
pub fn text(words: &str) -> String {
    let guarded =
        if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{words}") } else { words.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

/// A number stays one, with its minus; whatever else begins like a formula is made text.
pub fn value(cell: &str) -> String {
    if cell.parse::<f64>().is_ok() { cell.to_owned() } else { text(cell) }
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
