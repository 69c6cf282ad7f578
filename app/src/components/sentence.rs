//! Sentences of detectors, with the columns they speak of set apart as names.

use leptos::prelude::*;

/// A part of a sentence.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Words(&'a str),
    Name(&'a str),
}

/// A statement in which each of `columns` is set as code.
#[component]
pub fn Sentence(#[prop(into)] text: String, columns: Vec<String>) -> impl IntoView {
    parts(&text, &columns)
        .into_iter()
        .map(|part| match part {
            Part::Words(words) => words.to_owned().into_any(),
            Part::Name(name) => view! { <code>{name.to_owned()}</code> }.into_any(),
        })
        .collect_view()
}

/// Splits at whole occurrences of the names; where several begin at the same place the longest wins.
fn parts<'a>(text: &'a str, names: &[String]) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut words_from = 0;
    let mut at = 0;
    while at < text.len() {
        let found = names.iter().filter(|name| is_whole_name(text, at, name)).map(String::len).max();
        if let Some(length) = found {
            if words_from < at {
                parts.push(Part::Words(&text[words_from..at]));
            }
            parts.push(Part::Name(&text[at..at + length]));
            at += length;
            words_from = at;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    if words_from < text.len() {
        parts.push(Part::Words(&text[words_from..]));
    }
    parts
}

fn is_whole_name(text: &str, at: usize, name: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    !name.is_empty()
        && text[at..].starts_with(name)
        && !text[..at].chars().next_back().is_some_and(joins)
        && !text[at + name.len()..].chars().next().is_some_and(joins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_set_apart_and_the_longest_wins() {
        let names = ["age".to_owned(), "age group".to_owned()];
        let found = parts("age group and average age.", &names);
        assert_eq!(found, [Part::Name("age group"), Part::Words(" and average "), Part::Name("age"), Part::Words(".")]);
        assert_eq!(parts("größe", &["gr".to_owned()]), [Part::Words("größe")]);
    }
}
