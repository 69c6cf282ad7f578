//! What people say and decide about an investigation. Every form may hold `author` and `back` (see [`super::back_to`]).

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::Problem;
use domain::investigation::Status;
use service::Service;

use super::{Outcome, back_to, grounds};
use crate::http::extract::Fields;
use crate::http::investigations::item_of;
use crate::http::problem::FormProblem;

/// Field `text`.
pub async fn add_note(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    service.add_note(&id, fields.first("text"), &actor).await.map_err(&told)?;
    Ok(back_to(&id, fields.first("back")))
}

/// Fields `item`, `status`, and those of [`grounds`].
pub async fn set_status(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    say(&service, &id, &fields).await.map_err(FormProblem::for_client(&headers))?;
    Ok(back_to(&id, fields.first("back")))
}

async fn say(service: &Service, id: &str, fields: &Fields) -> Result<(), Problem> {
    let item = item_of(fields.first("item"))?;
    let status = Status::from_id(fields.first("status"))
        .ok_or_else(|| Problem::bad_input("Choose a status: to check, confirmed, ruled out or accepted."))?;
    service.set_status(id, item, status, &grounds(fields)?).await
}

/// Field `verdict`.
pub async fn close(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    service.close(&id, fields.first("verdict"), &actor).await.map_err(&told)?;
    Ok(back_to(&id, fields.first("back")))
}

pub async fn reopen(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    service.reopen(&id, &actor).await.map_err(&told)?;
    Ok(back_to(&id, fields.first("back")))
}

/// Diagnoses again, with the inputs as they are.
pub async fn diagnose(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    service.diagnose_again(&id).await.map_err(FormProblem::for_client(&headers))?;
    Ok(back_to(&id, fields.first("back")))
}

/// Cancels a job and leads back to the page of its subject.
pub async fn cancel_job(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let job = service.cancel_job(&id).await.map_err(FormProblem::for_client(&headers))?;
    Ok(match job.kind {
        domain::job::JobKind::Diagnose => back_to(&job.subject, fields.first("back")),
        domain::job::JobKind::Profile => Redirect::to("/"),
    })
}
