//! Two columns at once, and two runs row by row.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::selection::{Flips, FlipsAsked, MOST_ROWS, PairAnswer, RunName};
use engine::selection::flips_csv;
use serde::Deserialize;
use service::Service;
use utoipa::IntoParams;

use super::extract::Params;
use super::problem::ApiProblem;
use super::refusals::NotFound;
use super::rows::selected;

/// Rows of an answer that says nothing else.
const ROWS: usize = 100;

/// Which columns, and which rows are marked in them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Columns {
    /// A column, whose values are put into cells from left to right.
    #[param(example = "amount")]
    x: String,
    /// Another column, whose values are put into cells upwards.
    #[param(example = "plan")]
    y: String,
    /// Rows to count besides, as the addresses of pages have them: the side, then one part for each condition.
    #[serde(rename = "where")]
    #[param(nullable = false, example = "serve;c.amount~r~1.2e2~5e2~x")]
    selection: Option<String>,
}

/// Two columns at once
///
/// How many rows of train and of serve lie in which cell of two columns, of these the marked ones, and how strongly the two go
/// together on each side. Of a table that is larger than its sample, the rows are those of the sample. Share links have no such
/// address, as a cell may hold a single row.
#[utoipa::path(
    get, path = "/investigations/{id}/pair", operation_id = "showPair", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), Columns),
    responses((status = 200, description = "The cells.", body = PairAnswer), NotFound)
)]
pub async fn pair(
    State(service): State<Service>,
    Path(id): Path<String>,
    Params(asked): Params<Columns>,
) -> Result<Json<PairAnswer>, ApiProblem> {
    let marked = asked.selection.as_deref().filter(|text| !text.is_empty()).map(selected);
    Ok(Json(service.pair(&id, &asked.x, &asked.y, marked.transpose()?.as_ref()).await?))
}

/// Which two runs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Runs {
    /// The name of the later run, as in the diagnosis.
    #[param(example = "v2.csv")]
    run: String,
    /// Its split.
    #[param(example = "test")]
    split: String,
    /// The name of the run to compare it with.
    #[param(example = "v1.csv")]
    against: String,
    /// The split of that.
    #[param(example = "test")]
    against_split: String,
    /// At most this many of the rows that changed, 0 to 10,000. Without it 100, and in a file 10,000.
    #[param(nullable = false, minimum = 0, maximum = 10_000)]
    rows: Option<u32>,
}

impl Runs {
    fn asked(self, rows: usize) -> FlipsAsked {
        FlipsAsked {
            first: RunName { name: self.against, split: self.against_split.into() },
            second: RunName { name: self.run, split: self.split.into() },
            rows: self.rows.map_or(rows, |asked| asked as usize).min(MOST_ROWS),
        }
    }
}

/// Two runs row by row
///
/// The rows of two runs are matched by their ids (or by their order, where neither has ids and all labels agree): how many answers
/// changed, whether for the better, and what is special about the rows that lost. Share links have no such address, as it names rows.
#[utoipa::path(
    get, path = "/investigations/{id}/flips", operation_id = "compareRuns", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), Runs),
    responses((status = 200, description = "What changed.", body = Flips), NotFound)
)]
pub async fn flips(
    State(service): State<Service>,
    Path(id): Path<String>,
    Params(runs): Params<Runs>,
) -> Result<Json<Flips>, ApiProblem> {
    Ok(Json(service.flips(&id, runs.asked(ROWS)).await?))
}

/// The rows that changed as a CSV file
///
/// Those that lost first. No cell begins like a formula: an apostrophe stands before what would.
#[utoipa::path(
    get, path = "/investigations/{id}/flips.csv", operation_id = "exportFlips", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), Runs),
    responses((status = 200, description = "The file.", content((String = "text/csv"))), NotFound)
)]
pub async fn export(
    State(service): State<Service>,
    Path(id): Path<String>,
    Params(runs): Params<Runs>,
) -> Result<Response, ApiProblem> {
    let flips = service.flips(&id, runs.asked(MOST_ROWS)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"flips.csv\""),
    ];
    Ok((headers, flips_csv(&flips)).into_response())
}
