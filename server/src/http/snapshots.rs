//! `/api/v1/snapshots`: tables of rows, streamed in, never changed.

use axum::Json;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use connectors::ObservationsFile;
use domain::Problem;
use domain::snapshot::{Preview, Snapshot};
use measure::ingest::ReadOptions;
use serde::{Deserialize, Serialize};
use service::Service;
use utoipa::openapi::{Array, ArrayBuilder, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};

use super::editing::Author;
use super::extract::{Body, Params};
use super::problem::ApiProblem;
use super::refusals::{Conflict, Forbidden, NotFound, TooLarge};
use super::uploads;
use super::visitors::{Caller, Who, edits_investigation};

/// The newest snapshots
///
/// At most 200, the newest first.
#[utoipa::path(
    get, path = "/snapshots", operation_id = "listSnapshots", tag = "snapshots",
    responses((status = 200, description = "The snapshots.", body = Vec<Snapshot>))
)]
pub async fn list(State(service): State<Service>, Who(visitor): Who) -> Result<Json<Vec<Snapshot>>, ApiProblem> {
    Ok(Json(service.snapshots(&visitor.sight()).await?))
}

/// One snapshot
///
/// Its columns, their kinds and guessed roles, and what its reader noticed.
#[utoipa::path(
    get, path = "/snapshots/{id}", operation_id = "findSnapshot", tag = "snapshots",
    params(("id" = String, Path, description = "Id of the snapshot.")),
    responses((status = 200, description = "The snapshot.", body = Snapshot), NotFound)
)]
pub async fn find(State(service): State<Service>, Path(id): Path<String>) -> Result<Json<Snapshot>, ApiProblem> {
    Ok(Json(service.snapshot(&id).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Name {
    /// The file's name, for a bare body; `upload` when it is left out.
    #[param(nullable = false, example = "train.csv")]
    name: Option<String>,
}

/// Upload one file as the bare body, or several as a multipart form
///
/// Tables: CSV and other separators, JSON Lines, JSON, Parquet, Arrow. Artifacts of other tools are recognised by their
/// content: pip freeze and requirements, pip list and conda list as JSON, conda environments, lock files, and Observations
/// as JSON. The same bytes under the same name are the same snapshot. The answer is a list in both cases.
#[utoipa::path(
    post, path = "/snapshots", operation_id = "uploadSnapshots", tag = "snapshots",
    params(Name),
    request_body(
        description = "The bytes of one file, or a form with at most 200 parts.",
        content((Files = "multipart/form-data"), ("application/octet-stream"), (ObservationsFile = "application/json", example = json!({
            "mismatch_observations": 1,
            "artifacts": [{"source": "registry", "place": "registered", "version": "7", "digest": "sha256:9f2c"}],
            "series": [{"signal": "p99", "kind": "latency", "unit": "ms", "points": [["2026-05-01T12:00:00Z", 41.5], [1777636860000_i64, null]]}]
        })))
    ),
    responses((status = 201, description = "The stored snapshots, in the order of the files; of a zip, one for each table or artifact in it.", body = Vec<Snapshot>, example = json!([{
        "id": "0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d", "name": "train.csv", "size_bytes": 18432, "rows": 600,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "columns": [{"name": "amount", "kind": "numeric", "role": "feature", "glance": {
            "filled": 597, "distinct": 412, "whole": false, "low": 0.5, "high": 980.0, "values": []
        }}],
        "origin": "upload", "format": "CSV, separator \",\"", "guessed_role": "train",
        "notes": [{"column": "amount", "message": "3 cells are empty."}], "created_at_ms": 1777636800000_i64
    }])), TooLarge)
)]
pub async fn upload(
    State(service): State<Service>,
    Who(visitor): Who,
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
        uploads::store(&service, &name, uploads::body(request)).await?
    };
    if snapshots.is_empty() {
        return Err(Problem::bad_input("The form has no file. Add at least one.").into());
    }
    service.brought(&visitor, &snapshots).await?;
    Ok((StatusCode::CREATED, Json(snapshots)).into_response())
}

/// A form with files.
#[derive(ToSchema)]
pub struct Files {
    #[expect(dead_code, reason = "the form is read as it comes, part by part; this is its description")]
    #[schema(schema_with = files)]
    files: Vec<Vec<u8>>,
}

fn files() -> Array {
    let file = ObjectBuilder::new().schema_type(Type::String).content_media_type("application/octet-stream");
    ArrayBuilder::new().items(file).min_items(Some(1)).build()
}

#[derive(Deserialize, ToSchema)]
pub struct Link {
    /// A path below a folder that the server may read (`--link-root`), an http or https address of a file, of a health check or
    /// of a running tool (Prometheus, Alertmanager, Grafana, MLflow), or an s3, gs or az address below `--link-bucket`.
    target: String,
    /// Id of the investigation that it is for: a running tool is asked about the time of its rows.
    #[serde(default)]
    #[schema(nullable = false)]
    investigation: Option<String>,
}

/// What came from one place.
#[derive(Serialize, ToSchema)]
pub struct Linked {
    #[serde(flatten)]
    snapshot: Snapshot,
    /// The others: of an archive each further file, of an artifact the tables of its rows.
    others: Vec<Snapshot>,
}

/// Take a file in from where it is
///
/// Reads a path below a folder that the server was started with (`--link-root`), or an address. Where a running tool answers at
/// the address, it is asked, and its answers are one file. Addresses of private networks are refused, unless the server was
/// started with `--allow-private-addresses`.
#[utoipa::path(
    post, path = "/snapshots/link", operation_id = "linkSnapshot", tag = "snapshots",
    request_body(content = Link, example = json!({"target": "2026-05/train.parquet"})),
    responses(
        (status = 201, description = "The stored snapshot, and the others that came with it.", body = Linked),
        Forbidden, NotFound, Conflict, TooLarge
    )
)]
pub async fn link(
    State(service): State<Service>,
    Who(visitor): Who,
    Body(link): Body<Link>,
) -> Result<(StatusCode, Json<Linked>), ApiProblem> {
    let came = match &link.investigation {
        Some(investigation) => {
            edits_investigation(&service, &visitor, investigation).await?;
            service.link_for(investigation, &link.target).await?
        }
        None => service.link(&link.target, None).await?,
    };
    service.brought(&visitor, &came).await?;
    let mut came = came.into_iter();
    let Some(snapshot) = came.next() else {
        return Err(Problem::bad_input(format!("Nothing at {} can be read.", link.target)).into());
    };
    Ok((StatusCode::CREATED, Json(Linked { snapshot, others: came.collect() })))
}

/// Read the same bytes in another way
///
/// Makes another snapshot of the same bytes. What is left out or null is detected.
#[utoipa::path(
    post, path = "/snapshots/{id}/reread", operation_id = "rereadSnapshot", tag = "snapshots",
    params(("id" = String, Path, description = "Id of the snapshot.")),
    request_body(content = ReadOptions, example = json!({"format": "csv", "delimiter": 59, "decimal_comma": true})),
    responses((status = 201, description = "The other snapshot.", body = Snapshot), NotFound, Conflict, TooLarge)
)]
pub async fn reread(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Body(options): Body<ReadOptions>,
) -> Result<(StatusCode, Json<Snapshot>), ApiProblem> {
    let snapshot = service.reread(&id, options).await?;
    service.brought(&visitor, std::slice::from_ref(&snapshot)).await?;
    Ok((StatusCode::CREATED, Json(snapshot)))
}

/// Delete a stored file for good
///
/// Refused with the list of the investigations that use it.
#[utoipa::path(
    delete, path = "/snapshots/{id}", operation_id = "deleteSnapshot", tag = "snapshots",
    params(("id" = String, Path, description = "Id of the snapshot."), Author),
    responses((status = 200, description = "The snapshot as it was.", body = Snapshot), NotFound, Conflict)
)]
pub async fn delete(
    State(service): State<Service>,
    Path(id): Path<String>,
    Caller(client): Caller,
    Params(by): Params<Author>,
) -> Result<Json<Snapshot>, ApiProblem> {
    Ok(Json(service.delete_snapshot(&id, &by.author, &client).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Rows {
    /// How many rows; 20 when it is left out, and never more than 200.
    #[param(nullable = false, maximum = 200)]
    rows: Option<usize>,
}

/// The first rows as text
///
/// Of an artifact, the facts that were read from it.
#[utoipa::path(
    get, path = "/snapshots/{id}/preview", operation_id = "previewSnapshot", tag = "snapshots",
    params(("id" = String, Path, description = "Id of the snapshot."), Rows),
    responses((status = 200, description = "The rows.", body = Preview, example = json!({
        "columns": ["row_id", "amount", "region"], "rows": [["0", "5.120", "north"], ["1", null, "south"]]
    })), NotFound, Conflict, TooLarge)
)]
pub async fn preview(
    State(service): State<Service>,
    Path(id): Path<String>,
    Params(Rows { rows }): Params<Rows>,
) -> Result<Json<Preview>, ApiProblem> {
    Ok(Json(service.preview(&id, rows.unwrap_or(20)).await?))
}
