//! What arrives for a model, and what the checks say of a window of served rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::evaluation::Task;
use crate::job::{Job, JobState};
use crate::points::Points;
use crate::snapshot::SnapshotRole;
use crate::{Item, Layer, Mark};

/// A stored file as lists name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedSnapshot {
    pub id: String,
    /// The name of the file it came in.
    pub name: String,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
    pub rows: u64,
}

/// One file that arrived for a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Arrival {
    pub id: String,
    pub model: String,
    pub role: SnapshotRole,
    pub snapshot: NamedSnapshot,
    /// The version of the model that was named with it; empty for none.
    pub version: String,
    /// What it is about, such as the end of the day whose rows it holds: as it was given, else when it came. Milliseconds since
    /// 1970-01-01 UTC.
    pub at_ms: i64,
    /// When it came.
    pub received_at_ms: i64,
    /// Who sent it.
    #[schema(value_type = String)]
    pub author: Actor,
    pub state: ArrivalState,
    /// What the checks said; null for what is not judged by itself, or not yet.
    #[schema(required)]
    pub window: Option<Window>,
    /// Id of the investigation that was opened of it; null for none.
    #[schema(required)]
    pub investigation: Option<String>,
    /// The last job that judged it, or is to judge it.
    #[schema(required)]
    pub job: Option<Job>,
}

/// How far an arrival is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalState {
    /// Served rows are compared with it.
    Reference,
    /// It belongs to the window of its time, or waits to be made the reference.
    Kept,
    /// Served rows, and nothing to compare them with yet.
    NoReference,
    /// Its checks run, or are about to.
    Waiting,
    Judged,
    /// Its checks could not run; the job says why.
    Failed,
}

impl ArrivalState {
    /// By what is known of an arrival. `is_pinned`: the model's reference has it.
    pub fn of(role: SnapshotRole, is_pinned: bool, is_judged: bool, job: Option<JobState>) -> ArrivalState {
        match (role, job) {
            (SnapshotRole::Serve, Some(JobState::Queued | JobState::Running)) => ArrivalState::Waiting,
            (SnapshotRole::Serve, _) if is_judged => ArrivalState::Judged,
            (SnapshotRole::Serve, Some(_)) => ArrivalState::Failed,
            (SnapshotRole::Serve, None) => ArrivalState::NoReference,
            _ if is_pinned => ArrivalState::Reference,
            _ => ArrivalState::Kept,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            ArrivalState::Reference => "reference",
            ArrivalState::Kept => "kept",
            ArrivalState::NoReference => "no reference yet",
            ArrivalState::Waiting => "its checks run",
            ArrivalState::Judged => "checked",
            ArrivalState::Failed => "its checks failed",
        }
    }
}

/// An arrival that was taken in, with the others that came in the same file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Arrived {
    #[serde(flatten)]
    pub arrival: Arrival,
    /// What there is to do next, in a sentence; empty where nothing is.
    pub advice: String,
    /// Of an archive each further file, of an artifact the tables of its rows.
    pub others: Vec<Arrival>,
}

/// What the checks say of a window of served rows, compared with the reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Window {
    /// The sign of each layer: `mismatch`, `possible`, `weakness`, `clear`, `partly checked` or `no evidence`.
    #[schema(value_type = BTreeMap<String, String>)]
    pub layers: BTreeMap<Layer, Mark>,
    /// The sentence of suspect number one, if anything changed.
    #[schema(required)]
    pub suspect: Option<String>,
    /// The probability of suspect number one that it is a cause; null where nothing changed, and for windows of earlier versions.
    #[serde(default)]
    #[schema(required)]
    pub probability: Option<f64>,
    /// How much worse the performance is than before; null where it is not known.
    #[serde(default)]
    #[schema(required)]
    pub fall: Option<WindowFall>,
    /// The change that is furthest over its limit, or nearest to it.
    #[schema(required)]
    pub worst: Option<Worst>,
    /// How the model did on these rows; null while their labels are not known.
    #[schema(required)]
    pub figure: Option<Figure>,
    /// The same rows compared with the window before; null where there is none.
    #[schema(required)]
    pub previous: Option<AgainstPrevious>,
    /// Milliseconds since 1970-01-01 UTC.
    pub judged_at_ms: i64,
}

impl Window {
    /// The sign of a layer; no evidence where there is none.
    pub fn mark(&self, layer: Layer) -> Mark {
        self.layers.get(&layer).copied().unwrap_or(Mark::Verdict(crate::Verdict::NoEvidence))
    }
}

/// A difference of the performance that was measured on both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WindowFall {
    #[serde(flatten)]
    pub points: Points,
    /// The same in one sentence, with its parts where they are known.
    pub statement: String,
}

/// An effect next to its limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Worst {
    pub item: Item,
    /// Empty where it is about no column.
    pub column: String,
    /// How many times its limit the effect is: over it from 1 on.
    pub over_limit: f64,
}

/// The main metric on a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    pub task: Task,
    /// By scikit-learn's name.
    pub metric: String,
    pub value: f64,
    #[schema(required)]
    pub low: Option<f64>,
    #[schema(required)]
    pub high: Option<f64>,
    /// Rows whose labels are known.
    pub rows: u64,
}

/// A window next to the one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgainstPrevious {
    /// Id of the arrival before.
    pub arrival: String,
    /// The most urgent sign of the data and feature layers.
    #[schema(value_type = String)]
    pub mark: Mark,
    /// What changed since then.
    pub findings: u32,
    /// The first of them.
    #[schema(required)]
    pub statement: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_an_arrival_follows_from_its_role_and_its_job() {
        use SnapshotRole::{Labels, Serve, Train};
        let of = ArrivalState::of;
        assert_eq!(of(Serve, false, false, None), ArrivalState::NoReference);
        assert_eq!(of(Serve, false, false, Some(JobState::Queued)), ArrivalState::Waiting);
        assert_eq!(of(Serve, false, true, Some(JobState::Running)), ArrivalState::Waiting, "it is judged again");
        assert_eq!(of(Serve, false, true, Some(JobState::Done)), ArrivalState::Judged);
        assert_eq!(of(Serve, false, true, Some(JobState::Failed)), ArrivalState::Judged, "the last result holds");
        assert_eq!(of(Serve, false, false, Some(JobState::Failed)), ArrivalState::Failed);
        assert_eq!(
            [of(Train, true, false, None), of(Train, false, false, None)],
            [ArrivalState::Reference, ArrivalState::Kept]
        );
        assert_eq!(of(Labels, false, false, None), ArrivalState::Kept);
    }
}
