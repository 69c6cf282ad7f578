//! Evidence: a chart, a finding, marked rows or the metrics of a run, frozen as they were when somebody pinned them.

mod exhibit;
mod pinned;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use exhibit::Exhibit;
pub use pinned::Pinned;

use crate::{Actor, SnapshotRole};

/// Pieces of one investigation.
pub const MOST_PIECES: usize = 200;

/// A piece of evidence. What it shows never changes; its caption, its place in the order and what it supports may.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    pub id: String,
    /// States what it shows.
    pub title: String,
    /// What was pinned: it leads to the same view as it is now.
    pub pinned: Pinned,
    /// The files that it was computed from.
    pub inputs: Vec<FrozenInput>,
    /// SHA-256 of what is frozen, as it is kept.
    pub sha256: String,
    /// What people say about it; may be empty.
    pub caption: String,
    /// What it supports and contradicts.
    pub links: Vec<EvidenceLink>,
    /// Who pinned it.
    #[schema(value_type = String)]
    pub author: Actor,
    /// When it was pinned, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}

/// A file as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FrozenInput {
    pub role: SnapshotRole,
    pub name: String,
    pub sha256: String,
}

/// That a piece of evidence supports or contradicts a hypothesis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EvidenceLink {
    /// The key of the hypothesis.
    #[schema(max_length = 20_000)]
    pub hypothesis: String,
    pub stance: Stance,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    For,
    Against,
}

impl Stance {
    pub const ALL: [Stance; 2] = [Stance::For, Stance::Against];

    /// The name in JSON and forms.
    pub fn id(self) -> &'static str {
        match self {
            Stance::For => "for",
            Stance::Against => "against",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Stance::For => "For",
            Stance::Against => "Against",
        }
    }

    pub fn from_id(id: &str) -> Option<Stance> {
        Stance::ALL.into_iter().find(|stance| stance.id() == id)
    }
}

impl Evidence {
    /// Whether it supports or contradicts a hypothesis.
    pub fn stance_on(&self, hypothesis: &str) -> Option<Stance> {
        self.links.iter().find(|link| link.hypothesis == hypothesis).map(|link| link.stance)
    }
}

/// What people say about a piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Remark {
    /// May be empty.
    #[schema(max_length = 20_000)]
    pub caption: String,
    #[schema(max_items = 50)]
    pub links: Vec<EvidenceLink>,
}

/// A piece of evidence with what is frozen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    pub evidence: Evidence,
    pub exhibit: Exhibit,
}
