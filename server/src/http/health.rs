//! Is it up, can it work, and how it has been doing.

use std::fmt::Write;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use service::Service;

use super::metrics::Metrics;
use super::problem::ApiProblem;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub async fn ready(State(service): State<Service>) -> Result<&'static str, ApiProblem> {
    service.ready().await?;
    Ok("ready\n")
}

pub async fn health(State(service): State<Service>) -> Result<Json<Value>, ApiProblem> {
    service.ready().await?;
    let jobs: serde_json::Map<String, Value> =
        service.job_counts().await?.into_iter().map(|(state, count)| (state, count.into())).collect();
    Ok(Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "jobs": jobs})))
}

/// Prometheus' text format.
pub async fn metrics(State(service): State<Service>, State(metrics): State<Metrics>) -> Result<Response, ApiProblem> {
    let mut text = metrics.text();
    text.push_str("# HELP mismatch_jobs Jobs by state.\n# TYPE mismatch_jobs gauge\n");
    for (state, count) in service.job_counts().await? {
        // Writing into a string can't fail.
        let _ = writeln!(text, "mismatch_jobs{{state=\"{state}\"}} {count}");
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
