//! Confirming a suspect and ruling it out, by form.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use domain::Problem;
use domain::decision::Ruling;
use service::Service;

use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;

/// Fields `suspect` (its key), `ruling` (empty: take it back), `note`, `author`.
pub async fn decide(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    say(&service, &id, &fields).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::back(&id, &fields))
}

async fn say(service: &Service, id: &str, fields: &Fields) -> Result<(), Problem> {
    let (suspect, actor) = (fields.first("suspect"), fields.actor()?);
    match fields.first("ruling") {
        "" => service.undecide(id, suspect, &actor).await,
        ruling => {
            let ruling = Ruling::from_id(ruling)
                .ok_or_else(|| Problem::bad_input("Decide with `confirmed` or `ruled_out`, or leave it empty."))?;
            service.decide(id, suspect, ruling, fields.first("note"), &actor).await
        }
    }
}
