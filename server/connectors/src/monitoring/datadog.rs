//! Datadog: answers of a query of metrics (v1 and v2) and of the list of monitors:
//! <https://docs.datadoghq.com/api/latest/metrics/>.

use domain::Problem;
use domain::number::counted;
use domain::observation::{AlertRule, Breach, MetricSeries};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use crate::given::Given;
use crate::{Brought, Connector, json, numbers, signals};

const TOOL: &str = "Datadog";
/// Points of one series at most.
const MOST_POINTS: usize = 100_000;

pub(crate) static SERIES: Connector = Connector {
    id: "datadog_series",
    tool: TOOL,
    words: "Datadog answer of a metrics query, v1 or v2, JSON",
    proven_on: "the models of datadog-api-client 2.62",
    takes: "each series with its tags; a place without a value is a gap",
    leaves: "the query's settings",
    recognise: |seen| {
        let is_v1 = seen.json.says("res_type", "time_series") && seen.json.has("series");
        let is_v2 = seen.json.says("data.type", "timeseries_response") && seen.json.has("data.attributes.times");
        is_v1 || is_v2
    },
    read: read_series,
};

pub(crate) static MONITORS: Connector = Connector {
    id: "datadog_monitors",
    tool: TOOL,
    words: "Datadog list of monitors, JSON",
    proven_on: "the models of datadog-api-client 2.62",
    takes: "each monitor as an alert rule, and whether it alerts",
    leaves: "messages and the people who are told",
    recognise: |seen| {
        let is_monitor = |one: &str| {
            let has = |key: &str| seen.json.has(&format!("{one}{key}"));
            has("query") && has("options") && (has("overall_state") || (has("type") && has("message") && has("multi")))
        };
        is_monitor("[].") || is_monitor("monitors[].") || is_monitor("")
    },
    read: read_monitors,
};

fn read_series(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let mut brought = Brought::default();
    brought.observations.series = v1(&document).chain(v2(&document)).collect();
    let message = |key: &str| json::text(&document, &[key]).filter(|text| !text.is_empty());
    if let Some(error) = message("error") {
        brought
            .warnings
            .push(format!("Datadog answered with an error: {error}. Correct the query and export its answer."));
    } else if brought.observations.series.is_empty() {
        brought.warnings.push("The query has no points in its window.".to_owned());
    }
    Ok(brought)
}

/// `pointlist` has pairs of milliseconds and value.
fn v1(document: &Value) -> impl Iterator<Item = MetricSeries> {
    json::list(document, &["series"]).filter_map(|series| {
        let name = json::text(series, &["metric"]).or_else(|| json::text(series, &["expression"]))?;
        let scope = json::text(series, &["scope"]).filter(|scope| !scope.is_empty() && *scope != "*");
        let unit = json::list(series, &["unit"]).find_map(|unit| json::text(unit, &["name"]));
        let points = json::list(series, &["pointlist"]).filter_map(|pair| {
            let time = numbers::time(pair.get(0)?)?;
            Some((time, pair.get(1).and_then(json::finite)?))
        });
        one(name, scope, unit, points)
    })
}

/// `values` has a list for each series, in the order of the shared `times`.
fn v2(document: &Value) -> impl Iterator<Item = MetricSeries> {
    let attributes = json::at(document, &["data", "attributes"]).unwrap_or(&Value::Null);
    let times: Vec<Option<i64>> = json::list(attributes, &["times"]).map(numbers::time).collect();
    let described = json::list(attributes, &["series"]).zip(json::list(attributes, &["values"]));
    described.enumerate().filter_map(move |(place, (series, values))| {
        let tags: Vec<&str> = json::list(series, &["group_tags"]).filter_map(Value::as_str).collect();
        let query = json::number(series, &["query_index"]).unwrap_or_default();
        let name = json::text(series, &["metric"]).map_or_else(|| format!("query {query}"), str::to_owned);
        let scope = if tags.is_empty() { format!("series {}", place + 1) } else { tags.join(",") };
        let unit = json::list(series, &["unit"]).find_map(|unit| json::text(unit, &["name"]));
        let points = times
            .iter()
            .zip(json::list(values, &[]))
            .filter_map(|(time, value)| Some(((*time)?, json::finite(value)?)));
        one(&name, Some(&scope), unit, points)
    })
}

fn one(
    name: &str,
    scope: Option<&str>,
    unit: Option<&str>,
    points: impl Iterator<Item = (i64, f64)>,
) -> Option<MetricSeries> {
    let mut points: Vec<(i64, f64)> = points.take(MOST_POINTS).collect();
    points.sort_by_key(|(time, _)| *time);
    (!points.is_empty()).then(|| MetricSeries {
        source: String::new(),
        signal: scope.map_or_else(|| name.to_owned(), |scope| format!("{name}{{{scope}}}")),
        kind: signals::kind_of(name, unit),
        unit: unit.map(str::to_owned),
        higher_is_better: None,
        points,
    })
}

fn read_monitors(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let listed = json::list(&document, &[]).enumerate().map(|(place, one)| (format!("[{place}]"), one));
    let inside =
        json::list(&document, &["monitors"]).enumerate().map(|(place, one)| (format!("monitors[{place}]"), one));
    let alone = document.get("query").map(|_| (String::new(), &document));
    let mut brought = Brought::default();
    let mut left = 0;
    for (path, monitor) in listed.chain(inside).chain(alone) {
        let name = json::text(monitor, &["name"]).unwrap_or("monitor");
        match rule(name, monitor) {
            Some(rule) => brought.observations.alert_rules.push(rule),
            None => left += 1,
        }
        brought.facts.checks.extend(state(&path, name, monitor));
    }
    if left > 0 {
        brought.left.push(counted(left, "monitor without a limit in its query"));
    }
    Ok(brought)
}

/// `avg(last_5m):avg:model.latency{env:prod} > 0.5` is the window, the signal, the direction and the limit.
fn rule(name: &str, monitor: &Value) -> Option<AlertRule> {
    let query = json::text(monitor, &["query"])?;
    let (watched, breach, limit) =
        [(">", Breach::Above), ("<", Breach::Below)].into_iter().find_map(|(sign, breach)| {
            let (watched, limit) = query.rsplit_once(sign)?;
            Some((watched, breach, limit.trim_start_matches('=').trim().parse::<f64>().ok()?))
        })?;
    let signal = watched.split_once("):").map_or(watched, |(_, signal)| signal).trim();
    let window = watched.split_once("last_").and_then(|(_, rest)| window_ms(rest.split(')').next()?));
    let threshold = json::number(monitor, &["options", "thresholds", "critical"]).unwrap_or(limit);
    Some(AlertRule {
        source: String::new(),
        name: name.to_owned(),
        signal: signal.to_owned(),
        kind: signals::kind_of(signal, None),
        breach,
        threshold,
        for_ms: window.unwrap_or_default(),
        muted: json::entries(monitor, &["options", "silenced"]).next().is_some(),
    })
}

/// `5m` in milliseconds.
fn window_ms(window: &str) -> Option<i64> {
    let unit = match window.chars().last()? {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        'w' => 604_800_000,
        _ => return None,
    };
    window[..window.len() - 1].parse::<i64>().ok()?.checked_mul(unit)
}

fn state(path: &str, name: &str, monitor: &Value) -> Option<ToolCheck> {
    let outcome = match json::text(monitor, &["overall_state"])? {
        "Alert" => CheckOutcome::Failed,
        "Warn" => CheckOutcome::Warned,
        "OK" => CheckOutcome::Passed,
        "No Data" | "Unknown" => CheckOutcome::NotRun,
        _ => return None,
    };
    let changed = json::text(monitor, &["overall_state_modified"]).and_then(numbers::moment);
    let check = ToolCheck::new(Source::of(TOOL, None, path), name, CheckSubject::Alert, vec![name.to_owned()], outcome);
    let check = check.with_time(changed).with_expected(json::words(monitor.get("query")?));
    Some(check.with_observed(json::words(monitor.get("overall_state")?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_of_a_monitor_is_a_rule() {
        let query = "avg(last_10m):avg:model.latency.p95{env:prod} by {version} >= 0.5";
        let monitor = json!({"query": query, "options": {"thresholds": {"critical": 0.5}, "silenced": {"*": null}}});
        let rule = rule("slow", &monitor).unwrap_or_else(|| panic!("no rule"));
        assert_eq!((rule.breach, rule.threshold, rule.for_ms, rule.muted), (Breach::Above, 0.5, 600_000, true));
        assert_eq!(rule.signal, "avg:model.latency.p95{env:prod} by {version}");
        assert_eq!(super::rule("none", &json!({"query": "\"http.can_connect\".over(\"*\")"})), None);
        assert_eq!((window_ms("5m"), window_ms("é"), window_ms("")), (Some(300_000), None, None));
    }
}
