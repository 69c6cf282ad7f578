//! PagerDuty's Events API, version 2: one event for each alert, whose key makes its end find its beginning.

use domain::alert::{MessageKind, Told};
use domain::incident::Severity;
use serde_json::{Value, json};

use crate::{Letter, Request, line, time};

pub const ADDRESS: &str = "https://events.pagerduty.com/v2/enqueue";

/// Of a summary.
const SUMMARY_CHARACTERS: usize = 1_024;
/// A test makes an incident and ends it.
const TEST_KEY: &str = "mismatch-test";

pub fn requests(letter: &Letter<'_>) -> Vec<Request> {
    let message = letter.message;
    let events: Vec<Value> = match message.kind {
        MessageKind::Digest => Vec::new(),
        MessageKind::Test => vec![
            event(letter, "trigger", TEST_KEY, Some(payload(letter, &message.title, Severity::Low, message.at_ms))),
            event(letter, "resolve", TEST_KEY, None),
        ],
        MessageKind::Ended => message.alerts.iter().map(|alert| event(letter, "resolve", &key(alert), None)).collect(),
        MessageKind::Fired | MessageKind::Raised => message
            .alerts
            .iter()
            .map(|alert| {
                let summary = format!("{}: {}", message.model, alert.statement);
                let payload = payload(letter, &summary, alert.severity, message.at_ms);
                event(letter, "trigger", &key(alert), Some(payload))
            })
            .collect(),
    };
    events.iter().map(|event| letter.plain(event)).collect()
}

fn key(alert: &Told) -> String {
    format!("mismatch-{}", alert.id)
}

fn event(letter: &Letter<'_>, action: &str, key: &str, payload: Option<Value>) -> Value {
    let mut event = json!({"routing_key": letter.secret, "event_action": action, "dedup_key": key});
    if let (Some(payload), Some(fields)) = (payload, event.as_object_mut()) {
        fields.insert("payload".to_owned(), payload);
        fields.insert("client".to_owned(), json!("Mismatch"));
        fields.insert("client_url".to_owned(), json!(letter.server));
        fields.insert("links".to_owned(), json!([{"href": letter.link(), "text": "Open in Mismatch"}]));
    }
    event
}

fn payload(letter: &Letter<'_>, summary: &str, severity: Severity, at_ms: i64) -> Value {
    let summary: String = line(summary).chars().take(SUMMARY_CHARACTERS).collect();
    json!({
        "summary": summary,
        "source": if letter.message.model.is_empty() { "mismatch" } else { &letter.message.model },
        "severity": word(severity),
        "timestamp": time(at_ms),
        "component": "model",
        "custom_details": {"arrival": letter.message.arrival},
    })
}

/// PagerDuty's four.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "info",
    }
}
