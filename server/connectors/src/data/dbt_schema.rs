//! dbt's properties of models and sources: the tests that are written down for columns:
//! <https://docs.getdbt.com/reference/resource-properties/data-tests>.

use domain::Problem;
use domain::constraint::Rule;
use serde_json::Value;

use super::great_expectations::rule_of;
use super::rules::{Rules, end, left, range, values};
use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "dbt";

pub(super) static SCHEMA: Connector = Connector {
    id: "dbt_schema",
    tool: TOOL,
    words: "properties of dbt models or sources with tests of columns, YAML",
    proven_on: "the described layout of 1.0 to 1.10",
    takes: "not_null, unique, accepted_values, ranges and patterns, evaluated on the tables here",
    leaves: "relationships, tests of whole tables, tests of one's own; of several tables uniqueness",
    recognise: |seen| {
        let has_list = ["models:", "sources:", "seeds:", "snapshots:"].iter().any(|key| seen.has_line(key));
        let inner = |key: &str| seen.text.lines().any(|line| line.starts_with(' ') && line.trim() == key);
        has_list && inner("columns:") && (inner("tests:") || inner("data_tests:")) && !seen.has_line("```")
    },
    read,
};

#[derive(Default)]
struct Left {
    others: u64,
    unique: u64,
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let documents = given.yaml()?;
    let document = documents.first().ok_or_else(|| given.bad("it holds no models; copy the file again"))?;
    let tables = tables(document);
    let mut rules = Rules::of(TOOL, None);
    let mut not_taken = Left::default();
    for (place, table) in &tables {
        for (number, column) in json::list(table, &["columns"]).enumerate() {
            let Some(name) = json::text(column, &["name"]) else { continue };
            let place = format!("{place}.columns[{number}]");
            for test in ["tests", "data_tests"].iter().flat_map(|key| json::list(column, &[key])) {
                let Some((kind, arguments)) = named(test) else { continue };
                match rule(kind, arguments) {
                    // A key of one table may come often in another, and a rule does not say which it is for.
                    Some(Rule::Unique) if tables.len() > 1 => not_taken.unique += 1,
                    Some(rule) => rules.add(&place, kind, Some(name), Some(rule)),
                    None => not_taken.others += 1,
                }
            }
        }
    }
    let mut brought = Brought::default();
    brought.facts.constraints = rules.all;
    brought.left =
        left(&[(not_taken.others, "other test"), (not_taken.unique, "unique column of one of several tables")]);
    if brought.count() == 0 {
        brought.warnings.push("It has no test of a column that is evaluated here.".to_owned());
    }
    Ok(brought)
}

/// Every table with its place; those of a source stand one level deeper.
fn tables(document: &Value) -> Vec<(String, &Value)> {
    let listed = ["models", "seeds", "snapshots"].into_iter().flat_map(|key| {
        json::list(document, &[key]).enumerate().map(move |(place, table)| (format!("{key}[{place}]"), table))
    });
    let of_sources = json::list(document, &["sources"]).enumerate().flat_map(|(place, source)| {
        let tables = json::list(source, &["tables"]).enumerate();
        tables.map(move |(number, table)| (format!("sources[{place}].tables[{number}]"), table))
    });
    listed.chain(of_sources).collect()
}

/// A test by its name, or with its arguments, which newer versions have one level deeper.
fn named(test: &Value) -> Option<(&str, &Value)> {
    if let Some(name) = test.as_str() {
        return Some((name, &Value::Null));
    }
    let (name, given) = json::entries(test, &[]).find(|(key, _)| *key != "config" && *key != "name")?;
    Some((name.as_str(), given.get("arguments").unwrap_or(given)))
}

fn rule(kind: &str, arguments: &Value) -> Option<Rule> {
    let is_some_rows = arguments.get("where").or_else(|| json::at(arguments, &["config", "where"])).is_some();
    if is_some_rows || arguments.get("row_condition").is_some() {
        return None;
    }
    match kind {
        "not_null" => Some(Rule::Missing { most: 0.0 }),
        "unique" => Some(Rule::Unique),
        "accepted_values" => {
            let values = values(json::list(arguments, &["values"]));
            (!values.is_empty()).then_some(Rule::OneOf { values, share: 1.0 })
        }
        "dbt_utils.accepted_range" => range(end(arguments, "min_value"), end(arguments, "max_value")),
        "dbt_utils.not_null_proportion" => {
            end(arguments, "at_least").map(|least| Rule::Missing { most: (1.0 - least).clamp(0.0, 1.0) })
        }
        other => rule_of(other.strip_prefix("dbt_expectations.")?, arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_of_both_layouts_and_of_packages() {
        let text = "version: 2\nmodels:\n  - name: loans\n    columns:\n      - name: id\n        data_tests:\n          - unique\n          - not_null\n          - relationships: {to: ref('a'), field: id}\n      - name: grade\n        data_tests:\n          - accepted_values: {arguments: {values: [a, b]}}\n          - accepted_values: {values: [a], config: {where: 'x > 1'}}\n          - dbt_utils.accepted_range: {min_value: 0}\n          - dbt_expectations.expect_column_values_to_match_regex: {regex: '^[ab]$'}\n";
        let brought = read(&Given::of(text.as_bytes(), "a.yml")).unwrap_or_default();
        let rules: Vec<String> = brought.facts.constraints.iter().map(|one| one.rule.words()).collect();
        assert_eq!(
            rules,
            ["no value comes twice", "no value is missing", "one of a, b", "at least 0", "the form ^[ab]$"]
        );
        assert_eq!(brought.left, ["2 other tests"]);
    }
}
