//! `/api/v1/observations`: files of other tools, from pipelines, with what each says.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use domain::Actor;
use domain::snapshot::Snapshot;
use engine::ingest::Ingested;
use serde::{Deserialize, Serialize};
use service::Service;
use utoipa::{IntoParams, ToSchema};

use super::extract::Params;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound, TooLarge};
use super::uploads;
use super::visitors::{Who, edits_investigation};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct About {
    /// The file's name; `upload` when it is left out.
    #[param(nullable = false, example = "report.json")]
    name: Option<String>,
    /// Id of an investigation that it becomes an input of; its checks run again. Nothing is attached when it is left out.
    #[param(nullable = false, example = "0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d")]
    investigation: Option<String>,
    /// Who sends it; empty for nobody in particular.
    #[serde(default)]
    #[param(nullable = false, value_type = String, max_length = 300)]
    author: Actor,
}

/// A stored file of another tool, and what it says.
#[derive(Serialize, ToSchema)]
pub struct StoredObservations {
    snapshot: Snapshot,
    /// Null for a table of rows that the artifact before it holds.
    #[schema(required)]
    says: Option<Ingested>,
}

/// Send a file of another tool
///
/// The bytes as the tool writes them, or a zip of such files; recognised by their content. The answer says what each file
/// became: facts by kind, what follows from them, and what was left. A table of rows is refused: upload it as a snapshot.
#[utoipa::path(
    post, path = "/observations", operation_id = "sendObservations", tag = "snapshots",
    params(About),
    request_body(description = "The bytes of one file.", content(("application/octet-stream"))),
    responses(
        (status = 201, description = "What each file became.", body = Vec<StoredObservations>),
        NotFound, Conflict, TooLarge
    )
)]
pub async fn send(
    State(service): State<Service>,
    Who(visitor): Who,
    Params(About { name, investigation, author }): Params<About>,
    request: Request,
) -> Result<(StatusCode, Json<Vec<StoredObservations>>), ApiProblem> {
    if let Some(id) = &investigation {
        // Before any byte is stored.
        edits_investigation(&service, &visitor, id).await?;
        service.investigation(id).await?;
    }
    let name = name.unwrap_or_else(|| "upload".to_owned());
    let mut stored = Vec::new();
    for snapshot in uploads::store(&service, &name, uploads::body(request)).await? {
        let holds_it = |one: &StoredObservations| one.says.is_some() && one.snapshot.name == snapshot.origin;
        let says = match stored.iter().any(holds_it) {
            true => None,
            false => Some(service.said_by(&snapshot.id).await?),
        };
        stored.push(StoredObservations { snapshot, says });
    }
    let kept: Vec<Snapshot> = stored.iter().map(|stored| stored.snapshot.clone()).collect();
    service.brought(&visitor, &kept).await?;
    if let Some(id) = &investigation {
        let snapshots: Vec<&Snapshot> = stored.iter().map(|stored| &stored.snapshot).collect();
        service.add_artifacts(id, &snapshots, &author).await?;
    }
    Ok((StatusCode::CREATED, Json(stored)))
}
