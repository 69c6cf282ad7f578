//! `/api/v1/investigations/{id}/mutes/{finding}`

use axum::Json;
use axum::extract::{Path, Query, State};
use domain::investigation::{Grounds, Investigation};
use service::Engine;

use super::extract::Body;
use super::investigations::{Author, find};
use super::problem::ApiProblem;

type Answer = Result<Json<Investigation>, ApiProblem>;

pub async fn mute(
    State(engine): State<Engine>,
    Path((id, finding)): Path<(String, String)>,
    Body(grounds): Body<Grounds>,
) -> Answer {
    engine.mute(&id, &finding, &grounds).await?;
    find(State(engine), Path(id)).await
}

/// A DELETE carries no body, so the author stands in the query.
pub async fn unmute(
    State(engine): State<Engine>,
    Path((id, finding)): Path<(String, String)>,
    Query(by): Query<Author>,
) -> Answer {
    engine.unmute(&id, &finding, &by.author).await?;
    find(State(engine), Path(id)).await
}
