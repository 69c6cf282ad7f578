//! Reports and test suites of 0.2 to 0.5: `Report.json()` and `TestSuite.json()`.

use domain::Problem;
use domain::number::{count, counted, number, percent};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use domain::tool_facts::ReportedMetric;
use serde_json::Value;

use super::{Condition, Drift, Score, TOOL, condition, outcome, subject};
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(crate) static LEGACY: Connector = Connector {
    id: "evidently_legacy",
    tool: TOOL,
    words: "Evidently report or test suite before 0.6, JSON",
    proven_on: "0.4.40",
    takes: "drift of each column and of the whole, tests with their status, missing and new values, figures of quality",
    leaves: "distributions, confusion matrices and correlations",
    recognise: |seen| {
        let is_report = seen.json.has("metrics[].metric") && seen.json.has("metrics[].result");
        let is_suite = seen.json.has_all(&["tests[].name", "tests[].status", "tests[].group"]);
        (is_report || is_suite) && (seen.json.has("version") || seen.json.has("timestamp"))
    },
    read,
};

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let version = json::text(&document, &["version"]).map(str::to_owned);
    let at_ms = json::text(&document, &["timestamp"]).and_then(numbers::moment);
    let mut brought = Brought::default();
    let mut left = 0;
    for (place, metric) in json::list(&document, &["metrics"]).enumerate() {
        let before = brought.count();
        of_metric(&format!("metrics[{place}]"), metric, &mut brought);
        left += u64::from(brought.count() == before);
    }
    let tests = json::list(&document, &["tests"]).enumerate();
    brought.facts.checks.extend(tests.filter_map(|(place, test)| of_test(&format!("tests[{place}]"), test)));
    for check in &mut brought.facts.checks {
        check.at_ms = at_ms;
        check.source.tool_version.clone_from(&version);
    }
    for metric in &mut brought.facts.metrics {
        metric.at_ms = at_ms;
        metric.source.tool_version.clone_from(&version);
    }
    if left > 0 {
        brought.left.push(format!("{} of another kind", counted(left, "metric")));
    }
    if brought.count() == 0 && left > 0 {
        brought.warnings.push("Its metrics are of kinds that hold nothing to compare or conclude.".to_owned());
    }
    Ok(Brought { tool_version: version, ..brought })
}

/// The facts of one metric, by what its result holds.
fn of_metric(path: &str, metric: &Value, brought: &mut Brought) {
    let name = json::text(metric, &["metric"]).unwrap_or("metric");
    let Some(result) = metric.get("result") else { return };
    let checks = &mut brought.facts.checks;
    if json::number(result, &["share_of_drifted_columns"]).is_some() && result.get("drift_by_columns").is_none() {
        checks.push(drifted_columns(path, name, result));
    }
    let single = [result].into_iter().filter(|result| result.get("drift_score").is_some());
    let by_column = json::entries(result, &["drift_by_columns"]).map(|(_, column)| column);
    for column in by_column.chain(single) {
        checks.extend(column_drift(path, name, column));
    }
    checks.extend(summary_checks(path, name, result));
    checks.extend(missing_by_column(path, name, result));
    if name.ends_with("QualityMetric") {
        brought.facts.metrics.extend(quality(path, result));
    }
}

fn drifted_columns(path: &str, name: &str, result: &Value) -> ToolCheck {
    let share = json::number(result, &["share_of_drifted_columns"]).unwrap_or_default();
    let outcome = match result.get("dataset_drift").and_then(Value::as_bool) {
        Some(true) => CheckOutcome::Warned,
        Some(false) => CheckOutcome::Passed,
        None => CheckOutcome::NotRun,
    };
    let part = |key: &str| json::number(result, &[key]).map(number);
    let check = ToolCheck::new(Source::of(TOOL, None, path), name, CheckSubject::Drift, Vec::new(), outcome)
        .with_measured("share of drifted columns", share, json::number(result, &["drift_share"]))
        .worse_when(Worse::Higher);
    match part("number_of_drifted_columns").zip(part("number_of_columns")) {
        Some((drifted, all)) => check.with_observed(format!("{drifted} of {all} columns drifted")),
        None => check,
    }
}

fn column_drift(path: &str, name: &str, column: &Value) -> Option<ToolCheck> {
    let drift = Drift {
        column: json::text(column, &["column_name"])?,
        method: json::text(column, &["stattest_name"]).unwrap_or("drift score"),
        score: json::number(column, &["drift_score"])?,
        limit: json::number(column, &["stattest_threshold"]),
        detected: column.get("drift_detected").and_then(Value::as_bool),
    };
    let path = format!("{path}.{}", drift.column);
    Some(drift.check(Source::of(TOOL, None, path), name, CheckSubject::Drift))
}

/// What a summary of a column shows against the reference: missing values, values that are new, a mean that moved. Evidently
/// judges none of them here, so that they warn at most.
fn summary_checks(path: &str, name: &str, result: &Value) -> Vec<ToolCheck> {
    let column = json::text(result, &["column_name"]);
    let parts = result.get("current_characteristics").zip(column);
    let Some((current, column)) = parts else { return Vec::new() };
    let reference = result.get("reference_characteristics").unwrap_or(&Value::Null);
    let check = |about, is_worse: bool| {
        let outcome = if is_worse { CheckOutcome::Warned } else { CheckOutcome::Passed };
        ToolCheck::new(Source::of(TOOL, None, path), name, about, vec![column.to_owned()], outcome)
    };
    let missing = |of: &Value| json::number(of, &["missing_percentage"]).map(|percentage| percentage / 100.0);
    let mut checks = Vec::new();
    let before = missing(reference);
    if let Some(share) = missing(current) {
        let mut one = check(CheckSubject::MissingValues, share > before.unwrap_or(0.0) + 0.01).with_measured(
            "share of missing values",
            share,
            None,
        );
        one.expected = before.map(|before| format!("{} in the reference", percent(before)));
        checks.push(one);
    }
    // A missing value counts as a new one where the reference has none.
    let surge = before == Some(0.0) && missing(current).is_some_and(|share| share > 0.0);
    if let Some(new) = json::number(current, &["new_in_current_values_count"]) {
        let new = (new - f64::from(u8::from(surge))).max(0.0);
        checks.push(check(CheckSubject::NewValues, new > 0.0).with_measured("number of new values", new, None));
    }
    checks.extend(mean_moved(current, reference).map(|(is_far, mean, words)| {
        check(CheckSubject::Summary, is_far).with_measured("mean", mean, None).with_expected(words)
    }));
    checks
}

/// The mean with the one of the reference; far is what Evidently's own test of the mean takes for it: two standard deviations.
fn mean_moved(current: &Value, reference: &Value) -> Option<(bool, f64, String)> {
    let mean = json::number(current, &["mean"])?;
    let before = json::number(reference, &["mean"])?;
    let deviation = json::number(reference, &["std"])?;
    let words = format!("{} with a standard deviation of {} in the reference", number(before), number(deviation));
    Some(((mean - before).abs() > 2.0 * deviation, mean, words))
}

/// Missing values of each column, where a metric counts them for the whole table.
fn missing_by_column(path: &str, name: &str, result: &Value) -> Vec<ToolCheck> {
    let share = |of: &str, column: &str| json::number(result, &[of, "share_of_missing_values_by_column", column]);
    let shares = json::entries(result, &["current", "share_of_missing_values_by_column"]);
    shares
        .filter_map(|(column, value)| {
            let (now, before) = (json::finite(value)?, share("reference", column));
            let is_worse = now > before.unwrap_or(0.0) + 0.01;
            let outcome = if is_worse { CheckOutcome::Warned } else { CheckOutcome::Passed };
            let source = Source::of(TOOL, None, path);
            let mut check = ToolCheck::new(source, name, CheckSubject::MissingValues, vec![column.clone()], outcome)
                .with_measured("share of missing values", now, None);
            check.expected = before.map(|before| format!("{} in the reference", percent(before)));
            Some(check)
        })
        .collect()
}

/// Figures of the quality of predictions, of the current data and of the reference.
fn quality(path: &str, result: &Value) -> Vec<ReportedMetric> {
    let of = |part: &'static str| {
        json::entries(result, &[part]).filter_map(move |(metric, value)| {
            let source = Source::of(TOOL, None, format!("{path}.{part}"));
            let metric = format!("{part}.{metric}");
            let value = json::finite(value)?;
            Some(ReportedMetric { source, model: None, version: None, is_deployed: None, metric, value, at_ms: None })
        })
    };
    of("current").chain(of("reference")).collect()
}

fn of_test(path: &str, test: &Value) -> Option<ToolCheck> {
    let name = json::text(test, &["name"])?;
    let status = outcome(json::text(test, &["status"])?);
    let given = test.get("parameters").unwrap_or(&Value::Null);
    let said = json::text(test, &["description"]).unwrap_or_default();
    let column = json::text(given, &["column_name"]).or_else(|| in_stars(said));
    let source = Source::of(TOOL, None, path);
    if let (Some(column), Some(method), Some(score)) =
        (column, json::text(given, &["stattest"]), json::number(given, &["score"]))
    {
        let detected = (status != CheckOutcome::NotRun).then_some(status != CheckOutcome::Passed);
        let drift = Drift { column, method, score, limit: json::number(given, &["threshold"]), detected };
        return Some(drift.check(source, name, subject(name)));
    }
    // A share of columns that drifted rests on their methods: p-values alone only warn.
    let methods: Vec<Score> = json::entries(given, &["features"])
        .filter_map(|(_, one)| json::text(one, &["stattest"]).map(Score::of))
        .collect();
    let by_p_values = !methods.is_empty() && methods.iter().all(|method| *method == Score::PValue);
    let outcome = if by_p_values && status == CheckOutcome::Failed { CheckOutcome::Warned } else { status };
    let columns = column.map(str::to_owned).into_iter().collect();
    let mut check = ToolCheck::new(source, name, subject(name), columns, outcome);
    let Condition { limit, worse, words: expected } = condition(given.get("condition").unwrap_or(&Value::Null));
    check.expected = expected.or_else(|| expected_mean(given));
    if let Some(value) = json::number(given, &["value"]) {
        check = check.with_measured(&name.to_lowercase(), value, limit).worse_when(worse);
    } else if let Some(mean) = json::number(given, &["current_mean"]) {
        check = check.with_measured("mean", mean, None);
    }
    check.observed = rows_in(said).or_else(|| drifted(given)).or_else(|| mismatched(given));
    if check.observed.is_none() && check.measured.is_none() && !said.is_empty() {
        check.observed = Some(json::words(&Value::String(said.replace("**", ""))));
    }
    Some(check)
}

/// The column that a description names: `The mean value of the column **a** is 2`.
fn in_stars(said: &str) -> Option<&str> {
    said.split("**").nth(1).filter(|column| !column.is_empty())
}

/// `229 out of 3000`, which only the description says.
fn rows_in(said: &str) -> Option<String> {
    let (before, after) = said.rsplit_once(" out of ")?;
    let first = before.rsplit(|letter: char| !letter.is_ascii_digit()).next()?;
    let second = after.split(|letter: char| !letter.is_ascii_digit()).next()?;
    let (part, whole): (u64, u64) = (first.parse().ok()?, second.parse().ok()?);
    Some(format!("{} of {}", count(part), count(whole)))
}

fn expected_mean(given: &Value) -> Option<String> {
    let mean = json::number(given, &["reference_mean"])?;
    let deviation = json::number(given, &["reference_std"])?;
    let sigmas = json::number(given, &["n_sigmas"])?;
    Some(format!("{} ± {} standard deviations of {}", number(mean), number(sigmas), number(deviation)))
}

fn drifted(given: &Value) -> Option<String> {
    let is_drifted = |one: &Value| one.get("detected").and_then(Value::as_bool) == Some(true);
    let columns =
        json::entries(given, &["features"]).filter(|(_, one)| is_drifted(one)).map(|(column, _)| column.as_str());
    let columns: Vec<&str> = columns.take(10).collect();
    (!columns.is_empty()).then(|| format!("drift of {}", columns.join(", ")))
}

fn mismatched(given: &Value) -> Option<String> {
    let differ = json::list(given, &["columns"]).filter_map(|one| {
        let (actual, expected) = (json::text(one, &["actual_type"])?, json::text(one, &["expected_type"])?);
        let column = json::text(one, &["column_name"])?;
        (actual != expected).then(|| format!("{column} is {actual} instead of {expected}"))
    });
    let differ: Vec<String> = differ.take(10).collect();
    (!differ.is_empty()).then(|| differ.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_tells_the_column_and_the_rows() {
        let said = "The share of values out of list in the column **a b** is 0.0763 (229 out of 3000). The test threshold is 0.";
        assert_eq!(in_stars(said), Some("a b"));
        assert_eq!(rows_in(said).as_deref(), Some("229 of 3,000"));
        assert_eq!((in_stars("nothing"), rows_in("2 out of x")), (None, None));
    }
}
