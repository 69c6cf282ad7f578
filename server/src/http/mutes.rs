//! `/api/v1/investigations/{id}/mutes/{finding}`

use axum::Json;
use axum::extract::{Path, State};
use domain::investigation::{Grounds, Investigation};
use service::Service;

use super::editing::Author;
use super::extract::{Body, Params};
use super::investigations::find;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound};

type Answer = Result<Json<Investigation>, ApiProblem>;

/// Mute a finding
///
/// It is known, and accepted until it gets worse or the mute expires. A muted finding supports no suspect.
#[utoipa::path(
    put, path = "/investigations/{id}/mutes/{finding}", operation_id = "mute", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("finding" = String, Path, description = "Id of the finding.")),
    request_body(content = Grounds, example = json!({"note": "Known since May.", "author": "Ada", "until_ms": 4102444800000_i64})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn mute(
    State(service): State<Service>,
    Path((id, finding)): Path<(String, String)>,
    Body(grounds): Body<Grounds>,
) -> Answer {
    service.mute(&id, &finding, &grounds).await?;
    find(State(service), Path(id)).await
}

/// Take a mute back
///
/// A DELETE has no body, so the author is in the query.
#[utoipa::path(
    delete, path = "/investigations/{id}/mutes/{finding}", operation_id = "unmute", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("finding" = String, Path, description = "Id of the finding."), Author),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn unmute(
    State(service): State<Service>,
    Path((id, finding)): Path<(String, String)>,
    Params(by): Params<Author>,
) -> Answer {
    service.unmute(&id, &finding, &by.author).await?;
    find(State(service), Path(id)).await
}
