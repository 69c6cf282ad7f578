//! Closing the tour of the map, by form.

use app::visitor::Tour;
use axum::http::HeaderValue;
use axum::response::Redirect;

use super::{Outcome, Sent};
use crate::http::extract::Fields;

/// Ten years, in seconds.
const KEPT_SECONDS: u32 = 315_360_000;

/// Field `investigation`: the one on whose map it is closed. The browser remembers it.
pub async fn close(fields: Fields) -> Outcome {
    let id = fields.first("investigation");
    let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let sent = if is_plain { Sent::back(id, &fields) } else { Sent::to(Redirect::to("/"), &fields) };
    let cookie = format!("{}={}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax", Tour::COOKIE, Tour::CLOSED);
    Ok(sent.with(HeaderValue::from_str(&cookie).ok()))
}
