//! A whole investigation as one file, for another installation or for keeping: a zip with what people said as JSON, and the
//! files as they came.

mod exporting;
mod importing;
mod new_ids;

use domain::investigation::Investigation;
use measure::ingest::ReadOptions;
use serde::{Deserialize, Serialize};

pub use exporting::Export;

/// The version of what is written.
const FORMAT: u32 = 1;
/// The file in the zip that holds what people said.
const DOCUMENT: &str = "investigation.json";

/// What people said, in [`DOCUMENT`].
#[derive(Debug, Serialize, Deserialize)]
struct Document {
    /// Says what the file is.
    mismatch_investigation: u32,
    /// Name and version of the program that wrote it.
    tool: String,
    exported_at_ms: i64,
    investigation: Investigation,
    files: Vec<MovedFile>,
    /// What each piece of evidence froze, by its id: JSON as it is kept, so that its hash still holds.
    exhibits: Vec<(String, String)>,
}

/// One of its inputs.
#[derive(Debug, Serialize, Deserialize)]
struct MovedFile {
    /// The id of the snapshot in the installation that wrote it.
    snapshot: String,
    /// The name in the zip.
    file: String,
    /// How people said that it is to be read.
    options: ReadOptions,
}
