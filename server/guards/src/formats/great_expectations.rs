//! Great Expectations 1.x: an expectation suite:
//! <https://docs.greatexpectations.io/docs/reference/api/expectationsuite_class/>.

use domain::constraint::Rule;
use domain::guard::GuardRule;
use domain::snapshot::ColumnKind;
use domain::{Guard, Problem};
use serde_json::{Map, Value, json};

use crate::GuardFormat;
use crate::rules::{LeftOut, head, least, nothing};

const VERSION: &str = "1.24.1";

pub(super) static SUITE: GuardFormat = GuardFormat {
    id: "great_expectations",
    tool: "Great Expectations",
    words: "Expectation suite, JSON. Load it with ExpectationSuite(**json.load(file)) and validate each batch before it is used.",
    proven_on: "1.24 with pandas 3.1",
    file_name: "mismatch_guard_suite.json",
    media_type: "application/json",
    write,
};

/// What pandas and databases call a column of numbers; those of other backends are passed over.
const NUMBERS: [&str; 15] = [
    "int64",
    "float64",
    "Int64",
    "Float64",
    "int32",
    "float32",
    "INTEGER",
    "BIGINT",
    "SMALLINT",
    "FLOAT",
    "DOUBLE",
    "DOUBLE_PRECISION",
    "REAL",
    "NUMERIC",
    "DECIMAL",
];
const TRUTH_VALUES: [&str; 3] = ["bool", "boolean", "BOOLEAN"];

fn write(guard: &Guard) -> Result<String, Problem> {
    let mut left = LeftOut::default();
    let mut expectations = Vec::new();
    for rule in &guard.rules {
        match expectation(rule) {
            Some((kind, arguments)) => expectations.push(configured(rule, kind, arguments)),
            None => left.add(rule, "types of text have a name of their own in each version"),
        }
    }
    if expectations.is_empty() {
        return Err(nothing(SUITE.tool, "no rules about data"));
    }
    let suite = json!({
        "name": format!("Mismatch guard: {}", guard.title),
        "expectations": expectations,
        "meta": {
            "great_expectations_version": VERSION,
            "mismatch": { "about": head(guard).join(" "), "left_out": left.lines() },
        },
    });
    Ok(format!("{suite:#}\n"))
}

fn configured(rule: &GuardRule, kind: &str, mut arguments: Map<String, Value>) -> Value {
    if let Some(column) = &rule.column {
        arguments.insert("column".to_owned(), json!(column));
    }
    let proof = &rule.proof;
    json!({
        "type": kind,
        "kwargs": arguments,
        "meta": { "mismatch": {
            "on_train": proof.on_train, "on_serve": proof.on_serve, "catches": proof.catches, "findings": rule.findings,
        }},
    })
}

type Expectation = (&'static str, Map<String, Value>);

fn expectation(rule: &GuardRule) -> Option<Expectation> {
    let (kind, arguments) = match &rule.rule {
        Rule::Present => ("expect_column_to_exist", json!({})),
        Rule::Type { of: ColumnKind::Numeric } => {
            ("expect_column_values_to_be_in_type_list", json!({"type_list": NUMBERS}))
        }
        Rule::Type { of: ColumnKind::Boolean } => {
            ("expect_column_values_to_be_in_type_list", json!({"type_list": TRUTH_VALUES}))
        }
        Rule::Type { .. } => return None,
        Rule::Missing { most } => ("expect_column_values_to_not_be_null", json!({"mostly": least(*most)})),
        Rule::Between { low, high, share } => {
            ("expect_column_values_to_be_between", json!({"min_value": low, "max_value": high, "mostly": share}))
        }
        Rule::OneOf { values, share } => {
            ("expect_column_values_to_be_in_set", json!({"value_set": values, "mostly": share}))
        }
        Rule::Mean { low, high } => ("expect_column_mean_to_be_between", json!({"min_value": low, "max_value": high})),
        Rule::Rows { low, high } => {
            ("expect_table_row_count_to_be_between", json!({"min_value": low, "max_value": high}))
        }
        Rule::Columns { low, high } => {
            ("expect_table_column_count_to_be_between", json!({"min_value": low, "max_value": high}))
        }
    };
    let Value::Object(mut arguments) = arguments else { return None };
    arguments.retain(|key, value| !(value.is_null() || key == "mostly" && *value == json!(1.0)));
    Some((kind, arguments))
}
