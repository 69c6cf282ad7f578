//! `/api/v1/shared/{secret}`: what a share link shows, for programs.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use domain::Diagnosis;
use domain::investigation::Investigation;
use domain::selection::{Selection, SelectionAnswer};
use service::Service;

use super::extract::Body;
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound, TooLarge};

/// The investigation as it was shared
///
/// Revoked, expired and unknown links all give the same answer. Ids, and where the files came from, are empty.
#[utoipa::path(
    get, path = "/shared/{secret}", operation_id = "findShared", tag = "sharing",
    params(("secret" = String, Path, description = "The link's secret: 64 hexadecimal digits.")),
    responses((status = 200, description = "The investigation when the link was made.", body = Investigation), NotFound)
)]
pub async fn investigation(
    State(service): State<Service>,
    Path(secret): Path<String>,
) -> Result<Json<Investigation>, ApiProblem> {
    Ok(Json(without_ids(service.shared(&secret).await?.investigation)))
}

/// What leads to the investigation itself, or to where its files came from, is nobody's business who has only the link.
fn without_ids(mut shared: Investigation) -> Investigation {
    shared.id.clear();
    for input in &mut shared.inputs {
        input.snapshot.id.clear();
        input.snapshot.origin.clear();
    }
    shared
}

/// The diagnosis as it was shared
///
/// With what was muted when the link was made.
#[utoipa::path(
    get, path = "/shared/{secret}/diagnosis", operation_id = "findSharedDiagnosis", tag = "sharing",
    params(("secret" = String, Path, description = "The link's secret: 64 hexadecimal digits.")),
    responses((status = 200, description = "The diagnosis when the link was made.", body = Diagnosis), NotFound)
)]
pub async fn diagnosis(
    State(service): State<Service>,
    Path(secret): Path<String>,
) -> Result<Json<Arc<Diagnosis>>, ApiProblem> {
    Ok(Json(service.shared(&secret).await?.diagnosis))
}

/// What is different about these rows, as it was shared?
///
/// As for an investigation, on the inputs that it had when the link was made.
#[utoipa::path(
    post, path = "/shared/{secret}/selection", operation_id = "explainSharedSelection", tag = "sharing",
    params(("secret" = String, Path, description = "The link's secret: 64 hexadecimal digits.")),
    request_body(content = Selection, example = json!({
        "side": "serve", "conditions": [{"subject": {"column": "amount"}, "test": {"range": {"from": 120.0, "to": 500.0, "upper": "excluded"}}}]
    })),
    responses((status = 200, description = "Every other column, the most different first.", body = SelectionAnswer), NotFound, Conflict, TooLarge)
)]
pub async fn select(
    State(service): State<Service>,
    Path(secret): Path<String>,
    Body(selection): Body<Selection>,
) -> Result<Json<Arc<SelectionAnswer>>, ApiProblem> {
    Ok(Json(service.explain_shared_selection(&secret, &selection).await?))
}
