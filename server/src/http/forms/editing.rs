//! What an investigation is called and about, and whether it is listed, by form.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::Problem;
use domain::deleted::FilesToo;
use domain::investigation::Edit;
use domain::seen::{SEEN, unchanged};
use domain::symptom::Symptom;
use domain::visitor::Visitor;
use service::Service;

use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;
use crate::http::visitors::{Caller, Who};

/// Fields `title`, `model`, `symptoms` (repeated: those of the map), and `other` (one symptom in other words on each line).
pub async fn edit(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    say(&service, &id, &fields, &visitor).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::back(&id, &fields))
}

async fn say(service: &Service, id: &str, fields: &Fields, visitor: &Visitor) -> Result<(), Problem> {
    visitor.edits_model(fields.first("model").trim())?;
    let symptoms = fields.all("symptoms").chain(fields.first("other").lines()).map(str::trim);
    let edit = Edit {
        title: Some(fields.first("title").to_owned()),
        model: Some(fields.first("model").to_owned()),
        symptoms: Some(symptoms.filter(|symptom| !symptom.is_empty()).map(Symptom::from).collect()),
        author: fields.actor()?,
    };
    unchanged("What it is called and about", fields.first(SEEN), &service.investigation(id).await?.about())?;
    service.edit(id, edit).await?;
    Ok(())
}

/// Fields `sure` (any value) and `keep_files` (any value: its files stay).
pub async fn delete(
    State(service): State<Service>,
    Path(id): Path<String>,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    if fields.first("sure").is_empty() {
        return Err(told(Problem::bad_input("Tick that you are sure: nothing of it can be brought back.")));
    }
    let files = if fields.first("keep_files").is_empty() { FilesToo::Delete } else { FilesToo::Keep };
    service.delete_investigation(&id, files, &actor, &client).await.map_err(&told)?;
    Ok(Sent::to(Redirect::to("/"), &fields))
}

/// Field `sure` (any value). Leads back to the list of stored files.
pub async fn delete_file(
    State(service): State<Service>,
    Path(id): Path<String>,
    Caller(client): Caller,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    if fields.first("sure").is_empty() {
        return Err(told(Problem::bad_input("Tick that you are sure: the file can't be brought back.")));
    }
    service.delete_snapshot(&id, &actor, &client).await.map_err(&told)?;
    Ok(Sent::to(Redirect::to("/files"), &fields))
}

pub async fn archive(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    service.archive(&id, &actor).await.map_err(&told)?;
    Ok(Sent::back(&id, &fields))
}

pub async fn unarchive(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    let told = FormProblem::for_client(&headers);
    let actor = fields.actor().map_err(&told)?;
    service.unarchive(&id, &actor).await.map_err(&told)?;
    Ok(Sent::back(&id, &fields))
}
