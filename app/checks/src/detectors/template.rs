//! Texts that take their numbers from the table of limits.

use super::words::{number, percent};
use crate::thresholds::ALL;

/// `{NAME}` becomes the limit of that name as a number, `{NAME:%}` as a percentage. A name that is not in the table stays
/// as it is written; a test looks for those.
pub(super) fn filled(template: &str) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((inside, behind)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        text.push_str(&value(inside).unwrap_or_else(|| format!("{{{inside}}}")));
        rest = behind;
    }
    text.push_str(rest);
    text
}

fn value(placeholder: &str) -> Option<String> {
    let (name, as_percentage) = match placeholder.strip_suffix(":%") {
        Some(name) => (name, true),
        None => (placeholder, false),
    };
    let limit = ALL.iter().find(|limit| limit.constant == name)?;
    Some(if as_percentage { percent(limit.value) } else { number(limit.value) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors;

    #[test]
    fn a_limit_stands_as_a_number_or_as_a_percentage() {
        assert_eq!(filled("over {DRIFT_KS}, or {NULL_DIFFERENCE:%} of the rows"), "over 0.1, or 5 % of the rows");
        assert_eq!(filled("{NO_SUCH_LIMIT} and {"), "{NO_SUCH_LIMIT} and {");
    }

    /// A number standing by itself; digits inside a name (F1, D2, M1.outage_window) are no limits.
    fn bare_numbers(template: &str) -> Vec<&str> {
        let outside = template.split('{').map(|part| part.rsplit_once('}').map_or(part, |(_, after)| after));
        let words = outside.flat_map(|part| part.split(|letter: char| letter.is_whitespace() || letter == '('));
        words.filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit())).collect()
    }

    #[test]
    fn no_limit_is_typed_by_hand() {
        assert_eq!(bare_numbers("over {DRIFT_KS} (or 5 %) of F1, 12.5 rows"), ["5", "12.5"]);
        for detector in detectors::all() {
            let typed = bare_numbers(detector.how_it_decides);
            assert!(
                typed.is_empty(),
                "{} has {typed:?} in how_it_decides: take it from the table of limits",
                detector.id
            );
        }
    }

    #[test]
    fn every_placeholder_names_a_limit() {
        for detector in detectors::all() {
            let text = detector.decision();
            assert!(!text.contains('{'), "{} names a limit that is not in the table: {text}", detector.id);
        }
    }
}
