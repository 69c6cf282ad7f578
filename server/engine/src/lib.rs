//! The engine: one function from files to a diagnosis (measure, judge, explain), and how a diagnosis is written down.
//!
//! Architecture invariant: a library. No runtime, no database, no clock; whoever links it brings those.

mod csv;
pub mod diagnose;
pub mod figures;
pub mod ingest;
pub mod repair;
pub mod report;
pub mod selection;
