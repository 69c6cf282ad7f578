//! New ids for what comes from another installation, or from this one: an id names one thing.

use std::collections::BTreeMap;

use serde_json::Value;

/// Characters of an id: a UUID with its dashes.
pub const LENGTH: usize = 36;

/// Puts the new ids in the place of the old ones in every text of a document, also within texts such as `own:ID`.
pub fn put(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(changed) = changed(text, ids) {
                *text = changed;
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| put(one, ids)),
        Value::Object(fields) => fields.values_mut().for_each(|one| put(one, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn changed(text: &str, ids: &BTreeMap<String, String>) -> Option<String> {
    let found = |from: usize| Some((from, ids.get(text.get(from..from + LENGTH)?)?));
    let (at, new) = (0..text.len().checked_sub(LENGTH - 1)?).find_map(found)?;
    let rest = &text[at + LENGTH..];
    Some(format!("{}{new}{}", &text[..at], changed(rest, ids).as_deref().unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_is_changed_wherever_it_stands() {
        let (old, new) = ("0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d", "0198ffff-6c3e-7d10-9b57-0e4f3a2b1c0d");
        let ids = BTreeMap::from([(old.to_owned(), new.to_owned())]);
        let mut document = json!({
            "id": old, "links": [{"hypothesis": format!("own:{old}")}], "text": format!("{old} and {old}é"), "n": 3, "é": "ü"
        });
        put(&mut document, &ids);
        let expected = json!({
            "id": new, "links": [{"hypothesis": format!("own:{new}")}], "text": format!("{new} and {new}é"), "n": 3, "é": "ü"
        });
        assert_eq!(document, expected);
    }
}
