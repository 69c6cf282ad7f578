//! `/api/v1/models/{name}/arrivals`: files that come for a model, day by day.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::clock::instant;
use domain::investigation::Investigation;
use domain::model::{Arrival, Arrived};
use domain::snapshot::SnapshotRole;
use domain::{Actor, Problem};
use serde::Deserialize;
use service::store::Inserted;
use service::{ARRIVALS_PAGE, ArrivalTerms, Service};
use utoipa::IntoParams;

use super::editing::Author;
use super::extract::Params;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound, TooLarge};
use super::uploads;
use super::visitors::{Caller, Who};

/// What is said of the file.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Terms {
    /// What the file is; served rows when it is left out, unless the file shows that it is labels, predictions, a log or an
    /// artifact.
    #[param(nullable = false, inline)]
    role: Option<SnapshotRole>,
    /// What it is about, such as the end of the day whose rows it holds: RFC 3339, a day, or milliseconds since 1970. Now when it
    /// is left out.
    #[param(nullable = false, example = "2026-11-27T00:00:00Z")]
    at: Option<String>,
    /// The model's version; empty for none.
    #[serde(default)]
    #[param(nullable = false, value_type = String, max_length = 100)]
    version: String,
    /// The file's name; `upload` when it is left out.
    #[param(nullable = false, example = "2026-11-27.parquet")]
    name: Option<String>,
    /// Who sends it; empty for nobody in particular.
    #[serde(default)]
    #[param(nullable = false, value_type = String, max_length = 300)]
    author: Actor,
}

/// # Errors
/// `BadInput` for what is no time.
pub fn time_of(at: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(at) = at.map(str::trim).filter(|at| !at.is_empty()) else { return Ok(None) };
    let ms = instant(at).ok_or_else(|| {
        Problem::bad_input(format!(
            "{at:?} is not a time. Write it as 2026-11-27T09:30:00Z, as a day, or in milliseconds since 1970."
        ))
    })?;
    Ok(Some(ms))
}

/// Send a file for a model
///
/// The file is kept before it is acknowledged. Served rows are then compared with the model's reference and with the rows
/// before; the first file with the role `train` becomes the reference. The same bytes in the same role, and for the same time
/// where one is given, are one arrival: sent again, the first one is answered with status 200. A model that nobody has named
/// before is made.
#[utoipa::path(
    post, path = "/models/{name}/arrivals", operation_id = "sendArrival", tag = "models",
    params(("name" = String, Path, description = "The model's name."), Terms),
    request_body(description = "The bytes of one file.", content(("application/octet-stream"))),
    responses(
        (status = 201, description = "The arrival.", body = Arrived),
        (status = 200, description = "It was there already: the first arrival.", body = Arrived),
        NotFound, Conflict, TooLarge
    )
)]
pub async fn send(
    State(service): State<Service>,
    Path(name): Path<String>,
    Who(visitor): Who,
    Params(terms): Params<Terms>,
    request: Request,
) -> Result<(StatusCode, Json<Arrived>), ApiProblem> {
    let at_ms = time_of(terms.at.as_deref())?;
    let checked = ArrivalTerms::new(&name, terms.role, at_ms, &terms.version, terms.author)?;
    let file = terms.name.unwrap_or_else(|| "upload".to_owned());
    let upload = uploads::take(&service, &file, uploads::body(request)).await?;
    let (arrived, inserted) = service.arrive(&checked, upload, &visitor).await?;
    Ok((status_of(inserted), Json(arrived)))
}

fn status_of(inserted: Inserted) -> StatusCode {
    match inserted {
        Inserted::New => StatusCode::CREATED,
        Inserted::Known => StatusCode::OK,
    }
}

/// Which arrivals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Only those in this role.
    #[param(nullable = false, inline)]
    role: Option<SnapshotRole>,
    /// Only those that come after this arrival in the list, by its id.
    #[param(nullable = false)]
    before: Option<String>,
    /// At most 500; 60 when it is left out.
    #[param(nullable = false, maximum = 500)]
    limit: Option<usize>,
}

/// What arrived for a model
///
/// Those of later times come first, each with what the checks said.
#[utoipa::path(
    get, path = "/models/{name}/arrivals", operation_id = "listArrivals", tag = "models",
    params(("name" = String, Path, description = "The model's name."), Asked),
    responses((status = 200, description = "The arrivals.", body = Vec<Arrival>), NotFound)
)]
pub async fn list(
    State(service): State<Service>,
    Path(name): Path<String>,
    Params(asked): Params<Asked>,
) -> Result<Json<Vec<Arrival>>, ApiProblem> {
    let limit = asked.limit.unwrap_or(ARRIVALS_PAGE);
    Ok(Json(service.arrivals(&name, asked.role, asked.before.as_deref(), limit).await?))
}

/// Take an arrival out
///
/// With all that was judged of it, and from the reference where it is that. Its file stays until it is deleted.
#[utoipa::path(
    delete, path = "/models/{name}/arrivals/{arrival}", operation_id = "deleteArrival", tag = "models",
    params(
        ("name" = String, Path, description = "The model's name."),
        ("arrival" = String, Path, description = "Id of the arrival."),
        Author
    ),
    responses((status = 200, description = "The arrival as it was.", body = Arrival), NotFound)
)]
pub async fn delete(
    State(service): State<Service>,
    Path((name, arrival)): Path<(String, String)>,
    Caller(client): Caller,
    Params(by): Params<Author>,
) -> Result<Json<Arrival>, ApiProblem> {
    Ok(Json(service.delete_arrival(&name, &arrival, &by.author, &client).await?))
}

/// Open an investigation of a window
///
/// Its rows and what they were compared with are the inputs, and the diagnosis is the one that was made when they came. Opened
/// once, the same investigation is answered with status 200.
#[utoipa::path(
    post, path = "/models/{name}/arrivals/{arrival}/investigation", operation_id = "investigateArrival", tag = "models",
    params(
        ("name" = String, Path, description = "The model's name."),
        ("arrival" = String, Path, description = "Id of the arrival."),
        Author
    ),
    responses(
        (status = 201, description = "The investigation.", body = Investigation),
        (status = 200, description = "The investigation that was opened before.", body = Investigation),
        NotFound, Conflict
    )
)]
pub async fn investigate(
    State(service): State<Service>,
    Path((name, arrival)): Path<(String, String)>,
    Params(by): Params<Author>,
) -> Result<(StatusCode, Json<Investigation>), ApiProblem> {
    let (investigation, inserted) = service.open_window(&name, &arrival, &by.author).await?;
    Ok((status_of(inserted), Json(investigation)))
}
