//! One's own account, by form.

use app::visitor::NewSecret;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Redirect;
use domain::Problem;
use domain::account::Scope;
use service::Service;

use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;
use crate::http::visitors::{Caller, Who};

/// Seconds for which a new secret is shown to whoever made it.
const SHOWN_SECONDS: u32 = 300;

/// Fields `old` and `new`.
pub async fn change_password(
    State(service): State<Service>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let done = service.change_password(&visitor, fields.whole("old"), fields.whole("new"), &client).await;
    done.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::to(Redirect::to("/account?changed=password#password"), &fields))
}

pub async fn end_session(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    service.end_session(&visitor, &id, &client).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::to(Redirect::to("/account#sessions"), &fields))
}

/// Fields `name`, `scope`, `days`. The secret is shown for some minutes: only this browser has it.
pub async fn make_token(
    State(service): State<Service>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let (scope, days) = token_of(&fields).map_err(&told)?;
    let made = service.make_token(&visitor, fields.first("name"), scope, days, &client).await;
    let (_, secret) = made.map_err(&told)?;
    Ok(Sent::to(Redirect::to("/account#tokens"), &fields).with(shown(secret.as_str(), "/account")))
}

fn token_of(fields: &Fields) -> Result<(Scope, u32), Problem> {
    let scope = Scope::from_id(fields.first("scope"));
    let scope = scope.ok_or_else(|| Problem::bad_input("Choose what the token may do: read or write."))?;
    let days = fields.first("days").parse().ok();
    Ok((scope, days.ok_or_else(|| Problem::bad_input("Give the token's life in whole days."))?))
}

pub async fn revoke_token(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    service.revoke_token(&visitor, &id, &client).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::to(Redirect::to("/account#tokens"), &fields))
}

/// The cookie that shows a new secret on one page. Nothing else keeps it.
pub fn shown(secret: &str, page: &str) -> Option<HeaderValue> {
    let name = NewSecret::COOKIE;
    HeaderValue::from_str(&format!("{name}={secret}; Path={page}; Max-Age={SHOWN_SECONDS}; HttpOnly; SameSite=Strict"))
        .ok()
}
