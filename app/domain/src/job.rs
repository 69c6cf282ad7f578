//! Jobs: long work that shows progress, can be cancelled and survives a restart.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobKind {
    /// Reads and profiles one snapshot.
    Profile,
    /// Runs every check of an investigation.
    Diagnose,
    /// Compares served rows that arrived for a model with its reference and with the rows before.
    Judge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    pub fn is_over(self) -> bool {
        matches!(self, JobState::Done | JobState::Failed | JobState::Cancelled)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    pub id: String,
    pub kind: JobKind,
    /// The id of the snapshot, the investigation or the arrival it works on.
    pub subject: String,
    pub state: JobState,
    /// What it is doing, in words.
    pub stage: String,
    /// 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    pub progress: f64,
    /// The problem's sentence, when it failed.
    #[schema(required)]
    pub error: Option<String>,
    /// How often it was started: more than once after a restart.
    pub attempts: i64,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
    /// Milliseconds since 1970-01-01 UTC.
    pub updated_at_ms: i64,
}
