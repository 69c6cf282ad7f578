//! `POST /investigations`: files and the symptom in, an investigation out.

use axum::extract::{Multipart, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::Problem;
use domain::investigation::NewInvestigation;
use domain::snapshot::{ColumnRole, Roles, Snapshot};
use domain::symptom::Symptom;
use domain::visitor::Visitor;
use service::Service;

use super::cutting::cut;
use super::placing::placed;
use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;
use crate::http::uploads;
use crate::http::visitors::Who;

/// Multipart fields: `title`, `model`, `symptoms` (repeated), `author`, `files` (repeated), `link` (repeated: a path or
/// an address), `snapshot` (repeated: the id of one that is stored already), `placed` (repeated: the role that a person
/// gave one of them, a colon, and its id; no role leaves it out), `label` (its column; empty: guess), `label_guess` (what
/// was shown as the label before anybody chose), `cut` and `cut_at:ID` (see [`cut`]).
pub async fn create(State(service): State<Service>, Who(visitor): Who, headers: HeaderMap, form: Multipart) -> Outcome {
    let opened = open(&service, form, &visitor).await;
    let (id, fields) = opened.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::to(Redirect::to(&format!("/investigations/{id}")), &fields))
}

async fn open(service: &Service, form: Multipart, visitor: &Visitor) -> Result<(String, Fields), Problem> {
    let uploads::Received { fields, mut snapshots } = uploads::receive(service, form).await?;
    let mut fields = fields.signed_by(visitor);
    visitor.edits_model(fields.first("model").trim())?;
    snapshots.extend(named(service, &fields, visitor).await?);
    for target in links(&fields) {
        snapshots.extend(service.link(target, None).await?);
    }
    service.brought(visitor, &snapshots).await?;
    let title = fields.optional("title").unwrap_or_else(|| default_title(&fields));
    let parts = cut(service, &mut fields, &mut snapshots).await?;
    let mut assigned = service::assign_roles(&snapshots);
    assigned.retain(|(_, id)| !parts.iter().any(|(_, part)| part == id));
    assigned.extend(parts.iter().cloned());
    let inputs = placed(assigned.clone(), &snapshots, &fields)?;
    if inputs.is_empty() {
        return Err(Problem::bad_input(
            "There is no file to check. Add the training data and the data the model sees now, or a file of another tool.",
        ));
    }
    let new = NewInvestigation {
        title,
        model: fields.first("model").to_owned(),
        symptoms: fields.all("symptoms").filter(|symptom| !symptom.is_empty()).map(Symptom::from).collect(),
        roles: label(&fields, inputs != assigned || !parts.is_empty()),
        inputs,
        author: fields.actor()?,
        ..NewInvestigation::default()
    };
    Ok((service.create_investigation(new).await?.id, fields))
}

/// The label that a person chose. What nobody touched stays a guess, as the diagnosis makes the same one and says so; where
/// other roles were chosen it might make another, so that what was shown is named.
fn label(fields: &Fields, roles_were_chosen: bool) -> Roles {
    let label = fields.optional("label").filter(|label| roles_were_chosen || *label != fields.first("label_guess"));
    label.into_iter().map(|column| (ColumnRole::Label, column)).collect()
}

/// In an incident nobody wants to be held up by a title; the symptom says it as well.
fn default_title(fields: &Fields) -> String {
    let symptom = fields.all("symptoms").find(|symptom| !symptom.is_empty()).map(Symptom::from);
    match (symptom.as_ref().map(Symptom::words), fields.optional("model")) {
        (Some(symptom), Some(model)) => format!("{model}: {symptom}"),
        (Some(symptom), None) => symptom.to_owned(),
        (None, Some(model)) => format!("{model}: what is wrong?"),
        (None, None) => "What is wrong?".to_owned(),
    }
}

/// The snapshots that a form names by their ids.
///
/// # Errors
/// `NotFound` for one that is not there, or that the visitor does not see.
pub(super) async fn named(service: &Service, fields: &Fields, visitor: &Visitor) -> Result<Vec<Snapshot>, Problem> {
    let ids: Vec<&str> = fields.all("snapshot").filter(|id| !id.is_empty()).collect();
    service.require_seen(visitor, &ids).await?;
    let mut snapshots = Vec::new();
    for id in ids {
        snapshots.push(service.snapshot(id).await?);
    }
    Ok(snapshots)
}

/// The addresses and paths that a form holds.
pub(super) fn links(fields: &Fields) -> impl Iterator<Item = &str> {
    fields.all("link").filter(|target| !target.trim().is_empty())
}
