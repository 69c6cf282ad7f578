//! Reports: one diagnosis with what people decided, written for people and for programs. Names in the data come from strangers: each writer
//! escapes them for its own format.

mod case;
pub mod chat;
mod earlier;
mod fail_on;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod text;
mod wording;

use domain::Problem;

pub use case::{Case, Report};
pub use earlier::compare_with;
pub use fail_on::{FailOn, Gate};

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    Text,
    Json,
    Markdown,
    Junit,
    Sarif,
    Html,
}

/// Writes `report` in `format`. JSON, JUnit and SARIF hold the diagnosis alone; `gate` decides what JUnit calls a failure
/// and SARIF an error.
///
/// # Errors
/// When a figure can't be written as JSON, which is a fault of ours.
pub fn render(report: &Report<'_>, format: ReportFormat, gate: Gate) -> Result<String, Problem> {
    Ok(match format {
        ReportFormat::Text => text::render(report.diagnosis),
        ReportFormat::Json => return json::render(report.diagnosis),
        ReportFormat::Markdown => markdown::render(report),
        ReportFormat::Junit => junit::render(report.diagnosis, gate),
        ReportFormat::Sarif => return sarif::render(report.diagnosis, gate),
        ReportFormat::Html => html::render(report),
    })
}

#[cfg(test)]
mod tests;
