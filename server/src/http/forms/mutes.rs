//! Muting a finding and taking it back, by form.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use domain::Problem;
use engine::Engine;

use super::{Outcome, back_to, grounds};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;

/// Field `finding`, and those of [`grounds`].
pub async fn mute(State(engine): State<Engine>, Path(id): Path<String>, headers: HeaderMap, fields: Fields) -> Outcome {
    say(&engine, &id, &fields).await.map_err(FormProblem::for_client(&headers))?;
    Ok(back_to(&id, fields.first("back")))
}

async fn say(engine: &Engine, id: &str, fields: &Fields) -> Result<(), Problem> {
    engine.mute(id, fields.first("finding"), &grounds(fields)?).await
}

/// Field `finding`.
pub async fn unmute(
    State(engine): State<Engine>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let done = engine.unmute(&id, fields.first("finding"), fields.first("author")).await;
    done.map_err(FormProblem::for_client(&headers))?;
    Ok(back_to(&id, fields.first("back")))
}
