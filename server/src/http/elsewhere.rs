//! Signing in at a provider of OpenID Connect: on the way there, and on the way back.

use axum::extract::{Query, RawQuery};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use domain::markup::percent_encoded;
use serde::Deserialize;

use super::Door;
use super::author::cookie;
use super::cookies::{self, SameSite};
use super::problem::FormProblem;
use super::visitors::{SESSION, Sender, next_page, session_cookie};

/// The cookie with what has to come back unchanged, and the one with the page to go to.
const KEPT: &str = "sign_in";
const NEXT: &str = "sign_in_next";

/// Seconds in which somebody has to come back.
const SECONDS: u32 = 900;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

/// Sends the browser to the provider.
pub async fn begin(by: Sender, Query(asked): Query<Asked>) -> Result<Response, FormProblem> {
    let begun = by.told(by.service.begin_elsewhere().await)?;
    let next = percent_encoded(next_page(&asked.next));
    let cookies =
        [(KEPT, begun.kept.to_text().as_str()), (NEXT, &next)].map(|(name, value)| kept(name, value, by.door));
    Ok((AppendHeaders(cookies.into_iter().flatten().collect::<Vec<_>>()), Redirect::to(&begun.address)).into_response())
}

/// Whom the provider sends back. The cookies are used up, whatever comes of it.
pub async fn back(by: Sender, RawQuery(query): RawQuery) -> Response {
    let forgotten = [KEPT, NEXT].into_iter().filter_map(|name| gone(name, by.door));
    let brought = cookie(&by.headers, KEPT).unwrap_or_default();
    let before = cookie(&by.headers, SESSION);
    let made = by.service.finish_elsewhere(brought, &query.unwrap_or_default(), before, &by.client).await;
    match by.told(made) {
        Ok(secret) => {
            let session = session_cookie(Some(secret.as_str()), by.door).map(|value| (header::SET_COOKIE, value));
            let cookies: Vec<_> = forgotten.chain(session).collect();
            (AppendHeaders(cookies), Redirect::to(&next(&by.headers))).into_response()
        }
        Err(problem) => (AppendHeaders(forgotten.collect::<Vec<_>>()), problem.into_response()).into_response(),
    }
}

fn next(headers: &HeaderMap) -> String {
    let asked = format!("/?next={}", cookie(headers, NEXT).unwrap_or_default()).parse().ok();
    let asked = asked.and_then(|uri| Query::<Asked>::try_from_uri(&uri).ok());
    next_page(&asked.map(|Query(asked)| asked.next).unwrap_or_default()).to_owned()
}

/// Lax: the provider sends the browser back from another site.
fn kept(name: &str, value: &str, door: Door) -> Option<(HeaderName, HeaderValue)> {
    Some((header::SET_COOKIE, cookies::cookie(name, value, "/sign-in", SECONDS, SameSite::Lax, door)?))
}

fn gone(name: &str, door: Door) -> Option<(HeaderName, HeaderValue)> {
    Some((header::SET_COOKIE, cookies::cookie(name, "", "/sign-in", 0, SameSite::Lax, door)?))
}
