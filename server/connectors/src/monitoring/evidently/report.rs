//! Reports of 0.6 and 0.7: what `json()` writes, and stored snapshots with their widgets.

use std::collections::{BTreeMap, BTreeSet};

use domain::Problem;
use domain::number::{count, counted, number, percent};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck, Worse};
use domain::tool_facts::ReportedMetric;
use serde_json::{Map, Value, json};

use super::{Condition, Drift, Score, TOOL, condition, is_quality, outcome, subject};
use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

pub(crate) static REPORT: Connector = Connector {
    id: "evidently",
    tool: TOOL,
    words: "Evidently report or snapshot, JSON",
    proven_on: "0.7.23; the layout of 0.6",
    takes: "drift of each column and of the whole, tests with their status, missing values, figures of quality",
    leaves: "summary statistics without a limit, histograms and pictures",
    recognise: |seen| {
        let is_metric = |word: Option<&str>| word.is_some_and(|word| word.starts_with("evidently:"));
        is_metric(seen.json.word("metrics[].config.type"))
            || (seen.json.has_all(&["metrics[].metric_id", "metrics[].id"]) && seen.json.has("metrics[].value"))
            || (seen.json.has("metric_results") && seen.text.contains("\"evidently:metric_result"))
            || is_metric(seen.json.word("tests[].metric_config.params.type"))
    },
    read,
};

/// One metric of a report.
struct Metric {
    /// The place in the file, as a number and as a path.
    place: usize,
    path: String,
    /// Its kind, such as `ValueDrift`.
    kind: String,
    settings: Value,
    value: Value,
}

impl Metric {
    fn column(&self) -> Option<&str> {
        json::text(&self.settings, &["column"])
    }

    /// The figure: of a count with its share the share.
    fn figure(&self) -> Option<f64> {
        json::finite(&self.value).or_else(|| json::number(&self.value, &["share"]))
    }

    /// The figure, or the mean of one that has a deviation.
    fn main_figure(&self) -> Option<f64> {
        self.figure().or_else(|| json::number(&self.value, &["mean"]))
    }

    /// The figures of a metric of quality: one, the mean of one, or one for each label.
    fn figures(&self) -> Vec<(String, f64)> {
        if let Some(value) = self.main_figure() {
            return vec![(self.kind.clone(), value)];
        }
        let labels = json::entries(&self.value, &[]);
        labels.filter_map(|(label, value)| Some((format!("{} of {label}", self.kind), json::finite(value)?))).collect()
    }

    fn columns(&self) -> Vec<String> {
        self.column().map(str::to_owned).into_iter().collect()
    }
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let at_ms = json::text(&document, &["timestamp"]).and_then(numbers::moment);
    let metrics = metrics(&document);
    let rows = metrics.values().find(|metric| metric.kind == "RowCount").and_then(Metric::figure);
    let mut brought = Brought::default();
    let tested = tests(&document, &metrics, &mut brought.facts.checks);
    let mut left = 0;
    let mut ordered: Vec<(&String, &Metric)> = metrics.iter().collect();
    ordered.sort_by_key(|(_, metric)| metric.place);
    for (id, metric) in ordered {
        let is_of_model = is_quality(&metric.kind) && metric.column().is_none() && !metric.kind.starts_with("Dummy");
        if is_of_model {
            brought.facts.metrics.extend(metric.figures().into_iter().map(|figure| reported(metric, figure, at_ms)));
        } else if !tested.contains(id) {
            match untested(metric, rows) {
                Some(check) => brought.facts.checks.push(check),
                None => left += 1,
            }
        }
    }
    for check in &mut brought.facts.checks {
        check.at_ms = at_ms;
    }
    if left > 0 {
        brought.left.push(format!("{} without a limit", counted(left, "figure")));
    }
    if brought.count() == 0 && !metrics.is_empty() {
        brought
            .warnings
            .push("It holds only summary statistics without a limit; nothing is concluded from them.".to_owned());
    }
    Ok(brought)
}

/// Every metric by its id, of a report or of a snapshot.
fn metrics(document: &Value) -> BTreeMap<String, Metric> {
    let listed = json::list(document, &["metrics"]).enumerate().filter_map(|(place, metric)| {
        let name =
            json::text(metric, &["metric_name"]).or_else(|| json::text(metric, &["metric_id"])).unwrap_or_default();
        let settings = metric.get("config").cloned().unwrap_or_else(|| settings_in(name));
        let kind = json::text(&settings, &["type"]).map_or_else(|| name.split('(').next().unwrap_or_default(), kind_of);
        let id = json::text(metric, &["id"]).unwrap_or(name).to_owned();
        let (path, kind) = (format!("metrics[{place}]"), kind.to_owned());
        Some((id, Metric { place, path, kind, value: metric.get("value")?.clone(), settings }))
    });
    let stored = json::entries(document, &["metric_results"]).enumerate().filter_map(|(place, (id, result))| {
        let settings = json::at(result, &["metric_value_location", "metric", "params"])?;
        let kind = kind_of(json::text(settings, &["type"])?).to_owned();
        let metric = Metric {
            place,
            path: format!("metric_results.{id}"),
            kind,
            value: stored_value(result),
            settings: settings.clone(),
        };
        Some((id.clone(), metric))
    });
    listed.chain(stored).collect()
}

/// The value of a stored result: a number, or several by their names (a count with its share, a mean with its deviation, one
/// for each label), each a result of its own.
fn stored_value(result: &Value) -> Value {
    if let Some(value) = result.get("value") {
        return value.clone();
    }
    let parts = json::entries(result, &[]).chain(json::entries(result, &["values"]));
    let of = |(name, part): (&String, &Value)| Some((name.clone(), part.get("value")?.clone()));
    Value::Object(parts.filter_map(of).collect())
}

/// `evidently:metric_v2:ValueDrift` is `ValueDrift`.
fn kind_of(type_name: &str) -> &str {
    type_name.rsplit(':').next().unwrap_or_default()
}

/// The settings that 0.6 writes into the name alone: `ValueDrift(column=a,method=psi,threshold=0.1)`.
fn settings_in(name: &str) -> Value {
    let inside = name.split_once('(').map_or("", |(_, inside)| inside.strip_suffix(')').unwrap_or(inside));
    let settings: Map<String, Value> = inside
        .split(',')
        .filter_map(|setting| setting.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), Value::String(value.trim().to_owned())))
        .collect();
    Value::Object(settings)
}

/// Adds the checks that are tests, and returns the ids of the metrics they test.
fn tests(document: &Value, metrics: &BTreeMap<String, Metric>, checks: &mut Vec<ToolCheck>) -> BTreeSet<String> {
    let listed = json::list(document, &["tests"]).enumerate().map(|(place, test)| (format!("tests[{place}]"), test));
    let stored = json::entries(document, &["metric_results"]).flat_map(|(id, result)| {
        let parts = [Some(result), result.get("count"), result.get("share")].into_iter().flatten();
        parts
            .flat_map(|part| json::list(part, &["tests"]))
            .enumerate()
            .map(move |(place, test)| (format!("metric_results.{id}.tests[{place}]"), test))
    });
    let mut tested = BTreeSet::new();
    for (path, test) in listed.chain(stored) {
        let Some(status) = json::text(test, &["status"]) else { continue };
        let id = json::text(test, &["metric_config", "metric_id"]).unwrap_or_default();
        let check = match metrics.get(id) {
            Some(metric) => of_metric(path, test, metric, status),
            None => of_name(path, test, status),
        };
        checks.push(check);
        tested.insert(id.to_owned());
    }
    tested
}

/// The check of a test of a metric that is in the file.
fn of_metric(path: String, test: &Value, metric: &Metric, status: &str) -> ToolCheck {
    let source = Source::of(TOOL, None, path);
    let name = json::text(test, &["name"]).unwrap_or(&metric.kind);
    if let Some(drift) =
        drift(metric, (outcome(status) != CheckOutcome::NotRun).then(|| outcome(status) != CheckOutcome::Passed))
    {
        return ToolCheck { name: name.to_owned(), ..drift.check(source, name, CheckSubject::Drift) };
    }
    let Condition { limit, worse, words: expected } = condition_of(test);
    // A test of the count is told from one of the share by its limit: a share is at most 1.
    let of_count = json::at(test, &["bound_test", "is_count"]).and_then(Value::as_bool) == Some(true);
    let value = if of_count { json::number(&metric.value, &["count"]) } else { metric.main_figure() };
    let mut check = ToolCheck::new(source, name, subject(&metric.kind), metric.columns(), outcome(status));
    check.expected = expected;
    if let Some(value) = value {
        check = check.with_measured(&measured_name(metric, of_count), value, limit).worse_when(worse);
    }
    let words = json::text(test, &["description"]).map(str::to_owned);
    check.observed = seen_of(metric, None).or(words);
    check
}

/// The check of a test whose metric the file leaves out.
fn of_name(path: String, test: &Value, status: &str) -> ToolCheck {
    let name = json::text(test, &["name"]).unwrap_or("test");
    let kind = json::text(test, &["metric_config", "params", "type"]).map_or(name, kind_of);
    let columns = json::text(test, &["metric_config", "params", "column"]).map(str::to_owned);
    let source = Source::of(TOOL, None, path);
    let mut check = ToolCheck::new(source, name, subject(kind), columns.into_iter().collect(), outcome(status));
    check.observed = test.get("description").map(json::words);
    check
}

/// The limit and the condition of a test, from its kind (`LessThanMetricTest`) and its threshold.
fn condition_of(test: &Value) -> Condition {
    let settings = json::at(test, &["test_config"]).filter(|settings| settings.get("threshold").is_some());
    let Some(settings) = settings.or_else(|| json::at(test, &["bound_test", "test"])) else {
        return Condition::default();
    };
    let key = match kind_of(json::text(settings, &["type"]).unwrap_or_default()) {
        "LessThanMetricTest" => "lt",
        "LessOrEqualMetricTest" => "lte",
        "GreaterThanMetricTest" => "gt",
        "GreaterOrEqualMetricTest" => "gte",
        "EqualMetricTest" => "eq",
        "NotEqualMetricTest" => "not_eq",
        _ => return Condition::default(),
    };
    condition(&json!({ key: settings.get("threshold") }))
}

/// Drift of one column, when the metric is that.
fn drift<'v>(metric: &'v Metric, detected: Option<bool>) -> Option<Drift<'v>> {
    if !metric.kind.contains("ValueDrift") {
        return None;
    }
    Some(Drift {
        column: metric.column()?,
        method: json::text(&metric.settings, &["method"]).unwrap_or("drift score"),
        score: metric.figure()?,
        limit: json::number(&metric.settings, &["threshold"]),
        detected,
    })
}

/// What can be said of a metric that no test judges: it never fails, unless its own limit was passed by a distance.
fn untested(metric: &Metric, rows: Option<f64>) -> Option<ToolCheck> {
    let source = Source::of(TOOL, None, metric.path.as_str());
    if let Some(drift) = drift(metric, None) {
        let known = drift.limit.is_some() && Score::of(drift.method) != Score::Unknown;
        return known.then(|| drift.check(source, &metric.kind, CheckSubject::Drift));
    }
    let share = json::number(&metric.value, &["share"]);
    let (limit, is_over) = match metric.kind.as_str() {
        "DriftedColumnsCount" => {
            let limit = json::number(&metric.settings, &["drift_share"]);
            (limit, share.zip(limit).is_some_and(|(share, limit)| share >= limit))
        }
        "MissingValueCount" | "DatasetMissingValueCount" => (None, json::number(&metric.value, &["count"])? > 0.0),
        "DuplicatedRowCount"
        | "EmptyRowsCount"
        | "EmptyColumnsCount"
        | "ConstantColumnsCount"
        | "DuplicatedColumnsCount"
        | "AlmostConstantColumnsCount" => (None, metric.figure()? > 0.0),
        _ => return None,
    };
    let outcome = if is_over { CheckOutcome::Warned } else { CheckOutcome::Passed };
    let mut check = ToolCheck::new(source, &metric.kind, subject(&metric.kind), metric.columns(), outcome);
    if let Some(value) = metric.figure() {
        check = check.with_measured(&measured_name(metric, false), value, limit).worse_when(Worse::Higher);
    }
    check.observed = seen_of(metric, rows);
    Some(check)
}

fn measured_name(metric: &Metric, of_count: bool) -> String {
    let of = if of_count { "number" } else { "share" };
    match metric.kind.as_str() {
        "DriftedColumnsCount" => format!("{of} of drifted columns"),
        "MissingValueCount" | "DatasetMissingValueCount" => format!("{of} of missing values"),
        "ValueDrift" => "drift score".to_owned(),
        other => other.to_owned(),
    }
}

/// A count with its share in words.
fn seen_of(metric: &Metric, rows: Option<f64>) -> Option<String> {
    let seen = json::number(&metric.value, &["count"])?;
    let seen = if seen.fract() == 0.0 && (0.0..1e15).contains(&seen) { count(seen as u64) } else { number(seen) };
    let share = json::number(&metric.value, &["share"]).map(percent);
    Some(match (metric.kind.as_str(), share, rows) {
        ("DriftedColumnsCount", Some(share), _) => format!("{seen} columns drifted, {share}"),
        ("MissingValueCount", Some(share), Some(rows)) => format!("{seen} of {} rows, {share}", number(rows)),
        (_, Some(share), _) => format!("{seen}, {share}"),
        _ => seen,
    })
}

fn reported(metric: &Metric, (name, value): (String, f64), at_ms: Option<i64>) -> ReportedMetric {
    let source = Source::of(TOOL, None, metric.path.as_str());
    ReportedMetric { source, model: None, version: None, is_deployed: None, metric: name, value, at_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_0_6_are_read_from_the_name() {
        let settings = settings_in("ValueDrift(column=a,method=Wasserstein distance (normed),threshold=0.1)");
        assert_eq!(json::text(&settings, &["column"]), Some("a"));
        assert_eq!(json::text(&settings, &["method"]), Some("Wasserstein distance (normed)"));
        assert_eq!(json::number(&settings, &["threshold"]), Some(0.1));
        assert_eq!(settings_in("RowCount()"), json!({}));
    }
}
