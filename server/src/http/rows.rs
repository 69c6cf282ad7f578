//! The rows of a selection: a window of them for programs, and as a CSV file.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::Problem;
use domain::selection::{MOST_ROWS, RowOrder, RowsAsked, SelectedRows, Selection};
use engine::selection::csv;
use serde::Deserialize;
use service::Service;
use utoipa::IntoParams;

use super::extract::Params;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound, TooLarge};

/// Rows and columns of a window that says nothing else.
const ROWS: usize = 100;
const COLUMNS: usize = 2_000;

/// Which rows, and in which order.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Window {
    /// The selection as the addresses of pages have it: the side, then one part for each condition.
    #[serde(rename = "where")]
    #[param(example = "serve;c.amount~r~1.2e2~5e2~x")]
    selection: String,
    /// The column to sort by; without it, the rows are in the order of the file.
    #[param(nullable = false)]
    sort: Option<String>,
    /// `ascending` (the default) or `descending`. Rows without a value come last.
    #[param(nullable = false)]
    order: Option<String>,
    /// Rows to leave out before the first one.
    #[param(nullable = false, minimum = 0)]
    skip: Option<u32>,
    /// At most this many rows, 1 to 10,000. Without it 100, and in a file 10,000.
    #[param(nullable = false, minimum = 1, maximum = 10_000)]
    rows: Option<u32>,
    /// At most this many columns; 2,000 without it. Those of the conditions come first.
    #[param(nullable = false, minimum = 1, maximum = 2_000)]
    columns: Option<u32>,
}

/// A selection as the addresses of pages have it.
///
/// # Errors
/// `BadInput` for another text.
pub fn selected(text: &str) -> Result<Selection, Problem> {
    Selection::from_text(text).ok_or_else(|| {
        Problem::bad_input("The selection in `where` can't be read. Copy it from the address of a page.")
    })
}

impl Window {
    fn asked(self, rows: usize) -> Result<(Selection, RowsAsked), Problem> {
        let selection = selected(&self.selection)?;
        let bounded =
            |asked: Option<u32>, usual: usize, most: usize| asked.map_or(usual, |asked| asked as usize).clamp(1, most);
        let asked = RowsAsked {
            sort: self.sort.filter(|column| !column.is_empty()),
            order: self.order.map_or_else(RowOrder::default, |order| RowOrder::from_id(&order)),
            skip: self.skip.unwrap_or(0) as usize,
            rows: bounded(self.rows, rows, MOST_ROWS),
            columns: bounded(self.columns, COLUMNS, COLUMNS),
        };
        Ok((selection, asked))
    }
}

/// The rows of a selection
///
/// A window of the rows for which every condition holds, of at most 10,000 rows and about a million cells. Of a file
/// that is larger than its sample, the rows are those of the sample. Share links hand out no rows.
#[utoipa::path(
    get, path = "/investigations/{id}/rows", operation_id = "listSelectedRows", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), Window),
    responses((status = 200, description = "The rows, in order.", body = SelectedRows), NotFound, Conflict, TooLarge)
)]
pub async fn list(
    State(service): State<Service>,
    Path(id): Path<String>,
    Params(window): Params<Window>,
) -> Result<Json<SelectedRows>, ApiProblem> {
    let (selection, asked) = window.asked(ROWS)?;
    Ok(Json(service.selected_rows(&id, &selection, asked).await?))
}

/// The rows of a selection as a CSV file
///
/// The same rows, each with the table that it is from. No cell begins like a formula: an apostrophe stands before what
/// would.
#[utoipa::path(
    get, path = "/investigations/{id}/rows.csv", operation_id = "exportSelectedRows", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), Window),
    responses(
        (status = 200, description = "The file.", content((String = "text/csv"))),
        NotFound, Conflict, TooLarge
    )
)]
pub async fn export(
    State(service): State<Service>,
    Path(id): Path<String>,
    Params(window): Params<Window>,
) -> Result<Response, ApiProblem> {
    let (selection, asked) = window.asked(MOST_ROWS)?;
    let rows = service.selected_rows(&id, &selection, asked).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rows.csv\""),
    ];
    Ok((headers, csv(&rows)).into_response())
}
