//! Grafana-managed alert rules: `/api/v1/provisioning/alert-rules` and the files of an export:
//! <https://grafana.com/docs/grafana/latest/developers/http_api/alerting_provisioning/>.

use domain::Problem;
use domain::number::counted;
use domain::observation::{AlertRule, Breach, SignalKind};
use serde_json::Value;

use super::promql::Expression;
use super::signal;
use crate::given::Given;
use crate::seen::Seen;
use crate::{Brought, Connector, json};

const TOOL: &str = "Grafana";

pub(super) static RULES: Connector = Connector {
    id: "grafana_rules",
    tool: TOOL,
    words: "Grafana-managed alert rules of the provisioning API or an export, JSON or YAML",
    proven_on: "the described schema of Grafana 9 to 12",
    takes: "alert rules with their signal, threshold, duration and whether they are paused",
    leaves: "rules without a threshold, which are counted; contact points",
    recognise,
    read,
};

fn recognise(seen: &Seen<'_>) -> bool {
    let of_rule = |prefix: &str| {
        ["title", "condition", "data"].iter().all(|key| seen.json.has(&format!("{prefix}{key}")))
            && (seen.json.has(&format!("{prefix}noDataState")) || seen.json.has(&format!("{prefix}execErrState")))
    };
    of_rule("[].")
        || of_rule("")
        || of_rule("groups[].rules[].")
        || seen.json.has_all(&["apiVersion", "groups[].rules"]) && seen.text.contains("\"refId\"")
        || seen.has_line("groups:") && seen.text.contains("refId:") && seen.text.contains("condition:")
}

fn read(given: &Given<'_>) -> Result<Brought, Problem> {
    let is_json = given.text()?.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    let documents = if is_json { vec![given.json()?] } else { given.yaml()? };
    let mut brought = Brought::default();
    let mut others = 0;
    for document in &documents {
        json::each_object(document, &mut |path, object| {
            let is_rule = ["title", "condition", "data"].iter().all(|key| object.contains_key(*key));
            if !is_rule {
                return;
            }
            match rule(&Value::Object(object.clone()), path) {
                Some(rule) => brought.observations.alert_rules.push(rule),
                None => others += 1,
            }
        });
    }
    if others > 0 {
        brought.left.push(format!("{} without a threshold on one signal", counted(others, "rule")));
    }
    if brought.count() == 0 {
        brought.warnings.push("It holds no rule that compares a signal with a number.".to_owned());
    }
    Ok(brought)
}

fn rule(rule: &Value, path: &str) -> Option<AlertRule> {
    let name = json::text(rule, &["title"])?;
    let steps: Vec<&Value> = json::list(rule, &["data"]).collect();
    let judged = steps.iter().find(|step| json::text(step, &["refId"]) == json::text(rule, &["condition"]))?;
    let expression = steps.iter().find_map(|step| json::text(step, &["model", "expr"])).unwrap_or_default();
    let query = Expression::of(expression);
    let metric = query.signal();
    let (breach, threshold, signal) = match threshold(judged) {
        Some((breach, threshold)) => (breach, threshold, metric.clone().unwrap_or_default()),
        // The query itself compares, and the rule only asks whether it answers.
        None => query.condition().map(|condition| (condition.breach, condition.threshold, condition.signal))?,
    };
    let kind = match signal::kind(name) {
        SignalKind::Other => signal::kind(metric.as_deref().unwrap_or_default()),
        kind => kind,
    };
    Some(AlertRule {
        source: format!("{TOOL}, {path}"),
        name: name.to_owned(),
        signal,
        kind,
        breach,
        threshold,
        for_ms: json::text(rule, &["for"]).and_then(signal::duration_ms).unwrap_or(0),
        muted: rule.get("isPaused").and_then(Value::as_bool) == Some(true),
    })
}

/// Of a threshold expression or a classic condition; of a range its first end.
fn threshold(step: &Value) -> Option<(Breach, f64)> {
    let condition = json::list(step, &["model", "conditions"]).next()?;
    let limit = json::list(condition, &["evaluator", "params"]).find_map(json::finite);
    match json::text(condition, &["evaluator", "type"])? {
        "gt" | "gte" | "outside_range" => Some((Breach::Above, limit?)),
        "lt" | "lte" => Some((Breach::Below, limit?)),
        "no_value" => Some((Breach::Absent, 0.0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_compares_by_itself_is_a_rule() {
        let text = r#"[{"title": "Slow", "condition": "A", "noDataState": "OK", "for": "5m", "isPaused": true,
            "data": [{"refId": "A", "model": {"expr": "latency_seconds > 0.5"}}]}]"#;
        let read = read(&Given::of(text.as_bytes(), "rules.json")).unwrap_or_default();
        let rule = read.observations.alert_rules.first();
        let told = rule.map(|rule| (rule.signal.as_str(), rule.threshold, rule.for_ms, rule.muted));
        assert_eq!(told, Some(("latency_seconds", 0.5, 300_000, true)));
    }
}
