//! `/api/v1/channels`: where alerts go. For admins: messages leave this server.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::alert::{Channel, Delivery, EditChannel};
use service::Service;

use super::editing::Author;
use super::extract::{Body, Params};
use super::problem::ApiProblem;
use super::refusals::{Conflict, NotFound};
use super::visitors::Caller;

/// The channels
///
/// By name. Addresses and secrets are not shown again.
#[utoipa::path(
    get, path = "/channels", operation_id = "listChannels", tag = "alerts",
    responses((status = 200, description = "The channels.", body = Vec<Channel>))
)]
pub async fn list(State(service): State<Service>) -> Result<Json<Vec<Channel>>, ApiProblem> {
    Ok(Json(service.channels().await?))
}

/// Add a channel
///
/// An address inside a private network is reached only where the server was started with `--allow-private-addresses`.
#[utoipa::path(
    post, path = "/channels", operation_id = "addChannel", tag = "alerts", params(Author),
    request_body(content = EditChannel, example = json!({"name": "ml-alerts", "kind": "webhook", "address": "https://hooks.example.com/x", "secret": "0f9a"})),
    responses((status = 201, description = "The channel.", body = Channel), Conflict)
)]
pub async fn add(
    State(service): State<Service>,
    Caller(client): Caller,
    Params(by): Params<Author>,
    Body(asked): Body<EditChannel>,
) -> Result<(StatusCode, Json<Channel>), ApiProblem> {
    Ok((StatusCode::CREATED, Json(service.add_channel(asked, &by.author, &client).await?)))
}

/// Remove a channel
///
/// With everything that was on its way to it.
#[utoipa::path(
    delete, path = "/channels/{id}", operation_id = "removeChannel", tag = "alerts",
    params(("id" = String, Path, description = "Id of the channel."), Author),
    responses((status = 200, description = "The channel as it was.", body = Channel), NotFound)
)]
pub async fn remove(
    State(service): State<Service>,
    Path(id): Path<String>,
    Caller(client): Caller,
    Params(by): Params<Author>,
) -> Result<Json<Channel>, ApiProblem> {
    Ok(Json(service.delete_channel(&id, &by.author, &client).await?))
}

/// Try a channel
///
/// Sends a test message now.
#[utoipa::path(
    post, path = "/channels/{id}/test", operation_id = "tryChannel", tag = "alerts",
    params(("id" = String, Path, description = "Id of the channel.")),
    responses((status = 204, description = "It was taken."), NotFound)
)]
pub async fn test(State(service): State<Service>, Path(id): Path<String>) -> Result<StatusCode, ApiProblem> {
    service.try_channel(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Messages
///
/// What was given up first, then what waits, then the latest; at most 200. Those that ended are kept for 30 days.
#[utoipa::path(
    get, path = "/deliveries", operation_id = "listDeliveries", tag = "alerts",
    responses((status = 200, description = "The messages.", body = Vec<Delivery>))
)]
pub async fn deliveries(State(service): State<Service>) -> Result<Json<Vec<Delivery>>, ApiProblem> {
    Ok(Json(service.deliveries().await?))
}

/// Send a message again
///
/// One that was given up.
#[utoipa::path(
    post, path = "/channels/{id}/deliveries/{delivery}", operation_id = "sendAgain", tag = "alerts",
    params(
        ("id" = String, Path, description = "Id of the channel."),
        ("delivery" = String, Path, description = "Id of the message.")
    ),
    responses((status = 204, description = "It is tried again."), NotFound)
)]
pub async fn again(
    State(service): State<Service>,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<StatusCode, ApiProblem> {
    service.send_again(&id, &delivery).await?;
    Ok(StatusCode::NO_CONTENT)
}
