//! `/api/v1/investigations/{id}/mutes/{finding}`

use axum::Json;
use axum::extract::{Path, State};
use domain::investigation::{Grounds, Investigation};
use service::Service;

use super::extract::{Body, Params};
use super::investigations::{Author, find};
use super::problem::ApiProblem;

type Answer = Result<Json<Investigation>, ApiProblem>;

pub async fn mute(
    State(service): State<Service>,
    Path((id, finding)): Path<(String, String)>,
    Body(grounds): Body<Grounds>,
) -> Answer {
    service.mute(&id, &finding, &grounds).await?;
    find(State(service), Path(id)).await
}

/// A DELETE carries no body, so the author stands in the query.
pub async fn unmute(
    State(service): State<Service>,
    Path((id, finding)): Path<(String, String)>,
    Params(by): Params<Author>,
) -> Answer {
    service.unmute(&id, &finding, &by.author).await?;
    find(State(service), Path(id)).await
}
