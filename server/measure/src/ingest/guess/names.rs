//! Names as words: `requestId`, `request_id` and `Request ID` all say "request id".

pub(crate) use domain::naming::words;

/// The words put together with underscores: one spelling for all ways of writing a name.
pub(super) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// Whether one of the name's words is among `of`.
pub(super) fn has_word(name: &str, of: &[&str]) -> bool {
    words(name).iter().any(|word| of.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_name_gives_the_same_words() {
        for name in ["requestId", "request_id", "Request ID", "request-id", "REQUEST_ID"] {
            assert_eq!(snake(name), "request_id", "{name}");
        }
        assert_eq!(words("yHat2"), ["y", "hat2"]);
        assert!(words("  ").is_empty());
    }
}
