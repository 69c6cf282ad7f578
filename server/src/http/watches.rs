//! `/api/v1/models/{name}/watches`: places from which files come by themselves.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::model::{EditWatch, Watch};
use service::Service;

use super::editing::Author;
use super::extract::{Body, Params};
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound};
use super::visitors::Who;

/// The watches of a model
///
/// The oldest first, each with how its last look went. Who may only look at the model sees an address without what may be a secret
/// in it.
#[utoipa::path(
    get, path = "/models/{name}/watches", operation_id = "listWatches", tag = "models",
    params(("name" = String, Path, description = "The model's name.")),
    responses((status = 200, description = "The watches, the oldest first.", body = Vec<Watch>), NotFound)
)]
pub async fn list(
    State(service): State<Service>,
    Who(visitor): Who,
    Path(name): Path<String>,
) -> Result<Json<Vec<Watch>>, ApiProblem> {
    Ok(Json(service.watches(&name, &visitor).await?))
}

/// Watch a place
///
/// It is looked at now, and then on its schedule. Of a folder or a prefix each file arrives once, and again when it changes; its
/// time is the day in its name, else when it was changed. A running tool is asked about the time since the last look.
#[utoipa::path(
    post, path = "/models/{name}/watches", operation_id = "addWatch", tag = "models",
    params(("name" = String, Path, description = "The model's name."), Author),
    request_body(content = EditWatch, example = json!({"target": "s3://models/churn/served/", "role": "serve", "schedule": "0 6 * * * Europe/Berlin"})),
    responses((status = 201, description = "The watch.", body = Watch), NotFound, Conflict)
)]
pub async fn add(
    State(service): State<Service>,
    Who(visitor): Who,
    Path(name): Path<String>,
    Params(by): Params<Author>,
    Body(asked): Body<EditWatch>,
) -> Result<(StatusCode, Json<Watch>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.add_watch(&name, asked, &by.author, &visitor).await?)))
}

/// Remove a watch
///
/// What arrived stays.
#[utoipa::path(
    delete, path = "/models/{name}/watches/{watch}", operation_id = "removeWatch", tag = "models",
    params(
        ("name" = String, Path, description = "The model's name."),
        ("watch" = String, Path, description = "Id of the watch.")
    ),
    responses((status = 204, description = "It is removed."), NotFound)
)]
pub async fn remove(
    State(service): State<Service>,
    Path((name, watch)): Path<(String, String)>,
) -> Result<StatusCode, ApiProblem> {
    service.delete_watch(&name, &watch).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Look now
///
/// Without waiting for the schedule.
#[utoipa::path(
    post, path = "/models/{name}/watches/{watch}/look", operation_id = "lookNow", tag = "models",
    params(
        ("name" = String, Path, description = "The model's name."),
        ("watch" = String, Path, description = "Id of the watch.")
    ),
    responses((status = 204, description = "It is looked at."), NotFound)
)]
pub async fn look(
    State(service): State<Service>,
    Path((name, watch)): Path<(String, String)>,
) -> Result<StatusCode, ApiProblem> {
    service.look_now(&name, &watch).await?;
    Ok(StatusCode::NO_CONTENT)
}
