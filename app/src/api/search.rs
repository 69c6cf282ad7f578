//! The search over everything.

use domain::reachable::Reachable;
use leptos::prelude::*;

use crate::address::Place;
use crate::error::AppError;

/// What can be gone to from a place; the investigations in it hold every word.
///
/// # Errors
/// `NotFound` when the link has expired or was revoked.
#[server(endpoint = "reach")]
pub async fn reach(place: Option<Place>, words: String) -> Result<Reachable, AppError> {
    let (service, reader) = (expect_context::<service::Service>(), crate::visitor::Reader::here());
    Ok(match &place {
        Some(Place::Shared(secret)) => service.reachable_shared(secret).await?,
        Some(Place::Investigation(id)) => service.reachable(Some(id), &words, &reader).await?,
        None => service.reachable(None, &words, &reader).await?,
    })
}
