//! Looking into a JSON document: values by path, and every object with the path that leads to it.

use serde_json::{Map, Value};

/// Objects of one document at most, and how deep they may lie: a document is followed with these bounds or not at all.
const MOST_OBJECTS: usize = 200_000;
const DEEPEST: usize = 40;

/// The value at a path of keys.
pub(crate) fn at<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().try_fold(value, |value, key| value.get(key))
}

/// The text at a path of keys.
pub(crate) fn text<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v str> {
    at(value, keys)?.as_str()
}

/// The finite number at a path of keys, also when it is written as a text.
pub(crate) fn number(value: &Value, keys: &[&str]) -> Option<f64> {
    finite(at(value, keys)?)
}

/// A finite number, also when it is written as a text.
pub(crate) fn finite(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// The elements of the list at a path of keys; none where there is no list.
pub(crate) fn list<'v>(value: &'v Value, keys: &[&str]) -> impl Iterator<Item = &'v Value> + use<'v> {
    at(value, keys).and_then(Value::as_array).into_iter().flatten()
}

/// The entries of the object at a path of keys; none where there is no object.
pub(crate) fn entries<'v>(value: &'v Value, keys: &[&str]) -> impl Iterator<Item = (&'v String, &'v Value)> + use<'v> {
    at(value, keys).and_then(Value::as_object).into_iter().flatten()
}

/// A value in a few words: a text as it is, anything else as JSON.
pub(crate) fn words(value: &Value) -> String {
    /// Longer ones are cut.
    const LONGEST: usize = 80;
    let words = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// Every object of the document from the top down, each with its path, such as `results[3].result`.
pub(crate) fn each_object<'v>(value: &'v Value, see: &mut dyn FnMut(&str, &'v Map<String, Value>)) {
    let mut seen = 0;
    follow(value, String::new(), 0, &mut seen, see);
}

fn follow<'v>(
    value: &'v Value,
    path: String,
    depth: usize,
    seen: &mut usize,
    see: &mut dyn FnMut(&str, &'v Map<String, Value>),
) {
    if depth > DEEPEST || *seen > MOST_OBJECTS {
        return;
    }
    match value {
        Value::Object(object) => {
            *seen += 1;
            see(&path, object);
            for (key, value) in object.iter().filter(|(_, value)| value.is_object() || value.is_array()) {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                follow(value, path, depth + 1, seen, see);
            }
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate().filter(|(_, value)| value.is_object() || value.is_array()) {
                follow(value, format!("{path}[{place}]"), depth + 1, seen, see);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_object_has_its_path() {
        let value = json!({"a": [{"b": 1}, {"c": {"d": 2}}], "e": 3});
        let mut paths = Vec::new();
        each_object(&value, &mut |path, _| paths.push(path.to_owned()));
        assert_eq!(paths, ["", "a[0]", "a[1]", "a[1].c"]);
        assert_eq!(number(&value, &["e"]), Some(3.0));
        assert_eq!(list(&value, &["a"]).count(), 2);
        assert_eq!(finite(&json!(" 2.5 ")), Some(2.5));
        assert_eq!(finite(&json!("NaN")), None);
        assert_eq!(words(&json!("é".repeat(100))).chars().count(), 81);
    }
}
