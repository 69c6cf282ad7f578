//! Is it up, can it work, and how it has been doing.

use std::collections::BTreeMap;
use std::fmt::Write;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::Service;
use utoipa::ToSchema;

use super::metrics::Metrics;
use super::problem::ApiProblem;
use super::verdicts;
use super::visitors::Who;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub async fn ready(State(service): State<Service>) -> Result<&'static str, ApiProblem> {
    service.ready().await?;
    Ok("ready\n")
}

/// Whether it works
///
/// Asks the database, and counts the jobs.
#[utoipa::path(
    get, path = "/health", operation_id = "health", tag = "operations",
    responses((status = 200, description = "It works.", body = Health, example = json!({
        "status": "ok", "version": "0.1.0", "jobs": {"done": 12, "running": 1}
    })))
)]
pub async fn health(State(service): State<Service>) -> Result<Json<Health>, ApiProblem> {
    service.ready().await?;
    let jobs = service.job_counts().await?.into_iter().collect();
    Ok(Json(Health { status: Working::Ok, version: env!("CARGO_PKG_VERSION"), jobs }))
}

/// That it works: what does not is a problem.
#[derive(Serialize, ToSchema)]
pub struct Health {
    #[schema(inline)]
    status: Working,
    /// The program's version.
    version: &'static str,
    /// Jobs by state.
    jobs: BTreeMap<String, i64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Working {
    Ok,
}

/// Prometheus' text format.
pub async fn metrics(
    State(service): State<Service>,
    State(metrics): State<Metrics>,
    Who(visitor): Who,
) -> Result<Response, ApiProblem> {
    let mut text = metrics.text();
    text.push_str("# HELP mismatch_jobs Jobs by state.\n# TYPE mismatch_jobs gauge\n");
    for (state, count) in service.job_counts().await? {
        // Writing into a string can't fail.
        let _ = writeln!(text, "mismatch_jobs{{state=\"{state}\"}} {count}");
    }
    text.push_str(&verdicts::text(&service, &visitor.sight()).await?);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
