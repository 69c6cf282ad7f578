//! Holds every response of the API against the API's description: the status is described, the content type too, and the
//! body is valid. A field that the description lacks is an error here, though not for clients.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{Method, StatusCode, header};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;
use server::http::openapi::DOCUMENT;

use crate::harness::Answer;

const BASE: &str = "/api/v1";
const HERE: &str = "http://localhost/openapi.json";
pub const PROBLEM: &str = "application/problem+json";

static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::new);

struct Contract {
    document: Value,
    schemas: Schemas,
    /// By pointer into the document.
    compiled: BTreeMap<String, SchemaIndex>,
}

/// The operation that a response belongs to, by its id; `None` where there is none.
pub fn checked(method: &Method, path: &str, answer: &Answer) -> Option<String> {
    let kind = content_type(answer);
    if kind == PROBLEM {
        valid("/components/schemas/Problem", &answer.json());
        assert_eq!(answer.json()["status"], answer.status.as_u16(), "{}", answer.body);
    }
    let path = path.strip_prefix(BASE)?;
    let Some((template, item)) = item_of(path) else {
        assert_eq!(kind, PROBLEM, "{method} {path} is not described: {} {}", answer.status, answer.body);
        return None;
    };
    let word = method.as_str().to_lowercase();
    let Some(operation) = item.get(&word) else {
        let refused = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::FORBIDDEN, StatusCode::MISDIRECTED_REQUEST];
        assert!(refused.contains(&answer.status), "{method} {template} is not described: {}", answer.status);
        return None;
    };
    let status = answer.status.as_u16().to_string();
    let place = format!("/paths/{}/{word}/responses/{status}", escaped(template));
    let (place, response) =
        followed(&place).unwrap_or_else(|| panic!("{method} {template} does not describe {status}: {}", answer.body));
    match response.get("content") {
        None => assert!(answer.body.is_empty(), "{place} describes no body: {}", answer.body),
        Some(described) => {
            assert!(described.get(&kind).is_some(), "{place} does not describe {kind:?}: {}", answer.body);
            body(&format!("{place}/content/{}/schema", escaped(&kind)), &kind, answer);
        }
    }
    operation["operationId"].as_str().map(str::to_owned)
}

fn body(place: &str, kind: &str, answer: &Answer) {
    match kind {
        "application/json" | PROBLEM => valid(place, &answer.json()),
        "text/event-stream" => {
            for data in answer.body.lines().filter_map(|line| line.strip_prefix("data: ")) {
                valid("/components/schemas/Job", &serde_json::from_str(data).unwrap());
            }
        }
        _ => valid(place, &Value::from(answer.body.as_str())),
    }
}

/// # Panics
/// When the value is not valid against the schema at that place of the document.
pub fn valid(place: &str, value: &Value) {
    let contract = &*CONTRACT;
    let schema = contract.compiled.get(place).unwrap_or_else(|| panic!("there is no schema at {place}"));
    if let Err(error) = contract.schemas.validate(value, *schema) {
        let text = value.to_string();
        panic!("against {place}: {error:#}\n{}", text.chars().take(3000).collect::<String>());
    }
}

/// The place and the thing at it, or at the place it refers to.
pub fn followed(place: &str) -> Option<(String, &'static Value)> {
    let thing = CONTRACT.document.pointer(place)?;
    match thing.get("$ref").and_then(Value::as_str) {
        Some(reference) => followed(reference.trim_start_matches('#')),
        None => Some((place.to_owned(), thing)),
    }
}

fn content_type(answer: &Answer) -> String {
    let value = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().to_owned()
}

/// The described path that an address belongs to; one without parameters first.
fn item_of(path: &str) -> Option<(&'static str, &'static Value)> {
    let paths = CONTRACT.document["paths"].as_object().unwrap();
    let fits = |template: &str| {
        let mut parts = template.split('/').zip(path.split('/'));
        template.split('/').count() == path.split('/').count()
            && parts.all(|(part, given)| part == given || (part.starts_with('{') && !given.is_empty()))
    };
    let found = paths.iter().filter(|(template, _)| fits(template));
    found.min_by_key(|(template, _)| template.matches('{').count()).map(|(template, item)| (template.as_str(), item))
}

/// A key as a part of a JSON pointer.
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl Contract {
    fn new() -> Contract {
        let open = DOCUMENT.clone();
        let mut document = open.clone();
        close(&mut document, &open);
        let mut places = Vec::new();
        schemas_in(&document, String::new(), &mut places);
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource(HERE, document.clone()).unwrap();
        let mut compile = |place: String| {
            let address = format!("{HERE}#{}", place.replace('{', "%7B").replace('}', "%7D"));
            let compiled =
                compiler.compile(&address, &mut schemas).unwrap_or_else(|error| panic!("{place}: {error:#}"));
            (place, compiled)
        };
        let compiled = places.into_iter().map(&mut compile).collect();
        Contract { document, schemas, compiled }
    }
}

/// The places of all schemas: those with a name, and those of parameters and bodies.
fn schemas_in(value: &Value, place: String, places: &mut Vec<String>) {
    let Value::Object(fields) = value else {
        let items = value.as_array().into_iter().flatten().enumerate();
        return items.for_each(|(number, item)| schemas_in(item, format!("{place}/{number}"), places));
    };
    for (key, field) in fields {
        let below = format!("{place}/{}", escaped(key));
        match key.as_str() {
            "schema" => places.push(below),
            "schemas" if place == "/components" => {
                places.extend(field.as_object().unwrap().keys().map(|name| format!("{below}/{}", escaped(name))));
            }
            _ => schemas_in(field, below, places),
        }
    }
}

/// Makes a field that is not described an error. The parts of an `allOf` know each other's fields only together.
fn close(value: &mut Value, open: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::Array(parts)) = fields.get_mut("allOf") {
                for part in parts {
                    if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
                        *part = open.pointer(reference.trim_start_matches('#')).unwrap().clone();
                    }
                }
                fields.insert("unevaluatedProperties".to_owned(), false.into());
                return;
            }
            if fields.get("properties").is_some_and(Value::is_object) && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), false.into());
            }
            fields.values_mut().for_each(|field| close(field, open));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| close(item, open)),
        _ => {}
    }
}
