//! The engine: every use case of Mismatch behind one handle. Web, API and command line are three doors into it.
//!
//! Architecture invariant: rows are turned into plain numbers in `measure/`, judged in `domain`, and never leave this
//! crate except as previews; errors leave it as [`domain::Problem`], with the internals logged here and nowhere else.

pub mod diagnose;
pub mod ingest;
pub mod measure;
pub mod progress;
pub mod report;
