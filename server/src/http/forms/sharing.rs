//! Share links by form.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::Problem;
use engine::Engine;

use super::{Outcome, back_to};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;

/// Field `expires_days` (empty: never), `author`. Leads to the shared page itself: its address is the link, and this is
/// the only time it can be seen.
pub async fn share(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let expires_at_ms = expiry(&fields).map_err(&told)?;
    let made = engine.share(&id, expires_at_ms, fields.first("author")).await.map_err(&told)?;
    Ok(Redirect::to(&format!("/s/{}", made.secret)))
}

fn expiry(fields: &Fields) -> Result<Option<i64>, Problem> {
    let Some(days) = fields.optional_number("expires_days")? else { return Ok(None) };
    if !(days > 0.0 && days <= 3650.0) {
        return Err(Problem::bad_input(
            "A link can last from part of a day to 3650 days. Leave the field empty for no end.",
        ));
    }
    let end = SystemTime::now() + Duration::from_secs_f64(days * 86_400.0);
    let since = end.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Some(since.as_millis() as i64))
}

pub async fn revoke(
    State(engine): State<Engine>,
    Path(link): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let link = engine.revoke_share(&link, fields.first("author")).await.map_err(FormProblem::for_client(&headers))?;
    Ok(back_to(&link.investigation, fields.first("back")))
}
