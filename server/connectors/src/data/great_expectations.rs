//! Great Expectations: validation results and checkpoints of 0.x and 1.x, and expectation suites:
//! <https://docs.greatexpectations.io/docs/reference/api/core/expectationvalidationresult_class/>.

use domain::constraint::{Constraint, Rule};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use domain::{Problem, number};
use serde_json::{Map, Value};

use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "Great Expectations";

pub(super) static VALIDATION: Connector = Connector {
    id: "great_expectations_validation",
    tool: TOOL,
    words: "Great Expectations validation or checkpoint result, JSON",
    proven_on: "1.24; the layout of 0.18",
    takes: "each expectation with what was expected and seen, exceptions",
    leaves: "lists of single values and their rows",
    recognise: |seen| {
        let in_result = |prefix: &str| {
            let has = |key: &str| seen.json.has(&format!("{prefix}{key}"));
            has("expectation_config") || has("expectation_type")
        };
        let of_run = || seen.text.contains("\"expectation_config\"") || seen.text.contains("\"expectation_type\"");
        ["results[].", "validation_results[].expectations[].", "expectations[]."].iter().any(|prefix| in_result(prefix))
            && (seen.json.has("success") || seen.json.has("validation_results"))
            || seen.text.contains("ValidationResultIdentifier::") && of_run()
            || seen.json.has("run_results") && of_run()
    },
    read: read_validation,
};

pub(super) static SUITE: Connector = Connector {
    id: "great_expectations_suite",
    tool: TOOL,
    words: "Great Expectations suite, JSON",
    proven_on: "1.24; the layout of 0.18",
    takes: "expectations about columns, types, missing values, ranges, sets, patterns, uniqueness and means, evaluated on the tables here",
    leaves: "expectations of other kinds, which are counted",
    recognise: |seen| {
        seen.json.has("expectations[].kwargs")
            && (seen.json.has("expectations[].type") || seen.json.has("expectations[].expectation_type"))
            && !seen.json.has("expectations[].success")
    },
    read: read_suite,
};

/// An expectation: its type and its arguments.
struct Expectation<'v> {
    kind: &'v str,
    arguments: &'v Value,
}

impl<'v> Expectation<'v> {
    /// 1.x says `type`, 0.x `expectation_type`.
    fn of(config: &'v Value) -> Option<Self> {
        let kind = json::text(config, &["type"]).or_else(|| json::text(config, &["expectation_type"]))?;
        Some(Self { kind, arguments: config.get("kwargs").unwrap_or(&Value::Null) })
    }

    fn columns(&self) -> Vec<String> {
        let one = |key: &str| json::text(self.arguments, &[key]).map(str::to_owned);
        let several = json::list(self.arguments, &["column_list"]).filter_map(Value::as_str).map(str::to_owned);
        let pair = [one("column_A"), one("column_B")].into_iter().flatten();
        one("column").into_iter().chain(pair).chain(several).collect()
    }

    /// What it is about, by the words of its type.
    fn about(&self) -> CheckSubject {
        let has = |word: &str| self.kind.contains(word);
        match () {
            () if has("not_be_null") || has("be_null") => CheckSubject::MissingValues,
            () if has("of_type") || has("in_type_list") || has("dateutil") || has("json_parseable") => {
                CheckSubject::Types
            }
            () if has("row_count") => CheckSubject::RowCount,
            () if has("table_column") || has("column_to_exist") => CheckSubject::Columns,
            () if has("unique") || has("distinct_count") || has("proportion_of_unique") => CheckSubject::Duplicates,
            () if has("in_set") => CheckSubject::NewValues,
            () if has("regex") || has("like_pattern") || has("value_lengths") || has("strftime") => {
                CheckSubject::Pattern
            }
            () if has("mean") || has("median") || has("stdev") || has("quantile") || has("sum") => {
                CheckSubject::Summary
            }
            () if has("kl_divergence") => CheckSubject::Drift,
            () if has("between") || has("increasing") || has("decreasing") || has("z_scores") => CheckSubject::Range,
            () => CheckSubject::Consistency,
        }
    }

    /// The share of the rows that must meet it; 1 where nothing is said.
    fn mostly(&self) -> f64 {
        json::number(self.arguments, &["mostly"]).unwrap_or(1.0)
    }

    fn end(&self, key: &str) -> Option<f64> {
        json::number(self.arguments, &[key])
    }

    /// Its arguments in a few words.
    fn words(&self) -> Option<String> {
        let ends = [("min_value", "at least"), ("max_value", "at most")];
        let words: Vec<String> = match (self.end("min_value"), self.end("max_value")) {
            (Some(low), Some(high)) => vec![format!("{} to {}", number::number(low), number::number(high))],
            _ => ends
                .iter()
                .filter_map(|(key, words)| Some(format!("{words} {}", number::number(self.end(key)?))))
                .collect(),
        };
        let named = ["value_set", "value", "type_", "type_list", "regex"];
        let named = named.iter().filter_map(|key| self.arguments.get(key)).map(json::words);
        let share = Some(self.mostly()).filter(|share| *share < 1.0);
        let share = share.map(|share| format!("in {} of rows", number::percent(share)));
        let all: Vec<String> = words.into_iter().chain(named).chain(share).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }
}

fn read_validation(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut version = None;
    let mut checks = Vec::new();
    json::each_object(&document, &mut |path, object| {
        let said = object.get("meta").and_then(|meta| json::text(meta, &["great_expectations_version"]));
        version = version.take().or_else(|| said.map(str::to_owned));
        checks.extend(check(path, object));
    });
    for check in &mut checks {
        check.source.tool_version.clone_from(&version);
    }
    Ok(Brought { tool_version: version, ..checks.into() })
}

/// The check that an object of a result is; `None` for anything else in the document.
fn check(path: &str, object: &Map<String, Value>) -> Option<ToolCheck> {
    let success = object.get("success")?.as_bool()?;
    let whole = Value::Object(object.clone());
    let expectation = Expectation::of(object.get("expectation_config").unwrap_or(&whole))?;
    let result = object.get("result").unwrap_or(&Value::Null);
    let raised = raised(object);
    let outcome = match (success, &raised) {
        (_, Some(_)) => CheckOutcome::NotRun,
        (true, None) => CheckOutcome::Passed,
        (false, None)
            if json::text(&whole, &["expectation_config", "severity"]).is_some_and(|word| word != "critical") =>
        {
            CheckOutcome::Warned
        }
        (false, None) => CheckOutcome::Failed,
    };
    let source = Source::of(TOOL, None, path);
    let mut check = ToolCheck::new(source, expectation.kind, expectation.about(), expectation.columns(), outcome);
    check.expected = expectation.words();
    check.observed = raised.or_else(|| observed(result));
    if let Some(share) = json::number(result, &["unexpected_percent"]) {
        let most = 1.0 - expectation.mostly();
        check = check.with_measured("share of unexpected rows", share / 100.0, Some(most)).worse_when(Worse::Higher);
    }
    Some(check)
}

/// The message of an exception, in both of its layouts.
fn raised(object: &Map<String, Value>) -> Option<String> {
    let info = object.get("exception_info")?;
    let one = |info: &Value| {
        let raised = info.get("raised_exception")?.as_bool()?;
        raised.then(|| {
            format!("it could not be evaluated: {}", json::words(info.get("exception_message").unwrap_or(&Value::Null)))
        })
    };
    one(info).or_else(|| json::entries(info, &[]).find_map(|(_, info)| one(info)))
}

fn observed(result: &Value) -> Option<String> {
    let counts = json::number(result, &["unexpected_count"]).zip(json::number(result, &["element_count"]));
    if let Some((unexpected, all)) = counts {
        let known = json::list(result, &["partial_unexpected_list"]).filter(|value| !value.is_null());
        let mut values: Vec<String> = known.map(json::words).collect();
        values.dedup();
        values.truncate(3);
        let such_as = if values.is_empty() { String::new() } else { format!(", such as {}", values.join(", ")) };
        return Some(format!("{} of {} rows{such_as}", number::count(unexpected as u64), number::count(all as u64)));
    }
    let value = result.get("observed_value")?;
    Some(json::finite(value).map_or_else(|| json::words(value), number::number))
}

fn read_suite(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let version = json::text(&document, &["meta", "great_expectations_version"]);
    let mut brought = Brought { tool_version: version.map(str::to_owned), ..Brought::default() };
    let mut left = 0;
    for (place, config) in json::list(&document, &["expectations"]).enumerate() {
        let Some(expectation) = Expectation::of(config) else { continue };
        let Some(rule) = rule(&expectation) else {
            left += 1;
            continue;
        };
        brought.facts.constraints.push(Constraint {
            source: Source::of(TOOL, version, format!("expectations[{place}]")),
            name: expectation.kind.to_owned(),
            column: expectation.columns().into_iter().next(),
            rule,
        });
    }
    if left > 0 {
        brought.left.push(format!("{} of another kind", number::counted(left, "expectation")));
    }
    Ok(brought)
}

/// The rule of an expectation that another tool has under its name.
pub(super) fn rule_of(kind: &str, arguments: &Value) -> Option<Rule> {
    rule(&Expectation { kind, arguments })
}

/// The rule of an expectation, where it is one of those that are evaluated here.
fn rule(expectation: &Expectation<'_>) -> Option<Rule> {
    let (low, high) = (expectation.end("min_value"), expectation.end("max_value"));
    let whole = |end: Option<f64>| end.filter(|end| *end >= 0.0).map(|end| end as u64);
    let exactly = || expectation.end("value").filter(|value| *value >= 0.0).map(|value| value as u64);
    let share = expectation.mostly();
    let values = || {
        json::list(expectation.arguments, &["value_set"])
            .map(|value| json::finite(value).map_or_else(|| json::words(value), |number| number.to_string()))
            .collect()
    };
    match expectation.kind {
        "expect_column_to_exist" => Some(Rule::Present),
        "expect_column_values_to_not_be_null" => Some(Rule::Missing { most: 1.0 - share }),
        "expect_column_values_to_be_between" => Some(Rule::Between { low, high, share }),
        "expect_column_values_to_be_in_set" => Some(Rule::OneOf { values: values(), share }),
        // A share of unique values is another question.
        "expect_column_values_to_be_unique" if share >= 1.0 => Some(Rule::Unique),
        "expect_column_values_to_match_regex" => {
            let pattern = json::text(expectation.arguments, &["regex"])?.to_owned();
            Some(Rule::Matches { pattern, share })
        }
        "expect_column_mean_to_be_between" => Some(Rule::Mean { low, high }),
        "expect_table_row_count_to_be_between" => Some(Rule::Rows { low: whole(low), high: whole(high) }),
        "expect_table_row_count_to_equal" => exactly().map(|rows| Rule::Rows { low: Some(rows), high: Some(rows) }),
        "expect_table_column_count_to_be_between" => Some(Rule::Columns { low: whole(low), high: whole(high) }),
        "expect_table_column_count_to_equal" => {
            exactly().map(|columns| Rule::Columns { low: Some(columns), high: Some(columns) })
        }
        _ => None,
    }
}
