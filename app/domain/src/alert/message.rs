//! What a channel is told: the facts, from which each receiver's shape is made.

use serde::{Deserialize, Serialize};

use crate::incident::Severity;
use crate::markup::percent_encoded;

/// One message: of one window of one model, or a digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub kind: MessageKind,
    /// Empty where it is about no single model.
    pub model: String,
    /// One line.
    pub title: String,
    /// The alerts that it is about; what fired in one window is one message.
    pub alerts: Vec<Told>,
    /// The arrival of the window, where there is one.
    #[serde(default)]
    pub arrival: Option<String>,
    /// Plain lines below the title: of a digest, the story of the week.
    #[serde(default)]
    pub lines: Vec<String>,
    /// By the clock, milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}

/// An alert as a message tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub id: String,
    pub rule: String,
    /// What the rule watches for.
    pub when: String,
    pub severity: Severity,
    pub statement: String,
    /// The time of the rows in which it was seen first.
    pub first_at_ms: i64,
    pub windows: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    Fired,
    /// It lasts, and its severity rose.
    Raised,
    Ended,
    Digest,
    /// Somebody tries a channel.
    Test,
}

impl MessageKind {
    pub fn words(self) -> &'static str {
        match self {
            MessageKind::Fired => "alert",
            MessageKind::Raised => "alert raised",
            MessageKind::Ended => "alert over",
            MessageKind::Digest => "digest of the week",
            MessageKind::Test => "test",
        }
    }
}

impl Message {
    /// The page that it leads to, below the server's own address: there one click opens an investigation of the window.
    pub fn path(&self) -> String {
        match (self.kind, self.model.as_str(), &self.arrival) {
            (MessageKind::Digest, ..) => "/weekly".to_owned(),
            (_, "", _) => "/channels".to_owned(),
            (_, model, Some(arrival)) => format!("/models/{}/alerts?window={arrival}", percent_encoded(model)),
            (_, model, None) => format!("/models/{}/alerts", percent_encoded(model)),
        }
    }

    /// The highest of its alerts.
    pub fn severity(&self) -> Option<Severity> {
        self.alerts.iter().map(|alert| alert.severity).min()
    }
}
