//! What the message of a test says: its first line, what pytest shows of the assertion, the columns it names.

use super::document::Verdict;

/// Longer lines are cut.
const LONGEST: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Message {
    /// The first line, for its words.
    pub first: Option<String>,
    pub observed: Option<String>,
    pub expected: Option<String>,
    pub value: Option<f64>,
    pub limit: Option<f64>,
    pub columns: Vec<String>,
}

pub(super) fn of(verdict: &Verdict) -> Message {
    let (message, text, about) = match verdict {
        Verdict::Passed => return Message::default(),
        Verdict::Failure { message, text } => (message, text, ""),
        Verdict::Error { message, text } => (message, text, ""),
        Verdict::Skipped { message, text, kind } if kind.ends_with("xfail") => {
            (message, text, "it is expected to fail: ")
        }
        Verdict::Skipped { message, text, .. } => (message, text, "skipped: "),
    };
    // Some runners write the message into the element only.
    let shown = if message.trim().is_empty() { text } else { message };
    let lines: Vec<&str> = shown.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let Some(first) = lines.first() else { return Message::default() };
    let mut read =
        Message { first: Some(lines.iter().take(3).copied().collect::<Vec<_>>().join("\n")), ..Message::default() };
    read.observed = Some(format!("{about}{}", observed(first, &lines)));
    read.columns = columns(first);
    if let Some(assertion) = lines.iter().find_map(|line| Assertion::of(line)) {
        read.value = number(&assertion.left);
        read.limit = read.value.and_then(|_| number(&assertion.right));
        read.expected = read.value.map(|_| format!("{} {}", assertion.words, short(&plain(&assertion.right), 60)));
    }
    read
}

/// The first line, and the values that pytest found only on one side of a comparison of sets.
fn observed(first: &str, lines: &[&str]) -> String {
    let line = first.strip_prefix("AssertionError: ").unwrap_or(first);
    let extra = lines.iter().position(|line| line.starts_with("Extra items in the ")).map(|place| {
        let values: Vec<&str> =
            lines[place + 1..].iter().copied().take_while(|line| line.starts_with(['\'', '"'])).take(5).collect();
        format!("; {} {}", lines[place].trim_end_matches(':').to_lowercase(), values.join(", "))
    });
    format!("{}{}", short(&plain(line), LONGEST), extra.map(|extra| short(&extra, LONGEST)).unwrap_or_default())
}

/// `assert LEFT OPERATOR RIGHT`, as pytest shows it with the values.
struct Assertion {
    left: String,
    words: &'static str,
    right: String,
}

impl Assertion {
    fn of(line: &str) -> Option<Self> {
        const OPERATORS: [(&str, &str); 6] = [
            (" <= ", "at most"),
            (" >= ", "at least"),
            (" == ", "equal to"),
            (" != ", "other than"),
            (" < ", "below"),
            (" > ", "above"),
        ];
        let stated = line.trim_start_matches("AssertionError: ").strip_prefix("assert ")?;
        let found = OPERATORS.iter().filter_map(|(operator, words)| Some((stated.find(operator)?, *operator, *words)));
        let (place, operator, words) = found.min_by_key(|(place, ..)| *place)?;
        let right = stated.get(place + operator.len()..)?.to_owned();
        Some(Self { left: stated.get(..place)?.to_owned(), words, right })
    }
}

/// The number that is written there, also as `np.float64(…)` and in brackets.
fn number(text: &str) -> Option<f64> {
    let text = plain(text);
    text.trim_matches(['(', ')', ' ']).parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Without the wrapping of NumPy's scalars.
fn plain(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some(start) = rest.find("np.") {
        let after = &rest[start + 3..];
        let inside = after.find('(').and_then(|open| {
            let is_scalar = after[..open].chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            let close = after[open..].find(')')?;
            is_scalar.then(|| (&after[open + 1..open + close], &after[open + close + 1..]))
        });
        plain.push_str(&rest[..start]);
        match inside {
            Some((value, behind)) => {
                plain.push_str(value);
                rest = behind;
            }
            None => {
                plain.push_str("np.");
                rest = after;
            }
        }
    }
    plain + rest
}

/// The quoted names behind the word column, feature or field.
fn columns(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in ["column", "Column", "feature", "Feature", "field", "Field"] {
        for (place, _) in line.match_indices(word) {
            let behind = line[place + word.len()..].trim_start_matches('s').trim_start_matches([' ', ':', '(', '[']);
            let behind = behind.strip_prefix("name=").unwrap_or(behind);
            let Some(quote) = behind.chars().next().filter(|first| matches!(first, '\'' | '"' | '`')) else { continue };
            let Some(name) = behind[1..].split(quote).next().filter(|name| !name.is_empty() && name.len() < 100) else {
                continue;
            };
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
    }
    found
}

fn short(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(message: &str) -> Message {
        of(&Verdict::Failure { message: message.to_owned(), text: String::new() })
    }

    #[test]
    fn a_comparison_gives_its_figures() {
        let read = failed("AssertionError: price differs\nassert np.float64(5.5) == 4.6 ± 0.9");
        assert_eq!(read.observed.as_deref(), Some("price differs"));
        assert_eq!((read.value, read.limit), (Some(5.5), None));
        assert_eq!(read.expected.as_deref(), Some("equal to 4.6 ± 0.9"));
        let read = failed("assert np.float64(0.07) <= (np.float64(0.0) + 0.01)");
        assert_eq!(read.observed.as_deref(), Some("assert 0.07 <= (0.0 + 0.01)"));
        assert_eq!(read.expected.as_deref(), Some("at most (0.0 + 0.01)"));
        assert_eq!(failed("assert '<b>' == '</b>'").expected, None);
    }

    #[test]
    fn values_on_one_side_and_columns_are_named() {
        let read = failed("AssertionError: assert {'a', 'b'} <= {'a'}\n  \n  Extra items in the left set:\n  'b'");
        assert_eq!(read.observed.as_deref(), Some("assert {'a', 'b'} <= {'a'}; extra items in the left set 'b'"));
        assert_eq!(failed("DataFrame.iloc[:, 0] (column name=\"age\") are different").columns, ["age"]);
        assert_eq!(failed("non-nullable column 'age' contains null values").columns, ["age"]);
        assert_eq!(plain("np.mean is np.float64(1"), "np.mean is np.float64(1");
    }
}
