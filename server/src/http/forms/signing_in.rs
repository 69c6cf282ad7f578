//! Getting in and out: set-up, invitation, sign-in, sign-out.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::Login;
use domain::markup::percent_encoded;
use domain::{Actor, Problem, ProblemKind};
use service::{Browser, NewAccount, SignedInNow};

use super::{Outcome, Sent};
use crate::http::author::cookie;
use crate::http::cookies::{self, SameSite};
use crate::http::elsewhere::leave;
use crate::http::extract::Fields;
use crate::http::problem::{FormProblem, wants_page};
use crate::http::visitors::{SESSION, Sender, next_page, session_cookie};

/// The cookie by which a browser is known in which somebody signed in before. It opens nothing: it only keeps strangers who guess
/// from holding its owner up.
const KNOWN: &str = "known_browser";
const KNOWN_SECONDS: u32 = 365 * 86_400;

/// Fields `login`, `password`, `next` (the page to go to). A browser that is refused sees the page again, with the reason.
pub async fn sign_in(by: Sender, fields: Fields) -> Outcome {
    let next = next_page(fields.first("next"));
    let browser = Browser { session: cookie(&by.headers, SESSION), known: cookie(&by.headers, KNOWN) };
    // Not trimmed: a password may end with a space.
    let made = by.service.sign_in(fields.first("login"), fields.whole("password"), browser, &by.client).await;
    let why = made.as_ref().err().filter(|_| wants_page(&by.headers)).and_then(reason);
    if let Some(why) = why {
        return Ok(Sent::on(&format!("/sign-in?why={why}&next={}", percent_encoded(next))));
    }
    let SignedInNow { secret, known } = by.told(made)?;
    let known = cookies::cookie(KNOWN, &known, "/sign-in", KNOWN_SECONDS, SameSite::Lax, by.door);
    Ok(Sent::on(next).with(session_cookie(Some(secret.as_str()), by.door)).with(known))
}

/// The word by which the page of the sign-in knows a refusal.
fn reason(problem: &Problem) -> Option<&'static str> {
    match problem.kind {
        ProblemKind::Unauthorized => Some("wrong"),
        ProblemKind::TooManyTries => Some("wait"),
        _ => None,
    }
}

/// Ends the session here. A browser whose person signed in at a provider goes on to it, where they can sign out too.
pub async fn sign_out(by: Sender) -> Result<Response, FormProblem> {
    by.told(by.service.sign_out(&by.visitor, &by.client).await)?;
    if wants_page(&by.headers)
        && let Some(leaving) = by.service.leave_elsewhere(&by.visitor).await
    {
        return Ok(leave(&leaving, by.service.provider().unwrap_or_default(), by.door));
    }
    Ok(Sent::on("/sign-in?why=out").with(session_cookie(None, by.door)).into_response())
}

/// Fields `code`, and those of [`new_account`].
pub async fn set_up(by: Sender, fields: Fields) -> Outcome {
    let new = by.told(new_account(&fields))?;
    let secret = by.told(by.service.set_up(fields.first("code"), &new, &by.client).await)?;
    Ok(Sent::on("/people").with(session_cookie(Some(secret.as_str()), by.door)))
}

/// The fields of [`new_account`].
pub async fn join(by: Sender, Path(invitation): Path<String>, fields: Fields) -> Outcome {
    let new = by.told(new_account(&fields))?;
    let secret = by.told(by.service.join(&invitation, &new, &by.client).await)?;
    Ok(Sent::on("/").with(session_cookie(Some(secret.as_str()), by.door)))
}

/// Fields `login`, `name`, `password`.
fn new_account(fields: &Fields) -> Result<NewAccount, Problem> {
    Ok(NewAccount {
        login: Login::new(fields.first("login"))?,
        name: Actor::named(fields.first("name"))?,
        password: fields.whole("password").to_owned(),
    })
}

impl Sent {
    /// To a page of this server, with no name to remember.
    fn on(page: &str) -> Sent {
        Sent::to(Redirect::to(page), &Fields::default())
    }
}
