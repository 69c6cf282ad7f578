//! `/api/v1/investigations/{id}/incident`, its follow-ups and entries, and the hypotheses of people.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::Actor;
use domain::incident::{FollowUp, Incident};
use domain::investigation::Investigation;
use domain::own_hypothesis::OwnHypothesis;
use serde::Deserialize;
use service::Service;
use utoipa::ToSchema;

use super::extract::Body;
use super::investigations::find;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound};

#[derive(Deserialize, ToSchema)]
pub struct NewHypothesis {
    /// What may be the cause, in one line.
    #[schema(min_length = 1, max_length = 300)]
    statement: String,
    /// Who says it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Add a hypothesis
///
/// It stands next to the suspects that the checks found, and is decided in the same way.
#[utoipa::path(
    post, path = "/investigations/{id}/hypotheses", operation_id = "addHypothesis", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = NewHypothesis, example = json!({"statement": "The exporter was switched to euros on 2 May.", "author": "Ada"})),
    responses((status = 201, description = "The hypothesis. It is decided by its key, `own:` and its id.", body = OwnHypothesis), NotFound, Conflict)
)]
pub async fn add_hypothesis(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(new): Body<NewHypothesis>,
) -> Result<(StatusCode, Json<OwnHypothesis>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.add_hypothesis(&id, &new.statement, &new.author).await?)))
}

#[derive(Deserialize, ToSchema)]
pub struct NewIncident {
    #[serde(flatten)]
    incident: Incident,
    /// Who says it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Say what is known of the incident
///
/// What is left out is open from then on.
#[utoipa::path(
    put, path = "/investigations/{id}/incident", operation_id = "setIncident", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = NewIncident, example = json!({
        "severity": "high", "assignee": "Ben", "started_at_ms": 1777680000000_i64, "detected_at_ms": 1777683600000_i64,
        "links": [{"words": "INC-4711", "url": "https://tickets.example/INC-4711"}], "author": "Ada"
    })),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound)
)]
pub async fn set_incident(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(new): Body<NewIncident>,
) -> Result<Json<Investigation>, ApiProblem> {
    service.set_incident(&id, new.incident, &new.author).await?;
    find(State(service), Path(id)).await
}

#[derive(Deserialize, ToSchema)]
pub struct NewFollowUp {
    /// What remains to be done, in one line.
    #[schema(min_length = 1, max_length = 300)]
    task: String,
    /// Who does it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    owner: Actor,
    /// The day on which it is due, such as `2026-03-31`; null for none.
    #[serde(default)]
    due: Option<String>,
    /// Who says it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Add a follow-up
///
/// Something that remains to be done. Follow-ups can be added to a closed investigation too.
#[utoipa::path(
    post, path = "/investigations/{id}/follow-ups", operation_id = "addFollowUp", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = NewFollowUp, example = json!({"task": "Check the unit in the exporter.", "owner": "Ben", "due": "2026-06-01", "author": "Ada"})),
    responses((status = 201, description = "The follow-up.", body = FollowUp), NotFound)
)]
pub async fn add_follow_up(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(new): Body<NewFollowUp>,
) -> Result<(StatusCode, Json<FollowUp>), ApiProblem> {
    let made = service.add_follow_up(&id, &new.task, &new.owner, new.due.as_deref(), &new.author).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Whether a follow-up is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    Open,
    Done,
}

#[derive(Deserialize, ToSchema)]
pub struct NewProgress {
    progress: Progress,
    /// Who says it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Say that a follow-up is done, or that it is not
///
/// Also in a closed investigation.
#[utoipa::path(
    put, path = "/investigations/{id}/follow-ups/{follow_up}", operation_id = "setFollowUp", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("follow_up" = String, Path, description = "Id of the follow-up.")),
    request_body(content = NewProgress, example = json!({"progress": "done", "author": "Ben"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound)
)]
pub async fn set_follow_up(
    State(service): State<Service>,
    Path((id, follow_up)): Path<(String, String)>,
    Body(new): Body<NewProgress>,
) -> Result<Json<Investigation>, ApiProblem> {
    match new.progress {
        Progress::Done => service.do_follow_up(&id, &follow_up, &new.author).await?,
        Progress::Open => service.open_follow_up(&id, &follow_up, &new.author).await?,
    }
    find(State(service), Path(id)).await
}

#[derive(Deserialize, ToSchema)]
pub struct NewEntry {
    /// What happened.
    #[schema(min_length = 1, max_length = 20_000)]
    what: String,
    /// When, in milliseconds since 1970-01-01 UTC.
    at_ms: i64,
    /// Who enters it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Enter something that happened
///
/// A deploy, an alert, a phone call: it stands in the timeline at its own time.
#[utoipa::path(
    post, path = "/investigations/{id}/entries", operation_id = "enter", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = NewEntry, example = json!({"what": "Release 41 went live.", "at_ms": 1777680000000_i64, "author": "Ada"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound)
)]
pub async fn enter(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(new): Body<NewEntry>,
) -> Result<Json<Investigation>, ApiProblem> {
    service.enter(&id, &new.what, new.at_ms, &new.author).await?;
    find(State(service), Path(id)).await
}
