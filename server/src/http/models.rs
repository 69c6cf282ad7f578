//! `/api/v1/models`: what people say of a model, what its rows are compared with, and how it does over time.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use domain::model::weekly::Weekly;
use domain::model::{Against, EditModel, Model, ModelLine, Trend, Unwatched};
use domain::{Actor, Item, Problem};
use serde::{Deserialize, Serialize};
use service::{ReferenceFrom, Service};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Body, Params};
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound};
use super::visitors::Who;

/// The models
///
/// At most 500, by name, each with what the checks said of its last window of served rows.
#[utoipa::path(
    get, path = "/models", operation_id = "listModels", tag = "models",
    responses((status = 200, description = "The models.", body = Vec<ModelLine>))
)]
pub async fn list(State(service): State<Service>, Who(visitor): Who) -> Result<Json<Vec<ModelLine>>, ApiProblem> {
    Ok(Json(service.models(&visitor.sight()).await?))
}

/// A model, and what nobody watches of it.
#[derive(Serialize, ToSchema)]
pub struct FoundModel {
    model: Model,
    unwatched: Vec<UnwatchedNow>,
}

/// Something that nobody would notice, with the step that closes it.
#[derive(Serialize, ToSchema)]
pub struct UnwatchedNow {
    what: Unwatched,
    /// The same as a sentence.
    words: String,
    /// What to do.
    step: &'static str,
    /// The command that does it, where there is one.
    #[schema(required)]
    command: Option<String>,
}

/// One model
///
/// What people say of it, what its rows are compared with, and what nobody watches, with the step that closes each gap.
#[utoipa::path(
    get, path = "/models/{name}", operation_id = "findModel", tag = "models",
    params(("name" = String, Path, description = "The model's name.")),
    responses((status = 200, description = "The model.", body = FoundModel), NotFound)
)]
pub async fn find(State(service): State<Service>, Path(name): Path<String>) -> Result<Json<FoundModel>, ApiProblem> {
    let model = service.model(&name).await?;
    let with_step = |what: Unwatched| {
        let (words, (step, command)) = (what.words(), what.step(&model.name));
        UnwatchedNow { what, words, step, command }
    };
    let unwatched = service.unwatched(&model).await?.into_iter().map(with_step).collect();
    Ok(Json(FoundModel { model, unwatched }))
}

/// Say something of a model
///
/// What is left out or null stays as it is. A model that nobody has named before is made.
#[utoipa::path(
    put, path = "/models/{name}", operation_id = "editModel", tag = "models",
    params(("name" = String, Path, description = "The model's name.")),
    request_body(content = EditModel, example = json!({"owner": "Ada", "task": "binary", "roles": {"label": "repaid"}})),
    responses((status = 200, description = "The model.", body = Model))
)]
pub async fn edit(
    State(service): State<Service>,
    Path(name): Path<String>,
    Body(edit): Body<EditModel>,
) -> Result<Json<Model>, ApiProblem> {
    Ok(Json(service.edit_model(&name, edit).await?))
}

/// Where the reference is taken from: one of both.
#[derive(Deserialize, ToSchema)]
pub struct NewReference {
    /// Id of an arrival with training, validation or test data.
    #[serde(default)]
    #[schema(nullable = false)]
    arrival: Option<String>,
    /// Id of an investigation of the model, whose training, validation and test data are taken.
    #[serde(default)]
    #[schema(nullable = false)]
    investigation: Option<String>,
    /// Who says it; empty for nobody in particular.
    #[serde(default)]
    #[schema(value_type = String, max_length = 300)]
    author: Actor,
}

/// Say what served rows are compared with
///
/// Windows that were judged stay as they are; those that had nothing to be compared with are judged now.
#[utoipa::path(
    put, path = "/models/{name}/reference", operation_id = "setReference", tag = "models",
    params(("name" = String, Path, description = "The model's name.")),
    request_body(content = NewReference, example = json!({"investigation": "0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d"})),
    responses((status = 200, description = "The model.", body = Model), NotFound)
)]
pub async fn set_reference(
    State(service): State<Service>,
    Path(name): Path<String>,
    Body(new): Body<NewReference>,
) -> Result<Json<Model>, ApiProblem> {
    let from = from_one(new.arrival.as_deref(), new.investigation.as_deref())?;
    Ok(Json(service.pin_reference(&name, from, &new.author).await?))
}

/// # Errors
/// `BadInput` where neither or both are named.
pub fn from_one<'a>(arrival: Option<&'a str>, investigation: Option<&'a str>) -> Result<ReferenceFrom<'a>, Problem> {
    match (arrival, investigation) {
        (Some(arrival), None) => Ok(ReferenceFrom::Arrival(arrival)),
        (None, Some(investigation)) => Ok(ReferenceFrom::Investigation(investigation)),
        _ => Err(Problem::bad_input("Name an arrival or an investigation, one of both.")),
    }
}

/// What is asked along time.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The code of an item, such as `D1`.
    #[param(nullable = false)]
    item: Option<Item>,
    /// A column of the item; the item as a whole when it is left out.
    #[serde(default)]
    column: String,
    /// What each window is compared with; `reference` when it is left out.
    #[serde(default)]
    #[param(inline)]
    against: Against,
    /// A metric by scikit-learn's name, such as `accuracy`.
    #[param(nullable = false)]
    metric: Option<String>,
}

/// What was found along time
///
/// Of an item or of one of its columns: verdict and effect next to the limit, window after window. Of a metric: its values. The
/// last 400 windows, in the order of time.
#[utoipa::path(
    get, path = "/models/{name}/trend", operation_id = "modelTrend", tag = "models",
    params(("name" = String, Path, description = "The model's name."), Asked),
    responses((status = 200, description = "The trend.", body = Trend), NotFound)
)]
pub async fn trend(
    State(service): State<Service>,
    Path(name): Path<String>,
    Params(asked): Params<Asked>,
) -> Result<Json<Trend>, ApiProblem> {
    let of = asked.item.map(|item| (item, asked.column.as_str()));
    Ok(Json(service.trend(&name, of, asked.against, asked.metric.as_deref()).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AskedWeek {
    /// By ISO 8601; the present week when it is left out.
    #[param(nullable = false, example = "2026-W48")]
    week: Option<String>,
}

/// All models in one week
///
/// Each layer next to the week before: what is new, regressed, fixed, stale or not watched. What needs attention comes first.
#[utoipa::path(
    get, path = "/weekly", operation_id = "weekly", tag = "models", params(AskedWeek),
    responses((status = 200, description = "The week.", body = Weekly))
)]
pub async fn weekly(
    State(service): State<Service>,
    Who(visitor): Who,
    Params(AskedWeek { week }): Params<AskedWeek>,
) -> Result<Json<Weekly>, ApiProblem> {
    Ok(Json(service.weekly(week.as_deref(), &visitor.sight()).await?))
}

/// The story of one week
///
/// In Markdown: what got worse first, then what else asks for attention.
#[utoipa::path(
    get, path = "/weekly/digest", operation_id = "digest", tag = "models", params(AskedWeek),
    responses((status = 200, description = "The digest.", content((String = "text/markdown"))))
)]
pub async fn digest(
    State(service): State<Service>,
    Who(visitor): Who,
    Params(AskedWeek { week }): Params<AskedWeek>,
) -> Result<([(HeaderName, &'static str); 1], String), ApiProblem> {
    let text = service.digest(week.as_deref(), &visitor.sight()).await?;
    Ok(([(CONTENT_TYPE, "text/markdown; charset=utf-8")], text))
}

/// Judge a window again
///
/// With what is the reference now, and with labels and logs that came since.
#[utoipa::path(
    post, path = "/models/{name}/arrivals/{arrival}/judging", operation_id = "judgeArrival", tag = "models",
    params(
        ("name" = String, Path, description = "The model's name."),
        ("arrival" = String, Path, description = "Id of the arrival.")
    ),
    responses((status = 200, description = "The arrival.", body = domain::model::Arrival), NotFound, Conflict)
)]
pub async fn judge(
    State(service): State<Service>,
    Path((name, arrival)): Path<(String, String)>,
) -> Result<Json<domain::model::Arrival>, ApiProblem> {
    Ok(Json(service.judge_window(&name, &arrival).await?))
}
