//! Investigations: the symptoms, the fixed inputs, people's decisions, and the shared links.

use serde::{Deserialize, Serialize};

use crate::diagnosis::Diagnosis;
use crate::event::Event;
use crate::job::Job;
use crate::mute::Mute;
use crate::snapshot::{Roles, Snapshot, SnapshotRole};
pub use crate::status::Status;
use crate::{Actor, Item, Layer, Verdict};

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
    /// Name of the model, free text.
    pub model: String,
    /// Symptoms chosen from the map's own lists, word for word.
    pub symptoms: Vec<String>,
    pub state: InvestigationState,
    pub inputs: Vec<PinnedInput>,
    /// The column roles people chose; those left open are guessed at every diagnosis.
    pub roles: Roles,
    /// The decision threshold people say is in use.
    #[serde(default)]
    pub threshold: Option<f64>,
    /// The conclusion with which it was last closed.
    #[serde(default)]
    pub verdict: Option<String>,
    pub statuses: Vec<HumanStatus>,
    /// Findings that people know and accept.
    #[serde(default)]
    pub mutes: Vec<Mute>,
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HumanStatus {
    pub item: Item,
    pub status: Status,
    pub note: String,
    pub author: Actor,
    pub at_ms: i64,
    /// The last moment it holds; `None` for no end.
    #[serde(default)]
    pub until_ms: Option<i64>,
}

impl HumanStatus {
    /// Whether it has not expired.
    pub fn holds(&self, now_ms: i64) -> bool {
        self.until_ms.is_none_or(|until| now_ms <= until)
    }
}

/// The reason for a status or a mute: why, by whom, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Grounds {
    pub note: String,
    pub author: Actor,
    /// The last moment it holds; `None` for no end.
    pub until_ms: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub id: String,
    pub author: Actor,
    pub text: String,
    pub at_ms: i64,
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

/// A new link with its secret, which is shown only this once: the link's address is `/s/{secret}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewShareLink {
    pub link: ShareLink,
    pub secret: String,
}

/// The fields of the form that opens an investigation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewInvestigation {
    pub title: String,
    pub model: String,
    pub symptoms: Vec<String>,
    /// Role and snapshot id of each input.
    pub inputs: Vec<(SnapshotRole, String)>,
    pub roles: Roles,
    pub threshold: Option<f64>,
    pub author: Actor,
}

/// One line of the list of investigations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvestigationSummary {
    pub id: String,
    pub title: String,
    pub model: String,
    pub symptoms: Vec<String>,
    pub state: InvestigationState,
    pub created_at_ms: i64,
    pub updated_at_ms: i64,
    /// Of the last diagnosis; `None` until there is one.
    pub diagnosis: Option<DiagnosisSummary>,
    /// The last diagnosis job.
    pub job: Option<Job>,
}

/// What a list shows of a diagnosis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiagnosisSummary {
    pub layers: Vec<(Layer, Verdict)>,
    /// The sentence of suspect number one.
    pub prime_suspect: Option<String>,
    /// Suspects that are no longer listed because all their supporting findings are muted.
    #[serde(default)]
    pub muted_suspects: u32,
}

impl DiagnosisSummary {
    pub fn of(diagnosis: &Diagnosis) -> Self {
        Self {
            layers: diagnosis.layers.iter().map(|layer| (layer.layer, layer.verdict)).collect(),
            prime_suspect: diagnosis.suspects.first().map(|suspect| suspect.statement.clone()),
            muted_suspects: diagnosis.muted_suspects.len() as u32,
        }
    }
}
