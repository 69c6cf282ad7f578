//! What a reader can go to from where they are: what a search over everything looks through.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Diagnosis;
use crate::investigation::InvestigationSummary;

/// What one door leads to. Through a share link, that is the one investigation it shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reachable {
    /// The investigation that is open.
    pub opened: Option<OpenedOne>,
    /// Investigations that hold every word of the search, the one changed last first.
    pub investigations: Vec<InvestigationSummary>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenedOne {
    pub title: String,
    /// As people see it; `None` until the first one is done.
    pub diagnosis: Option<Arc<Diagnosis>>,
}
