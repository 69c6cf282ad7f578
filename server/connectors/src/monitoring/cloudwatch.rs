//! Amazon CloudWatch: answers of `get-metric-data`, `get-metric-statistics` and `describe-alarms`:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>.

use domain::Problem;
use domain::number::{counted, number};
use domain::observation::{AlertRule, Breach, MetricSeries};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use crate::given::Given;
use crate::{Brought, Connector, json, numbers, signals};

const TOOL: &str = "CloudWatch";
/// Points of one series at most.
const MOST_POINTS: usize = 100_000;
/// Statistics of a data point, in the order of preference.
const STATISTICS: [&str; 5] = ["Average", "Sum", "Maximum", "Minimum", "SampleCount"];

pub(crate) static SERIES: Connector = Connector {
    id: "cloudwatch_series",
    tool: TOOL,
    words: "CloudWatch answer of get-metric-data or get-metric-statistics, JSON",
    proven_on: "botocore 1.44",
    takes: "each series with its unit",
    leaves: "messages; series without points are counted",
    recognise: |seen| {
        seen.json.has_all(&["MetricDataResults[].Id", "MetricDataResults[].Values"])
            || seen.json.has_all(&["Datapoints[].Timestamp", "Label"])
            || seen.json.has_all(&["MetricDataResults", "Messages"])
    },
    read: read_series,
};

pub(crate) static ALARMS: Connector = Connector {
    id: "cloudwatch_alarms",
    tool: TOOL,
    words: "CloudWatch answer of describe-alarms, JSON",
    proven_on: "botocore 1.44",
    takes: "each alarm as an alert rule, and its state",
    leaves: "actions; composite alarms are counted",
    recognise: |seen| {
        seen.json.has_all(&["MetricAlarms[].AlarmName", "MetricAlarms[].StateValue"])
            || seen.json.has_all(&["MetricAlarms", "CompositeAlarms"])
    },
    read: read_alarms,
};

fn read_series(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let results = json::list(&document, &["MetricDataResults"]);
    let mut empty = Vec::new();
    for result in results {
        let name = json::text(result, &["Label"]).or_else(|| json::text(result, &["Id"])).unwrap_or("series");
        let times = json::list(result, &["Timestamps"]).map(time);
        let values = json::list(result, &["Values"]).map(json::finite);
        let points = times.zip(values).filter_map(|(time, value)| time.zip(value));
        match series(name, None, points) {
            Some(series) => brought.observations.series.push(series),
            None => empty.push(name),
        }
    }
    brought.observations.series.extend(statistics(&document));
    if !empty.is_empty() {
        brought.left.push(format!("{} without points: {}", counted(empty.len() as u64, "series"), empty.join(", ")));
    }
    if document.get("NextToken").is_some_and(|token| !token.is_null()) {
        brought.warnings.push("It is the first page of several; later points are missing.".to_owned());
    }
    if brought.count() == 0 {
        brought.warnings.push("None of its series has a point in this window.".to_owned());
    }
    Ok(brought)
}

/// A time of the command line is a text, one of the raw interface seconds since 1970.
fn time(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => numbers::moment(text),
        _ => Some(json::finite(value).filter(|seconds| seconds.abs() < 1e11)?.mul_add(1e3, 0.0).round() as i64),
    }
}

/// The series of get-metric-statistics: each point has its statistics by name, in no order.
fn statistics(document: &Value) -> Option<MetricSeries> {
    let name = json::text(document, &["Label"])?;
    let first = json::list(document, &["Datapoints"]).next()?;
    let extended = json::entries(first, &["ExtendedStatistics"]).next().map(|(name, _)| name.as_str());
    let plain = STATISTICS.into_iter().find(|statistic| first.get(statistic).is_some());
    let value = |point: &Value| match (plain, extended) {
        (Some(plain), _) => json::number(point, &[plain]),
        (None, Some(extended)) => json::number(point, &["ExtendedStatistics", extended]),
        (None, None) => None,
    };
    let points =
        json::list(document, &["Datapoints"]).filter_map(|point| Some((time(point.get("Timestamp")?)?, value(point)?)));
    let signal = plain.or(extended).map_or_else(|| name.to_owned(), |statistic| format!("{name} {statistic}"));
    series(&signal, json::text(first, &["Unit"]), points)
}

fn series(signal: &str, unit: Option<&str>, points: impl Iterator<Item = (i64, f64)>) -> Option<MetricSeries> {
    let mut points: Vec<(i64, f64)> = points.take(MOST_POINTS).collect();
    // CloudWatch gives the newest first unless it is asked for the other order.
    points.sort_by_key(|(time, _)| *time);
    (!points.is_empty()).then(|| MetricSeries {
        source: String::new(),
        signal: signal.to_owned(),
        kind: signals::kind_of(signal, unit),
        unit: unit.filter(|unit| *unit != "None").map(str::to_owned),
        higher_is_better: None,
        points,
    })
}

fn read_alarms(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    let mut left = json::list(&document, &["CompositeAlarms"]).count() as u64;
    for (place, alarm) in json::list(&document, &["MetricAlarms"]).enumerate() {
        let name = json::text(alarm, &["AlarmName"]).unwrap_or("alarm");
        match rule(name, alarm) {
            Some(rule) => brought.observations.alert_rules.push(rule),
            None => left += 1,
        }
        brought.facts.checks.extend(state(&format!("MetricAlarms[{place}]"), name, alarm));
    }
    if left > 0 {
        brought.left.push(counted(left, "alarm without a single metric and limit"));
    }
    if brought.count() == 0 {
        brought.warnings.push("There are no alarms on a metric.".to_owned());
    }
    Ok(brought)
}

fn rule(name: &str, alarm: &Value) -> Option<AlertRule> {
    let signal = json::text(alarm, &["MetricName"])?;
    let period = json::number(alarm, &["Period"]).unwrap_or_default();
    let periods = json::number(alarm, &["EvaluationPeriods"]).unwrap_or(1.0);
    let breach =
        if json::text(alarm, &["ComparisonOperator"])?.starts_with("Less") { Breach::Below } else { Breach::Above };
    Some(AlertRule {
        source: String::new(),
        name: name.to_owned(),
        signal: signal.to_owned(),
        kind: signals::kind_of(signal, json::text(alarm, &["Unit"])),
        breach,
        threshold: json::number(alarm, &["Threshold"])?,
        for_ms: (period * periods * 1e3).clamp(0.0, 1e15) as i64,
        muted: alarm.get("ActionsEnabled").and_then(Value::as_bool) == Some(false),
    })
}

fn state(path: &str, name: &str, alarm: &Value) -> Option<ToolCheck> {
    let outcome = match json::text(alarm, &["StateValue"])? {
        "ALARM" => CheckOutcome::Failed,
        "OK" => CheckOutcome::Passed,
        _ => CheckOutcome::NotRun,
    };
    let signal = json::text(alarm, &["MetricName"]).unwrap_or("metric");
    let words = json::text(alarm, &["ComparisonOperator"])
        .map(|operator| if operator.starts_with("Less") { "below" } else { "above" });
    let limit = json::number(alarm, &["Threshold"]);
    let expected = words.zip(limit).map(|(words, limit)| format!("{signal} not {words} {}", number(limit)));
    let mut check =
        ToolCheck::new(Source::of(TOOL, None, path), name, CheckSubject::Alert, vec![name.to_owned()], outcome);
    check.expected = expected;
    check.observed = alarm.get("StateReason").map(json::words);
    Some(check.with_time(json::text(alarm, &["StateUpdatedTimestamp"]).and_then(numbers::moment)))
}
