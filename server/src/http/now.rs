//! What an open page asks again and again: whether the investigation was changed, and who else has it open.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use service::Service;

use super::problem::ApiProblem;
use super::visitors::Who;

#[derive(Serialize)]
pub struct Now {
    /// How many times it was changed.
    changes: i64,
    /// The names of the others with an account.
    here: Vec<String>,
}

pub async fn now(
    State(service): State<Service>,
    Who(visitor): Who,
    Path(id): Path<String>,
) -> Result<Json<Now>, ApiProblem> {
    let changes = service.investigation_changes(&id).await?;
    let here = visitor.signs_as().map(|name| service.others_here(&id, name)).unwrap_or_default();
    Ok(Json(Now { changes, here }))
}
