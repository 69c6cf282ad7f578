//! What people decide about a suspect: that it is the cause, or that it is not.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Actor;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    Confirmed,
    RuledOut,
}

impl Ruling {
    pub const ALL: [Ruling; 2] = [Ruling::Confirmed, Ruling::RuledOut];

    /// The name in JSON and forms.
    pub fn id(self) -> &'static str {
        match self {
            Ruling::Confirmed => "confirmed",
            Ruling::RuledOut => "ruled_out",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Ruling::Confirmed => "confirmed",
            Ruling::RuledOut => "ruled out",
        }
    }

    pub fn from_id(id: &str) -> Option<Ruling> {
        Ruling::ALL.into_iter().find(|ruling| ruling.id() == id)
    }
}

/// A decision about one suspect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// The key of the suspect, which is the same in every later diagnosis of the investigation.
    pub suspect: String,
    /// What the suspect said when it was decided.
    pub statement: String,
    pub ruling: Ruling,
    /// Why; may be empty.
    pub note: String,
    #[schema(value_type = String)]
    pub author: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}
