//! What people say and decide about an investigation. Every form may hold `author` and `back` (see [`super::back_to`]).

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::closing::Closing;
use domain::investigation::Status;
use domain::seen::{SEEN, unchanged};
use domain::{Cause, Problem};
use service::Service;

use super::{Outcome, Sent, back_to, grounds};
use crate::http::extract::Fields;
use crate::http::investigations::item_of;
use crate::http::problem::FormProblem;

/// Fields `text` and `reply_to` (the id of the note that it answers).
pub async fn add_note(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    let answered = fields.optional("reply_to");
    service.add_note(&id, fields.first("text"), answered.as_deref(), &actor).await.map_err(&told)?;
    Ok(Sent::back(&id, &fields))
}

/// Fields `item`, `status`, and those of [`grounds`].
pub async fn set_status(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    say(&service, &id, &fields).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::back(&id, &fields))
}

async fn say(service: &Service, id: &str, fields: &Fields) -> Result<(), Problem> {
    let item = item_of(fields.first("item"))?;
    let status = Status::from_id(fields.first("status"))
        .ok_or_else(|| Problem::bad_input("Choose a status: to check, confirmed, ruled out or accepted."))?;
    let now = service.investigation(id).await?.statuses.into_iter().find(|said| said.item == item);
    unchanged(&format!("The status of {}", item.code()), fields.first(SEEN), &now)?;
    service.set_status(id, item, status, &grounds(fields)?).await
}

/// Fields `verdict`, `suspect` (the key of the one that was the cause; empty for another cause), `cause` (in other words),
/// `root_cause` (the id of a kind of cause), `impact`, `done` and `prevention`.
pub async fn close(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    conclude(&service, &id, &fields).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::back(&id, &fields))
}

async fn conclude(service: &Service, id: &str, fields: &Fields) -> Result<(), Problem> {
    let field = |name: &str| fields.first(name).to_owned();
    let closing = Closing {
        verdict: field("verdict"),
        root_cause: root_cause(fields)?,
        impact: field("impact"),
        cause: field("cause"),
        done: field("done"),
        prevention: field("prevention"),
    };
    let actor = fields.actor()?;
    match fields.optional("suspect").filter(|_| closing.cause.is_empty()) {
        Some(suspect) => service.close_with_suspect(id, &suspect, &closing, &actor).await,
        None => service.close(id, &closing, &actor).await,
    }
}

fn root_cause(fields: &Fields) -> Result<Option<Cause>, Problem> {
    let known = |id: String| {
        Cause::ALL
            .iter()
            .copied()
            .find(|cause| cause.id() == id)
            .ok_or_else(|| Problem::bad_input("Choose a kind of cause from the list, or none."))
    };
    fields.optional("root_cause").map(known).transpose()
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
    Ok(Sent::back(&id, &fields))
}

/// Diagnoses again, with the inputs as they are.
pub async fn diagnose(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    service.diagnose_again(&id).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::back(&id, &fields))
}

/// Cancels a job and leads back to the page of its subject.
pub async fn cancel_job(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let job = service.cancel_job(&id).await.map_err(FormProblem::for_client(&headers))?;
    let to = match job.kind {
        domain::job::JobKind::Diagnose => back_to(&job.subject, fields.first("back")),
        domain::job::JobKind::Profile | domain::job::JobKind::Judge => Redirect::to("/"),
    };
    Ok(Sent::to(to, &fields))
}
