//! Hands out the API's description, which is made from the routes that this handler is one of.

use axum::{Extension, Json};
use serde_json::Value;

/// The description, put beside the routes when they are served.
#[derive(Clone, Copy)]
pub struct Document(pub &'static Value);

/// This document
///
/// The description of every operation, as OpenAPI 3.1.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "operations",
    responses((status = 200, description = "The document.", body = Object))
)]
pub async fn describe(Extension(Document(document)): Extension<Document>) -> Json<&'static Value> {
    Json(document)
}
