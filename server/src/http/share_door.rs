//! The door of a share link: its password, where it has one, and the count of its openings.

use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Redirect, Response};
use domain::markup::percent_encoded;
use domain::{Problem, ProblemKind};
use service::{Client, ShareDoor};

use super::author::cookie;
use super::cookies::{self, SameSite};
use super::problem::{ApiProblem, FormProblem, wants_page};
use super::{App, Door, rules};

/// Where the password is asked for, below the link.
pub const UNLOCK: &str = "/s/{secret}/unlock";

/// The cookie with the proof that somebody knew it; one for each link, as its path says.
const PROOF: &str = "share";

/// The header in which a program says it.
const HEADER: &str = "x-share-password";

/// Longest life of the proof, in seconds.
const KEPT_SECONDS: u32 = 12 * 3600;

/// What a request says that the door has to know. Its body is nobody's business here.
#[derive(Debug, Clone, Copy)]
pub struct Knock<'a> {
    pub path: &'a str,
    pub method: &'a Method,
    pub headers: &'a HeaderMap,
}

/// The title of a link that is open, where a chat may show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previewed(pub String);

/// The answer for who may not go on, as the error. Whoever may is counted where a link is opened.
pub async fn passed(
    app: &App,
    route: &str,
    asked: Knock<'_>,
    client: &Client,
) -> Result<Option<Previewed>, Box<Response>> {
    let is_api = route.starts_with(rules::BASE);
    let Some(secret) = secret(route, asked.path).filter(|_| route != UNLOCK) else { return Ok(None) };
    let door = door(app, secret, asked.headers, client).await;
    if matches!(door, Ok(ShareDoor::None)) {
        app.service.note_refused_link(secret, None, client);
    }
    let refusal = match door {
        Ok(ShareDoor::None) if is_api => told(asked, service::no_link()),
        // The page says it itself; an address that it would read in another way was refused before.
        Ok(ShareDoor::None) => return Ok(None),
        Ok(ShareDoor::Open { link, preview }) => {
            if matches!(route, "/s/{secret}" | "/api/v1/shared/{secret}") && *asked.method == Method::GET {
                app.service.count_opening(&link).await;
            }
            return Ok(preview.map(Previewed));
        }
        Ok(ShareDoor::Locked) if !is_api && wants_page(asked.headers) => {
            Redirect::to(&format!("{}/unlock", address(secret))).into_response()
        }
        Ok(ShareDoor::Locked) => {
            let message = "This link has a password. Open it in a browser, or send it in the header X-Share-Password.";
            told(asked, Problem::new(ProblemKind::Unauthorized, message))
        }
        Err(problem) => told(asked, problem),
    };
    Err(Box::new(refusal))
}

/// The secret in an address of a share link; `None` for other addresses.
pub fn secret<'a>(route: &str, path: &'a str) -> Option<&'a str> {
    let place = if route.starts_with("/api/v1/shared/{secret}") {
        4
    } else if route.starts_with("/s/{secret}") {
        2
    } else {
        return None;
    };
    path.split('/').nth(place)
}

async fn door(app: &App, secret: &str, headers: &HeaderMap, client: &Client) -> Result<ShareDoor, Problem> {
    let sent = headers.get(HEADER).and_then(|password| password.to_str().ok());
    let proof = match sent {
        Some(password) if app.service.share_door(secret, "").await? == ShareDoor::Locked => {
            app.service.unlock_share(secret, password, client).await?
        }
        _ => cookie(headers, PROOF).unwrap_or_default().to_owned(),
    };
    app.service.share_door(secret, &proof).await
}

fn told(asked: Knock<'_>, problem: Problem) -> Response {
    match asked.path.starts_with(rules::BASE) {
        true => ApiProblem(problem).into_response(),
        false => FormProblem::for_client(asked.headers)(problem).into_response(),
    }
}

/// The cookie that keeps the proof for one link.
pub fn proof_cookie(secret: &str, proof: &str, door: Door) -> Option<HeaderValue> {
    cookies::cookie(PROOF, proof, &address(secret), KEPT_SECONDS, SameSite::Lax, door)
}

/// Where a link leads.
pub fn address(secret: &str) -> String {
    format!("/s/{}", percent_encoded(secret))
}
