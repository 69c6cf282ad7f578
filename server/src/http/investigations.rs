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
use domain::{Actor, Diagnosis, Item, Problem};
use serde::Deserialize;
use service::Service;

use super::extract::Body;
use super::problem::ApiProblem;

type Answer<T> = Result<Json<T>, ApiProblem>;

pub async fn list(State(service): State<Service>) -> Answer<Vec<InvestigationSummary>> {
    Ok(Json(service.investigations().await?))
}

pub async fn create(
    State(service): State<Service>,
    Body(new): Body<NewInvestigation>,
) -> Result<(StatusCode, Json<Investigation>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.create_investigation(new).await?)))
}

pub async fn find(State(service): State<Service>, Path(id): Path<String>) -> Answer<Investigation> {
    Ok(Json(service.investigation(&id).await?))
}

#[derive(Deserialize)]
pub struct Inputs {
    inputs: Vec<(SnapshotRole, String)>,
    #[serde(default)]
    roles: Roles,
    threshold: Option<f64>,
    #[serde(default)]
    author: Actor,
}

pub async fn replace_inputs(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(new): Body<Inputs>,
) -> Answer<Investigation> {
    Ok(Json(service.replace_inputs(&id, &new.inputs, &new.roles, new.threshold, &new.author).await?))
}

/// The contract of `mismatch diagnose --format json`, with the figures for charts besides, as people see it: with what
/// they muted.
pub async fn diagnosis(State(service): State<Service>, Path(id): Path<String>) -> Answer<Diagnosis> {
    match service.shown_diagnosis(&id).await? {
        Some(diagnosis) => Ok(Json(diagnosis.as_ref().clone())),
        None => {
            Err(Problem::not_found("There is no diagnosis yet. Watch its job until it is done, then ask again.").into())
        }
    }
}

pub async fn diagnose(
    State(service): State<Service>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Job>), ApiProblem> {
    service.diagnose_again(&id).await?;
    Ok((StatusCode::ACCEPTED, latest_job(State(service), Path(id)).await?))
}

pub async fn latest_job(State(service): State<Service>, Path(id): Path<String>) -> Answer<Job> {
    match service.latest_job(&id).await? {
        Some(job) => Ok(Json(job)),
        None => Err(Problem::not_found("The investigation has no inputs, so no job was started. Add inputs.").into()),
    }
}

pub async fn select(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(selection): Body<Selection>,
) -> Answer<SelectionAnswer> {
    Ok(Json(service.explain_selection(&id, &selection).await?))
}

#[derive(Deserialize)]
pub struct Said {
    text: String,
    #[serde(default)]
    author: Actor,
}

pub async fn add_note(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(said): Body<Said>,
) -> Answer<Investigation> {
    service.add_note(&id, &said.text, &said.author).await?;
    find(State(service), Path(id)).await
}

pub async fn close(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(said): Body<Said>,
) -> Answer<Investigation> {
    service.close(&id, &said.text, &said.author).await?;
    find(State(service), Path(id)).await
}

#[derive(Deserialize)]
pub struct Author {
    #[serde(default)]
    pub author: Actor,
}

pub async fn reopen(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(by): Body<Author>,
) -> Answer<Investigation> {
    service.reopen(&id, &by.author).await?;
    find(State(service), Path(id)).await
}

#[derive(Deserialize)]
pub struct NewStatus {
    status: Status,
    #[serde(flatten)]
    grounds: Grounds,
}

pub async fn set_status(
    State(service): State<Service>,
    Path((id, code)): Path<(String, String)>,
    Body(new): Body<NewStatus>,
) -> Answer<Investigation> {
    service.set_status(&id, item_of(&code)?, new.status, &new.grounds).await?;
    find(State(service), Path(id)).await
}

pub(super) fn item_of(code: &str) -> Result<Item, Problem> {
    Item::from_code(code).ok_or_else(|| Problem::not_found("There is no such item. The codes go from D1 to M3."))
}

pub async fn share_links(State(service): State<Service>, Path(id): Path<String>) -> Answer<Vec<ShareLink>> {
    Ok(Json(service.share_links(&id).await?))
}

#[derive(Deserialize)]
pub struct Sharing {
    expires_at_ms: Option<i64>,
    #[serde(default)]
    author: Actor,
}

pub async fn share(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(sharing): Body<Sharing>,
) -> Result<(StatusCode, Json<NewShareLink>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.share(&id, sharing.expires_at_ms, &sharing.author).await?)))
}

pub async fn revoke_share(State(service): State<Service>, Path(link): Path<String>) -> Answer<ShareLink> {
    Ok(Json(service.revoke_share(&link, &Actor::Anonymous).await?))
}
