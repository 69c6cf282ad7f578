//! What an investigation is called and about, whether it is listed, and how it is closed, for programs.

use axum::Json;
use axum::extract::{Path, State};
use domain::closing::Closing;
use domain::deleted::{Deleted, FilesToo};
use domain::investigation::{Edit, Investigation};
use domain::{Actor, Cause};
use serde::Deserialize;
use service::Service;
use utoipa::{IntoParams, ToSchema};

use super::extract::{Body, Params};
use super::investigations::find;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound};
use super::visitors::{Caller, Who};

type Answer<T> = Result<Json<T>, ApiProblem>;

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Author {
    /// Who does it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    #[param(value_type = String, max_length = 300)]
    pub author: Actor,
}

/// Rename it, or change its model or symptoms
///
/// What is left out stays as it is. Other symptoms point to other layers, so the checks run again; the symptoms of a closed
/// investigation stay.
#[utoipa::path(
    put, path = "/investigations/{id}", operation_id = "editInvestigation", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = Edit, example = json!({"title": "Amounts are in cents since May", "model": "loans", "author": "Ada"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn edit(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Body(edit): Body<Edit>,
) -> Answer<Investigation> {
    if let Some(model) = &edit.model {
        visitor.edits_model(model.trim())?;
    }
    Ok(Json(service.edit(&id, edit).await?))
}

/// Archive it
///
/// Lists leave it out unless they are asked for archived ones. Everything else stays as it is.
#[utoipa::path(
    post, path = "/investigations/{id}/archive", operation_id = "archiveInvestigation", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = Author, example = json!({"author": "Ada"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn archive(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(by): Body<Author>,
) -> Answer<Investigation> {
    service.archive(&id, &by.author).await?;
    find(State(service), Path(id)).await
}

/// Bring it back from the archive
///
/// Lists have it again.
#[utoipa::path(
    post, path = "/investigations/{id}/unarchive", operation_id = "unarchiveInvestigation", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = Author, example = json!({"author": "Ada"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn unarchive(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(by): Body<Author>,
) -> Answer<Investigation> {
    service.unarchive(&id, &by.author).await?;
    find(State(service), Path(id)).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Deleting {
    /// What becomes of its files: those that nothing else uses are deleted too when it is left out.
    #[serde(default)]
    #[param(inline)]
    files: FilesToo,
    /// Who deletes it; empty for nobody in particular.
    #[serde(default)]
    #[param(nullable = false, value_type = String, max_length = 300)]
    author: Actor,
}

/// Delete it for good
///
/// With its diagnoses, notes, decisions and share links, and those of its files that nothing else uses. Nothing of it can be
/// brought back.
#[utoipa::path(
    delete, path = "/investigations/{id}", operation_id = "deleteInvestigation", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), Deleting),
    responses((status = 200, description = "What became of its files.", body = Deleted), NotFound, Conflict)
)]
pub async fn delete(
    State(service): State<Service>,
    Path(id): Path<String>,
    Caller(client): Caller,
    Params(Deleting { files, author }): Params<Deleting>,
) -> Answer<Deleted> {
    Ok(Json(service.delete_investigation(&id, files, &author, &client).await?))
}

#[derive(Deserialize, ToSchema)]
pub struct NewClosing {
    /// The conclusion.
    #[schema(min_length = 1, max_length = 20_000)]
    text: String,
    /// The key of the suspect that was the cause: it is confirmed. Null for another cause.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    suspect: Option<String>,
    /// What the cause was, in other words; left out where a suspect is named.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    cause: String,
    /// The kind of the cause; left out where a suspect is named, it is the suspect's.
    #[serde(default)]
    root_cause: Option<Cause>,
    /// What it did to the business and to people.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    impact: String,
    /// What was done about it.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    done: String,
    /// What will prevent it.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    prevention: String,
    /// Who closes it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Close it with its verdict
///
/// The text is the conclusion. A closed investigation refuses changes until it is opened again.
#[utoipa::path(
    post, path = "/investigations/{id}/close", operation_id = "closeInvestigation", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = NewClosing, example = json!({
        "text": "The exporter sent cents.", "suspect": "unit_scale(amount)", "done": "The exporter divides by 100.", "author": "Ada"
    })),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn close(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(new): Body<NewClosing>,
) -> Answer<Investigation> {
    let NewClosing { text, suspect, cause, root_cause, impact, done, prevention, author } = new;
    let closing = Closing { verdict: text, root_cause, cause, impact, done, prevention };
    match suspect {
        Some(suspect) => service.close_with_suspect(&id, &suspect, &closing, &author).await?,
        None => service.close(&id, &closing, &author).await?,
    }
    find(State(service), Path(id)).await
}

/// Open it again
///
/// Its last conclusion is kept as an earlier one.
#[utoipa::path(
    post, path = "/investigations/{id}/reopen", operation_id = "reopenInvestigation", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation.")),
    request_body(content = Author, example = json!({"author": "Ada"})),
    responses((status = 200, description = "The investigation as it is now.", body = Investigation), NotFound, Conflict)
)]
pub async fn reopen(
    State(service): State<Service>,
    Path(id): Path<String>,
    Body(by): Body<Author>,
) -> Answer<Investigation> {
    service.reopen(&id, &by.author).await?;
    find(State(service), Path(id)).await
}
