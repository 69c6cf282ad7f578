//! An investigation as one file, on its way out and in.

use axum::Json;
use axum::body::Body;
use axum::extract::{Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::investigation::Investigation;
use domain::{Actor, Problem};
use serde::Deserialize;
use service::{Export, Service};
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;

use super::extract::{Fields, Params};
use super::forms::{Outcome, Sent};
use super::problem::ApiProblem;
use super::refusals::{NotFound, TooLarge};
use super::uploads;
use super::visitors::{Sender, Who};

/// Everything about it as one file
///
/// A zip with what people said as JSON, what evidence froze, and the files as they came. It can be imported here or elsewhere.
#[utoipa::path(
    get, path = "/investigations/{id}/export", operation_id = "exportInvestigation", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    responses((status = 200, description = "The file.", body = String, content_type = "application/zip"), NotFound)
)]
pub async fn export(State(service): State<Service>, Path(id): Path<String>) -> Result<Response, ApiProblem> {
    let Export { path, name } = service.export(&id).await?;
    let failed = |error: std::io::Error| Problem::internal(format!("the exported file can't be read: {error}"));
    let file = tokio::fs::File::open(&path).await.map_err(failed)?;
    let length = file.metadata().await.map_err(failed)?.len();
    // It is open: its name can go, and nothing stays when the client leaves.
    drop(path);
    let ascii: String = name.chars().map(|letter| if letter.is_ascii() { letter } else { '_' }).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{ascii}\"")),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Importer {
    /// Who imports it; empty for nobody in particular.
    #[serde(default)]
    #[param(nullable = false, value_type = String, max_length = 300)]
    author: Actor,
}

/// Open an investigation that was exported
///
/// It gets new ids and is diagnosed again. The names of those who said something in it are marked as imported. Nothing is kept of a
/// file that was changed since it was exported.
#[utoipa::path(
    post, path = "/investigations/import", operation_id = "importInvestigation", tag = "investigations",
    params(Importer),
    request_body(description = "The bytes of the file.", content((Vec<u8> = "application/zip"))),
    responses((status = 201, description = "The investigation.", body = Investigation), TooLarge)
)]
pub async fn import(
    State(service): State<Service>,
    Who(visitor): Who,
    Params(by): Params<Importer>,
    request: Request,
) -> Result<(StatusCode, Json<Investigation>), ApiProblem> {
    let upload = uploads::take(&service, "investigation.mismatch.zip", uploads::body(request)).await?;
    Ok((StatusCode::CREATED, Json(service.import(upload, &visitor, &by.author).await?)))
}

/// The same by a form with one file, in the field `file`; other fields (`author`) come before it.
pub async fn import_form(by: Sender, form: Multipart) -> Outcome {
    let done = imported(&by, form).await;
    let (id, fields) = by.told(done)?;
    Ok(Sent::to(Redirect::to(&format!("/investigations/{id}")), &fields))
}

async fn imported(by: &Sender, form: Multipart) -> Result<(String, Fields), Problem> {
    let (fields, upload) = uploads::one(&by.service, form).await?;
    let fields = fields.signed_by(&by.visitor);
    let upload = upload.ok_or_else(|| Problem::bad_input("Choose the file of an exported investigation."))?;
    let investigation = by.service.import(upload, &by.visitor, &fields.actor()?).await?;
    Ok((investigation.id, fields))
}
