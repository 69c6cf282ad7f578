//! The served rows with what a suspect says undone: the first of them before and after, and all as a CSV file.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::Problem;
use domain::repair::RepairedRows;
use service::Service;

use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound, TooLarge};
use super::reports::download;

/// The served rows before and after a suspect is undone
///
/// What is done to the served rows so that they are as in training, as far as this suspect says, and the first rows that change.
/// A suspect of which nothing in the data says what the rows should hold is refused. Share links hand out no rows.
#[utoipa::path(
    get, path = "/investigations/{id}/suspects/{rank}/repaired", operation_id = "showRepairedRows", tag = "investigations",
    params(
        ("id" = String, Path, description = "Id of the investigation."),
        ("rank" = u32, Path, description = "Rank of the suspect in the diagnosis, from 1.", example = 1)
    ),
    responses((status = 200, description = "The rows.", body = RepairedRows), NotFound, Conflict, TooLarge)
)]
pub async fn show(
    State(service): State<Service>,
    Path((id, rank)): Path<(String, String)>,
) -> Result<Json<RepairedRows>, ApiProblem> {
    Ok(Json(service.repaired_rows(&id, number(&rank)?).await?))
}

/// The repaired served rows as a CSV file
///
/// Of a table that is larger than its sample, the rows are those of the sample; `mismatch undo` writes all rows. No cell begins
/// like a formula: an apostrophe stands before what would.
#[utoipa::path(
    get, path = "/investigations/{id}/suspects/{rank}/repaired.csv", operation_id = "exportRepairedRows",
    tag = "investigations",
    params(
        ("id" = String, Path, description = "Id of the investigation."),
        ("rank" = u32, Path, description = "Rank of the suspect in the diagnosis, from 1.", example = 1)
    ),
    responses(
        (status = 200, description = "The file.", content((String = "text/csv"))),
        NotFound, Conflict, TooLarge
    )
)]
pub async fn export(
    State(service): State<Service>,
    Path((id, rank)): Path<(String, String)>,
) -> Result<Response, ApiProblem> {
    let csv = service.repaired_csv(&id, number(&rank)?).await?;
    Ok(download("repaired.csv", "text/csv; charset=utf-8", csv))
}

fn number(rank: &str) -> Result<u32, Problem> {
    rank.parse().map_err(|error| {
        tracing::debug!(%error, "the rank of a suspect is not a number");
        Problem::not_found("A suspect is named by its rank in the diagnosis, a number from 1.")
    })
}
