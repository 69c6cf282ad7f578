//! TensorFlow Data Validation: schema, anomalies and statistics, as protobuf text, protobuf JSON and binary:
//! <https://github.com/tensorflow/metadata/tree/master/tensorflow_metadata/proto/v0>.

mod anomalies;
mod schema;
mod statistics;
mod text;

use domain::Problem;
use serde_json::Value;

use crate::given::Given;
use crate::json;

pub(super) use anomalies::ANOMALIES;
pub(super) use schema::SCHEMA;
pub(super) use statistics::STATISTICS;

const TOOL: &str = "TensorFlow Data Validation";

/// The document, from JSON or from protobuf text, with a warning where the text ends early.
fn document(given: &Given<'_>) -> Result<(Value, Option<String>), Problem> {
    let text = given.text()?;
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return Ok((given.json()?, None));
    }
    let (value, broken) = text::parse(&text);
    Ok((
        value,
        broken.map(|line| format!("It is not protobuf text from line {line} on; what stands before it was read.")),
    ))
}

/// The field of a message: JSON has it in camel case and once, text has it in snake case and in a list.
fn field<'v>(message: &'v Value, name: &str) -> Option<&'v Value> {
    message.get(name).or_else(|| message.get(camel_case(name)))
}

/// Every value of a field.
fn many<'v>(message: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    let value = field(message, name);
    let list = value.and_then(Value::as_array);
    list.into_iter().flatten().chain(value.filter(|value| !value.is_array() && !value.is_null()))
}

fn one<'v>(message: &'v Value, name: &str) -> Option<&'v Value> {
    many(message, name).next()
}

fn word<'v>(message: &'v Value, name: &str) -> Option<&'v str> {
    one(message, name)?.as_str()
}

fn figure(message: &Value, name: &str) -> Option<f64> {
    json::finite(one(message, name)?)
}

/// The name of a feature: plain, or as the steps that lead to it.
fn feature_name(message: &Value) -> Option<String> {
    word(message, "name").map(str::to_owned).or_else(|| path_of(message))
}

fn path_of(message: &Value) -> Option<String> {
    let steps: Vec<&str> = many(one(message, "path")?, "step").filter_map(Value::as_str).collect();
    (!steps.is_empty()).then(|| steps.join("."))
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut whole, part| {
        let mut letters = part.chars();
        whole.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        whole + letters.as_str()
    })
}
