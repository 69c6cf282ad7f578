//! Hypotheses that people add to the suspects of the checks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Actor;

/// What the keys of hypotheses of people begin with; those of suspects begin with a cause.
const OWN: &str = "own:";

/// Hypotheses that people add to one investigation.
pub const MOST_OWN: usize = 50;

/// What somebody holds to be possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnHypothesis {
    pub id: String,
    pub statement: String,
    #[schema(value_type = String)]
    pub author: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
}

impl OwnHypothesis {
    /// By which it is known where suspects are known by theirs.
    pub fn key(&self) -> String {
        format!("{OWN}{}", self.id)
    }

    pub fn is_key(key: &str) -> bool {
        key.starts_with(OWN)
    }
}
