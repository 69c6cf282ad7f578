//! Prometheus alert rules: rule files and the resource PrometheusRule in YAML, and the answer of `/api/v1/rules`:
//! <https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>,
//! <https://prometheus.io/docs/prometheus/latest/querying/api/#rules>.

use domain::Problem;
use domain::number::{counted, number};
use domain::observation::{AlertRule, Breach, SignalKind};
use domain::tool_check::{CheckOutcome, CheckSubject, Source, ToolCheck};
use serde_json::Value;

use super::promql::{Condition, Expression};
use super::{prometheus_alerts, signal};
use crate::given::Given;
use crate::{Brought, Connector, json};

const TOOL: &str = "Prometheus";

pub(super) static FILE: Connector = Connector {
    id: "prometheus_rules_file",
    tool: TOOL,
    words: "Prometheus rule file or PrometheusRule, YAML",
    proven_on: "2.42",
    takes: "alert rules with their signal, threshold and duration",
    leaves: "recording rules, rules without a comparison with a number, which are counted",
    recognise: |seen| {
        let has_rule = || seen.text.contains("alert:") || seen.text.contains("record:");
        let of_file = seen.has_line("groups:") || seen.has_line("kind: PrometheusRule");
        of_file && seen.text.contains("expr:") && has_rule() || seen.json.says("kind", "PrometheusRule")
    },
    read: read_file,
};

pub(super) static ANSWER: Connector = Connector {
    id: "prometheus_rules_answer",
    tool: TOOL,
    words: "answer of Prometheus /api/v1/rules, JSON",
    proven_on: "2.42",
    takes: "alert rules with their signal, threshold, duration and state",
    leaves: "recording rules, rules without a comparison with a number, which are counted",
    recognise: |seen| {
        let of_prometheus = seen.text.contains("\"query\"") || seen.json.has("data.groups[].file");
        seen.json.has_all(&["status", "data.groups[].name", "data.groups[].rules"]) && of_prometheus
            || seen.json.says("status", "success") && seen.json.has("data.groups") && !seen.json.has("data.groups[]")
    },
    read: read_answer,
};

/// One rule in either form.
struct Rule<'v> {
    value: &'v Value,
    name: &'v str,
    expression: &'v str,
    for_ms: i64,
    place: String,
}

impl<'v> Rule<'v> {
    fn of(value: &'v Value, place: String) -> Option<Self> {
        let name = json::text(value, &["alert"]).or_else(|| json::text(value, &["name"]))?;
        let expression = json::text(value, &["expr"]).or_else(|| json::text(value, &["query"]))?;
        let written = json::text(value, &["for"]).and_then(signal::duration_ms);
        let seconds = json::number(value, &["duration"]).filter(|seconds| (0.0..1e10).contains(seconds));
        let for_ms = written.or_else(|| seconds.map(|seconds| (seconds * 1_000.0) as i64)).unwrap_or(0);
        Some(Self { value, name, expression, for_ms, place })
    }

    fn alert_rule(&self, condition: Condition) -> AlertRule {
        let by_name = signal::kind(self.name);
        let kind = match by_name {
            SignalKind::Other | SignalKind::Throughput => match signal::kind(&condition.words) {
                SignalKind::Other => by_name,
                kind => kind,
            },
            kind => kind,
        };
        AlertRule {
            source: format!("{TOOL}, {}", self.place),
            name: self.name.to_owned(),
            signal: condition.signal,
            kind,
            breach: condition.breach,
            threshold: condition.threshold,
            for_ms: self.for_ms,
            muted: false,
        }
    }
}

/// Every rule with its group, in the order of the document.
fn rules<'v>(document: &'v Value, keys: &[&str]) -> Vec<(&'v Value, String)> {
    let prefix = keys.join(".");
    let of_group = |(group_place, group): (usize, &'v Value)| {
        let prefix = prefix.clone();
        let place = move |place: usize| format!("{prefix}[{group_place}].rules[{place}]");
        json::list(group, &["rules"])
            .enumerate()
            .map(move |(rule_place, rule)| (rule, place(rule_place)))
            .collect::<Vec<_>>()
    };
    json::list(document, keys).enumerate().flat_map(of_group).collect()
}

/// Adds the alert rules; any other rule is counted.
fn bring<'v>(found: &[(&'v Value, String)], brought: &mut Brought) -> Vec<Rule<'v>> {
    let (mut recording, mut other) = (0, Vec::new());
    let mut alerting = Vec::new();
    for (value, place) in found {
        if value.get("record").is_some() || json::text(value, &["type"]) == Some("recording") {
            recording += 1;
            continue;
        }
        let Some(rule) = Rule::of(value, place.clone()) else { continue };
        match Expression::of(rule.expression).condition() {
            Some(condition) => brought.observations.alert_rules.push(rule.alert_rule(condition)),
            None => other.push(rule.name),
        }
        alerting.push(rule);
    }
    if recording > 0 {
        brought.left.push(counted(recording, "recording rule"));
    }
    if !other.is_empty() {
        let names: Vec<&str> = other.iter().copied().take(5).collect();
        let count = counted(other.len() as u64, "rule");
        brought.left.push(format!("{count} without a comparison of a metric with a number: {}", names.join(", ")));
    }
    alerting
}

fn read_file(given: &Given<'_>) -> Result<Brought, Problem> {
    let documents = given.yaml()?;
    let mut brought = Brought::default();
    for document in &documents {
        bring(&rules(document, &["groups"]), &mut brought);
        bring(&rules(document, &["spec", "groups"]), &mut brought);
    }
    if brought.count() == 0 {
        brought.warnings.push("It holds no alert rule that compares a metric with a number.".to_owned());
    }
    Ok(brought)
}

fn read_answer(given: &Given<'_>) -> Result<Brought, Problem> {
    let answer = given.json()?;
    let mut brought = Brought::default();
    let alerting = bring(&rules(&answer, &["data", "groups"]), &mut brought);
    for rule in &alerting {
        brought.facts.checks.extend(states(rule));
    }
    if brought.count() == 0 {
        brought.warnings.push("It holds no alert rule that compares a metric with a number.".to_owned());
    }
    Ok(brought)
}

/// The state of a rule: each of its alerts, or that it has none.
fn states(rule: &Rule<'_>) -> Vec<ToolCheck> {
    let source = Source::of(TOOL, None, rule.place.clone());
    let check = |outcome| {
        let at_ms = rule.value.get("lastEvaluation").and_then(crate::numbers::time);
        ToolCheck::new(source.clone(), rule.name, CheckSubject::Alert, Vec::new(), outcome).with_time(at_ms)
    };
    if json::text(rule.value, &["health"]) == Some("err") {
        let said = json::words(rule.value.get("lastError").unwrap_or(&Value::Null));
        return vec![
            check(CheckOutcome::NotRun)
                .with_observed(format!("{}: the rule could not be evaluated: {said}", rule.name)),
        ];
    }
    if Expression::of(rule.expression).is_constant() {
        let said = format!("{}: it watches no metric and fires always, to show that alerts arrive", rule.name);
        return vec![check(CheckOutcome::Passed).with_observed(said)];
    }
    let alerts = json::list(rule.value, &["alerts"]).enumerate();
    let firing: Vec<ToolCheck> = alerts
        .filter_map(|(place, alert)| prometheus_alerts::check(alert, format!("{}.alerts[{place}]", rule.place)))
        .map(|check| judged(check, rule.expression))
        .collect();
    match (firing.is_empty(), json::text(rule.value, &["state"])) {
        (false, _) => firing,
        (true, Some("firing")) => vec![check(CheckOutcome::Failed).with_observed(format!("{}: it fires", rule.name))],
        (true, Some("pending")) => {
            vec![check(CheckOutcome::Warned).with_observed(format!("{}: its condition holds, and it waits", rule.name))]
        }
        (true, Some("inactive")) => {
            vec![check(CheckOutcome::Passed).with_observed(format!("{}: it does not fire", rule.name))]
        }
        (true, _) => Vec::new(),
    }
}

/// With the signal and the threshold that the alert was judged by.
fn judged(mut check: ToolCheck, expression: &str) -> ToolCheck {
    let Some(condition) = Expression::of(expression).condition() else { return check };
    let limit = number(condition.threshold);
    let (expected, limit) = match condition.breach {
        Breach::Above => (format!("{} not above {limit}", condition.signal), Some(condition.threshold)),
        Breach::Below => (format!("{} not below {limit}", condition.signal), Some(condition.threshold)),
        Breach::Absent => (format!("{} has values", condition.signal), None),
    };
    if let Some(measured) = &mut check.measured {
        measured.limit = limit;
    }
    check.with_expected(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Brought {
        read_file(&Given::of(text.as_bytes(), "rules.yml")).unwrap_or_default()
    }

    #[test]
    fn a_resource_of_the_operator_is_read_as_a_file() {
        let text = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - name: a\n    rules:\n    \
                    - alert: DriftHigh\n      expr: |\n        max by (feature) (\n          feature_psi\n        ) > 0.2\n      for: 1h\n";
        let brought = read(text);
        let rule = brought
            .observations
            .alert_rules
            .first()
            .map(|rule| (rule.signal.as_str(), rule.threshold, rule.for_ms, rule.kind));
        assert_eq!(rule, Some(("feature_psi", 0.2, 3_600_000, SignalKind::InputDrift)));
    }

    #[test]
    fn rules_without_a_number_are_counted_by_name() {
        let brought =
            read("groups:\n- name: a\n  rules:\n  - alert: Always\n    expr: vector(1)\n  - record: b\n    expr: c\n");
        assert_eq!(brought.left, ["1 recording rule", "1 rule without a comparison of a metric with a number: Always"]);
        assert_eq!(brought.warnings.len(), 1);
    }
}
