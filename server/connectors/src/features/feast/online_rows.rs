//! The values in an answer of the online store, one row an entity, so that they can be joined with historical ones.

use domain::snapshot::{ColumnRole, SnapshotRole};
use serde_json::Value;

use crate::json;
use crate::requests::iso;
use crate::table::{BroughtTable, Cell};

/// The rows; with a single key it is what they are joined by.
pub(super) fn table(document: &Value, keys: &[&str]) -> BroughtTable {
    let mut table = BroughtTable::new("online features", Some(SnapshotRole::Serve));
    if let [key] = keys {
        table = table.with_part(ColumnRole::Id, key);
    }
    let rows = document.get("field_values").or_else(|| document.get("fieldValues"));
    if let Some(rows) = rows {
        for row in rows.as_array().into_iter().flatten() {
            table.push(json::entries(row, &["fields"]).map(|(name, one)| Cell::of(name.as_str(), plain(one))));
        }
        return table;
    }
    let columns = columns(document);
    let length = columns.iter().map(|(_, values)| values.len()).max().unwrap_or_default();
    for place in 0..length {
        let cells = columns.iter().filter_map(|(name, values)| Some(Cell::of(*name, plain(values.get(place)?))));
        table.push(cells);
    }
    table
}

/// Of the answer itself or of `to_dict`, in which each name has a list.
fn columns(document: &Value) -> Vec<(&str, &[Value])> {
    let has_values = |value: &Value| value.as_array().is_some_and(|list| !list.is_empty());
    if document.get("results").is_some() {
        let lists = json::list(document, &["results"]).map(|result| result.get("values").and_then(Value::as_array));
        return names(document).zip(lists).filter_map(|(name, list)| Some((name, list?.as_slice()))).collect();
    }
    let is_time = |name: &str| name.strip_suffix("__ts").is_some_and(|name| document.get(name).is_some());
    let lists = json::entries(document, &[]).filter(|(name, list)| has_values(list) && !is_time(name));
    lists.filter_map(|(name, list)| Some((name.as_str(), list.as_array()?.as_slice()))).collect()
}

/// The names of the columns of an answer.
pub(super) fn names(document: &Value) -> impl Iterator<Item = &str> {
    let names = ["feature_names", "featureNames"].iter().find_map(|key| json::at(document, &["metadata", key]));
    let names = names.map(|names| names.get("val").unwrap_or(names));
    names.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// A value as JSON has it: `{"int64_val": "1"}` is 1.
fn plain(value: &Value) -> Value {
    let Some(object) = value.as_object() else { return value.clone() };
    // Nothing was found.
    let Some((kind, inner)) = object.iter().next() else { return Value::Null };
    let kind = kind.to_lowercase().replace('_', "");
    match kind.as_str() {
        "nullval" => Value::Null,
        // Integers are texts in the JSON of protobuf, and so are NaN and infinity.
        "int64val" | "int32val" => {
            inner.as_str().and_then(|text| text.parse::<i64>().ok()).map_or_else(|| inner.clone(), Value::from)
        }
        "floatval" | "doubleval" => json::finite(inner).map_or(Value::Null, Value::from),
        "unixtimestampval" => {
            let milliseconds = json::finite(inner).map(|seconds| (seconds * 1_000.0) as i64);
            milliseconds.and_then(iso).map_or(Value::Null, Value::from)
        }
        _ => inner.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entity_is_a_row_in_each_layout() {
        let lines = |document: Value| table(&document, &["k"]).json_lines();
        let answer = json!({"metadata": {"feature_names": {"val": ["k", "a"]}}, "results": [
            {"values": [{"string_val": "x"}, {"string_val": "y"}]}, {"values": [{"int64_val": "7"}, {}]}]});
        assert_eq!(lines(answer), "{\"k\":\"x\",\"a\":7}\n{\"k\":\"y\",\"a\":null}\n");
        let dictionary = json!({"a": [1.5, null], "a__ts": [1, 0], "k": ["x", "y"], "k__ts": [0, 0]});
        assert_eq!(lines(dictionary), "{\"a\":1.5,\"k\":\"x\"}\n{\"a\":null,\"k\":\"y\"}\n");
        let rows = json!({"fieldValues": [{"fields": {"a": {"doubleVal": "NaN"}, "k": {"stringVal": "x"}}}]});
        assert_eq!(lines(rows), "{\"a\":null,\"k\":\"x\"}\n");
        assert_eq!(plain(&json!({"unix_timestamp_val": 0})), json!("1970-01-01T00:00:00Z"));
    }
}
