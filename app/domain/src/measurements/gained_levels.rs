//! Categories along time.

use serde::{Deserialize, Serialize};

use crate::comparison::Side;

/// A window of time of one side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GainedChunk {
    pub side: Side,
    pub from_ms: i64,
    pub to_ms: i64,
    /// Rows with a value.
    pub n: u64,
    /// Those of them whose value serving has more often than training.
    pub gained: u64,
}
