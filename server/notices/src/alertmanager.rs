//! Prometheus' Alertmanager, API version 2: a list of alerts, told apart by their labels.

use domain::alert::MessageKind;
use domain::clock::DAY_MS;
use serde_json::{Value, json};

use crate::{Letter, Request, line, time};

/// Below its own address.
const PATH: &str = "/api/v2/alerts";
/// Alertmanager ends by itself what it hears no more of, after minutes, unless it is told how long it may last.
const LASTS_MS: i64 = 30 * DAY_MS;

/// Nothing for a digest.
pub fn request(letter: &Letter<'_>) -> Option<Request> {
    let message = letter.message;
    let alerts: Vec<Value> = match message.kind {
        MessageKind::Digest => return None,
        MessageKind::Test => vec![json!({
            "labels": {"alertname": "MismatchTest"},
            "annotations": {"summary": line(&message.title)},
            "startsAt": time(message.at_ms),
            "endsAt": time(message.at_ms),
            "generatorURL": letter.link(),
        })],
        MessageKind::Fired | MessageKind::Raised | MessageKind::Ended => {
            let ends_ms =
                if message.kind == MessageKind::Ended { message.at_ms } else { message.at_ms.saturating_add(LASTS_MS) };
            let alert = |alert: &domain::alert::Told| {
                json!({
                    // Without the severity: an alert that is raised stays the same one.
                    "labels": {"alertname": "Mismatch", "model": message.model, "rule": alert.rule, "alert": alert.id},
                    "annotations": {
                        "summary": line(&alert.statement),
                        "description": alert.when,
                        "severity": alert.severity.id(),
                    },
                    "startsAt": time(alert.first_at_ms),
                    "endsAt": time(ends_ms),
                    "generatorURL": letter.link(),
                })
            };
            message.alerts.iter().map(alert).collect()
        }
    };
    let address = match letter.address.trim_end_matches('/') {
        whole if whole.ends_with(PATH) => whole.to_owned(),
        base => format!("{base}{PATH}"),
    };
    let authorization = (!letter.secret.is_empty()).then(|| ("Authorization", letter.secret.to_owned()));
    Some(Request { address, headers: authorization.into_iter().collect(), body: Value::from(alerts).to_string() })
}
