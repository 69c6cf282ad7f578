//! `/api/v1/observations`: files of other tools, from pipelines, with what each says.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use domain::snapshot::Snapshot;
use domain::{Actor, Problem};
use engine::ingest::Ingested;
use serde::{Deserialize, Serialize};
use service::Service;
use tokio_stream::StreamExt;
use utoipa::{IntoParams, ToSchema};

use super::extract::Params;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound, TooLarge};
use super::uploads;

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
    Params(About { name, investigation, author }): Params<About>,
    request: Request,
) -> Result<(StatusCode, Json<Vec<StoredObservations>>), ApiProblem> {
    if let Some(id) = &investigation {
        // Before any byte is stored.
        service.investigation(id).await?;
    }
    let name = name.unwrap_or_else(|| "upload".to_owned());
    let chunks = request.into_body().into_data_stream().map(|chunk| {
        chunk.map_err(|error| {
            tracing::info!(%error, "an upload broke off");
            Problem::bad_input("The upload was interrupted. Send the file again.")
        })
    });
    let mut stored = Vec::new();
    for snapshot in uploads::store(&service, &name, chunks).await? {
        let holds_it = |one: &StoredObservations| one.says.is_some() && one.snapshot.name == snapshot.origin;
        let says = match stored.iter().any(holds_it) {
            true => None,
            false => Some(service.said_by(&snapshot.id).await?),
        };
        stored.push(StoredObservations { snapshot, says });
    }
    if let Some(id) = &investigation {
        let snapshots: Vec<&Snapshot> = stored.iter().map(|stored| &stored.snapshot).collect();
        service.add_artifacts(id, &snapshots, &author).await?;
    }
    Ok((StatusCode::CREATED, Json(stored)))
}
