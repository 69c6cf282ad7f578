//! Confirming a suspect and ruling it out, by form.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use domain::Problem;
use domain::decision::Ruling;
use domain::seen::{SEEN, unchanged};
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
    let decisions = service.investigation(id).await?.decisions;
    let now = decisions.into_iter().find(|decision| decision.suspect == suspect);
    unchanged("What was decided about this hypothesis", fields.first(SEEN), &now)?;
    match fields.first("ruling") {
        "" => service.undecide(id, suspect, &actor).await,
        ruling => {
            let ruling = Ruling::from_id(ruling)
                .ok_or_else(|| Problem::bad_input("Decide with `confirmed` or `ruled_out`, or leave it empty."))?;
            service.decide(id, suspect, ruling, fields.first("note"), &actor).await
        }
    }
}
