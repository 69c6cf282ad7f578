//! Where alerts go.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DigestAt, QuietHours};
use crate::actor::Actor;
use crate::incident::Severity;
use crate::model_access::Openness;

/// Models that one channel names.
pub const MOST_NAMED_MODELS: usize = 200;

/// A place that is told of alerts. Its address and its secret are never shown again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    pub id: String,
    pub name: String,
    pub kind: ChannelKind,
    /// The host that it goes to; the rest of the address may be a secret. Of e-mail: who gets it.
    pub host: String,
    /// Only alerts of this severity or a higher one.
    #[schema(value_type = String)]
    pub from: Severity,
    /// Only these models; empty for all that everybody sees: one that is for its members only has to be named.
    pub models: Vec<String>,
    /// Hours in which only critical alerts go out; the others wait. Null for none.
    #[schema(required)]
    pub quiet: Option<QuietHours>,
    /// When the digest of the week before goes out; null for never.
    #[schema(required)]
    pub digest: Option<DigestAt>,
    /// Whether what is sent is signed, or has the key that its receiver asks for.
    pub has_secret: bool,
    #[schema(value_type = String)]
    pub created_by: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
}

/// A channel as somebody asks for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EditChannel {
    #[schema(max_length = 300)]
    pub name: String,
    pub kind: ChannelKind,
    /// `https://…`. Left out for PagerDuty, it is PagerDuty's own. Of e-mail: who gets it, at most 20, with commas between them.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub address: String,
    /// Of a webhook: what its signature is made with; of PagerDuty: the routing key; of Alertmanager: the `Authorization` header,
    /// where it asks for one.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub secret: String,
    #[serde(default = "low")]
    #[schema(value_type = String)]
    pub from: Severity,
    #[serde(default)]
    pub models: Vec<String>,
    #[serde(default)]
    pub quiet: Option<QuietHours>,
    #[serde(default)]
    pub digest: Option<DigestAt>,
}

fn low() -> Severity {
    Severity::Low
}

/// Whose shape the messages have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    Webhook,
    Slack,
    Teams,
    PagerDuty,
    Alertmanager,
    Email,
}

impl ChannelKind {
    pub const ALL: [ChannelKind; 6] = [
        ChannelKind::Email,
        ChannelKind::Webhook,
        ChannelKind::Slack,
        ChannelKind::Teams,
        ChannelKind::PagerDuty,
        ChannelKind::Alertmanager,
    ];

    /// The name in JSON and forms.
    pub fn id(self) -> &'static str {
        match self {
            ChannelKind::Webhook => "webhook",
            ChannelKind::Slack => "slack",
            ChannelKind::Teams => "teams",
            ChannelKind::PagerDuty => "pager_duty",
            ChannelKind::Alertmanager => "alertmanager",
            ChannelKind::Email => "email",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            ChannelKind::Webhook => "webhook (JSON)",
            ChannelKind::Slack => "Slack",
            ChannelKind::Teams => "Microsoft Teams",
            ChannelKind::PagerDuty => "PagerDuty",
            ChannelKind::Alertmanager => "Alertmanager",
            ChannelKind::Email => "e-mail",
        }
    }

    pub fn from_id(id: &str) -> Option<ChannelKind> {
        ChannelKind::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// Whether it keeps alerts open until it is told that they are over: then it is told so always. It has no use for a digest.
    pub fn keeps_alerts(self) -> bool {
        matches!(self, ChannelKind::PagerDuty | ChannelKind::Alertmanager)
    }
}

impl Channel {
    /// Whether it is to be told of a model.
    pub fn is_about(&self, model: &str, openness: Openness) -> bool {
        match self.models.as_slice() {
            [] => openness == Openness::Everybody,
            named => named.iter().any(|one| one == model),
        }
    }

    /// Whether an alert is bad enough for it: the most severe comes first.
    pub fn takes(&self, severity: Severity) -> bool {
        severity <= self.from
    }
}
