//! JSON Schema of one object, or of a list of objects: <https://json-schema.org/understanding-json-schema/reference>.

use domain::Problem;
use domain::constraint::Rule;
use domain::snapshot::ColumnKind;
use serde_json::Value;

use super::rules::{Rules, bounds, form, left, values};
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

const TOOL: &str = "JSON Schema";

pub(super) static SCHEMA: Connector = Connector {
    id: "json_schema",
    tool: TOOL,
    words: "JSON Schema of a row or a request",
    proven_on: "draft 4 to 2020-12, Pydantic 2",
    takes: "required properties, types, sets, ranges and patterns, evaluated on the tables here",
    leaves: "lengths, nested properties, conditions",
    recognise,
    read,
};

/// It says that it is one, or it is an object that describes objects.
fn recognise(seen: &Seen<'_>) -> bool {
    let dialect = seen.json.word("$schema").is_some_and(|address| address.contains("json-schema.org/"));
    let has_properties = seen.json.has("properties") || seen.json.has("items.properties") || seen.json.has("$ref");
    let describes = || {
        let described = [".type", ".$ref", ".anyOf", ".enum", ".const", ".allOf"];
        let of_property = |path: &str| {
            path.strip_prefix("properties.").is_some_and(|rest| described.iter().any(|end| rest.ends_with(end)))
        };
        seen.json.says("type", "object")
            && (seen.json.has("required[]") || seen.json.has("title"))
            && seen.json.paths().any(of_property)
    };
    dialect && has_properties || describes()
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let root = resolved(&document, &document);
    let (place, object) = match root.get("items") {
        Some(items) if root.get("properties").is_none() => ("items.properties", resolved(&document, items)),
        _ => ("properties", root),
    };
    let required: Vec<&str> = json::list(object, &["required"]).filter_map(Value::as_str).collect();
    let mut rules = Rules::of(TOOL, None);
    let (mut nested, mut lengths) = (0, 0);
    for (name, property) in json::entries(object, &["properties"]) {
        let place = format!("{place}.{name}");
        let described = Described::of(&document, resolved(&document, property));
        let is_required = required.contains(&name.as_str());
        rules.add(&place, "required", Some(name), is_required.then_some(Rule::Present));
        let is_filled = is_required && !described.is_nullable && described.is_known;
        rules.add(&place, "type", Some(name), is_filled.then_some(Rule::Missing { most: 0.0 }));
        rules.add(&place, "type", Some(name), described.kind.map(|of| Rule::Type { of }));
        rules.add(&place, "enum", Some(name), described.values);
        rules.add(&place, "minimum", Some(name), described.range);
        rules.add(&place, "pattern", Some(name), described.form);
        nested += u64::from(described.is_nested);
        lengths += u64::from(described.has_length);
    }
    let mut brought = Brought::default();
    brought.facts.constraints = rules.all;
    brought.left = left(&[(nested, "nested property"), (lengths, "length or step")]);
    if brought.count() == 0 {
        brought.warnings.push(
            "It asks for nothing that is evaluated here: no required property, type, set, range or pattern.".to_owned(),
        );
    }
    Ok(brought)
}

/// What a reference within the document leads to; one step, so that a circle ends.
fn resolved<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let alone = || Some(schema.get("allOf")?.as_array()?.first()?).filter(|_| schema.get("properties").is_none());
    let holder = if schema.get("$ref").is_some() { Some(schema) } else { alone() };
    let path = holder.and_then(|holder| json::text(holder, &["$ref"])).and_then(|address| address.strip_prefix('#'));
    path.and_then(|path| document.pointer(path)).unwrap_or(schema)
}

/// What a property's schema asks for.
#[derive(Default)]
struct Described {
    kind: Option<ColumnKind>,
    values: Option<Rule>,
    range: Option<Rule>,
    form: Option<Rule>,
    is_nullable: bool,
    /// Whether it says anything about its type: else null is one of its values.
    is_known: bool,
    is_nested: bool,
    has_length: bool,
}

impl Described {
    /// Of alternatives one counts, where the others only allow null.
    fn of(document: &Value, schema: &Value) -> Self {
        for key in ["anyOf", "oneOf"] {
            let Some(alternatives) = schema.get(key).and_then(Value::as_array) else { continue };
            let (nulls, others): (Vec<&Value>, Vec<&Value>) =
                alternatives.iter().partition(|one| json::text(one, &["type"]) == Some("null"));
            let described = match others.as_slice() {
                [one] => Self::of_one(resolved(document, one)),
                _ => Self::default(),
            };
            return Self { is_nullable: described.is_nullable || !nulls.is_empty(), ..described };
        }
        Self::of_one(schema)
    }

    fn of_one(schema: &Value) -> Self {
        let types: Vec<&str> = match schema.get("type") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let is_only = |some: &[&str]| {
            types.iter().any(|one| some.contains(one)) && types.iter().all(|one| some.contains(one) || *one == "null")
        };
        let format = json::text(schema, &["format"]).unwrap_or_default();
        let kind = match () {
            () if is_only(&["number", "integer"]) => Some(ColumnKind::Numeric),
            () if is_only(&["boolean"]) => Some(ColumnKind::Boolean),
            () if is_only(&["string"]) && matches!(format, "date" | "date-time") => Some(ColumnKind::Datetime),
            () => None,
        };
        let all = || schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
        let values = values(all());
        Self {
            kind,
            is_nullable: types.contains(&"null")
                || schema.get("nullable").and_then(Value::as_bool) == Some(true)
                || all().any(Value::is_null),
            is_known: !types.is_empty() || !values.is_empty(),
            values: (!values.is_empty()).then_some(Rule::OneOf { values, share: 1.0 }),
            range: bounds(schema),
            form: form(schema, "pattern").filter(|_| is_only(&["string"])),
            is_nested: is_only(&["object", "array"]) || schema.get("properties").is_some(),
            has_length: ["minLength", "maxLength", "multipleOf"].iter().any(|key| schema.get(key).is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_allowed_where_it_is_said_or_nothing_is() {
        let text = br##"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "array", "items": {"required": ["a", "b", "c"], "properties": {
            "a": {"type": ["number", "null"], "minimum": 0}, "b": {"type": "integer"}, "c": {}, "d": {"enum": ["x", null]}, "e": {"$ref": "#/items/properties/e"}}}}"##;
        assert!(recognise(&Seen::of(text)));
        let brought = read(&Given::of(text, "a.json")).unwrap_or_default();
        let rules: Vec<String> = brought
            .facts
            .constraints
            .iter()
            .map(|one| format!("{} {}", one.column.as_deref().unwrap_or("-"), one.rule.words()))
            .collect();
        assert_eq!(
            rules,
            [
                "a is there",
                "a numeric",
                "a at least 0",
                "b is there",
                "b no value is missing",
                "b numeric",
                "c is there",
                "d one of x"
            ]
        );
    }

    #[test]
    fn other_documents_are_left_alone() {
        let is = |text: &str| recognise(&Seen::of(text.as_bytes()));
        assert!(is(r#"{"type": "object", "title": "R", "properties": {"a": {"type": "string"}}}"#));
        assert!(!is(r#"{"type": "object", "properties": {"a": "text"}, "title": "R"}"#));
        assert!(!is(r#"{"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "properties": {}}"#));
    }
}
