//! Watches: places that are looked at on a schedule, each time for what is new there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::snapshot::SnapshotRole;

/// A place from which files come by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Watch {
    pub id: String,
    pub model: String,
    /// A folder below an allowed one, a prefix in an allowed bucket (it ends with `/`), or the address of a file or of a running
    /// tool.
    pub target: String,
    /// What its files are; null where each shows it.
    #[schema(required)]
    pub role: Option<SnapshotRole>,
    /// The model's version that its files name; empty for none.
    pub version: String,
    /// The words of cron and a time zone: `0 6 * * * Europe/Berlin`.
    pub schedule: String,
    #[schema(value_type = String)]
    pub created_by: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
    /// When it is looked at next.
    pub next_at_ms: i64,
    /// How the last look went; null before the first.
    #[schema(required)]
    pub last: Option<WatchRun>,
}

/// One look at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WatchRun {
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// Files that arrived.
    pub arrived: u32,
    /// Files that could not be read; they are not tried again until they change.
    pub unread: u32,
    /// Why the last of them could not, or why nothing could be looked at; empty where all went well.
    pub error: String,
}

/// A watch as somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EditWatch {
    #[schema(max_length = 2000)]
    pub target: String,
    /// What its files are; left out or null where each shows it.
    #[serde(default)]
    pub role: Option<SnapshotRole>,
    /// The model's version that its files name; empty for none.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub version: String,
    /// The words of cron, and a time zone; without one, UTC.
    #[schema(max_length = 200, example = "0 6 * * * Europe/Berlin")]
    pub schedule: String,
}

impl WatchRun {
    pub fn words(&self) -> String {
        let arrived = match self.arrived {
            0 => "nothing new".to_owned(),
            many => format!("{} arrived", crate::number::counted(u64::from(many), "file")),
        };
        let unread = match self.unread {
            0 => String::new(),
            many => format!(", {} could not be read", crate::number::counted(u64::from(many), "file")),
        };
        format!("{arrived}{unread}")
    }
}
