//! What a format is.

use domain::{Guard, Problem};

/// One kind of file. What it declares is what pages, the command line and the docs say of it.
pub struct GuardFormat {
    /// Stable.
    pub id: &'static str,
    /// The tool's name, as the map has it.
    pub tool: &'static str,
    /// What the file is and what to do with it, in a sentence.
    pub words: &'static str,
    /// Versions in which its files pass clean data and fail faulty data.
    pub proven_on: &'static str,
    pub file_name: &'static str,
    pub media_type: &'static str,
    /// The file; a sentence where the format can say nothing of the guard.
    pub write: fn(&Guard) -> Result<String, Problem>,
}
