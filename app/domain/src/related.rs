//! Other investigations that may be about the same.

use serde::{Deserialize, Serialize};

use crate::investigation::InvestigationState;

/// Shown at most.
pub const MOST_RELATED: usize = 20;

/// Why an investigation is related, the stronger reason first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelatedBy {
    /// People decided there about a suspect that is one here too: the same cause in the same columns.
    Suspect {
        statement: String,
    },
    Model,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    pub id: String,
    pub title: String,
    pub model: String,
    pub state: InvestigationState,
    /// The conclusion with which it was last closed.
    pub verdict: Option<String>,
    pub by: RelatedBy,
}
