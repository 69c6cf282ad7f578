//! The question of a brush.

use std::sync::Arc;

use domain::selection::{Flips, FlipsAsked, PairAnswer, RowsAsked, SelectedRows, Selection, SelectionAnswer};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::address::Place;
use crate::error::AppError;

/// What is different about the selected rows of an investigation's tables? Every other column, the most different first.
///
/// # Errors
/// When the investigation is not there, or the selection names a column or a table that it does not have.
#[server(endpoint = "explain_selection", input = Json)]
pub async fn explain_selection(place: Place, selection: Selection) -> Result<Arc<SelectionAnswer>, AppError> {
    let service = expect_context::<service::Service>();
    Ok(match place {
        Place::Investigation(id) => service.explain_selection(&id, &selection).await?,
        Place::Shared(secret) => service.explain_shared_selection(&secret, &selection).await?,
    })
}

/// A window of the rows of a selection.
///
/// # Errors
/// As [`explain_selection`], but a selection without a row is an empty window.
#[server(endpoint = "list_rows", input = Json)]
pub async fn list_rows(
    investigation: String,
    selection: Selection,
    asked: RowsAsked,
) -> Result<SelectedRows, AppError> {
    Ok(expect_context::<service::Service>().selected_rows(&investigation, &selection, asked).await?)
}

/// How many rows of train and of serve lie where in two columns.
///
/// # Errors
/// When the investigation is not there, or neither side has both columns.
#[server(endpoint = "show_pair", input = Json)]
pub async fn show_pair(
    investigation: String,
    x: String,
    y: String,
    marked: Option<Selection>,
) -> Result<PairAnswer, AppError> {
    Ok(expect_context::<service::Service>().pair(&investigation, &x, &y, marked.as_ref()).await?)
}

/// What changed from one run to another, row by row.
///
/// # Errors
/// When the investigation or a run is not there, or the rows can't be matched.
#[server(endpoint = "compare_runs", input = Json)]
pub async fn compare_runs(investigation: String, asked: FlipsAsked) -> Result<Flips, AppError> {
    Ok(expect_context::<service::Service>().flips(&investigation, asked).await?)
}
