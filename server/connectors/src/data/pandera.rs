//! pandera: a schema written with `to_yaml` or `to_json`:
//! <https://pandera.readthedocs.io/en/stable/schema_inference.html#write-to-yaml>.

use domain::Problem;
use domain::constraint::Rule;
use serde_json::Value;

use super::rules::{Rules, end, kind_of_dtype, left, range, values};
use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "pandera";

pub(super) static SCHEMA: Connector = Connector {
    id: "pandera_schema",
    tool: TOOL,
    words: "pandera schema, YAML or JSON",
    proven_on: "0.20 and 0.35",
    takes: "columns with types, missing values, ranges, sets, patterns and uniqueness, evaluated on the tables here",
    leaves: "other checks, uniqueness of several columns together, the index, columns by pattern",
    recognise: |seen| {
        seen.has_line("schema_type: dataframe") && seen.has_line("columns:") && !seen.has_line("```")
            || seen.json.says("schema_type", "dataframe") && seen.json.has("columns")
    },
    read,
};

/// A check: its name and what it was given.
struct Check<'v> {
    name: &'v str,
    given: &'v Value,
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let documents = given.yaml()?;
    let schema = documents.first().filter(|schema| schema.get("columns").is_some_and(Value::is_object));
    let schema = schema.ok_or_else(|| given.bad("it holds no columns; write the schema again"))?;
    let version = json::text(schema, &["version"]);
    let mut rules = Rules::of(TOOL, version);
    let (mut patterns, mut others) = (0, 0);
    for (name, column) in json::entries(schema, &["columns"]) {
        if is(column, "regex") {
            patterns += 1;
            continue;
        }
        let place = format!("columns.{name}");
        // Where nothing is said, a column is required and has no missing values.
        let is_required = column.get("required").and_then(Value::as_bool).unwrap_or(true);
        rules.add(&place, "required", Some(name), is_required.then_some(Rule::Present));
        rules.add(&place, "nullable", Some(name), (!is(column, "nullable")).then_some(Rule::Missing { most: 0.0 }));
        let kind = json::text(column, &["dtype"]).and_then(kind_of_dtype);
        rules.add(&place, "dtype", Some(name), kind.map(|of| Rule::Type { of }));
        rules.add(&place, "unique", Some(name), is(column, "unique").then_some(Rule::Unique));
        for check in checks(column) {
            match rule(&check) {
                Some(rule) => rules.add(&place, check.name, Some(name), Some(rule)),
                None => others += 1,
            }
        }
    }
    let index = json::list(schema, &["index"]).count() as u64;
    let mut brought = Brought { tool_version: version.map(str::to_owned), ..Brought::default() };
    brought.facts.constraints = rules.all;
    brought.left = left(&[(others, "other check"), (patterns, "column pattern"), (index, "index level")]);
    Ok(brought)
}

fn is(column: &Value, key: &str) -> bool {
    column.get(key).and_then(Value::as_bool).unwrap_or_default()
}

/// From its three layouts: a list with the name under `options`, an object by name, and (newer) the names as keys of the column.
fn checks(column: &Value) -> Vec<Check<'_>> {
    const FIELDS: [&str; 13] = [
        "dtype",
        "nullable",
        "checks",
        "unique",
        "coerce",
        "required",
        "regex",
        "title",
        "description",
        "name",
        "default",
        "metadata",
        "report_duplicates",
    ];
    match column.get("checks") {
        Some(Value::Array(list)) => {
            let named = |check| Some(Check { name: json::text(check, &["options", "check_name"])?, given: check });
            list.iter().filter_map(named).collect()
        }
        Some(Value::Object(by_name)) => by_name.iter().map(|(name, given)| Check { name, given }).collect(),
        _ => {
            let own = json::entries(column, &[]).filter(|(key, _)| !FIELDS.contains(&key.as_str()) && !key.is_empty());
            own.map(|(name, given)| Check { name, given }).collect()
        }
    }
}

/// The rule of a check, where it is one of those that are evaluated here.
fn rule(check: &Check<'_>) -> Option<Rule> {
    let given = check.given;
    let bound = |key: &str| {
        let value = given.get(key).or_else(|| given.get("value")).unwrap_or(given);
        Some(value).filter(|value| value.is_number()).and_then(json::finite)
    };
    match check.name {
        "greater_than_or_equal_to" | "ge" | "greater_than" | "gt" => range(bound("min_value"), None),
        "less_than_or_equal_to" | "le" | "less_than" | "lt" => range(None, bound("max_value")),
        "in_range" | "between" => range(end(given, "min_value"), end(given, "max_value")),
        "isin" => {
            let list = given.get("value").or_else(|| given.get("allowed_values")).unwrap_or(given);
            let values = values(list.as_array()?.iter());
            (!values.is_empty()).then_some(Rule::OneOf { values, share: 1.0 })
        }
        "equal_to" | "eq" => {
            let value = given.get("value").unwrap_or(given);
            let values = values(std::iter::once(value).filter(|value| !value.is_object()));
            (!values.is_empty()).then_some(Rule::OneOf { values, share: 1.0 })
        }
        // Python's `match` begins at the start of a value, its `search` anywhere.
        "str_matches" | "str_contains" => {
            let pattern = given.get("pattern").or_else(|| given.get("value")).unwrap_or(given).as_str()?;
            let anchored = if check.name == "str_matches" { format!("^(?:{pattern})") } else { pattern.to_owned() };
            Some(Rule::Matches { pattern: anchored, share: 1.0 })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_the_same_in_all_layouts() {
        let layouts = [
            "{dtype: int64, nullable: true, required: false, checks: {greater_than: 1, isin: [1, a]}}",
            "{dtype: int64, nullable: true, required: false, checks: [{value: 1, options: {check_name: greater_than}}, {value: [1, a], options: {check_name: isin}}]}",
            "{dtype: int64, nullable: true, required: false, greater_than: {min_value: 1, raise_warning: true}, isin: [1, a]}",
        ];
        for layout in layouts {
            let text = format!("schema_type: dataframe\ncolumns:\n  x: {layout}\n");
            let brought = read(&Given::of(text.as_bytes(), "a.yaml")).unwrap_or_default();
            let rules: Vec<String> = brought.facts.constraints.iter().map(|one| one.rule.words()).collect();
            assert_eq!(rules, ["numeric", "at least 1", "one of 1, a"], "{layout}");
        }
    }

    #[test]
    fn patterns_begin_where_python_begins() {
        let text = "schema_type: dataframe\ncolumns:\n  x: {nullable: true, required: false, unique: true, str_matches: {pattern: 'a|b'}, str_contains: c}\n";
        let brought = read(&Given::of(text.as_bytes(), "a.yaml")).unwrap_or_default();
        let rules: Vec<String> = brought.facts.constraints.iter().map(|one| one.rule.words()).collect();
        assert_eq!(rules, ["no value comes twice", "the form c", "the form ^(?:a|b)"]);
    }
}
