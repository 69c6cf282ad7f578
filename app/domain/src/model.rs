//! Models: the systems under care, which last while investigations come and go. What people say of one, what it is compared
//! with, and what arrived for it.

mod arrival;
mod reference;
mod trend;
mod unwatched;
mod watch;
pub mod week;
pub mod weekly;

pub use arrival::{AgainstPrevious, Arrival, ArrivalState, Arrived, Figure, NamedSnapshot, Window, WindowFall, Worst};
pub use reference::{REFERENCE_ROLES, Reference, newest_with_train, reference_for};
pub use trend::{Against, MetricPoint, Trend, TrendPoint, WindowResult};
pub use unwatched::{Unwatched, WatchFacts};
pub use watch::{EditWatch, Watch, WatchRun};
pub use week::Week;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::evaluation::Task;
use crate::snapshot::Roles;

/// Longest name of a version, in characters.
pub const VERSION_CHARACTERS: usize = 100;

/// The system under care.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Model {
    pub name: String,
    /// What it predicts: as people said it, or as its first labelled rows showed it; null while neither is known.
    #[schema(required)]
    pub task: Option<Task>,
    /// Who cares for it; empty for nobody in particular.
    pub owner: String,
    /// The column roles people chose; those left open are guessed from each file when it arrives.
    pub roles: Roles,
    /// What served rows are compared with, the one pinned last first.
    pub reference: Vec<Reference>,
    /// The versions that arrivals named, the one seen last first.
    pub versions: Vec<String>,
    #[schema(value_type = String)]
    pub created_by: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub created_at_ms: i64,
    #[schema(value_type = String)]
    pub changed_by: Actor,
    /// Milliseconds since 1970-01-01 UTC.
    pub changed_at_ms: i64,
}

/// What people say of a model. What is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct EditModel {
    pub task: Option<Task>,
    /// Who cares for it, one line; empty for nobody in particular.
    #[schema(max_length = 300)]
    pub owner: Option<String>,
    /// The column roles people choose, all of them: those left out are guessed.
    pub roles: Option<Roles>,
    /// Who says it; empty for nobody in particular.
    #[schema(value_type = String, max_length = 300)]
    pub author: Actor,
}

/// A model in the list of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ModelLine {
    pub name: String,
    #[schema(required)]
    pub task: Option<Task>,
    /// Who cares for it; empty for nobody in particular.
    pub owner: String,
    /// Whether there is training data to compare served rows with.
    pub has_reference: bool,
    /// Windows of served rows that arrived.
    pub windows: u64,
    /// Investigations of it that are listed.
    pub investigations: u64,
    /// The time of the served rows that arrived last; null where none did.
    #[schema(required)]
    pub last_at_ms: Option<i64>,
    /// What the checks said of the last window that was judged; null where none was.
    #[schema(required)]
    pub window: Option<Window>,
}
