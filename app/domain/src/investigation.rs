//! Investigations: the symptom, the frozen inputs, what people decided, and the links that were shared.

use serde::{Deserialize, Serialize};

use crate::Item;
use crate::snapshot::{Roles, Snapshot, SnapshotRole};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InvestigationState {
    Open,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Investigation {
    pub id: String,
    pub title: String,
    /// Free name of the model under care.
    pub model: String,
    /// Symptoms picked from the map's own lists, as written there.
    pub symptoms: Vec<String>,
    pub state: InvestigationState,
    pub inputs: Vec<PinnedInput>,
    pub roles: Roles,
    pub statuses: Vec<HumanStatus>,
    pub notes: Vec<Note>,
    pub events: Vec<Event>,
    pub created_at_ms: i64,
    pub updated_at_ms: i64,
}

/// An input as it was pinned: the snapshot can't change, and its role here is part of the investigation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PinnedInput {
    pub role: SnapshotRole,
    pub snapshot: Snapshot,
}

/// What a person said about an item, beside the verdict that was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    ToCheck,
    Confirmed,
    RuledOut,
    Accepted,
}

impl Status {
    pub const ALL: [Status; 4] = [Status::ToCheck, Status::Confirmed, Status::RuledOut, Status::Accepted];
    pub fn id(self) -> &'static str {
        match self {
            Status::ToCheck => "to_check",
            Status::Confirmed => "confirmed",
            Status::RuledOut => "ruled_out",
            Status::Accepted => "accepted",
        }
    }
    pub fn words(self) -> &'static str {
        match self {
            Status::ToCheck => "to check",
            Status::Confirmed => "confirmed",
            Status::RuledOut => "ruled out",
            Status::Accepted => "accepted",
        }
    }
    pub fn from_id(id: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.id() == id)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HumanStatus {
    pub item: Item,
    pub status: Status,
    pub note: String,
    pub author: String,
    pub at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub id: String,
    pub author: String,
    pub text: String,
    pub at_ms: i64,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub at_ms: i64,
    pub author: String,
    pub text: String,
}

/// A read-only link to an investigation. The secret is shown once, when the link is made; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShareLink {
    pub id: String,
    pub investigation: String,
    pub created_at_ms: i64,
    pub expires_at_ms: Option<i64>,
    pub revoked_at_ms: Option<i64>,
}
