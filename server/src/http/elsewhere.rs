//! Signing in and out at a provider of OpenID Connect: on the way there, and on the way back.

use axum::extract::{Query, RawQuery};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use domain::markup::{escaped, percent_encoded};
use openid::Leaving;
use serde::Deserialize;

use super::Door;
use super::author::cookie;
use super::cookies::{self, SameSite};
use super::problem::FormProblem;
use super::visitors::{SESSION, Sender, next_page, session_cookie};

/// The cookie with what has to come back unchanged, and the one with the page to go to.
const KEPT: &str = "sign_in";
const NEXT: &str = "sign_in_next";

/// Where these two are sent.
const SIGN_IN: &str = "/sign-in";

/// The cookie with what comes back from a sign-out, and where it is sent.
const STATE: &str = "sign_out";
const SIGN_OUT: &str = "/sign-out";

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
        [(KEPT, begun.kept.to_text().as_str()), (NEXT, &next)].map(|(name, value)| kept(name, value, SIGN_IN, by.door));
    Ok((AppendHeaders(cookies.into_iter().flatten().collect::<Vec<_>>()), Redirect::to(&begun.address)).into_response())
}

/// Whom the provider sends back. The cookies are used up, whatever comes of it.
pub async fn back(by: Sender, RawQuery(query): RawQuery) -> Response {
    let forgotten = [KEPT, NEXT].into_iter().filter_map(|name| gone(name, SIGN_IN, by.door));
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

/// For a browser whose session has ended: a page that goes on to the provider with this name.
///
/// Not a redirect: forms of our pages lead to this server only, and browsers ask that of redirects after a form too
/// (`form-action`). So no page has to allow another address.
pub fn leave(leaving: &Leaving, provider: &str, door: Door) -> Response {
    let session = session_cookie(None, door).map(|value| (header::SET_COOKIE, value));
    let cookies: Vec<_> = kept(STATE, &leaving.state, SIGN_OUT, door).into_iter().chain(session).collect();
    let (there, provider) = (escaped(&leaving.address), escaped(provider));
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta http-equiv=\"refresh\" content=\"0; url={there}\">\
         <title>Signed out · Mismatch</title><link rel=\"stylesheet\" href=\"/pkg/mismatch.css\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"></head>\
         <body><main class=\"page problem\"><h1>You are signed out</h1>\
         <p role=\"status\">Next you can also sign out of {provider}.</p>\
         <p><a href=\"{there}\">Go on</a> or <a href=\"/sign-in?why=out\">stay here</a></p></main></body></html>"
    );
    (AppendHeaders(cookies), Html(page)).into_response()
}

#[derive(Deserialize)]
pub struct Left {
    #[serde(default)]
    state: String,
}

/// Whom the provider sends back after a sign-out. That they are signed out is said to who was sent there from here.
pub async fn left(by: Sender, Query(left): Query<Left>) -> Response {
    let was_sent = cookie(&by.headers, STATE).is_some_and(|state| !state.is_empty() && state == left.state);
    let page = if was_sent { "/sign-in?why=out" } else { SIGN_IN };
    let forgotten: Vec<_> = gone(STATE, SIGN_OUT, by.door).into_iter().collect();
    (AppendHeaders(forgotten), Redirect::to(page)).into_response()
}

/// Lax: the provider sends the browser back from another site.
fn kept(name: &str, value: &str, path: &str, door: Door) -> Option<(HeaderName, HeaderValue)> {
    Some((header::SET_COOKIE, cookies::cookie(name, value, path, SECONDS, SameSite::Lax, door)?))
}

fn gone(name: &str, path: &str, door: Door) -> Option<(HeaderName, HeaderValue)> {
    Some((header::SET_COOKIE, cookies::cookie(name, "", path, 0, SameSite::Lax, door)?))
}
