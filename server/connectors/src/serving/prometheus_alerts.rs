//! Alerts that fire: the answer of Prometheus `/api/v1/alerts`, the list of Alertmanager's API v2, and the payload that
//! Alertmanager and Grafana send to a webhook: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>.
//! Also which targets Prometheus could not read: `/api/v1/targets`.

use domain::Problem;
use domain::number::number;
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use crate::given::Given;
use crate::{Brought, Connector, json, numbers};

const TOOL: &str = "Prometheus";

pub(super) static ALERTS: Connector = Connector {
    id: "prometheus_alerts",
    tool: TOOL,
    words: "alerts of Prometheus, Alertmanager or a webhook of theirs, JSON",
    proven_on: "Prometheus 2.42; payloads of Alertmanager version 4 and API v2 as described",
    takes: "each alert with its state, labels and since when",
    leaves: "who receives them",
    recognise: |seen| {
        let of_alert = |prefix: &str, keys: &[&str]| keys.iter().all(|key| seen.json.has(&format!("{prefix}{key}")));
        of_alert("data.alerts[].", &["labels", "state"])
            || of_alert("alerts[].", &["labels", "status", "startsAt"])
            || of_alert("[].", &["labels", "startsAt", "status.state", "fingerprint"])
            || seen.json.says("status", "success") && seen.json.has("data.alerts")
    },
    read: read_alerts,
};

pub(super) static TARGETS: Connector = Connector {
    id: "prometheus_targets",
    tool: TOOL,
    words: "answer of Prometheus /api/v1/targets, JSON",
    proven_on: "2.42",
    takes: "which targets answer and why others do not",
    leaves: "labels before relabelling, dropped targets",
    recognise: |seen| seen.json.has_all(&["data.activeTargets[].health", "data.activeTargets[].scrapeUrl"]),
    read: read_targets,
};

fn read_alerts(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let places: [&[&str]; 3] = [&["data", "alerts"], &["alerts"], &[]];
    let mut checks = Vec::new();
    for keys in places {
        let prefix = keys.join(".");
        let alerts = json::list(&document, keys).enumerate();
        checks.extend(alerts.filter_map(|(place, alert)| check(alert, format!("{prefix}[{place}]"))));
    }
    let mut brought = Brought::from(checks);
    if brought.count() == 0 {
        brought.warnings.push("No alert fires.".to_owned());
    }
    let more = json::number(&document, &["truncatedAlerts"]).filter(|more| *more > 0.0);
    brought.left.extend(more.map(|more| format!("{} alerts that the payload was cut by", number(more))));
    Ok(brought)
}

/// The state of one alert in any of the forms.
pub(super) fn check(alert: &Value, place: String) -> Option<ToolCheck> {
    let labels = alert.get("labels")?;
    let state = json::text(alert, &["state"])
        .or_else(|| json::text(alert, &["status"]))
        .or_else(|| json::text(alert, &["status", "state"]))?;
    let name = json::text(labels, &["alertname"]).unwrap_or("alert");
    let severity = json::text(labels, &["severity"]).unwrap_or_default();
    let is_minor = ["info", "none", "ok", "debug"].contains(&severity) || name == "Watchdog";
    let (outcome, said) = match state.to_lowercase().as_str() {
        "firing" | "active" | "alerting" if is_minor => (CheckOutcome::Warned, "it fires"),
        "firing" | "active" | "alerting" => (CheckOutcome::Failed, "it fires"),
        "pending" | "unprocessed" => (CheckOutcome::Warned, "its condition holds, and it waits"),
        "suppressed" => (CheckOutcome::Warned, "it fires and is silenced"),
        "resolved" | "inactive" | "normal" => (CheckOutcome::Passed, "it fired and has ended"),
        "error" | "nodata" => (CheckOutcome::NotRun, "its rule could not be evaluated"),
        _ => return None,
    };
    let mut source = Source::of(TOOL, None, place);
    let address = json::text(alert, &["generatorURL"]).filter(|address| address.starts_with("http"));
    source.url = address.map(str::to_owned);
    let summary =
        ["summary", "description", "message"].into_iter().find_map(|key| json::text(alert, &["annotations", key]));
    let observed = match summary {
        Some(summary) => format!("{name}: {said}: {}", json::words(&Value::String(summary.to_owned()))),
        None => format!("{name}: {said}"),
    };
    let since = ["activeAt", "startsAt"].iter().find_map(|key| numbers::time(alert.get(key)?));
    let check = ToolCheck::new(source, name, CheckSubject::Alert, about(labels), outcome)
        .with_observed(observed)
        .with_time(since);
    Some(match json::number(alert, &["value"]) {
        Some(value) => check.with_measured("value", value, None),
        None => check,
    })
}

/// What the alert is about, by its labels: a feature by its name alone, as tables have it.
fn about(labels: &Value) -> Vec<String> {
    let known = |key: &str| ["alertname", "severity", "team", "job", "prometheus", "monitor"].contains(&key);
    let told = json::entries(labels, &[]).filter(|(key, _)| !known(key));
    told.filter_map(|(key, value)| {
        let value = value.as_str()?;
        let is_column = ["feature", "column", "field", "feature_name"].contains(&key.as_str());
        Some(if is_column { value.to_owned() } else { format!("{key} {value}") })
    })
    .take(6)
    .collect()
}

fn read_targets(given: &Given<'_>) -> Result<Brought, Problem> {
    let document = given.json()?;
    let targets = json::list(&document, &["data", "activeTargets"]).enumerate();
    let checks: Vec<ToolCheck> = targets.filter_map(|(place, target)| target_check(target, place)).collect();
    Ok(checks.into())
}

fn target_check(target: &Value, place: usize) -> Option<ToolCheck> {
    let health = json::text(target, &["health"])?;
    let (outcome, said) = match health {
        "up" => (CheckOutcome::Passed, "the target answers".to_owned()),
        "down" => {
            let error = json::text(target, &["lastError"]).unwrap_or("no reason is given");
            (CheckOutcome::Failed, format!("the target does not answer: {}", last_part(error)))
        }
        _ => (CheckOutcome::NotRun, "the target has not been read yet".to_owned()),
    };
    let label = |key: &str| json::text(target, &["labels", key]);
    let columns = label("job").map(|job| format!("job {job}")).into_iter().chain(label("instance").map(str::to_owned));
    let mut source = Source::of(TOOL, None, format!("data.activeTargets[{place}]"));
    source.url = json::text(target, &["scrapeUrl"]).map(str::to_owned);
    let at_ms = target.get("lastScrape").and_then(numbers::time);
    Some(
        ToolCheck::new(source, "target", CheckSubject::Health, columns.collect(), outcome)
            .with_observed(said)
            .with_time(at_ms),
    )
}

/// An error names the address first and its cause last.
fn last_part(error: &str) -> String {
    json::words(&Value::String(
        error.rsplit(": ").take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(": "),
    ))
}
