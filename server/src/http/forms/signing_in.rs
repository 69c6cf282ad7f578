//! Getting in and out: set-up, invitation, sign-in, sign-out.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::account::Login;
use domain::markup::percent_encoded;
use domain::{Actor, Problem, ProblemKind};
use service::{NewAccount, Service};

use super::{Outcome, Sent};
use crate::http::Door;
use crate::http::author::cookie;
use crate::http::extract::Fields;
use crate::http::problem::{FormProblem, wants_page};
use crate::http::visitors::{Caller, SESSION, Who, next_page, session_cookie};

/// Fields `login`, `password`, `next` (the page to go to). A browser that is refused sees the page again, with the reason.
pub async fn sign_in(
    State(service): State<Service>,
    State(door): State<Door>,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let next = next_page(fields.first("next"));
    let before = cookie(&headers, SESSION);
    // Not trimmed: a password may end with a space.
    let made = service.sign_in(fields.first("login"), fields.whole("password"), before, &client).await;
    match made {
        Ok(secret) => Ok(Sent::on(next).with(session_cookie(Some(secret.as_str()), door))),
        Err(problem) if wants_page(&headers) => match reason(&problem) {
            Some(why) => Ok(Sent::on(&format!("/sign-in?why={why}&next={}", percent_encoded(next)))),
            None => Err(FormProblem::for_client(&headers)(problem)),
        },
        Err(problem) => Err(FormProblem::for_client(&headers)(problem)),
    }
}

/// The word by which the page of the sign-in knows a refusal.
fn reason(problem: &Problem) -> Option<&'static str> {
    match problem.kind {
        ProblemKind::Unauthorized => Some("wrong"),
        ProblemKind::TooManyTries => Some("wait"),
        _ => None,
    }
}

pub async fn sign_out(
    State(service): State<Service>,
    State(door): State<Door>,
    Caller(client): Caller,
    Who(visitor): Who,
    headers: HeaderMap,
) -> Outcome {
    service.sign_out(&visitor, &client).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::on("/sign-in?why=out").with(session_cookie(None, door)))
}

/// Fields `code`, and those of [`new_account`].
pub async fn set_up(
    State(service): State<Service>,
    State(door): State<Door>,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let new = new_account(&fields).map_err(&told)?;
    let secret = service.set_up(fields.first("code"), &new, &client).await.map_err(&told)?;
    Ok(Sent::on("/people").with(session_cookie(Some(secret.as_str()), door)))
}

/// The fields of [`new_account`].
pub async fn join(
    State(service): State<Service>,
    State(door): State<Door>,
    Path(invitation): Path<String>,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let new = new_account(&fields).map_err(&told)?;
    let secret = service.join(&invitation, &new, &client).await.map_err(&told)?;
    Ok(Sent::on("/").with(session_cookie(Some(secret.as_str()), door)))
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
