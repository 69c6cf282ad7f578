//! What people say of a model and do with what arrived, by form. Every form may hold `author`.

use axum::extract::{Multipart, Path};
use axum::response::Redirect;
use domain::Problem;
use domain::evaluation::Task;
use domain::markup::percent_encoded;
use domain::model::EditModel;
use service::ArrivalTerms;

use super::inputs::column_roles;
use super::placing::part_of;
use super::{Outcome, Sent};
use crate::http::arrivals::time_of;
use crate::http::extract::Fields;
use crate::http::models::from_one;
use crate::http::uploads;
use crate::http::visitors::Sender;

/// Fields `owner`, `task` (empty: as it is), and one for each column role (empty: guess).
pub async fn edit(by: Sender, Path(name): Path<String>, fields: Fields) -> Outcome {
    let done = said(&by, &name, &fields).await;
    by.told(done)?;
    Ok(back(&name, "about", &fields))
}

async fn said(by: &Sender, name: &str, fields: &Fields) -> Result<(), Problem> {
    let task = |word: String| {
        let known = Task::ALL.iter().copied().find(|task| task.id() == word);
        known.ok_or_else(|| Problem::bad_input("Choose what the model predicts from the list."))
    };
    let edit = EditModel {
        task: fields.optional("task").map(task).transpose()?,
        owner: Some(fields.first("owner").to_owned()),
        roles: Some(column_roles(fields)),
        author: fields.actor()?,
    };
    by.service.edit_model(name, edit).await?;
    Ok(())
}

/// Fields `arrival` or `investigation`: where the reference is taken from.
pub async fn set_reference(by: Sender, Path(name): Path<String>, fields: Fields) -> Outcome {
    let (arrival, investigation) = (fields.optional("arrival"), fields.optional("investigation"));
    let from = by.told(from_one(arrival.as_deref(), investigation.as_deref()))?;
    let actor = by.told(fields.actor())?;
    by.told(by.service.pin_reference(&name, from, &actor).await)?;
    Ok(back(&name, "reference", &fields))
}

/// Opens the investigation of a window and leads to it.
pub async fn investigate(by: Sender, Path((name, arrival)): Path<(String, String)>, fields: Fields) -> Outcome {
    let actor = by.told(fields.actor())?;
    let (opened, _) = by.told(by.service.open_window(&name, &arrival, &actor).await)?;
    Ok(Sent::to(Redirect::to(&format!("/investigations/{}", opened.id)), &fields))
}

/// Judges a window again.
pub async fn judge(by: Sender, Path((name, arrival)): Path<(String, String)>, fields: Fields) -> Outcome {
    by.told(by.service.judge_window(&name, &arrival).await)?;
    Ok(back(&name, "arrivals", &fields))
}

/// Takes an arrival out.
pub async fn remove(by: Sender, Path((name, arrival)): Path<(String, String)>, fields: Fields) -> Outcome {
    let actor = by.told(fields.actor())?;
    by.told(by.service.delete_arrival(&name, &arrival, &actor, &by.client).await)?;
    Ok(back(&name, "arrivals", &fields))
}

/// Takes a file in. Multipart fields: `role` (empty: by what it shows), `at`, `version`, `author` and one file, the last.
pub async fn receive(by: Sender, Path(name): Path<String>, form: Multipart) -> Outcome {
    let done = received(&by, &name, form).await;
    let fields = by.told(done)?;
    Ok(back(&name, "arrivals", &fields))
}

async fn received(by: &Sender, name: &str, form: Multipart) -> Result<Fields, Problem> {
    let (fields, upload) = uploads::one(&by.service, form).await?;
    let fields = fields.signed_by(&by.visitor);
    let role = fields.optional("role").map(|word| part_of(&word)).transpose()?;
    let at_ms = time_of(fields.optional("at").as_deref())?;
    let terms = ArrivalTerms::new(name, role, at_ms, fields.first("version"), fields.actor()?)?;
    let upload = upload.ok_or_else(|| Problem::bad_input("Choose a file to send."))?;
    by.service.arrive(&terms, upload, &by.visitor).await?;
    Ok(fields)
}

fn back(name: &str, section: &str, fields: &Fields) -> Sent {
    Sent::to(Redirect::to(&format!("/models/{}#{section}", percent_encoded(name.trim()))), fields)
}
