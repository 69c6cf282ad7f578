//! The only error that leaves the engine: a sentence for the person who reads it.

use serde::{Deserialize, Serialize};

/// What sort of problem it is; each door (web, API, CLI) turns it into its own status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The input can't be used as it is (HTTP 400, exit code 2).
    BadInput,
    /// The requested thing does not exist (404).
    NotFound,
    /// The request does not fit the current state (409).
    Conflict,
    /// A stated limit was exceeded (413).
    TooLarge,
    /// Not allowed here (403).
    Forbidden,
    /// Somebody cancelled the work (409).
    Cancelled,
    /// The disk or the database has no room left (507).
    StorageFull,
    /// The disk or the database does not take this now: locked, read-only, out of reach (503).
    Unavailable,
    /// A fault of Mismatch itself: logged in full, shown in one sentence (500).
    Internal,
}

/// A problem for the person who must act: what it is, where it is, and what to do.
/// Internal details are logged where the problem occurs and never stored here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    pub message: String,
}

impl Problem {
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::new(ProblemKind::BadInput, message)
    }
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ProblemKind::NotFound, message)
    }
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ProblemKind::Internal, message)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}
