//! How missing values are spelled in text files.

/// How sure a spelling is to mean "no value".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Always read as missing: the spellings pandas' `read_csv` reads as missing by default, in any letter case where
    /// that is no common word, and those of SQL exports.
    Sure,
    /// `nan`: missing as well, unless the column shows by its infinities that it was computed.
    NotANumber,
    /// Missing in a column of numbers, booleans or times; in a text column only beside other spellings, since `-`, `?` or
    /// `none` alone may well be a category.
    Likely,
}

const SURE: [&str; 14] = [
    "#n/a", "#n/a n/a", "#na", "<na>", "n/a", "na", "null", "\\n", "-1.#ind", "-1.#qnan", "1.#ind", "1.#qnan", "nat",
    "(null)",
];
const LIKELY: [&str; 17] = [
    "-",
    "--",
    "---",
    "?",
    "??",
    ".",
    "..",
    "none",
    "nil",
    "missing",
    "n.a.",
    "undefined",
    "#null!",
    "#value!",
    "#div/0!",
    "#ref!",
    "#num!",
];
const LONGEST: usize = 9;

/// Whether a cell (already trimmed) spells a missing value.
pub(super) fn missing(cell: &str) -> Option<Missing> {
    if cell.is_empty() {
        return Some(Missing::Sure);
    }
    if cell.len() > LONGEST {
        return None;
    }
    // Most cells are numbers or words: only these first bytes can start a spelling.
    if !matches!(
        cell.as_bytes()[0].to_ascii_lowercase(),
        b'n' | b'#' | b'<' | b'-' | b'\\' | b'1' | b'(' | b'?' | b'.' | b'm' | b'u'
    ) {
        return None;
    }
    if cell == "None" {
        return Some(Missing::Sure);
    }
    let same = |spelling: &&str| cell.eq_ignore_ascii_case(spelling);
    if cell.eq_ignore_ascii_case("nan") || cell.eq_ignore_ascii_case("-nan") {
        Some(Missing::NotANumber)
    } else if SURE.iter().any(&same) {
        Some(Missing::Sure)
    } else if LIKELY.iter().any(same) {
        Some(Missing::Likely)
    } else {
        None
    }
}

/// Whether a value of a column would be read as missing from text.
pub fn is_spelling_of_missing(value: &str) -> bool {
    !value.is_empty() && missing(value) == Some(Missing::Sure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_pandas_are_sure_and_words_are_not() {
        for cell in ["", "NA", "N/A", "NULL", "null", "None", "#N/A", "<NA>"] {
            assert_eq!(missing(cell), Some(Missing::Sure), "{cell}");
        }
        for cell in ["-", "?", "none", "missing", "."] {
            assert_eq!(missing(cell), Some(Missing::Likely), "{cell}");
        }
        assert_eq!(missing("NaN"), Some(Missing::NotANumber));
        for cell in ["0", "-1", "nancy", "name", "mild", "1", "1.5"] {
            assert_eq!(missing(cell), None, "{cell}");
        }
    }
}
