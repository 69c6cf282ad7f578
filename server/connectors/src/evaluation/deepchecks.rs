//! Deepchecks: results of a suite and of a single check:
//! <https://docs.deepchecks.com/stable/general/usage/export_save_results.html>.

use std::collections::BTreeSet;

use domain::Problem;
use domain::number::counted;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use serde_json::Value;

use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "Deepchecks";

pub(crate) static RESULT: Connector = Connector {
    id: "deepchecks",
    tool: TOOL,
    words: "Deepchecks result of a suite or a check, JSON",
    proven_on: "0.19.1",
    takes: "each condition with its verdict and its words, drift of each column, checks that could not run",
    leaves: "pictures and tables (HTML), checks without a condition",
    recognise: |seen| {
        let is_check = |word: Option<&str>| matches!(word, Some("CheckResult" | "CheckFailure"));
        seen.json.says("type", "SuiteResult") && seen.json.has("results")
            || is_check(seen.json.word("type")) && seen.json.has("check.name")
            || is_check(seen.json.word("[].type")) && seen.json.has("[].check.name")
    },
    read,
};

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let (mut displays, mut unjudged) = (0_u64, 0_u64);
    json::each_object(&document, &mut |path, object| {
        let Some(kind) = object.get("type").and_then(Value::as_str) else { return };
        if !matches!(kind, "CheckFailure" | "CheckResult") {
            return;
        }
        let told = object.iter().filter(|(key, _)| *key != "display");
        let result = Value::Object(told.map(|(key, value)| (key.clone(), value.clone())).collect());
        match kind {
            "CheckFailure" => brought.facts.checks.push(not_run(path, &result)),
            "CheckResult" => {
                displays += object.get("display").and_then(Value::as_array).map_or(0, |display| display.len() as u64);
                let checks = checks(path, &result);
                unjudged += u64::from(checks.is_empty());
                brought.facts.checks.extend(checks);
            }
            _ => {}
        }
    });
    if displays > 0 {
        brought.left.push(counted(displays, "picture or table"));
    }
    if unjudged > 0 {
        brought.left.push(counted(unjudged, "check without a condition"));
    }
    if brought.count() == 0 {
        brought.warnings.push("None of its checks has a condition, so that nothing is concluded.".to_owned());
    }
    Ok(brought)
}

fn name(result: &Value) -> &str {
    json::text(result, &["check", "name"]).or_else(|| json::text(result, &["header"])).unwrap_or("check")
}

fn not_run(path: &str, result: &Value) -> ToolCheck {
    let name = name(result);
    let check = ToolCheck::new(Source::of(TOOL, None, path), name, subject(name), Vec::new(), CheckOutcome::NotRun);
    match json::text(result, &["exception"]) {
        Some(exception) => check.with_observed(exception),
        None => check,
    }
}

/// Kinds of missing values that a column has, of which a condition only counts the kinds.
fn nulls(path: &str, result: &Value) -> Vec<ToolCheck> {
    let columns = json::entries(result, &["value", "columns"]);
    columns
        .filter_map(|(column, kinds)| {
            let share: f64 = json::entries(kinds, &[]).filter_map(|(_, kind)| json::number(kind, &["percent"])).sum();
            let kind = |(kind, seen): (&String, &Value)| {
                Some(format!("{} of {kind}", domain::number::number(json::number(seen, &["count"])?)))
            };
            let words: Vec<String> = json::entries(kinds, &[]).filter_map(kind).collect();
            let source = Source::of(TOOL, None, format!("{path}.value.columns.{column}"));
            let check = ToolCheck::new(
                source,
                name(result),
                CheckSubject::MissingValues,
                vec![column.clone()],
                CheckOutcome::Warned,
            );
            (!words.is_empty() && share > 0.0)
                .then(|| check.with_measured("share of missing values", share, None).with_observed(words.join(", ")))
        })
        .collect()
}

/// The checks of a result: one per column where columns are named, otherwise one per condition.
fn checks(path: &str, result: &Value) -> Vec<ToolCheck> {
    let scores = drift_scores(result);
    let mut checks =
        if subject(name(result)) == CheckSubject::MissingValues { nulls(path, result) } else { Vec::new() };
    for (place, condition) in json::list(result, &["conditions_results"]).enumerate() {
        let Some(status) = json::text(condition, &["Status"]) else { continue };
        let outcome = match status.to_uppercase().as_str() {
            "PASS" => CheckOutcome::Passed,
            "FAIL" => CheckOutcome::Failed,
            "WARN" | "WARNING" => CheckOutcome::Warned,
            _ => CheckOutcome::NotRun,
        };
        let condition = Condition {
            path: format!("{path}.conditions_results[{place}]").trim_start_matches('.').to_owned(),
            check: name(result),
            outcome,
            asks: json::text(condition, &["Condition"]).unwrap_or_default(),
            found: json::text(condition, &["More Info"]).unwrap_or_default(),
        };
        checks.extend(condition.checks(result, &scores));
    }
    checks
}

struct Condition<'v> {
    path: String,
    check: &'v str,
    outcome: CheckOutcome,
    asks: &'v str,
    found: &'v str,
}

impl Condition<'_> {
    fn checks(&self, result: &Value, scores: &[(String, String, f64)]) -> Vec<ToolCheck> {
        let named = named(self.found);
        let limit = limit(self.asks);
        if !scores.is_empty() {
            let names: BTreeSet<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
            let by_column = scores.iter().map(|(column, method, score)| {
                let is_named = names.contains(column.as_str());
                let outcome = if is_named || named.is_empty() { self.outcome } else { CheckOutcome::Passed };
                self.one(vec![column.clone()], outcome).with_measured(method, *score, limit).worse_when(Worse::Higher)
            });
            return by_column.collect();
        }
        if self.outcome != CheckOutcome::Passed && !named.is_empty() {
            // The list of values that are new does not say their columns; of one column they are all.
            let new = if named.len() == 1 { new_values(result) } else { Vec::new() };
            let new = if new.is_empty() { String::new() } else { format!(", new: {}", new.join(", ")) };
            let by_column = named.into_iter().map(|(column, value)| {
                let observed = if value.is_empty() { plain(self.found) } else { format!("{value}{new}") };
                let check = self.one(vec![column], self.outcome).with_observed(observed);
                match number_in(&value) {
                    Some(value) => check.with_measured("value", value, limit).worse_when(worse(self.asks)),
                    None => check,
                }
            });
            return by_column.collect();
        }
        let mut check = self.one(Vec::new(), self.outcome);
        if let Some((statistic, value)) = single(result) {
            check = check.with_measured(statistic, value, limit).worse_when(worse(self.asks));
        }
        vec![if self.found.is_empty() { check } else { check.with_observed(plain(self.found)) }]
    }

    fn one(&self, columns: Vec<String>, outcome: CheckOutcome) -> ToolCheck {
        let source = Source::of(TOOL, None, self.path.as_str());
        ToolCheck::new(source, self.check, subject(self.check), columns, outcome).with_expected(plain(self.asks))
    }
}

/// Drift of each column: name, method and score.
fn drift_scores(result: &Value) -> Vec<(String, String, f64)> {
    let columns = json::entries(result, &["value"]);
    columns
        .filter_map(|(column, value)| {
            let score = drift_score(value)?;
            let method = json::text(value, &["Method"]).unwrap_or("Drift score");
            Some((column.clone(), method.to_owned(), score))
        })
        .collect()
}

/// A number of numpy is an object of its type and its value.
fn drift_score(value: &Value) -> Option<f64> {
    let score = value.get("Drift score")?;
    json::finite(score).or_else(|| json::number(score, &["value"]))
}

/// The categories that a result calls new; its value may be JSON within a text.
fn new_values(result: &Value) -> Vec<String> {
    let value = result.get("value").cloned().unwrap_or_default();
    let value: Value = value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value);
    let mut new = Vec::new();
    json::each_object(&value, &mut |_, object| {
        let listed = object.get("New categories").and_then(Value::as_array).into_iter().flatten();
        new.extend(listed.map(json::words));
    });
    new.truncate(5);
    new
}

/// The one figure of a result that is not about single columns.
fn single(result: &Value) -> Option<(&str, f64)> {
    let value = result.get("value")?;
    let of = |key: &'static str| {
        let number = value.get(key)?;
        Some((key, json::finite(number).or_else(|| json::number(number, &["value"]))?))
    };
    let by_name = ["domain_classifier_drift_score", "percent_of_conflicting_samples", "ratio"].into_iter().find_map(of);
    let drift = || Some((json::text(value, &["Method"])?, drift_score(value)?));
    by_name.or_else(drift).or_else(|| value.is_number().then(|| Some(("value", json::finite(value)?))).flatten())
}

/// The columns that the words of a condition name, each with its value: `{'a': '0.91', 'b': 3}`. Python writes the text of a
/// dictionary there, which no JSON parser reads.
fn named(found: &str) -> Vec<(String, String)> {
    let mut named = Vec::new();
    for dictionary in found.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        let mut rest = dictionary;
        while let Some((column, after)) = quoted(rest) {
            let Some(after) = after.trim_start().strip_prefix(':') else { break };
            let after = after.trim_start();
            let (value, after) = match (quoted(after), after.strip_prefix('[')) {
                (Some(quoted), _) => quoted,
                (None, Some(list)) => list.split_once(']').unwrap_or((list, "")),
                (None, None) => after.split_at(after.find(',').unwrap_or(after.len())),
            };
            // A dictionary within a dictionary is about more than columns.
            if value.trim().is_empty() {
                return Vec::new();
            }
            named.push((column.to_owned(), value.trim().to_owned()));
            rest = after.trim_start_matches([',', ' ', '\n']);
        }
    }
    if named.is_empty() { listed(found) } else { named }
}

/// The columns that are named in a list: `Found 1 out of 8 columns with a single value: ['a']`.
fn listed(found: &str) -> Vec<(String, String)> {
    let list = found.split_once('[').filter(|(before, _)| before.contains("column")).map(|(_, list)| list);
    let mut rest = list.unwrap_or_default();
    let mut listed = Vec::new();
    while let Some((column, after)) = quoted(rest) {
        listed.push((column.to_owned(), String::new()));
        rest = after.trim_start_matches([',', ' ', '\n']);
    }
    listed
}

/// The text in quotation marks at the beginning, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let mark = text.chars().next().filter(|mark| matches!(mark, '\'' | '"'))?;
    let inside = &text[1..];
    let end = inside.find(mark)?;
    Some((&inside[..end], &inside[end + 1..]))
}

/// A number at the beginning of a text; a percentage as a share.
fn number_in(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text
        .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | '-' | 'e' | '+')))
        .unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(if text[end..].trim_start().starts_with('%') { number / 100.0 } else { number })
}

/// The limit of a condition, where it names one number only.
fn limit(asks: &str) -> Option<f64> {
    let numbers: Vec<f64> = asks
        .split_whitespace()
        .filter(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .filter_map(number_in)
        .collect();
    let first = numbers.first().copied()?;
    numbers.iter().all(|number| *number == first).then_some(first)
}

/// The side that a condition forbids, where it names one: `is less than 0.2`, `does not contain more than 1%`.
fn worse(asks: &str) -> Option<Worse> {
    let asks = asks.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| asks.contains(word));
    let is_denied = asks.split_whitespace().any(|word| matches!(word, "not" | "no"));
    match (says(&["<", "less"]), says(&[">", "more", "greater"])) {
        (true, false) => Some(if is_denied { Worse::Lower } else { Worse::Higher }),
        (false, true) => Some(if is_denied { Worse::Higher } else { Worse::Lower }),
        _ => None,
    }
}

/// In one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a check is about, by the words of its name.
fn subject(name: &str) -> CheckSubject {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match () {
        () if has(&["multivariate drift", "whole dataset drift"]) => CheckSubject::JointDrift,
        () if has(&["prediction drift"]) => CheckSubject::PredictionDrift,
        () if has(&["label drift"]) => CheckSubject::LabelDrift,
        () if has(&["drift", "dominant frequency"]) => CheckSubject::Drift,
        () if has(&["new category", "category mismatch", "new label"]) => CheckSubject::NewValues,
        () if has(&["null"]) => CheckSubject::MissingValues,
        () if has(&["data type"]) => CheckSubject::Types,
        () if has(&["string", "special char"]) => CheckSubject::Pattern,
        () if has(&["samples mix", "train test leakage", "leakage duplicates", "leakage overlap"]) => {
            CheckSubject::Splits
        }
        () if has(&["duplicate"]) => CheckSubject::Duplicates,
        () if has(&["conflicting label", "label ambiguity"]) => CheckSubject::Labels,
        () if has(&["label correlation"]) => CheckSubject::Leakage,
        () if has(&["outlier"]) => CheckSubject::Range,
        () if has(&["size comparison"]) => CheckSubject::RowCount,
        () if has(&["class imbalance"]) => CheckSubject::ClassBalance,
        () if has(&["overfit"]) => CheckSubject::Overfit,
        () if has(&["unused features"]) => CheckSubject::FeatureImportance,
        () if has(&["inference time"]) => CheckSubject::Capacity,
        () if has(&[
            "performance",
            "roc",
            "confusion",
            "weak segment",
            "simple model",
            "calibration",
            "error",
            "score",
        ]) =>
        {
            CheckSubject::Performance
        }
        () => CheckSubject::Consistency,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_condition_name_columns_and_limits() {
        let pair = |column: &str, value: &str| (column.to_owned(), value.to_owned());
        assert_eq!(named("Found 1 columns: \n{'a b': '7.63%', 'c': 2}"), [pair("a b", "7.63%"), pair("c", "2")]);
        assert_eq!(named("Found {'a': ['x', 'y'], \"b\": '1'}"), [pair("a", "'x', 'y'"), pair("b", "1")]);
        assert_eq!(named("Found 1 out of 8 columns with a single value: ['a', 'b']"), [pair("a", ""), pair("b", "")]);
        assert_eq!(named("Found 1 new labels in test data: ['a']"), []);
        assert_eq!(named("Failed: {'a': {'Precision': '0.3'}}"), []);
        assert_eq!(named("Passed for 8 relevant columns {"), []);
        assert_eq!(number_in("7.5%"), Some(0.075));
        assert_eq!(limit("drift score < 0.2 and numerical drift score < 0.2"), Some(0.2));
        assert_eq!(limit("either more than 10% or less than 1%"), None);
        assert_eq!(limit("is not greater than 2%"), Some(0.02));
    }

    #[test]
    fn a_condition_forbids_one_side() {
        assert_eq!(worse("Drift score < 0.2"), Some(Worse::Higher));
        assert_eq!(worse("Train-Test scores relative degradation is less than 0.1"), Some(Worse::Higher));
        assert_eq!(worse("Scores are greater or equal to 0.8"), Some(Worse::Lower));
        assert_eq!(worse("Ratio of new categories is not more than 1%"), Some(Worse::Higher));
        assert_eq!(worse("Not less than 3 columns"), Some(Worse::Lower));
        assert_eq!(worse("Number of rows is equal to 5"), None);
    }
}
