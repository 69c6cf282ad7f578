//! Open Data Contract Standard of Bitol, version 3: <https://bitol-io.github.io/open-data-contract-standard/latest/>.

use domain::Problem;
use domain::constraint::Rule;
use domain::snapshot::ColumnKind;
use domain::tool_check::Source;
use domain::tool_facts::Setting;
use serde_json::Value;

use super::rules::{Rules, bounds, end, form, left, values};
use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "ODCS";

pub(super) static CONTRACT: Connector = Connector {
    id: "odcs_contract",
    tool: TOOL,
    words: "data contract of the Open Data Contract Standard, YAML or JSON",
    proven_on: "3.0 and 3.1",
    takes: "properties with types, missing values, ranges and sets, number of rows, evaluated on the tables here; service levels",
    leaves: "uniqueness, queries, texts, relationships, roles; presence where a contract has several tables",
    recognise: |seen| {
        let says = |line: &str| ["", "\"", "'"].iter().any(|quote| seen.has_line(&format!("kind: {quote}{line}")));
        // Documentation shows contracts too, between fences.
        let of_yaml = says("DataContract") && seen.has_line("apiVersion:") && !seen.has_line("```");
        of_yaml || seen.json.says("kind", "DataContract") && seen.json.has("apiVersion")
    },
    read,
};

#[derive(Default)]
struct Left {
    unique: u64,
    rules: u64,
    nested: u64,
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let documents = given.yaml()?;
    let contract = documents.first().ok_or_else(|| given.bad("it holds no contract; write it again"))?;
    let version = json::text(contract, &["apiVersion"]).map(|version| version.trim_start_matches('v'));
    let mut rules = Rules::of(TOOL, version);
    let mut not_taken = Left::default();
    let tables: Vec<&Value> = json::list(contract, &["schema"]).collect();
    // A rule does not say which table it is for, so a column of one must not be asked of another.
    let is_single = tables.len() == 1;
    for (place, table) in tables.iter().enumerate() {
        let place = format!("schema[{place}]");
        for (number, property) in json::list(table, &["properties"]).enumerate() {
            of_property(&format!("{place}.properties[{number}]"), property, is_single, &mut rules, &mut not_taken);
        }
        for (number, quality) in json::list(table, &["quality"]).enumerate() {
            match rows(quality).filter(|_| is_single) {
                Some(rule) => rules.add(&format!("{place}.quality[{number}]"), "rowCount", None, Some(rule)),
                None => not_taken.rules += 1,
            }
        }
    }
    let mut brought = Brought { tool_version: version.map(str::to_owned), ..Brought::default() };
    brought.facts.constraints = rules.all;
    brought.facts.settings = service_levels(contract, version);
    brought.left = left(&[
        (not_taken.rules, "other quality rule"),
        (not_taken.unique, "unique property"),
        (not_taken.nested, "nested property"),
    ]);
    if tables.len() > 1 {
        brought
            .left
            .push(format!("presence of the properties and numbers of rows, since it has {} tables", tables.len()));
    }
    if brought.count() == 0 {
        brought
            .warnings
            .push("It asks for nothing that is evaluated here. Contracts of version 3 are read.".to_owned());
    }
    Ok(brought)
}

fn of_property(place: &str, property: &Value, is_single: bool, rules: &mut Rules<'_>, not_taken: &mut Left) {
    let physical = json::text(property, &["physicalName"]).filter(|name| !name.is_empty());
    let Some(name) = physical.or_else(|| json::text(property, &["name"])) else { return };
    let is = |key: &str| property.get(key).and_then(Value::as_bool).unwrap_or_default();
    rules.add(place, "name", Some(name), is_single.then_some(Rule::Present));
    rules.add(
        place,
        "required",
        Some(name),
        (is("required") || is("primaryKey")).then_some(Rule::Missing { most: 0.0 }),
    );
    let kind = json::text(property, &["logicalType"]).and_then(kind);
    rules.add(place, "logicalType", Some(name), kind.map(|of| Rule::Type { of }));
    let options = property.get("logicalTypeOptions").unwrap_or(&Value::Null);
    if kind == Some(ColumnKind::Numeric) {
        rules.add(place, "logicalTypeOptions", Some(name), bounds(options));
    }
    rules.add(place, "logicalTypeOptions", Some(name), form(options, "pattern"));
    let allowed = values(json::list(property, &["enum"]).map(|one| one.get("value").unwrap_or(one)));
    rules.add(place, "enum", Some(name), (!allowed.is_empty()).then_some(Rule::OneOf { values: allowed, share: 1.0 }));
    let is_unique = is("unique");
    rules.add(place, "unique", Some(name), (is_unique && is_single).then_some(Rule::Unique));
    not_taken.unique += u64::from(is_unique && !is_single);
    not_taken.nested += json::list(property, &["properties"]).count() as u64;
    for (number, quality) in json::list(property, &["quality"]).enumerate() {
        let place = format!("{place}.quality[{number}]");
        match of_quality(quality) {
            Some(rule) => rules.add(&place, metric(quality), Some(name), Some(rule)),
            None => not_taken.rules += 1,
        }
    }
}

fn kind(logical: &str) -> Option<ColumnKind> {
    match logical {
        "number" | "integer" => Some(ColumnKind::Numeric),
        "boolean" => Some(ColumnKind::Boolean),
        "date" | "timestamp" => Some(ColumnKind::Datetime),
        _ => None,
    }
}

/// 3.0 calls it `rule`.
fn metric(quality: &Value) -> &str {
    json::text(quality, &["metric"]).or_else(|| json::text(quality, &["rule"])).unwrap_or_default()
}

/// The most that may be wrong, as a share of the rows; a number of rows is one only where it is none.
fn most(quality: &Value) -> Option<f64> {
    let most = ["mustBe", "mustBeLessThan", "mustBeLessOrEqualTo"].iter().find_map(|key| end(quality, key));
    let most = most.filter(|most| *most >= 0.0)?;
    match json::text(quality, &["unit"]) {
        Some("percent" | "%") => Some((most / 100.0).min(1.0)),
        _ => (most == 0.0).then_some(0.0),
    }
}

fn of_quality(quality: &Value) -> Option<Rule> {
    match metric(quality) {
        "nullValues" | "nullCheck" | "missingValues" => Some(Rule::Missing { most: most(quality)? }),
        "invalidValues" | "validValues" => {
            let lists: [&[&str]; 2] = [&["arguments", "validValues"], &["validValues"]];
            let list = lists.iter().find_map(|keys| json::at(quality, keys)?.as_array())?;
            let values = values(list.iter());
            let share = 1.0 - most(quality).or_else(|| (metric(quality) == "validValues").then_some(0.0))?;
            (!values.is_empty()).then_some(Rule::OneOf { values, share })
        }
        _ => None,
    }
}

fn rows(quality: &Value) -> Option<Rule> {
    if !matches!(metric(quality), "rowCount" | "countCheck")
        || json::text(quality, &["unit"]).is_some_and(|unit| unit != "rows")
    {
        return None;
    }
    let whole = |value: f64| (0.0..1e18).contains(&value).then_some(value as u64);
    let at = |key: &str| end(quality, key).and_then(whole);
    let pair = quality.get("mustBeBetween").and_then(Value::as_array);
    let of_pair = |place: usize| pair.and_then(|pair| json::finite(pair.get(place)?)).and_then(whole);
    let exact = at("mustBe");
    let above = at("mustBeGreaterThan").map(|rows| rows.saturating_add(1));
    let below = at("mustBeLessThan").map(|rows| rows.saturating_sub(1));
    let low = exact.or(above).or_else(|| at("mustBeGreaterOrEqualTo")).or_else(|| of_pair(0));
    let high = exact.or(below).or_else(|| at("mustBeLessOrEqualTo")).or_else(|| of_pair(1));
    (low.is_some() || high.is_some()).then_some(Rule::Rows { low, high })
}

/// The properties of the service level, such as `latency`: `4 d`.
fn service_levels(contract: &Value, version: Option<&str>) -> Vec<Setting> {
    let setting = |(place, level): (usize, &Value)| {
        let name = json::text(level, &["property"])?;
        let value = level.get("value").filter(|value| !value.is_null()).map(json::words)?;
        let unit = json::text(level, &["unit"]).map(|unit| format!(" {unit}")).unwrap_or_default();
        let of = json::text(level, &["element"]).map(|element| format!(" of {element}")).unwrap_or_default();
        let source = Source::of(TOOL, version, format!("slaProperties[{place}]"));
        Some(Setting {
            source,
            stage: None,
            name: format!("service level {name}{of}"),
            value: format!("{value}{unit}"),
        })
    };
    json::list(contract, &["slaProperties"]).enumerate().filter_map(setting).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_rules_become_shares_and_numbers_of_rows() {
        let quality = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let words = |text: &str| of_quality(&quality(text)).or_else(|| rows(&quality(text))).map(|rule| rule.words());
        assert_eq!(words(r#"{"metric": "nullValues", "mustBe": 0}"#).as_deref(), Some("no value is missing"));
        assert_eq!(
            words(r#"{"rule": "nullCheck", "mustBeLessThan": 5, "unit": "percent"}"#).as_deref(),
            Some("at most 5 % missing")
        );
        assert_eq!(words(r#"{"metric": "nullValues", "mustBeLessThan": 5}"#), None);
        assert_eq!(words(r#"{"metric": "invalidValues", "mustBeLessOrEqualTo": 5, "unit": "percent", "arguments": {"validValues": ["a", null]}}"#).as_deref(), Some("one of a in 95 % of rows"));
        assert_eq!(words(r#"{"metric": "rowCount", "mustBeGreaterThan": 99}"#).as_deref(), Some("at least 100 rows"));
        assert_eq!(words(r#"{"metric": "rowCount", "mustBeBetween": [1, 9]}"#).as_deref(), Some("1 to 9 rows"));
        assert_eq!(words(r#"{"type": "sql", "query": "SELECT 1", "mustBe": 0}"#), None);
    }
}
