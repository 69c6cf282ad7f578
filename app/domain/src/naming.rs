//! Names and values of people's data in a sentence.

/// A name in a sentence: as it is when it reads as one word, else in quotation marks.
pub fn name(column: &str) -> String {
    let plain = !column.is_empty() && column.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if plain { column.to_owned() } else { format!("“{}”", shortened(column)) }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`.
pub fn names<S: AsRef<str>>(columns: &[S]) -> String {
    listed(&columns.iter().map(|column| name(column.as_ref())).collect::<Vec<_>>())
}

/// Values quoted in a sentence, at most three of them.
pub fn values<S: AsRef<str>>(values: &[S]) -> String {
    listed(&values.iter().map(|value| format!("“{}”", shortened(value.as_ref()))).collect::<Vec<_>>())
}

/// The lower-case words of a name: `requestId`, `request_id` and `Request ID` all say "request id".
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous_lower = false;
    for letter in name.chars() {
        let starts_word = letter.is_uppercase() && previous_lower;
        if !letter.is_alphanumeric() || starts_word {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        previous_lower = letter.is_lowercase() || letter.is_numeric();
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if parts.len() <= 4 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", parts[..3].join(", "), parts.len() - 3),
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST { text.to_owned() } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_readable_and_long_names_do_not_flood_a_sentence() {
        assert_eq!(names(&["a"]), "a");
        assert_eq!(names(&["a", "b b"]), "a and “b b”");
        assert_eq!(names(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
        assert_eq!(values(&["no", "yes"]), "“no” and “yes”");
        assert!(name(&"x y".repeat(100)).chars().count() < 70);
    }
}
