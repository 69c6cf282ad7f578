//! The rows in the body of a request to a model server, or of its answer: the layouts of TensorFlow Serving and KServe V1, of
//! the Open Inference Protocol (V2), of MLflow, of Seldon, and plain JSON or CSV; of language models what is not their text.

mod language;

use serde_json::{Map, Value};

/// Rows of one request at most.
const MOST_ROWS: usize = 10_000;
/// Values of one row at most.
const MOST_PARTS: usize = 2_000;
/// A longer list within a row, such as an image or an embedding, is one value.
const LONGEST_LIST: usize = 100;
const DEEPEST: usize = 4;
/// Keys that hold the rows of a request or of an answer.
const ROWS: [&str; 9] =
    ["dataframe_records", "instances", "inputs", "predictions", "outputs", "rows", "records", "data", "results"];
/// Keys that hold the values of one row without their names.
const VALUES: [&str; 3] = ["features", "values", "data"];

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    /// `None` where only its place tells which it is.
    pub name: Option<String>,
    pub value: Value,
    /// Whether the format writes every value as a text.
    pub is_spelled: bool,
}

impl Part {
    fn named(name: impl Into<String>, value: Value) -> Self {
        Self { name: Some(name.into()), value, is_spelled: false }
    }

    fn unnamed(value: Value) -> Self {
        Self { name: None, value, is_spelled: false }
    }
}

pub(crate) type Row = Vec<Part>;

/// Of a text: a JSON document where it is one, else CSV without a header.
pub(crate) fn of_text(text: &str) -> Vec<Row> {
    match serde_json::from_str::<Value>(text) {
        Ok(body) if body.is_object() || body.is_array() => of_json(&body),
        _ => language::streamed(text).map_or_else(|| of_csv(text), |row| vec![row]),
    }
}

/// Lines of CSV without a header.
pub(crate) fn of_csv(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let records = reader.records().map_while(Result::ok).take(MOST_ROWS);
    let part = |cell: &str| Part { is_spelled: true, ..Part::unnamed(cell.trim().into()) };
    records.map(|record| record.iter().take(MOST_PARTS).map(part).collect()).collect()
}

/// Of a JSON document.
pub(crate) fn of_json(body: &Value) -> Vec<Row> {
    let mut rows = match body {
        Value::Null => Vec::new(),
        Value::Array(list) if list.iter().all(is_plain) => vec![unnamed(list)],
        Value::Array(list) => instances(list),
        Value::Object(object) => of_object(object, 0),
        plain => vec![vec![Part::unnamed(plain.clone())]],
    };
    rows.truncate(MOST_ROWS);
    for row in &mut rows {
        row.truncate(MOST_PARTS);
    }
    rows
}

fn is_plain(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn of_object(object: &Map<String, Value>, depth: usize) -> Vec<Row> {
    if let Some(row) = language::row(object) {
        return vec![row];
    }
    let nested = |key: &str| object.get(key).and_then(Value::as_object).filter(|_| depth < DEEPEST);
    if let Some(split) = nested("dataframe_split") {
        return of_object(split, depth + 1);
    }
    if let (Some(columns), Some(data)) = (list(object, "columns"), list(object, "data")) {
        return with_names(columns, data);
    }
    if let Some(seldon) = nested("data").filter(|data| data.contains_key("ndarray") || data.contains_key("tensor")) {
        return of_seldon(seldon);
    }
    if let Some(body) = nested("jsonData") {
        return of_object(body, depth + 1);
    }
    for key in ROWS {
        match object.get(key) {
            Some(Value::Array(tensors)) if tensors.first().is_some_and(is_tensor) => return of_tensors(tensors),
            Some(Value::Array(list)) => return instances(list),
            Some(Value::Object(columns)) if depth < DEEPEST => {
                return by_column(columns).unwrap_or_else(|| of_object(columns, depth + 1));
            }
            _ => {}
        }
    }
    vec![of_names(object)]
}

fn list<'v>(object: &'v Map<String, Value>, key: &str) -> Option<&'v Vec<Value>> {
    object.get(key)?.as_array()
}

/// A list of rows: objects, lists, or one value each.
fn instances(list: &[Value]) -> Vec<Row> {
    let row = |one: &Value| match one {
        Value::Object(object) => {
            if let Some(row) = language::row(object) {
                return row;
            }
            let values = VALUES.iter().find_map(|key| object.get(*key)).filter(|_| object.len() == 1);
            match values.and_then(Value::as_array) {
                Some(values) => unnamed(values),
                None => of_names(object),
            }
        }
        Value::Array(values) => unnamed(values),
        plain => vec![Part::unnamed(plain.clone())],
    };
    list.iter().take(MOST_ROWS).map(row).collect()
}

/// Values whose places tell which they are.
fn unnamed(values: &[Value]) -> Row {
    if values.len() > MOST_PARTS || !values.iter().all(is_plain) {
        return vec![Part::unnamed(Value::Array(Vec::new()))];
    }
    values.iter().cloned().map(Part::unnamed).collect()
}

/// The keys in the order of the alphabet: nothing says that their order means something.
fn of_names(object: &Map<String, Value>) -> Row {
    let mut row = Vec::new();
    for (name, value) in sorted(object) {
        flatten(name.clone(), value, 0, &mut row);
    }
    row
}

fn sorted(object: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<(&String, &Value)> = object.iter().collect();
    entries.sort_by_key(|(name, _)| name.as_str());
    entries
}

fn flatten(name: String, value: &Value, depth: usize, row: &mut Row) {
    if row.len() > MOST_PARTS {
        return;
    }
    match value {
        Value::Object(object) if depth < DEEPEST => {
            for (key, value) in sorted(object) {
                flatten(format!("{name}.{key}"), value, depth + 1, row);
            }
        }
        // Several programs write each value as a list of one.
        Value::Array(list) if list.len() == 1 && is_plain(&list[0]) => row.push(Part::named(name, list[0].clone())),
        Value::Array(list) if list.len() <= LONGEST_LIST && list.iter().all(is_plain) => {
            let parts = list.iter().enumerate();
            row.extend(parts.map(|(place, value)| Part::named(format!("{name}_{place}"), value.clone())));
        }
        value => row.push(Part::named(name, value.clone())),
    }
}

/// Rows whose names stand before them.
fn with_names(names: &[Value], rows: &[Value]) -> Vec<Row> {
    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
    let named = |row: Vec<Part>| {
        let all = row.len() == names.len();
        let name = |(place, part): (usize, Part)| match names.get(place).filter(|_| all) {
            Some(name) => Part { name: Some((*name).to_owned()), ..part },
            None => part,
        };
        row.into_iter().enumerate().map(name).collect()
    };
    instances(rows).into_iter().map(named).collect()
}

fn of_seldon(data: &Map<String, Value>) -> Vec<Row> {
    let none = Vec::new();
    let names = list(data, "names").unwrap_or(&none);
    if let Some(rows) = list(data, "ndarray") {
        let one = rows.iter().all(is_plain) && !rows.is_empty() && rows.len() == names.len();
        return if one { with_names(names, &[Value::Array(rows.clone())]) } else { with_names(names, rows) };
    }
    let tensor = data.get("tensor");
    let get = |key: &str| tensor.and_then(|tensor| tensor.get(key)).and_then(Value::as_array);
    let (Some(shape), Some(values)) = (get("shape"), get("values")) else { return Vec::new() };
    let rows: Vec<Value> = in_rows(shape, values).into_iter().map(Value::Array).collect();
    with_names(names, &rows)
}

fn is_tensor(value: &Value) -> bool {
    value.get("name").is_some()
        && value.get("data").is_some()
        && (value.get("shape").is_some() || value.get("datatype").is_some())
}

/// Named tensors, the first dimension of each the rows.
fn of_tensors(tensors: &[Value]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let several = tensors.len() > 1;
    for tensor in tensors.iter().take(MOST_PARTS) {
        let (Some(name), Some(data)) = (tensor["name"].as_str(), tensor["data"].as_array()) else { continue };
        let shape = tensor["shape"].as_array().map(Vec::as_slice).unwrap_or_default();
        let nested = data.iter().any(Value::is_array);
        let values =
            if nested { data.iter().filter_map(Value::as_array).cloned().collect() } else { in_rows(shape, data) };
        for (place, values) in values.into_iter().take(MOST_ROWS).enumerate() {
            if rows.len() <= place {
                rows.push(Vec::new());
            }
            match values.as_slice() {
                [one] => rows[place].push(Part::named(name, one.clone())),
                // One tensor with all the values of a row says nothing of their names.
                all if !several => rows[place].extend(unnamed(all)),
                all => flatten(name.to_owned(), &Value::Array(all.to_vec()), 0, &mut rows[place]),
            }
        }
    }
    rows
}

/// Values in one list, cut into rows by the first dimension.
fn in_rows(shape: &[Value], values: &[Value]) -> Vec<Vec<Value>> {
    let rows = shape.first().and_then(Value::as_u64).and_then(|rows| usize::try_from(rows).ok()).unwrap_or(1);
    if rows == 0 || values.is_empty() || !values.len().is_multiple_of(rows) {
        return vec![values.to_vec()];
    }
    values.chunks(values.len() / rows).take(MOST_ROWS).map(<[Value]>::to_vec).collect()
}

/// An object of columns, all of the same length; `None` where it is anything else.
fn by_column(columns: &Map<String, Value>) -> Option<Vec<Row>> {
    let lists: Vec<(&String, &Vec<Value>)> =
        sorted(columns).into_iter().map(|(name, list)| Some((name, list.as_array()?))).collect::<Option<_>>()?;
    let length = lists.first()?.1.len();
    if lists.iter().any(|(_, list)| list.len() != length) {
        return None;
    }
    let row = |place: usize| {
        let mut row = Vec::new();
        for (name, list) in &lists {
            flatten((*name).clone(), &list[place], 0, &mut row);
        }
        row
    };
    Some((0..length.min(MOST_ROWS)).map(row).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each row as `name=value` with `?` for a value without a name.
    fn told(rows: &[Row]) -> Vec<String> {
        let part = |part: &Part| format!("{}={}", part.name.as_deref().unwrap_or("?"), part.value);
        rows.iter().map(|row| row.iter().map(part).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn the_layouts_of_model_servers() {
        let rows = |body: Value| told(&of_json(&body));
        assert_eq!(rows(json!({"instances": [[1, 2], [3, 4]]})), ["?=1 ?=2", "?=3 ?=4"]);
        assert_eq!(rows(json!({"instances": [{"features": [1, 2]}]})), ["?=1 ?=2"]);
        assert_eq!(rows(json!({"instances": [{"b": 1, "a": {"c": [2], "d": [3, 4]}}]})), ["a.c=2 a.d_0=3 a.d_1=4 b=1"]);
        assert_eq!(rows(json!({"predictions": [0.5, 0.25], "model_name": "m"})), ["?=0.5", "?=0.25"]);
        assert_eq!(rows(json!({"predictions": [{"score": 0.5}]})), ["score=0.5"]);
        assert_eq!(rows(json!({"dataframe_split": {"columns": ["x", "y"], "data": [[1, "z"]]}})), ["x=1 y=\"z\""]);
        let tensor = |name: &str, shape: Value, data: Value| json!({"name": name, "shape": shape, "datatype": "FP32", "data": data});
        let named =
            json!({"inputs": [tensor("x", json!([2, 1]), json!([1, 2])), tensor("y", json!([2]), json!(["a", "b"]))]});
        assert_eq!(rows(named), ["x=1 y=\"a\"", "x=2 y=\"b\""]);
        assert_eq!(rows(json!({"inputs": [tensor("x", json!([2, 2]), json!([1, 2, 3, 4]))]})), ["?=1 ?=2", "?=3 ?=4"]);
        assert_eq!(
            rows(json!({"inputs": [tensor("x", json!([2, 2]), json!([[1, 2], [3, 4]]))]})),
            ["?=1 ?=2", "?=3 ?=4"]
        );
        assert_eq!(rows(json!({"inputs": {"x": [1, 2], "y": [3, 4]}})), ["x=1 y=3", "x=2 y=4"]);
        assert_eq!(rows(json!({"data": {"names": ["x", "y"], "ndarray": [[1, 2]]}})), ["x=1 y=2"]);
        assert_eq!(
            rows(json!({"data": {"names": ["x"], "tensor": {"shape": [2, 1], "values": [1, 2]}}})),
            ["x=1", "x=2"]
        );
        assert_eq!(rows(json!({"age": 3, "name": "a"})), ["age=3 name=\"a\""]);
        assert_eq!(rows(json!([1, 2])), ["?=1 ?=2"]);
        assert_eq!(rows(json!(0.5)), ["?=0.5"]);
    }

    #[test]
    fn a_text_is_json_or_csv() {
        assert_eq!(told(&of_text("1,\"a,b\"\n2,c\n")), ["?=\"1\" ?=\"a,b\"", "?=\"2\" ?=\"c\""]);
        assert_eq!(told(&of_text("{\"a\": 1}")), ["a=1"]);
        assert_eq!(told(&of_text("0.5")), ["?=\"0.5\""]);
        assert!(of_text("").is_empty());
    }

    #[test]
    fn an_image_is_one_value_and_no_shape_harms() {
        let image = json!({"instances": [vec![vec![0; 300]; 3]]});
        assert_eq!(told(&of_json(&image)), ["?=[]"]);
        let lies = json!({"inputs": [{"name": "x", "shape": [0], "datatype": "FP32", "data": [1, 2, 3]}]});
        assert_eq!(told(&of_json(&lies)), ["?=1 ?=2 ?=3"]);
    }
}
