//! The served rows with what a suspect says undone.

use domain::repair::RepairedRows;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// What is done to the served rows, and the first that change.
///
/// # Errors
/// When the investigation has no such suspect, or nothing undoes it.
#[server(endpoint = "show_repaired", input = Json)]
pub async fn show_repaired(investigation: String, suspect: u32) -> Result<RepairedRows, AppError> {
    Ok(expect_context::<service::Service>().repaired_rows(&investigation, suspect).await?)
}
