//! What people decide about a hypothesis: that it is the cause, that much speaks for it, or that it is not.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Actor;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Something speaks for it, but it is not settled.
    Supported,
    Confirmed,
    RuledOut,
}

impl Ruling {
    pub const ALL: [Ruling; 3] = [Ruling::Supported, Ruling::Confirmed, Ruling::RuledOut];

    /// The name in JSON and forms.
    pub fn id(self) -> &'static str {
        match self {
            Ruling::Supported => "supported",
            Ruling::Confirmed => "confirmed",
            Ruling::RuledOut => "ruled_out",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Ruling::Supported => "supported",
            Ruling::Confirmed => "confirmed",
            Ruling::RuledOut => "ruled out",
        }
    }

    pub fn from_id(id: &str) -> Option<Ruling> {
        Ruling::ALL.into_iter().find(|ruling| ruling.id() == id)
    }
}

/// A decision about one hypothesis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// The key of the hypothesis: that of a suspect is the same in every later diagnosis of the investigation.
    pub suspect: String,
    /// What the hypothesis said when it was decided.
    pub statement: String,
    pub ruling: Ruling,
    /// Why; may be empty.
    pub note: String,
    #[schema(value_type = String)]
    pub author: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}
