//! Who is told of what: what happened in one window is one message for each channel.

use std::collections::BTreeSet;

use domain::alert::{Alert, Message, MessageKind, Told};
use domain::incident::Severity;
use domain::model_access::Openness;

use super::changes::{Change, Changed};
use super::hours::quiet_until;
use crate::store::{NewDelivery, StoredChannel};

/// The messages of each channel: what fired, what was raised, what ended.
pub(super) fn deliveries(
    (model, openness): (&str, Openness),
    arrival: Option<&str>,
    changed: &[Changed],
    channels: &[StoredChannel],
    now_ms: i64,
) -> Vec<NewDelivery> {
    const TOLD: [(Change, MessageKind); 3] = [
        (Change::Fired, MessageKind::Fired),
        (Change::Raised, MessageKind::Raised),
        (Change::Ended, MessageKind::Ended),
    ];
    let mut deliveries = Vec::new();
    for StoredChannel { channel, .. } in channels.iter().filter(|stored| stored.channel.is_about(model, openness)) {
        for (change, kind) in TOLD {
            let of_kind = changed.iter().filter(|one| one.change == change).map(|one| &one.now.alert);
            let alerts: Vec<&Alert> = of_kind.filter(|alert| channel.takes(alert.severity)).collect();
            let Some(worst) = alerts.iter().map(|alert| alert.severity).min() else { continue };
            // What is critical wakes people up.
            let quiet = channel.quiet.as_ref().filter(|_| worst > Severity::Critical);
            let at_ms = quiet.and_then(|quiet| quiet_until(quiet, now_ms)).unwrap_or(now_ms);
            let message = message(kind, model, arrival, &alerts, now_ms);
            deliveries.push(NewDelivery { channel: channel.id.clone(), message, at_ms });
        }
    }
    deliveries
}

/// Who sees a model.
pub(super) fn openness_in(closed: &BTreeSet<String>, model: &str) -> Openness {
    if closed.contains(model) { Openness::Members } else { Openness::Everybody }
}

fn message(kind: MessageKind, model: &str, arrival: Option<&str>, alerts: &[&Alert], now_ms: i64) -> Message {
    let what = match (kind, alerts) {
        (MessageKind::Ended, [one]) => format!("over: {}", one.watched.words()),
        (MessageKind::Ended, many) => format!("{} are over", domain::number::counted(many.len() as u64, "alert")),
        (MessageKind::Raised, [one]) => format!("still, now {}: {}", one.severity.words(), one.statement),
        (_, [one]) => one.statement.clone(),
        (_, many) => domain::number::counted(many.len() as u64, "alert"),
    };
    Message {
        kind,
        model: model.to_owned(),
        title: format!("{model}: {what}"),
        alerts: alerts.iter().copied().map(told).collect(),
        // Of what lasts from an earlier window, that one is where it began.
        arrival: arrival.map(str::to_owned).or_else(|| alerts.iter().find_map(|alert| alert.arrival.clone())),
        lines: Vec::new(),
        at_ms: now_ms,
    }
}

fn told(alert: &Alert) -> Told {
    Told {
        id: alert.id.clone(),
        rule: alert.rule.clone(),
        when: alert.watched.words(),
        severity: alert.severity,
        statement: alert.statement.clone(),
        first_at_ms: alert.first_at_ms,
        windows: alert.windows,
    }
}
