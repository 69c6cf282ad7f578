//! Share links by form.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use service::Service;

use super::{Outcome, back_to, expiry};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;

/// Field `author`, and those of [`expiry`]. Leads to the shared page itself: its address is the link, and this is
/// the only time it can be seen.
pub async fn share(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let expires_at_ms = expiry(&fields).map_err(&told)?;
    let actor = fields.actor().map_err(&told)?;
    let made = service.share(&id, expires_at_ms, &actor).await.map_err(&told)?;
    Ok(Redirect::to(&format!("/s/{}", made.secret)))
}

pub async fn revoke(
    State(service): State<Service>,
    Path(link): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    let link = service.revoke_share(&link, &actor).await.map_err(&told)?;
    Ok(back_to(&link.investigation, fields.first("back")))
}
