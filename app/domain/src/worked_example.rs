//! An example of what a detector finds: a finding that the engine made of small files in the repository.

use serde::{Deserialize, Serialize};

use crate::{Diagnosis, Finding};

/// A diagnosis cut down to one finding and what its charts draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The files that were diagnosed together, by the name of the test that makes the examples.
    pub scenario: String,
    /// Where the rows are from, in a sentence.
    pub data: String,
    /// The files that show it, as paths in the repository.
    pub files: Vec<String>,
    pub diagnosis: Diagnosis,
}

impl Example {
    pub fn finding(&self) -> Option<&Finding> {
        self.diagnosis.findings.first()
    }
}
