//! `POST /investigations/{id}/inputs…`: which files play which part, and how they are read.

use axum::extract::{Multipart, Path, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::Problem;
use domain::investigation::Investigation;
use domain::snapshot::{ColumnRole, Roles, Snapshot, SnapshotRole};
use domain::visitor::Visitor;
use measure::ingest::{Format, ReadOptions};
use service::Service;

use super::new_investigation::{links, named};
use super::placing::{choices, part_of, placed};
use super::{Outcome, Sent};
use crate::http::extract::Fields;
use crate::http::problem::FormProblem;
use crate::http::uploads;
use crate::http::visitors::Who;

type Inputs = Vec<(SnapshotRole, String)>;

/// Fields: `snapshot` and `role` repeated in step (an empty role takes the file out), a field for each column role (empty:
/// guess; repeated where several columns can have it), `threshold`, `author`.
pub async fn review(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    pin(&service, &id, &fields, &visitor).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::to(Redirect::to(&format!("/investigations/{id}")), &fields))
}

async fn pin(service: &Service, id: &str, fields: &Fields, visitor: &Visitor) -> Result<(), Problem> {
    let named: Vec<&str> = fields.all("snapshot").collect();
    service.require_seen(visitor, &named).await?;
    let mut inputs = Inputs::new();
    for (snapshot, role) in fields.all("snapshot").zip(fields.all("role")) {
        if !role.is_empty() {
            inputs.push((part_of(role)?, snapshot.to_owned()));
        }
    }
    let threshold = fields.optional_number("threshold")?;
    service.replace_inputs(id, &inputs, &column_roles(fields), threshold, &fields.actor()?).await?;
    Ok(())
}

pub(super) fn column_roles(fields: &Fields) -> Roles {
    let named = |role: &ColumnRole| {
        let columns = fields.all(role.id()).filter(|column| !column.is_empty());
        columns.map(|column| (*role, column)).collect::<Vec<_>>()
    };
    ColumnRole::ALL.iter().flat_map(named).collect()
}

/// Adds files. Multipart fields: `files`, `link`, `snapshot`, `placed` (all repeated, as for a new investigation), `part` (the
/// part that the first of them plays; empty: guess), `author`.
pub async fn add_files(
    State(service): State<Service>,
    Path(id): Path<String>,
    Who(visitor): Who,
    headers: HeaderMap,
    form: Multipart,
) -> Outcome {
    let fields = add(&service, &id, form, &visitor).await.map_err(FormProblem::for_client(&headers))?;
    // What answers to repaired rows recover stands on the map.
    let page = if fields.first("part") == SnapshotRole::Repaired.id() { "" } else { "/inputs" };
    Ok(Sent::to(Redirect::to(&format!("/investigations/{id}{page}")), &fields))
}

async fn add(service: &Service, id: &str, form: Multipart, visitor: &Visitor) -> Result<Fields, Problem> {
    // Asked first, so that nothing is taken in for what is not there.
    service.investigation(id).await?;
    let uploads::Received { fields, mut snapshots } = uploads::receive(service, form).await?;
    let fields = fields.signed_by(visitor);
    snapshots.extend(named(service, &fields, visitor).await?);
    for target in links(&fields) {
        snapshots.extend(service.link_for(id, target).await?);
    }
    let ids: Vec<String> = snapshots.iter().map(|snapshot| snapshot.id.clone()).collect();
    let arranged = service.arrangement_among(id, &ids).await?;
    // A file that is added has a role, even if all files together would leave it out.
    let role = |snapshot: &Snapshot| {
        let known = arranged.files.iter().find(|file| file.snapshot == snapshot.id).and_then(|file| file.role);
        (known.unwrap_or(snapshot.guessed_role), snapshot.id.clone())
    };
    let mut added: Inputs = placed(snapshots.iter().map(role).collect(), &snapshots, &fields)?;
    // Where scripts run, the role of the first file was shown and could be changed.
    let is_open = |id: &str| choices(&fields).all(|(_, chosen)| chosen != id);
    if let (Some(part), Some(first)) = (fields.optional("part"), added.first_mut().filter(|first| is_open(&first.1))) {
        first.0 = part_of(&part)?;
    }
    service.change_inputs(id, |before| with_added(inputs_of(before), added), &fields.actor()?).await?;
    Ok(fields)
}

/// The inputs with others among them; answers to repaired rows are those of the last try.
fn with_added(mut inputs: Inputs, added: Inputs) -> Result<Inputs, Problem> {
    if let Some((_, answers)) = added.iter().find(|(role, _)| *role == SnapshotRole::Repaired) {
        if let Some((role, _)) = inputs.iter().find(|(role, known)| known == answers && *role != SnapshotRole::Repaired)
        {
            return Err(Problem::bad_input(format!(
                "This file is an input already, as {}. If it holds answers to repaired rows, change its role below.",
                role.words()
            )));
        }
        inputs.retain(|(role, _)| *role != SnapshotRole::Repaired);
    }
    for (role, snapshot) in added {
        if !inputs.iter().any(|(_, known)| *known == snapshot) {
            inputs.push((role, snapshot));
        }
    }
    Ok(inputs)
}

/// Chooses another reading of the files, by one click. Fields `label` (a column) or `positive` (a class), `author`.
pub async fn read_otherwise(
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    choose(&service, &id, &fields).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::to(Redirect::to(&format!("/investigations/{id}")), &fields))
}

async fn choose(service: &Service, id: &str, fields: &Fields) -> Result<(), Problem> {
    let actor = fields.actor()?;
    match (fields.optional("label"), fields.optional("positive")) {
        (Some(column), _) => service.choose_label(id, &column, &actor).await,
        (None, Some(class)) => service.choose_positive(id, &class, &actor).await,
        (None, None) => Err(Problem::bad_input("Choose a label column or a positive class.")),
    }
}

/// Reads a file in another way and puts the result in its place. Fields, empty for "detect": `format`, `delimiter`,
/// `quote`, `encoding`, `decimal_comma` and `header` (`yes` or `no`), and `author`.
pub async fn reread(
    State(service): State<Service>,
    Path((id, snapshot)): Path<(String, String)>,
    headers: HeaderMap,
    fields: Fields,
) -> Outcome {
    read_again(&service, &id, &snapshot, &fields).await.map_err(FormProblem::for_client(&headers))?;
    Ok(Sent::to(Redirect::to(&format!("/investigations/{id}/inputs")), &fields))
}

async fn read_again(service: &Service, id: &str, snapshot: &str, fields: &Fields) -> Result<(), Problem> {
    let investigation = service.investigation(id).await?;
    if !investigation.inputs.iter().any(|input| input.snapshot.id == snapshot) {
        return Err(Problem::not_found("This file is not among the inputs any more. Load the page again."));
    }
    // Another way of reading is no other part of the file.
    let rows = service.read_options(snapshot).await?.rows;
    let read = service.reread(snapshot, ReadOptions { rows, ..read_options(fields)? }).await?;
    let in_its_place = |before: &Investigation| {
        let mut inputs = inputs_of(before);
        put_in_place(&mut inputs, snapshot, &read);
        Ok(inputs)
    };
    service.change_inputs(id, in_its_place, &fields.actor()?).await?;
    Ok(())
}

fn put_in_place(inputs: &mut Inputs, snapshot: &str, read: &Snapshot) {
    for (role, pinned) in inputs.iter_mut().filter(|(_, pinned)| pinned == snapshot) {
        pinned.clone_from(&read.id);
        // What was taken for an artifact may turn out to be a table.
        if role.is_table() != read.guessed_role.is_table() {
            *role = read.guessed_role;
        }
    }
}

fn inputs_of(investigation: &Investigation) -> Inputs {
    investigation.inputs.iter().map(|input| (input.role, input.snapshot.id.clone())).collect()
}

fn read_options(fields: &Fields) -> Result<ReadOptions, Problem> {
    let format = match fields.optional("format") {
        Some(name) => Some(
            serde_json::from_value::<Format>(serde_json::Value::String(name.clone()))
                .map_err(|error| Problem::bad_input(format!("{name:?} is not a supported format ({error}).")))?,
        ),
        None => None,
    };
    Ok(ReadOptions {
        format,
        delimiter: single_byte(fields, "delimiter")?,
        quote: single_byte(fields, "quote")?,
        encoding: fields.optional("encoding"),
        decimal_comma: yes_or_no(fields, "decimal_comma")?,
        header: yes_or_no(fields, "header")?,
        ..ReadOptions::default()
    })
}

/// `tab` and `space` by name, because a field's white space is trimmed.
fn single_byte(fields: &Fields, name: &str) -> Result<Option<u8>, Problem> {
    match fields.first(name).as_bytes() {
        [] => Ok(None),
        b"tab" => Ok(Some(b'\t')),
        b"space" => Ok(Some(b' ')),
        [byte] if byte.is_ascii() => Ok(Some(*byte)),
        _ => Err(Problem::bad_input(format!("The {name} must be one ASCII character or the word tab."))),
    }
}

fn yes_or_no(fields: &Fields, name: &str) -> Result<Option<bool>, Problem> {
    match fields.first(name) {
        "" => Ok(None),
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        other => Err(Problem::bad_input(format!("{other:?} in the field {name} is not valid. Write yes or no."))),
    }
}
