//! Rows in which two columns seem to have exchanged their values.

use serde::{Deserialize, Serialize};
use stats::intervals::Share;

/// Two number columns, and in how many rows each value lies outside the usual range of its own column and inside that of
/// the other one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExchangedRows {
    pub columns: [String; 2],
    pub train: Share,
    pub serve: Share,
}
