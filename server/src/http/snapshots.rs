//! `/api/v1/snapshots`: tables of rows, streamed in, never changed.

use axum::Json;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Problem;
use domain::snapshot::{Preview, Snapshot};
use measure::ingest::ReadOptions;
use serde::Deserialize;
use service::Service;
use tokio_stream::StreamExt;

use super::extract::{Body, Params};
use super::problem::ApiProblem;
use super::uploads;

pub async fn list(State(service): State<Service>) -> Result<Json<Vec<Snapshot>>, ApiProblem> {
    Ok(Json(service.snapshots().await?))
}

pub async fn find(State(service): State<Service>, Path(id): Path<String>) -> Result<Json<Snapshot>, ApiProblem> {
    Ok(Json(service.snapshot(&id).await?))
}

#[derive(Deserialize)]
pub struct Name {
    name: Option<String>,
}

/// Several files as a multipart form, or one file as the bare body with its name in `?name=`. Answers with a list in
/// both cases.
pub async fn upload(
    State(service): State<Service>,
    Params(Name { name }): Params<Name>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let snapshots = if content_type.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let form = Multipart::from_request(request, &service)
            .await
            .map_err(|rejection| Problem::bad_input(format!("The form can't be read: {}", rejection.body_text())))?;
        uploads::receive(&service, form).await?.snapshots
    } else {
        let name = name.unwrap_or_else(|| "upload".to_owned());
        let chunks = request.into_body().into_data_stream().map(|chunk| {
            chunk.map_err(|error| {
                tracing::info!(%error, "an upload broke off");
                Problem::bad_input("The upload was interrupted. Send the file again.")
            })
        });
        vec![uploads::store(&service, &name, chunks).await?]
    };
    if snapshots.is_empty() {
        return Err(Problem::bad_input("The form has no file. Add at least one.").into());
    }
    Ok((StatusCode::CREATED, Json(snapshots)).into_response())
}

#[derive(Deserialize)]
pub struct Link {
    target: String,
}

/// Takes a file in from a path below an allowed folder or from a web address.
pub async fn link(
    State(service): State<Service>,
    Body(link): Body<Link>,
) -> Result<(StatusCode, Json<Snapshot>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.link(&link.target).await?)))
}

/// Reads the same bytes in another way.
pub async fn reread(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(options): Body<ReadOptions>,
) -> Result<(StatusCode, Json<Snapshot>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.reread(&id, options).await?)))
}

#[derive(Deserialize)]
pub struct Rows {
    rows: Option<usize>,
}

pub async fn preview(
    State(service): State<Service>,
    Path(id): Path<String>,
    Params(Rows { rows }): Params<Rows>,
) -> Result<Json<Preview>, ApiProblem> {
    Ok(Json(service.preview(&id, rows.unwrap_or(20)).await?))
}
