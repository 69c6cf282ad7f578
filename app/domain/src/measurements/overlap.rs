//! What was measured about rows, entities and times that two splits share.

use serde::{Deserialize, Serialize};

use crate::snapshot::SnapshotRole;
use stats::intervals::Share;

/// Two splits side by side: `earlier` is the one that is learnt from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitOverlap {
    pub earlier: SnapshotRole,
    pub later: SnapshotRole,
    pub rows: Option<RowOverlap>,
    pub entities: Option<EntityOverlap>,
    pub times: Option<TimeOverlap>,
}

/// Rows that are equal in every feature and the label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowOverlap {
    /// Later rows that equal an earlier one, of those compared.
    pub shared: Share,
    /// Earlier rows that equal another earlier one: how often rows repeat by nature.
    pub repeated: Share,
    /// Share of the earlier rows that were looked at; under 1 the shared ones are about as many times more.
    pub looked_at: f64,
}

/// Entities (customers, devices) that are in both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntityOverlap {
    pub column: String,
    /// Later rows of an entity that also has earlier rows.
    pub shared: Share,
    /// Shared entities, of the entities of the later rows.
    pub entities: Share,
    /// Earlier rows whose entity has another earlier row: how often entities come back by nature.
    pub repeated: Share,
}

/// How far two splits that should follow each other reach into one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeOverlap {
    pub column: String,
    /// Later rows at or before the last earlier row.
    pub before_end: Share,
    /// Earlier rows at or after the first later row.
    pub after_start: Share,
    /// Kolmogorov-Smirnov distance between the two: 1 when they are apart, near 0 when rows were dealt out at random.
    pub ks_statistic: f64,
    pub earlier_end_ms: i64,
    pub later_start_ms: i64,
}
