//! `/api/v1/shared/{secret}`: what a share link shows, for programs.

use axum::Json;
use axum::extract::{Path, State};
use domain::Diagnosis;
use domain::investigation::Investigation;
use service::Service;

use super::problem::ApiProblem;

pub async fn investigation(
    State(service): State<Service>,
    Path(secret): Path<String>,
) -> Result<Json<Investigation>, ApiProblem> {
    Ok(Json(service.shared(&secret).await?.investigation))
}

pub async fn diagnosis(
    State(service): State<Service>,
    Path(secret): Path<String>,
) -> Result<Json<Diagnosis>, ApiProblem> {
    Ok(Json(service.shared(&secret).await?.diagnosis.as_ref().clone()))
}
