//! Reports: one diagnosis, written for people and for programs. Names in the data come from strangers: each writer
//! escapes them for its own format.

mod fail_on;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod text;
mod wording;

use domain::{Diagnosis, Problem};

pub use fail_on::{FailOn, Gate};

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    Text,
    Json,
    Markdown,
    Junit,
    Html,
}

/// Writes `diagnosis` in `format`; `gate` decides what a JUnit report calls a failure.
///
/// # Errors
/// When a figure can't be written as JSON, which is a fault of ours.
pub fn render(diagnosis: &Diagnosis, format: ReportFormat, gate: Gate) -> Result<String, Problem> {
    Ok(match format {
        ReportFormat::Text => text::render(diagnosis),
        ReportFormat::Json => return json::render(diagnosis),
        ReportFormat::Markdown => markdown::render(diagnosis),
        ReportFormat::Junit => junit::render(diagnosis, gate),
        ReportFormat::Html => html::render(diagnosis),
    })
}

#[cfg(test)]
mod tests;
