//! Guards as files, in the language of other tools.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::Problem;
use guards::GuardFormat;
use serde::Deserialize;
use service::Service;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::extract::Params;
use super::problem::ApiProblem;
use super::refusals::NotFound;
use super::reports::download;

/// The ids that formats have.
pub struct GuardFormatId;

impl PartialSchema for GuardFormatId {
    fn schema() -> RefOr<Schema> {
        let ids: Vec<&str> = guards::all().map(|format| format.id).collect();
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(ids)).into()
    }
}

impl ToSchema for GuardFormatId {}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct About {
    /// Id of a finding: only what would have caught it. Everything when it is left out.
    #[param(nullable = false, example = "6f2f7d0b8a4c1e35")]
    finding: Option<String>,
}

/// What would have caught it, for another tool
///
/// Rules that the training data keeps, with what they see in the served data, or limits for the signals that moved: as a file
/// of Great Expectations, TensorFlow Data Validation, pandera, dbt, the Open Data Contract Standard or Prometheus. What the
/// format can't say is listed in the file.
#[utoipa::path(
    get, path = "/investigations/{id}/guards/{format}", operation_id = "exportGuard", tag = "investigations",
    params(
        ("id" = String, Path, description = "Id of the investigation."),
        ("format" = inline(GuardFormatId), Path, description = "Id of the format."),
        About
    ),
    responses(
        (status = 200, description = "The file.", content(
            (serde_json::Value = "application/json"), (String = "application/yaml"), (String = "application/sql"), (String = "text/plain"),
            (String = "text/x-python")
        )),
        NotFound
    )
)]
pub async fn export(
    State(service): State<Service>,
    Path((id, format)): Path<(String, String)>,
    Params(About { finding }): Params<About>,
) -> Result<Response, ApiProblem> {
    let format = known(&format)?;
    let guard = service.guard(&id, finding.as_deref()).await?;
    Ok(download(format.file_name, format.media_type, (format.write)(&guard)?))
}

fn known(id: &str) -> Result<&'static GuardFormat, Problem> {
    guards::find(id).ok_or_else(|| {
        let ids: Vec<&str> = guards::all().map(|format| format.id).collect();
        Problem::not_found(format!("There is no format {id}. There are {}.", ids.join(", ")))
    })
}
