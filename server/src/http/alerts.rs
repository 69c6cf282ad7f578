//! `/api/v1/alerts` and the rules of a model: what people want to be told of, and what came of it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::Actor;
use domain::alert::{Alert, EditRule, ModelRule, PastAlerts};
use domain::investigation::Grounds;
use serde::{Deserialize, Serialize};
use service::{LOOKED_BACK_DAYS, Service};
use utoipa::ToSchema;

use super::editing::Author;
use super::extract::{Body, Params};
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound};
use super::visitors::Who;

/// What lasts
///
/// The alerts of all models that you see and that are not over, the latest first; at most 200.
#[utoipa::path(
    get, path = "/alerts", operation_id = "openAlerts", tag = "alerts",
    responses((status = 200, description = "The alerts.", body = Vec<Alert>))
)]
pub async fn open(State(service): State<Service>, Who(visitor): Who) -> Result<Json<Vec<Alert>>, ApiProblem> {
    Ok(Json(service.open_alerts(&visitor.sight()).await?))
}

/// The alerts of a model
///
/// What lasts first, then the latest; at most 200.
#[utoipa::path(
    get, path = "/models/{name}/alerts", operation_id = "listAlerts", tag = "alerts",
    params(("name" = String, Path, description = "The model's name.")),
    responses((status = 200, description = "The alerts.", body = Vec<Alert>), NotFound)
)]
pub async fn list(State(service): State<Service>, Path(name): Path<String>) -> Result<Json<Vec<Alert>>, ApiProblem> {
    Ok(Json(service.alerts(&name).await?))
}

/// The rules of a model
///
/// The oldest first.
#[utoipa::path(
    get, path = "/models/{name}/alert-rules", operation_id = "listAlertRules", tag = "alerts",
    params(("name" = String, Path, description = "The model's name.")),
    responses((status = 200, description = "The rules, the oldest first.", body = Vec<ModelRule>), NotFound)
)]
pub async fn rules(
    State(service): State<Service>,
    Path(name): Path<String>,
) -> Result<Json<Vec<ModelRule>>, ApiProblem> {
    Ok(Json(service.alert_rules(&name).await?))
}

/// Add a rule
///
/// It is asked each time a window of served rows was judged, and says nothing of windows before. Those who are to be told are the
/// channels.
#[utoipa::path(
    post, path = "/models/{name}/alert-rules", operation_id = "addAlertRule", tag = "alerts",
    params(("name" = String, Path, description = "The model's name."), Author),
    request_body(content = EditRule, example = json!({"watched": {"kind": "fall", "points": 2.0}, "windows": 2, "severity": "high"})),
    responses((status = 201, description = "The rule.", body = ModelRule), NotFound, Conflict)
)]
pub async fn add(
    State(service): State<Service>,
    Path(name): Path<String>,
    Params(by): Params<Author>,
    Body(asked): Body<EditRule>,
) -> Result<(StatusCode, Json<ModelRule>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.add_alert_rule(&name, asked, &by.author).await?)))
}

/// What a rule would have done, with the same in a sentence.
#[derive(Serialize, ToSchema)]
pub struct Previewed {
    #[serde(flatten)]
    preview: PastAlerts,
    words: String,
}

/// What a rule would have done
///
/// In the last 90 days. Nothing is kept.
#[utoipa::path(
    post, path = "/models/{name}/alert-rules/preview", operation_id = "previewAlertRule", tag = "alerts",
    params(("name" = String, Path, description = "The model's name.")),
    request_body(content = EditRule, example = json!({"watched": {"kind": "any_mismatch"}})),
    responses((status = 200, description = "What it would have done.", body = Previewed), NotFound)
)]
pub async fn preview(
    State(service): State<Service>,
    Path(name): Path<String>,
    Body(asked): Body<EditRule>,
) -> Result<Json<Previewed>, ApiProblem> {
    let preview = service.preview_rule(&name, asked).await?;
    Ok(Json(Previewed { words: preview.words(LOOKED_BACK_DAYS), preview }))
}

/// Remove a rule
///
/// Its alerts stay in the list, and are over.
#[utoipa::path(
    delete, path = "/models/{name}/alert-rules/{rule}", operation_id = "removeAlertRule", tag = "alerts",
    params(
        ("name" = String, Path, description = "The model's name."),
        ("rule" = String, Path, description = "Id of the rule.")
    ),
    responses((status = 204, description = "It is removed."), NotFound)
)]
pub async fn remove(
    State(service): State<Service>,
    Path((name, rule)): Path<(String, String)>,
) -> Result<StatusCode, ApiProblem> {
    service.delete_alert_rule(&name, &rule).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Until when nobody is told, and why.
#[derive(Deserialize, ToSchema)]
pub struct NewSilence {
    /// Milliseconds since 1970-01-01 UTC.
    until_ms: i64,
    #[schema(min_length = 1, max_length = 20000)]
    reason: String,
    /// Who says it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Silence a rule
///
/// Nobody is told of its alerts until then. What still lasts afterwards is told with the next window.
#[utoipa::path(
    put, path = "/models/{name}/alert-rules/{rule}/silence", operation_id = "silenceAlertRule", tag = "alerts",
    params(
        ("name" = String, Path, description = "The model's name."),
        ("rule" = String, Path, description = "Id of the rule.")
    ),
    request_body(content = NewSilence, example = json!({"until_ms": 1900000000000_i64, "reason": "The supplier mends it on Friday."})),
    responses((status = 204, description = "It is silent."), NotFound)
)]
pub async fn silence(
    State(service): State<Service>,
    Path((name, rule)): Path<(String, String)>,
    Body(NewSilence { until_ms, reason, author }): Body<NewSilence>,
) -> Result<StatusCode, ApiProblem> {
    let grounds = Grounds { note: reason, author, until_ms: Some(until_ms) };
    service.silence_rule(&name, &rule, &grounds).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a silence
///
/// What lasts is told with the next window.
#[utoipa::path(
    delete, path = "/models/{name}/alert-rules/{rule}/silence", operation_id = "endSilence", tag = "alerts",
    params(
        ("name" = String, Path, description = "The model's name."),
        ("rule" = String, Path, description = "Id of the rule.")
    ),
    responses((status = 204, description = "It notifies again."), NotFound)
)]
pub async fn end_silence(
    State(service): State<Service>,
    Path((name, rule)): Path<(String, String)>,
) -> Result<StatusCode, ApiProblem> {
    service.end_silence(&name, &rule).await?;
    Ok(StatusCode::NO_CONTENT)
}
