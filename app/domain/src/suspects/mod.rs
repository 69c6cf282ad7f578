//! Suspects: findings that share a cause, with the specific explaining the general away.

use serde::{Deserialize, Serialize};

use crate::measurements::Measurements;
use crate::{Cause, Finding, Item, Layer};

/// A ranked explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// From 1.
    pub rank: u32,
    pub cause: Cause,
    pub layer: Layer,
    pub item: Item,
    pub columns: Vec<String>,
    /// One sentence that accuses.
    pub statement: String,
    /// 0 to 1.
    pub score: f64,
    /// Ids of the findings that speak for it.
    pub findings: Vec<String>,
    /// Ids of the findings it explains away.
    #[serde(default)]
    pub explains: Vec<String>,
    /// What speaks against it, in sentences.
    #[serde(default)]
    pub against: Vec<String>,
    /// The one check that would settle it.
    #[serde(default)]
    pub settle: String,
}

/// Ranks what could have caused the findings.
pub fn explain(_findings: &[Finding], _measurements: &Measurements) -> Vec<Suspect> {
    Vec::new()
}
