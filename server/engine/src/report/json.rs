//! The diagnosis as JSON: the contract, without the figures that only charts need.

use std::sync::Arc;

use domain::{Diagnosis, Problem};

/// # Errors
/// When a figure can't be written, which is a fault of ours.
pub fn render(diagnosis: &Diagnosis) -> Result<String, Problem> {
    let mut lean = diagnosis.clone();
    for comparison in Arc::make_mut(&mut lean.comparisons) {
        comparison.chart = None;
    }
    lean.over_time = Arc::default();
    let mut text = serde_json::to_string_pretty(&lean).map_err(|error| {
        tracing::error!(%error, "a diagnosis can't be written as JSON");
        Problem::internal("The diagnosis can't be written as JSON.")
    })?;
    text.push('\n');
    Ok(text)
}
