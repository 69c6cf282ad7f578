//! Measuring: files in, plain numbers out. Nothing here judges.
//!
//! Architecture invariant: this crate knows neither detectors nor limits, so that editing one rebuilds nothing here; and no
//! runtime and no database, so that whoever links it gets a library.

pub mod archive;
pub mod artifacts;
mod column;
pub mod data;
pub mod evaluation;
mod feature_bins;
pub mod features;
pub mod importance;
pub mod ingest;
pub mod inputs;
pub mod inspect;
pub mod measured;
#[cfg(test)]
mod mirrored_limits;
pub mod monitoring;
pub mod profile;
mod profiled;
pub mod progress;
mod row_hashes;
pub mod row_ids;
pub mod row_source;
pub mod sample;
pub mod serving;
pub mod stages;
pub mod summary;
pub mod table;
pub mod training;
mod values;

pub use evaluation::run::{EvaluationTable, evaluation_runs};
pub use inputs::{MeasureInputs, Snapshot};
pub use profile::profile;
pub use profiled::Profiled;
pub use sample::Sample;
pub use stages::measure;
pub use training::learning_curve::learning_curve;
