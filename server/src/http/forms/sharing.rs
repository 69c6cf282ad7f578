//! Share links by form.

use app::visitor::NewLink;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::investigation::{LinkPreview, LinkShows, LinkTerms};
use service::Service;

use super::{Outcome, Sent, expiry};
use crate::http::Door;
use crate::http::cookies::{SameSite, cookie};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;

/// Seconds for which the address of a new link is shown to whoever made it.
const SHOWN_SECONDS: u32 = 600;

/// Fields `author`, `shows` (`frozen` or `live`), `preview` (what a chat shows: `nothing` or `map`), `password` (may be empty), and those of [`expiry`]. Leads back to the map, which shows the new link's address for some minutes: only
/// this browser has it, in a cookie for the pages of this investigation. Nothing else keeps it.
pub async fn share(
    State(service): State<Service>,
    State(door): State<Door>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let expires_at_ms = expiry(&fields).map_err(&told)?;
    let actor = fields.actor().map_err(&told)?;
    let shows = LinkShows::from_id(fields.first("shows")).unwrap_or_default();
    let preview = LinkPreview::from_id(fields.first("preview")).unwrap_or_default();
    let terms = LinkTerms { expires_at_ms, shows, preview, password: fields.whole("password").to_owned() };
    let made = service.share(&id, &terms, &actor).await.map_err(&told)?;
    let page = format!("/investigations/{}", made.link.investigation);
    let (name, secret) = (NewLink::COOKIE, made.secret);
    let shown = cookie(name, &secret, &page, SHOWN_SECONDS, SameSite::Strict, door);
    Ok(Sent::to(Redirect::to(&format!("{page}#share")), &fields).with(shown))
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
    Ok(Sent::back(&link.investigation, &fields))
}
