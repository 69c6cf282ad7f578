//! What the start page shows of the files that are stored so far.

use app::pages::start_files::{
    AddedFiles, AddedFilesProps, NotRead, NotReadProps, StartFile, StartFiles, StartFilesProps, StartFilesRead,
};
use axum::extract::{Path, Query, State};
use axum::response::Html;
use domain::Problem;
use domain::arrangement::{ArrangedFile, Arrangement};
use domain::snapshot::SnapshotRole;
use domain::visitor::Visitor;
use engine::ingest::Ingested;
use leptos::prelude::{IntoView, Owner, RenderHtml};
use service::Service;

use super::extract::Fields;
use super::forms::placing::choices;
use super::visitors::Who;

/// Rows shown of each file.
const ROWS: usize = 4;

/// Fields `snapshot` (repeated: the ids of stored files), `placed` (repeated: a role that a person chose, a colon, and the
/// id; no role leaves the file out), `cut` (how a person wants a table to be cut), `label` (the column that a person chose).
pub async fn files(
    State(service): State<Service>,
    Who(visitor): Who,
    Query(fields): Query<Vec<(String, String)>>,
) -> Html<String> {
    let read = read(&service, &visitor, &Fields(fields)).await;
    rendered(read.map(|read| move || StartFiles(StartFilesProps { read })))
}

/// The same of files that are added to an investigation, among its inputs; its label is chosen elsewhere. `part` is the role
/// that the first of them is wanted for, or `detect`.
pub async fn added(
    State(service): State<Service>,
    Path((investigation, part)): Path<(String, String)>,
    Who(visitor): Who,
    Query(fields): Query<Vec<(String, String)>>,
) -> Html<String> {
    let read = read_among(&service, &visitor, (&investigation, &part), Fields(fields)).await;
    rendered(read.map(|read| move || AddedFiles(AddedFilesProps { read })))
}

fn rendered<V: IntoView>(shown: Result<impl FnOnce() -> V, Problem>) -> Html<String> {
    Html(Owner::new().with(|| match shown {
        Ok(show) => show().into_view().to_html(),
        Err(problem) => NotRead(NotReadProps { problem }).to_html(),
    }))
}

async fn read(service: &Service, visitor: &Visitor, fields: &Fields) -> Result<StartFilesRead, Problem> {
    let ids = ids(fields);
    service.require_seen(visitor, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    shown(service, fields, service.arrangement(&ids).await?).await
}

async fn read_among(
    service: &Service,
    visitor: &Visitor,
    (investigation, part): (&str, &str),
    mut fields: Fields,
) -> Result<StartFilesRead, Problem> {
    let ids = ids(&fields);
    service.require_seen(visitor, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    if let (Some(role), Some(first)) = (SnapshotRole::from_id(part), ids.first()) {
        // After what the person chose, which is found first.
        fields.0.push(("placed".to_owned(), format!("{}:{first}", role.id())));
    }
    shown(service, &fields, service.arrangement_among(investigation, &ids).await?).await
}

fn ids(fields: &Fields) -> Vec<String> {
    fields.all("snapshot").map(str::to_owned).collect()
}

async fn shown(service: &Service, fields: &Fields, arrangement: Arrangement) -> Result<StartFilesRead, Problem> {
    let mut files = Vec::with_capacity(arrangement.files.len());
    for arranged in arrangement.files {
        files.push(file(service, arranged, fields).await?);
    }
    Ok(StartFilesRead { files, guess: arrangement.label, label: fields.optional("label") })
}

/// What follows from a file; of one that nothing follows from, what could not be read.
fn sentences(said: Ingested) -> Vec<String> {
    if said.statements.is_empty() { said.warnings } else { said.statements }
}

async fn file(service: &Service, arranged: ArrangedFile, fields: &Fields) -> Result<StartFile, Problem> {
    let id = &arranged.snapshot;
    let snapshot = service.snapshot(id).await?;
    let chosen = choices(fields).find(|(_, of)| of == id).map(|(role, _)| SnapshotRole::from_id(role));
    let cut = fields.all("cut").find(|cut| cut.split_once(':').is_none_or(|(_, of)| of == id)).map(str::to_owned);
    // A file that can't be shown can be used all the same; the reason is logged where it arises.
    let (preview, says) = match snapshot.guessed_role.is_table() {
        true => (service.preview(id, ROWS).await.ok(), Vec::new()),
        false => (None, service.said_by(id).await.map(sentences).unwrap_or_default()),
    };
    Ok(StartFile { snapshot, preview, says, arranged, chosen, cut })
}
