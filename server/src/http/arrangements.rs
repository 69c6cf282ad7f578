//! `/api/v1/arrangements`: what several files seem to be, all of them together.

use axum::Json;
use axum::extract::State;
use domain::arrangement::Arrangement;
use serde::Deserialize;
use service::Service;
use utoipa::ToSchema;

use super::extract::Body;
use super::problem::ApiProblem;
use super::refusals::NotFound;
use super::visitors::Who;

#[derive(Deserialize, ToSchema)]
pub struct Files {
    /// Ids of the snapshots.
    #[schema(max_items = 50)]
    snapshots: Vec<String>,
}

/// What several files seem to be
///
/// The role of each file among all of them, and the column that seems to be the label, each with the reason. Nothing is
/// stored.
#[utoipa::path(
    post, path = "/arrangements", operation_id = "arrangeSnapshots", tag = "snapshots",
    request_body(content = Files, example = json!({
        "snapshots": ["0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d", "0198f1c2-7a51-7b02-8d11-5f6e7d8c9b0a"]
    })),
    responses((status = 200, description = "The files in the order of their ids, and the label.", body = Arrangement, example = json!({
        "files": [
            {"snapshot": "0198f1c2-6c3e-7d10-9b57-0e4f3a2b1c0d", "role": "train", "why": null, "cuts": []},
            {"snapshot": "0198f1c2-7a51-7b02-8d11-5f6e7d8c9b0a", "role": "serve", "why": "It lacks the label “survived”, as data in serving do.", "cuts": []}
        ],
        "label": {"column": "survived", "why": "Train has it and “test.csv” lacks it, as data in serving lack the label.", "sureness": "likely"}
    })), NotFound)
)]
pub async fn arrange(
    State(service): State<Service>,
    Who(visitor): Who,
    Body(files): Body<Files>,
) -> Result<Json<Arrangement>, ApiProblem> {
    let named: Vec<&str> = files.snapshots.iter().map(String::as_str).collect();
    service.require_seen(&visitor, &named).await?;
    Ok(Json(service.arrangement(&files.snapshots).await?))
}
