//! The nouns of Mismatch, the seven-layer map, the contracts and what charts show.
//!
//! Architecture invariant: nothing in this crate does I/O, waits, reads a clock or draws randomness that was not
//! handed in; there is no `cfg` in it, so it is the same code on the server and in the browser.

pub mod actor;
pub mod arrangement;
pub mod cause;
pub mod cause_facts;
pub mod clock;
pub mod closing;
pub mod compare;
pub mod comparison;
pub mod conclusion;
pub mod decision;
pub mod detector_id;
pub mod diagnosis;
pub mod evaluation;
pub mod event;
pub mod example;
pub mod finding;
pub mod investigation;
pub mod job;
pub mod layer;
pub mod learning_curve;
pub mod listing;
pub mod mark;
pub mod markup;
pub mod measurements;
pub mod mute;
pub mod naming;
pub mod need;
pub mod number;
pub mod observation;
pub mod operating_point;
pub mod over_time;
pub mod plot;
pub mod problem;
pub mod profile;
pub mod reading;
pub mod selection;
pub mod since;
pub mod snapshot;
pub mod status;
pub mod suspect;
pub mod symptom;
pub mod verdict;

pub use actor::Actor;
pub use cause::Cause;
pub use cause_facts::{Facts, Origin, Specificity};
pub use comparison::Comparison;
pub use detector_id::DetectorId;
pub use diagnosis::Diagnosis;
pub use evaluation::{EvaluationRun, Task};
pub use finding::Finding;
pub use layer::{Item, Layer};
pub use mark::Mark;
pub use need::Need;
pub use over_time::OverTime;
pub use problem::{Problem, ProblemKind};
pub use profile::Profile;
pub use reading::{Reading, ReadingOf, Sureness};
pub use selection::{Condition, Selection, SelectionAnswer};
pub use since::Since;
pub use snapshot::{ColumnKind, ColumnRole, Roles, SnapshotRole};
pub use suspect::Suspect;
pub use verdict::Verdict;
