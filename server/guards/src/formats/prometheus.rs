//! Prometheus: alert rules for the signals that moved, and for the verdicts that this server exports:
//! <https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>.

mod signal;

use std::fmt::Write;

use domain::guard::AlertLimit;
use domain::number::number;
use domain::observation::Breach;
use domain::{Guard, Item, Problem};

use crate::GuardFormat;
use crate::quote::{decimal, plain, quoted};
use crate::rules::{LeftOut, head_comments, nothing};
use signal::expression;

pub(super) static RULES: GuardFormat = GuardFormat {
    id: "prometheus",
    tool: "Prometheus",
    words: "Alert rules, YAML. Add the file to rule_files and let Prometheus scrape /metrics of this server.",
    proven_on: "2.42 (promtool)",
    file_name: "mismatch_guard.rules.yml",
    media_type: "application/yaml",
    write,
};

/// What the metric of this server says of a mismatch: 0 not judged, 1 clear, 2 possible, 3 mismatch.
const MISMATCH: u8 = 3;

fn write(guard: &Guard) -> Result<String, Problem> {
    let mut left = LeftOut::default();
    let mut rules = String::new();
    for alert in &guard.alerts {
        match expression(&alert.signal) {
            Some(expression) => rules.push_str(&moved(alert, &expression)),
            None => left.say(&format!(
                "{}: limit {} (its name is not a metric of Prometheus)",
                alert.signal,
                number(alert.limit)
            )),
        }
    }
    for item in &guard.items {
        rules.push_str(&verdict(guard, *item));
    }
    if !guard.rules.is_empty() {
        left.say("The rules about the columns of a table: the other formats have them.");
    }
    if rules.is_empty() {
        return Err(nothing(RULES.tool, "no signal of Prometheus that moved and no finding"));
    }
    Ok(format!("{}groups:\n  - name: mismatch-guard\n    rules:\n{rules}", head_comments("#", guard, &left)))
}

fn rule(name: &str, expression: &str, duration: &str, labels: &[(&str, &str)], words: &str) -> String {
    let mut out = format!("      - alert: {name}\n        expr: {}\n", quoted(expression));
    let _ = writeln!(out, "        for: {duration}\n        labels:");
    for (label, value) in labels {
        let _ = writeln!(out, "          {label}: {}", quoted(value));
    }
    let _ = writeln!(out, "        annotations:\n          summary: {}", quoted(words));
    out
}

fn moved(alert: &AlertLimit, expression: &str) -> String {
    let (sign, side) = match alert.breach {
        Breach::Above => (">", "above"),
        Breach::Below => ("<", "below"),
        Breach::Absent => {
            return rule("MismatchSignalAbsent", &format!("absent({expression})"), "5m", &[], "No value.");
        }
    };
    let unit = alert.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
    let words = plain(&format!(
        "{} is {side} {}{unit}: it was {} before it moved and {} after.",
        alert.signal,
        number(alert.limit),
        number(alert.before),
        number(alert.after)
    ));
    let minutes = format!("{}m", alert.for_ms / 60_000);
    let findings = plain(&alert.findings.join(" "));
    let expression = format!("{expression} {sign} {}", decimal(alert.limit));
    rule("MismatchSignalMoved", &expression, &minutes, &[("severity", "warning"), ("findings", &findings)], &words)
}

fn verdict(guard: &Guard, item: Item) -> String {
    let labels = format!("investigation={},item=\"{}\"", quoted(&guard.investigation), item.code());
    let expression = format!("mismatch_verdict{{{labels}}} >= {MISMATCH}");
    let words = plain(&format!("{} {} Mismatch says no, for {}.", item.code(), item.question(), guard.title));
    rule("MismatchFound", &expression, "0m", &[("severity", "warning"), ("item", item.code())], &words)
}
