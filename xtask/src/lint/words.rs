//! The word list of `docs/STYLE.md`, enforced on every sentence that people read: string literals of the product, the
//! README and the documents. Idioms, old forms and words that mean two things are found here, not in a review.

use std::fs;
use std::path::Path;

/// What is not written, and what to write instead. A phrase is found as whole words, in any case.
const AVOID: [(&str, &str); 43] = [
    ("accuse", "support"),
    ("accuses", "supports"),
    ("amiss", "wrong"),
    ("anew", "again"),
    ("are no", "are not"),
    ("as ever", "as usual"),
    ("at its word", "as a probability"),
    ("beside", "next to, also, with"),
    ("besides", "also"),
    ("but for", "except for"),
    ("by heart", "memorised"),
    ("dear", "expensive"),
    ("for want of", "without"),
    ("gives up its place", "releases its slot"),
    ("go with", "correlate with"),
    ("goes with", "correlates with"),
    ("heard again", "active again"),
    ("held against", "compared with"),
    ("hold against", "compare with"),
    ("is no", "is not a"),
    ("its time is over", "it has expired"),
    ("laid beside", "compared with"),
    ("learnt", "trained on"),
    ("let expect", "expected"),
    ("lets expect", "expected"),
    ("nought", "zero"),
    ("part of a table", "role of a table"),
    ("put right", "fix"),
    ("rings", "reports"),
    ("seldom", "rarely"),
    ("so many", "this many, n"),
    ("speak for", "support"),
    ("speaks for", "supports"),
    ("stretch", "window"),
    ("stretches", "windows"),
    ("surely", "with certainty"),
    ("tell apart", "distinguish"),
    ("tells", "shows"),
    ("to be looked at", "to be checked"),
    ("told", "shown"),
    ("undone", "corrected"),
    ("what is so", "what is true"),
    ("would want", "needs"),
];

/// Correct sentences in which a phrase of the list stands: the word before or after it that makes it so.
const EXCEPT: [(&str, &str); 6] = [
    ("is no", "there is no"),
    ("is no", "is no longer"),
    ("are no", "there are no"),
    ("are no", "are no longer"),
    ("is no", "is no more"),
    ("are no", "are no more"),
];

/// Folders whose string literals people read.
const PRODUCT: [&str; 9] = [
    "app/checks/src",
    "app/domain/src",
    "app/src",
    "server/engine/src",
    "server/measure/src",
    "server/notices/src",
    "server/openid/src",
    "server/service/src",
    "server/sources/src",
];
const DOORS: &str = "server/src";
/// Documents; STYLE.md holds the list itself and is left out.
const DOCUMENTS: [&str; 3] = ["README.md", "docs/ARCHITECTURE.md", "docs/CONTRIBUTING.md"];

/// Every phrase of the list that stands where people read it, as sentences with file, line and what to write instead.
pub fn breaches(root: &Path, files: &[std::path::PathBuf]) -> Vec<String> {
    let read = |file: &Path| fs::read_to_string(file).unwrap_or_default();
    let sources = files.iter().filter(|file| is_product(file.strip_prefix(root).unwrap_or(file)));
    let in_sources = sources.flat_map(|file| {
        let text = read(file);
        let sentences: Vec<(usize, String)> = literals(before_tests(&text));
        found(&file.strip_prefix(root).unwrap_or(file).display().to_string(), &sentences)
    });
    let in_documents = DOCUMENTS.iter().flat_map(|name| {
        let text = read(&root.join(name));
        let lines: Vec<(usize, String)> = (1..).zip(text.lines().map(str::to_owned)).collect();
        found(name, &lines)
    });
    in_sources.chain(in_documents).collect()
}

fn is_product(file: &Path) -> bool {
    let is_test = file.components().any(|part| part.as_os_str().to_string_lossy().contains("test"));
    !is_test && PRODUCT.iter().chain([&DOORS]).any(|folder| file.starts_with(folder))
}

fn found(file: &str, sentences: &[(usize, String)]) -> Vec<String> {
    sentences
        .iter()
        .flat_map(|(line, sentence)| phrases_in(sentence).into_iter().map(move |found| (line, found)))
        .map(|(line, (avoid, instead))| format!("{file}:{line} says “{avoid}”: write “{instead}” (docs/STYLE.md)."))
        .collect()
}

fn phrases_in(sentence: &str) -> Vec<(&'static str, &'static str)> {
    let words = as_words(&without_placeholders(sentence));
    let times = |phrase: &str| words.matches(as_words(phrase).as_str()).count();
    let excused =
        |avoid: &str| EXCEPT.iter().filter(|(of, _)| *of == avoid).map(|(_, whole)| times(whole)).sum::<usize>();
    AVOID.into_iter().filter(|(avoid, _)| times(avoid) > excused(avoid)).collect()
}

/// Without what is in braces: names of limits and variables, which nobody reads.
fn without_placeholders(sentence: &str) -> String {
    let mut parts = sentence.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.map(|part| part.split_once('}').map_or(part, |(_, after)| after)).fold(first, |text, part| text + "0" + part)
}

/// Lower case, one space around each word, nothing else: so that a phrase is found as whole words.
fn as_words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    words.map(|word| format!(" {} ", word.to_lowercase())).collect()
}

/// A source file up to its tests: what only a test says, nobody reads.
fn before_tests(source: &str) -> &str {
    source.split("\n#[cfg(test)]").next().unwrap_or(source)
}

/// The string literals with a space in them (names and ids have none), each with the line in which it begins.
fn literals(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while let Some(start) = rest.find(['"', '/', '\'']) {
        line += rest[..start].matches('\n').count();
        let (length, text) = token(&rest[..start], &rest[start..]);
        if let Some(text) = text.filter(|text| text.contains(' ')) {
            found.push((line, text.to_owned()));
        }
        line += rest[start..start + length].matches('\n').count();
        rest = &rest[start + length..];
    }
    found
}

/// The length of what begins here (a comment, a character or a string) and the text of a string.
fn token<'a>(before: &str, at: &'a str) -> (usize, Option<&'a str>) {
    if at.starts_with("//") {
        return (at.find('\n').unwrap_or(at.len()), None);
    }
    if at.starts_with('\'') {
        let quoted = ["'\"'", "'\\\"'", "'/'", "'\\''"].into_iter().find(|quoted| at.starts_with(quoted));
        return (quoted.map_or(1, str::len), None);
    }
    if !at.starts_with('"') {
        return (1, None);
    }
    let hashes = before.len() - before.trim_end_matches('#').len();
    if before[..before.len() - hashes].ends_with('r') {
        let end = format!("\"{}", "#".repeat(hashes));
        let length = at[1..].find(&end).map_or(at.len(), |place| 1 + place + end.len());
        return (length, Some(&at[1..length.saturating_sub(end.len()).max(1)]));
    }
    let mut escaped = false;
    for (place, letter) in at.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (place + 1, Some(&at[1..place])),
            _ => {}
        }
    }
    (at.len(), Some(&at[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sentences_are_read_and_each_keeps_its_line() {
        let source = "// a \"comment here\"\nlet a = '\"';\nlet b = \"one two\";\nlet c = r#\"raw \"three\"\"#;\nlet d = \"id\";\nlet e = \"say \\\"four\\\" now\";";
        let read = literals(source);
        let expected = [(3, "one two"), (4, "raw \"three\""), (6, "say \\\"four\\\" now")];
        assert_eq!(read, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn a_phrase_is_found_as_whole_words_and_what_is_correct_is_left_alone() {
        let said = |sentence: &str| phrases_in(sentence).into_iter().map(|(avoid, _)| avoid).collect::<Vec<_>>();
        assert_eq!(said("The files are equal but for one column."), ["but for"]);
        assert_eq!(said("A restart Is No kill, and there is no log."), ["is no"]);
        assert!(said("A window of {STRETCH_MOST:%} of the log.").is_empty());
        assert!(said("There is no log, and it is no longer written; the butter forms.").is_empty());
    }

    #[test]
    fn the_list_is_in_order_and_says_each_phrase_once() {
        assert!(AVOID.is_sorted_by(|a, b| a.0 < b.0));
    }
}
