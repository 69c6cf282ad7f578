//! The keys of a JSON document, read from its beginning: what kind it is shows without the whole being parsed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::numbers;

/// Keys deeper than this are not looked at.
const DEEPEST: usize = 5;
/// Keys of one document at most.
const MOST: usize = 600;
/// Longer texts are no word of a closed set.
const LONGEST_WORD: usize = 60;

/// Paths such as `meta.version` or `results[].success`: each with its text where it is a short one, else empty. Of a list only
/// the first element is looked at, of several documents the first.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outline {
    keys: BTreeMap<String, String>,
    is_list: bool,
}

impl Outline {
    /// Of text that may be cut, and may be anything. NaN and Infinity, as Python writes them, are read too.
    pub fn of(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let is_list = text.starts_with('[');
        if !is_list && !text.starts_with('{') {
            return Self::default();
        }
        let plain = numbers::quoted(text);
        let keys = RefCell::default();
        let seed = Node { path: if is_list { "[]".to_owned() } else { String::new() }, depth: 0, keys: &keys };
        // It ends early where the text is cut; what was seen until then stays.
        let mut json = serde_json::Deserializer::from_str(&plain);
        let whole = match is_list {
            true => FirstOf(seed).deserialize(&mut json),
            false => seed.deserialize(&mut json),
        };
        if let Err(error) = whole {
            tracing::trace!(%error, "the beginning of a document was cut");
        }
        Self { keys: keys.into_inner(), is_list }
    }

    /// Whether there is a value at the path.
    pub fn has(&self, path: &str) -> bool {
        self.keys.contains_key(path)
    }

    pub fn has_all(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.has(path))
    }

    /// The short text at the path.
    pub fn word(&self, path: &str) -> Option<&str> {
        self.keys.get(path).map(String::as_str).filter(|word| !word.is_empty())
    }

    /// Whether it says this word there.
    pub fn says(&self, path: &str, word: &str) -> bool {
        self.word(path) == Some(word)
    }

    /// Every path, in the order of the alphabet.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// Whether the document is a list; the paths of its elements begin with `[]`.
    pub fn is_list(&self) -> bool {
        self.is_list
    }
}

/// One value on the way down.
struct Node<'k> {
    path: String,
    depth: usize,
    keys: &'k RefCell<BTreeMap<String, String>>,
}

impl Node<'_> {
    fn child(&self, path: String) -> Node<'_> {
        Node { path, depth: self.depth + 1, keys: self.keys }
    }

    fn note(&self, word: &str) {
        let mut keys = self.keys.borrow_mut();
        if self.path.is_empty() || (keys.len() >= MOST && !keys.contains_key(&self.path)) {
            return;
        }
        let kept = keys.entry(self.path.clone()).or_default();
        if kept.is_empty() && word.len() <= LONGEST_WORD {
            word.clone_into(kept);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        self.note("");
        if self.depth >= DEEPEST {
            return json.deserialize_any(IgnoredAny).map(|_| ());
        }
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let path = if self.path.is_empty() { key } else { format!("{}.{key}", self.path) };
            map.next_value_seed(self.child(path))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if list.next_element_seed(self.child(format!("{}[]", self.path)))?.is_some() {
            while list.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.note(text);
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A document that is a list: its first element alone is looked at, and nothing behind it is read.
struct FirstOf<'k>(Node<'k>);

impl<'de> DeserializeSeed<'de> for FirstOf<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for FirstOf<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        list.next_element_seed(self.0).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_show_from_the_beginning_whatever_follows() {
        let cut = r#"{"meta": {"version": "1.24.1", "runs": NaN}, "results": [{"success": true, "config": {"kwargs": {"column": "a"}}}, {"other": 1}], "success": fal"#;
        let outline = Outline::of(cut);
        assert!(outline.has_all(&["meta.version", "meta.runs", "results[].success", "results[].config.kwargs.column"]));
        assert!(outline.says("meta.version", "1.24.1") && !outline.has("results[].other"));
        assert!(!outline.is_list());
        let list = Outline::of("\u{feff} [{\"Id\": \"a\"}, {\"Name\": 1}");
        assert!(list.is_list() && list.says("[].Id", "a") && !list.has("[].Name"));
        let lines = Outline::of("{\"a\": 1}\n{\"b\": 2}\n");
        assert!(lines.has("a") && !lines.has("b"));
    }

    #[test]
    fn anything_else_has_no_keys_and_nothing_is_unbounded() {
        for text in ["", "a,b\n1,2\n", "null", "\"a\"", "{", "[", "{\"a\"", "[1, 2]"] {
            assert!(Outline::of(text).keys.len() <= 1, "{text}");
        }
        let deep = "{\"a\":".repeat(10_000);
        assert!(Outline::of(&deep).keys.len() <= DEEPEST + 1);
        let wide: String = (0..5_000).map(|key| format!("\"k{key}\": {key},")).collect();
        assert_eq!(Outline::of(&format!("{{{wide}")).keys.len(), MOST);
    }
}
