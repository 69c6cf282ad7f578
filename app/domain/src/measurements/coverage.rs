//! Groups of rows on either side: what serving often sees and training hardly had.

use serde::{Deserialize, Serialize};

use stats::intervals::Share;

/// The groups looked at, and those that are rarer in train than at serving.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CoverageMeasures {
    /// Groups counted on both sides.
    pub groups: u64,
    /// Of these, the ones at least twice as frequent at serving, by how much more frequent.
    pub rarer: Vec<Group>,
}

/// Rows that have the same value (or lie in the same band) in one column or in two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub parts: Vec<GroupPart>,
    pub train: Share,
    pub serve: Share,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPart {
    pub column: String,
    /// The value, or the band in words.
    pub value: String,
    /// The rows of this part alone, whatever the other column says.
    pub train: Share,
    pub serve: Share,
}
