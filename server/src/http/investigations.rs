//! `/api/v1/investigations`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::investigation::{Grounds, Investigation, LinkTerms, NewInvestigation, NewShareLink, ShareLink, Status};
use domain::job::Job;
use domain::selection::{Selection, SelectionAnswer};
use domain::snapshot::{Roles, SnapshotRole};
use domain::{Actor, Diagnosis, Item, Problem};
use serde::Deserialize;
use service::Service;
use utoipa::ToSchema;

use super::extract::Body;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound, TooLarge};
use super::visitors::Who;

type Answer<T> = Result<Json<T>, ApiProblem>;

/// Open an investigation and queue its diagnosis
///
/// Without inputs nothing is queued. Symptoms count when they are in the lists of the map, word for word. Column roles
/// that are left out are guessed.
#[utoipa::path(
    post, path = "/investigations", operation_id = "createInvestigation", tag = "investigations",
    request_body(content = NewInvestigation, example = json!({
        "title": "Amounts look wrong since May",
        "model": "loans",
        "symptoms": ["accuracy dropped suddenly"],
        "inputs": [["train", "0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d"], ["serve", "0198f1c2-7a51-7b02-8d11-5f6e7d8c9b0a"]],
        "roles": {"label": "defaulted", "id": "row_id"},
        "author": "Ada"
    })),
    responses((status = 201, description = "The investigation.", body = Investigation), NotFound)
)]
pub async fn create(
    State(service): State<Service>,
    Who(visitor): Who,
    Body(new): Body<NewInvestigation>,
) -> Result<(StatusCode, Json<Investigation>), ApiProblem> {
    visitor.edits_model(new.model.trim())?;
    let named: Vec<&str> = new.inputs.iter().map(|(_, id)| id.as_str()).collect();
    service.require_seen(&visitor, &named).await?;
    Ok((StatusCode::CREATED, Json(service.create_investigation(new).await?)))
}

/// One investigation
///
/// Its inputs, column roles, and what people decided and noted.
#[utoipa::path(
    get, path = "/investigations/{id}", operation_id = "findInvestigation", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    responses((status = 200, description = "The investigation.", body = Investigation), NotFound)
)]
pub async fn find(State(service): State<Service>, Path(id): Path<String>) -> Answer<Investigation> {
    Ok(Json(service.investigation(&id).await?))
}

#[derive(Deserialize, ToSchema)]
pub struct Inputs {
    /// Role and snapshot id of each input.
    #[schema(max_items = 50)]
    inputs: Vec<(SnapshotRole, String)>,
    #[serde(default)]
    roles: Roles,
    /// The decision threshold in use; null when nobody knows it.
    threshold: Option<f64>,
    /// Who changes them; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Pin other inputs and diagnose again
///
/// Replaces the whole list, the column roles and the threshold.
#[utoipa::path(
    put, path = "/investigations/{id}/inputs", operation_id = "replaceInputs", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = Inputs, example = json!({"inputs": [["train", "0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d"]], "threshold": 0.4})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn replace_inputs(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Body(new): Body<Inputs>,
) -> Answer<Investigation> {
    let named: Vec<&str> = new.inputs.iter().map(|(_, id)| id.as_str()).collect();
    service.require_seen(&visitor, &named).await?;
    Ok(Json(service.replace_inputs(&id, &new.inputs, &new.roles, new.threshold, &new.author).await?))
}

/// The last diagnosis, with what people muted
///
/// The contract of `mismatch diagnose --format json`, with the counts that charts draw.
#[utoipa::path(
    get, path = "/investigations/{id}/diagnosis", operation_id = "findDiagnosis", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    responses((status = 200, description = "The diagnosis.", body = Diagnosis), NotFound)
)]
pub async fn diagnosis(State(service): State<Service>, Path(id): Path<String>) -> Answer<Arc<Diagnosis>> {
    match service.shown_diagnosis(&id).await? {
        Some(diagnosis) => Ok(Json(diagnosis)),
        None => {
            Err(Problem::not_found("There is no diagnosis yet. Watch its job until it is done, then ask again.").into())
        }
    }
}

/// Diagnose again
///
/// A job that is under way is cancelled. The request has no body.
#[utoipa::path(
    post, path = "/investigations/{id}/diagnosis", operation_id = "diagnose", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    responses((status = 202, description = "The job.", body = Job, example = json!({
        "id": "0198f1c2-9d10-7c44-a1b2-3c4d5e6f7a8b", "kind": "diagnose", "subject": "0198f1c2-8b62-7e90-b3c4-5d6e7f8a9b0c",
        "state": "queued", "stage": "", "progress": 0.0, "error": null, "attempts": 0,
        "created_at_ms": 1777636800000_i64, "updated_at_ms": 1777636803000_i64
    })), NotFound)
)]
pub async fn diagnose(
    State(service): State<Service>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Job>), ApiProblem> {
    service.diagnose_again(&id).await?;
    Ok((StatusCode::ACCEPTED, latest_job(State(service), Path(id)).await?))
}

/// The last diagnosis job
///
/// Not found while the investigation has no inputs.
#[utoipa::path(
    get, path = "/investigations/{id}/job", operation_id = "latestJob", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    responses((status = 200, description = "The job.", body = Job), NotFound)
)]
pub async fn latest_job(State(service): State<Service>, Path(id): Path<String>) -> Answer<Job> {
    match service.latest_job(&id).await? {
        Some(job) => Ok(Json(job)),
        None => Err(Problem::not_found("The investigation has no inputs, so no job was started. Add inputs.").into()),
    }
}

/// What is different about these rows?
///
/// Compares the rows for which every condition holds with the other rows of the same side, column by column.
#[utoipa::path(
    post, path = "/investigations/{id}/selection", operation_id = "explainSelection", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = Selection, example = json!({
        "side": "serve",
        "conditions": [
            {"subject": {"column": "amount"}, "test": {"range": {"from": 120.0, "to": 500.0, "upper": "excluded"}}},
            {"subject": {"role": "label"}, "test": {"oneof": ["1"]}}
        ]
    })),
    responses((status = 200, description = "Every other column, the most different first.", body = SelectionAnswer, example = json!({
        "selected": 180, "rest": 420, "examined": 600, "total": 600,
        "tables": [{"role": "serve", "selected": 180, "examined": 600}], "condition_kinds": ["numeric", "numeric"],
        "columns": [{
            "column": "defaulted", "kind": "boolean", "effect_name": "js_distance", "effect": 0.83, "q": 1e-12,
            "statement": "1 100 % against 0 %", "contrast": {"share": {"value": "1", "selected": 1.0, "rest": 0.0}}, "nulls_selected": 0, "nulls_rest": 0,
            "chart": {"kind": "categories", "labels": ["0", "1"], "reference": [420, 0], "current": [0, 180]}
        }]
    })), NotFound, Conflict, TooLarge)
)]
pub async fn select(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(selection): Body<Selection>,
) -> Answer<Arc<SelectionAnswer>> {
    Ok(Json(service.explain_selection(&id, &selection).await?))
}

#[derive(Deserialize, ToSchema)]
pub struct Said {
    /// Markdown.
    #[schema(min_length = 1, max_length = 20_000)]
    text: String,
    /// The id of the note that it answers; null for none.
    #[serde(default)]
    reply_to: Option<String>,
    /// Who says it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Add a note
///
/// Notes can be added to a closed investigation too.
#[utoipa::path(
    post, path = "/investigations/{id}/notes", operation_id = "addNote", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = Said, example = json!({"text": "The exporter changed on 2 May.", "author": "Ada"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound)
)]
pub async fn add_note(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(said): Body<Said>,
) -> Answer<Investigation> {
    service.add_note(&id, &said.text, said.reply_to.as_deref(), &said.author).await?;
    find(State(service), Path(id)).await
}

#[derive(Deserialize, ToSchema)]
pub struct NewStatus {
    status: Status,
    #[serde(flatten)]
    grounds: Grounds,
}

/// Say what you think of an item
///
/// A person's status stands next to the computed verdict and changes nothing about it.
#[utoipa::path(
    put, path = "/investigations/{id}/statuses/{item}", operation_id = "setStatus", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("item" = Item, Path, description = "Code of the item.")),
    request_body(content = NewStatus, example = json!({"status": "confirmed", "note": "Amounts are in cents.", "author": "Grace"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
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

/// Its share links, without their secrets
///
/// The newest first, with those that have expired or were revoked.
#[utoipa::path(
    get, path = "/investigations/{id}/share-links", operation_id = "listShareLinks", tag = "sharing",
    params(("id" = String, Path, description = "Id of the investigation.")),
    responses((status = 200, description = "The links.", body = Vec<ShareLink>))
)]
pub async fn share_links(State(service): State<Service>, Path(id): Path<String>) -> Answer<Vec<ShareLink>> {
    Ok(Json(service.share_links(&id).await?))
}

#[derive(Deserialize, ToSchema)]
pub struct Sharing {
    #[serde(flatten)]
    terms: LinkTerms,
    /// Who makes the link; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Make a share link
///
/// Shows the investigation and its diagnosis read-only, as they are now or as they will be when it is opened. The secret is shown
/// this once. A program that opens a link with a password sends it in the header `X-Share-Password`.
#[utoipa::path(
    post, path = "/investigations/{id}/share-links", operation_id = "share", tag = "sharing",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = Sharing, example = json!({"expires_at_ms": 4102444800000_i64, "author": "Ada"})),
    responses((status = 201, description = "The link and its secret. The page is `/s/{secret}`.", body = NewShareLink, example = json!({
        "link": {
            "id": "0198f1c2-ae31-7d55-b2c3-4d5e6f7a8b9c", "investigation": "0198f1c2-8b62-7e90-b3c4-5d6e7f8a9b0c",
            "created_at_ms": 1777636800000_i64, "expires_at_ms": null, "revoked_at_ms": null,
            "shows": "frozen", "preview": "nothing", "has_password": false, "opened": 0, "opened_at_ms": null
        },
        "secret": "5f1d8c0e9b7a6f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6"
    })), NotFound, Conflict)
)]
pub async fn share(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(sharing): Body<Sharing>,
) -> Result<(StatusCode, Json<NewShareLink>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.share(&id, &sharing.terms, &sharing.author).await?)))
}

/// End a share link for good
///
/// Revoking twice is not an error.
#[utoipa::path(
    delete, path = "/share-links/{id}", operation_id = "revokeShareLink", tag = "sharing",
    params(("id" = String, Path, description = "Id of the link.")),
    responses((status = 200, description = "The link as it is now.", body = ShareLink), NotFound)
)]
pub async fn revoke_share(State(service): State<Service>, Path(link): Path<String>) -> Answer<ShareLink> {
    Ok(Json(service.revoke_share(&link, &Actor::Anonymous).await?))
}
