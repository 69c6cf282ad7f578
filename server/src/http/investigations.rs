//! `/api/v1/investigations`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::investigation::{
    Grounds, Investigation, InvestigationSummary, NewInvestigation, NewShareLink, ShareLink, Status,
};
use domain::job::Job;
use domain::selection::{Selection, SelectionAnswer};
use domain::snapshot::{Roles, SnapshotRole};
use domain::{Diagnosis, Item, Problem};
use service::Engine;
use serde::Deserialize;

use super::extract::Body;
use super::problem::ApiProblem;

type Answer<T> = Result<Json<T>, ApiProblem>;

pub async fn list(State(engine): State<Engine>) -> Answer<Vec<InvestigationSummary>> {
    Ok(Json(engine.investigations().await?))
}

pub async fn create(
    State(engine): State<Engine>,
    Body(new): Body<NewInvestigation>,
) -> Result<(StatusCode, Json<Investigation>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(engine.create_investigation(new).await?)))
}

pub async fn find(State(engine): State<Engine>, Path(id): Path<String>) -> Answer<Investigation> {
    Ok(Json(engine.investigation(&id).await?))
}

#[derive(Deserialize)]
pub struct Inputs {
    inputs: Vec<(SnapshotRole, String)>,
    #[serde(default)]
    roles: Roles,
    threshold: Option<f64>,
    #[serde(default)]
    author: String,
}

pub async fn replace_inputs(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    Body(new): Body<Inputs>,
) -> Answer<Investigation> {
    Ok(Json(engine.replace_inputs(&id, &new.inputs, &new.roles, new.threshold, &new.author).await?))
}

/// The contract of `mismatch diagnose --format json`, with the figures for charts besides, as people see it: with what
/// they muted.
pub async fn diagnosis(State(engine): State<Engine>, Path(id): Path<String>) -> Answer<Diagnosis> {
    match engine.shown_diagnosis(&id).await? {
        Some(diagnosis) => Ok(Json(diagnosis.as_ref().clone())),
        None => {
            Err(Problem::not_found("There is no diagnosis yet. Watch its job until it is done, then ask again.").into())
        }
    }
}

pub async fn diagnose(
    State(engine): State<Engine>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Job>), ApiProblem> {
    engine.diagnose_again(&id).await?;
    Ok((StatusCode::ACCEPTED, latest_job(State(engine), Path(id)).await?))
}

pub async fn latest_job(State(engine): State<Engine>, Path(id): Path<String>) -> Answer<Job> {
    match engine.latest_job(&id).await? {
        Some(job) => Ok(Json(job)),
        None => {
            Err(Problem::not_found("The investigation has no inputs, so nothing was ever to do for it. Add some.")
                .into())
        }
    }
}

pub async fn select(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    Body(selection): Body<Selection>,
) -> Answer<SelectionAnswer> {
    Ok(Json(engine.explain_selection(&id, &selection).await?))
}

#[derive(Deserialize)]
pub struct Said {
    text: String,
    #[serde(default)]
    author: String,
}

pub async fn add_note(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    Body(said): Body<Said>,
) -> Answer<Investigation> {
    engine.add_note(&id, &said.text, &said.author).await?;
    find(State(engine), Path(id)).await
}

pub async fn close(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    Body(said): Body<Said>,
) -> Answer<Investigation> {
    engine.close(&id, &said.text, &said.author).await?;
    find(State(engine), Path(id)).await
}

#[derive(Deserialize)]
pub struct Author {
    #[serde(default)]
    pub author: String,
}

pub async fn reopen(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    Body(by): Body<Author>,
) -> Answer<Investigation> {
    engine.reopen(&id, &by.author).await?;
    find(State(engine), Path(id)).await
}

#[derive(Deserialize)]
pub struct NewStatus {
    status: Status,
    #[serde(flatten)]
    grounds: Grounds,
}

pub async fn set_status(
    State(engine): State<Engine>,
    Path((id, code)): Path<(String, String)>,
    Body(new): Body<NewStatus>,
) -> Answer<Investigation> {
    engine.set_status(&id, item_of(&code)?, new.status, &new.grounds).await?;
    find(State(engine), Path(id)).await
}

pub(super) fn item_of(code: &str) -> Result<Item, Problem> {
    Item::from_code(code).ok_or_else(|| Problem::not_found("The map has no such item. Codes run from D1 to M3."))
}

pub async fn share_links(State(engine): State<Engine>, Path(id): Path<String>) -> Answer<Vec<ShareLink>> {
    Ok(Json(engine.share_links(&id).await?))
}

#[derive(Deserialize)]
pub struct Sharing {
    expires_at_ms: Option<i64>,
    #[serde(default)]
    author: String,
}

pub async fn share(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    Body(sharing): Body<Sharing>,
) -> Result<(StatusCode, Json<NewShareLink>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(engine.share(&id, sharing.expires_at_ms, &sharing.author).await?)))
}

pub async fn revoke_share(State(engine): State<Engine>, Path(link): Path<String>) -> Answer<ShareLink> {
    Ok(Json(engine.revoke_share(&link, "").await?))
}
