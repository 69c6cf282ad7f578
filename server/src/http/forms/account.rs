//! One's own account, by form.

use app::visitor::NewSecret;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::response::Redirect;
use domain::Problem;
use domain::account::Scope;

use super::{Outcome, Sent};
use crate::http::Door;
use crate::http::cookies::{SameSite, cookie};
use crate::http::extract::Fields;
use crate::http::visitors::Sender;

/// Seconds for which a new secret is shown to whoever made it.
const SHOWN_SECONDS: u32 = 300;

/// Fields `old` and `new`.
pub async fn change_password(by: Sender, fields: Fields) -> Outcome {
    let (old, new) = (fields.whole("old"), fields.whole("new"));
    by.told(by.service.change_password(&by.visitor, old, new, &by.client).await)?;
    Ok(Sent::to(Redirect::to("/account?changed=password#password"), &fields))
}

pub async fn end_session(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    by.told(by.service.end_session(&by.visitor, &id, &by.client).await)?;
    Ok(Sent::to(Redirect::to("/account#sessions"), &fields))
}

/// Fields `name`, `scope`, `days`. The secret is shown for some minutes: only this browser has it.
pub async fn make_token(by: Sender, fields: Fields) -> Outcome {
    let (scope, days) = by.told(token_of(&fields))?;
    let made = by.service.make_token(&by.visitor, fields.first("name"), scope, days, &by.client).await;
    let (_, secret) = by.told(made)?;
    Ok(Sent::to(Redirect::to("/account#tokens"), &fields).with(shown(secret.as_str(), "/account", by.door)))
}

fn token_of(fields: &Fields) -> Result<(Scope, u32), Problem> {
    let scope = Scope::from_id(fields.first("scope"));
    let scope = scope.ok_or_else(|| Problem::bad_input("Choose what the token may do: read or write."))?;
    let days = fields.first("days").parse().ok();
    Ok((scope, days.ok_or_else(|| Problem::bad_input("Give the token's life in whole days."))?))
}

pub async fn revoke_token(by: Sender, Path(id): Path<String>, fields: Fields) -> Outcome {
    by.told(by.service.revoke_token(&by.visitor, &id, &by.client).await)?;
    Ok(Sent::to(Redirect::to("/account#tokens"), &fields))
}

/// The cookie that shows a new secret on one page. Nothing else keeps it.
pub fn shown(secret: &str, page: &str, door: Door) -> Option<HeaderValue> {
    cookie(NewSecret::COOKIE, secret, page, SHOWN_SECONDS, SameSite::Strict, door)
}
