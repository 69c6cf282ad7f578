//! `/api/v1/investigations/{id}/decisions`

use axum::Json;
use axum::extract::{Path, State};
use domain::Actor;
use domain::decision::Ruling;
use domain::investigation::Investigation;
use serde::Deserialize;
use service::Service;
use utoipa::ToSchema;

use super::extract::Body;
use super::investigations::find;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound};

#[derive(Deserialize, ToSchema)]
pub struct NewDecision {
    /// The key of a suspect of the last diagnosis.
    #[schema(max_length = 20_000)]
    suspect: String,
    /// Null takes the decision back.
    ruling: Option<Ruling>,
    #[serde(default)]
    #[schema(max_length = 20_000)]
    note: String,
    /// Who decides; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Confirm a suspect, or rule it out
///
/// What is ruled out stands apart and the next suspect moves up; what is confirmed stands first. The decision holds in later
/// diagnoses too, as long as they have the suspect.
#[utoipa::path(
    put, path = "/investigations/{id}/decisions", operation_id = "decide", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = NewDecision, example = json!({"suspect": "unit_scale(amount)", "ruling": "confirmed", "note": "It is in cents.", "author": "Ada"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn decide(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(new): Body<NewDecision>,
) -> Result<Json<Investigation>, ApiProblem> {
    match new.ruling {
        Some(ruling) => service.decide(&id, &new.suspect, ruling, &new.note, &new.author).await?,
        None => service.undecide(&id, &new.suspect, &new.author).await?,
    }
    find(State(service), Path(id)).await
}
