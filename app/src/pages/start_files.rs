//! The files of an investigation that is being started, as the server reads them together: each with its role, the reason
//! and its first rows, and the label. The start page asks for it whenever another file is stored.

use domain::arrangement::{ArrangedFile, ArrangedLabel, Arrangement};
use domain::snapshot::{ColumnRole, Preview, Roles, Snapshot};
use domain::{Problem, SnapshotRole};
use leptos::prelude::*;

use super::inputs::PreviewTable;

/// What is known of the files, and what the person chose so far.
#[derive(Debug, Clone)]
pub struct StartFilesRead {
    pub files: Vec<StartFile>,
    pub arrangement: Arrangement,
    /// The label that the person chose.
    pub label: Option<String>,
}

/// One stored file.
#[derive(Debug, Clone)]
pub struct StartFile {
    pub snapshot: Snapshot,
    /// `None` where it can't be shown; the file itself was read.
    pub preview: Option<Preview>,
    /// The role that the person chose: `Some(None)` leaves it out.
    pub chosen: Option<Option<SnapshotRole>>,
}

/// The files of an investigation that is being started, and the choice of the label.
#[component]
pub fn StartFiles(read: StartFilesRead) -> impl IntoView {
    let train = read.files.iter().find(|file| role_of(file, &read.arrangement) == Some(SnapshotRole::Train));
    let columns = train.map_or_else(Vec::new, |file| {
        file.snapshot.columns.iter().map(|column| column.name.clone()).collect::<Vec<String>>()
    });
    let guess = read.arrangement.label.clone().filter(|guess| columns.contains(&guess.column));
    let chosen = read.label.clone().filter(|label| columns.contains(label));
    let taken = chosen.or_else(|| guess.as_ref().map(|guess| guess.column.clone()));
    view! {
        <Cards read label=taken.clone()/>
        {(!columns.is_empty()).then(|| view! { <LabelChoice columns guess taken/> })}
    }
}

/// Files that are added to an investigation.
#[component]
pub fn AddedFiles(read: StartFilesRead) -> impl IntoView {
    view! { <Cards read label=None/> }
}

#[component]
fn Cards(read: StartFilesRead, label: Option<String>) -> impl IntoView {
    let StartFilesRead { files, arrangement, .. } = read;
    let card = |file: StartFile| {
        let arranged = arrangement.files.iter().find(|one| one.snapshot == file.snapshot.id).cloned();
        match file.snapshot.guessed_role.is_table() {
            true => view! { <Card file arranged label=label.clone()/> }.into_any(),
            false => view! { <Artifact snapshot=file.snapshot/> }.into_any(),
        }
    };
    files.into_iter().map(card).collect_view()
}

/// A file of another tool: there is nothing to choose.
#[component]
fn Artifact(snapshot: Snapshot) -> impl IntoView {
    view! {
        <section class="start-file row" aria-label=snapshot.name.clone()>
            <code>{snapshot.name.clone()}</code>
            <span class="muted small">{format!("{}: {}", snapshot.guessed_role.words(), snapshot.format)}</span>
        </section>
    }
}

/// Why there is nothing to show of the files.
#[component]
pub fn NotRead(problem: Problem) -> impl IntoView {
    view! { <p class="notice bad" role="alert">{problem.message}</p> }
}

/// The role that the person chose, or else the one that all files show; `None` where the file is left out.
fn role_of(file: &StartFile, arrangement: &Arrangement) -> Option<SnapshotRole> {
    let arranged = || arrangement.files.iter().find(|one| one.snapshot == file.snapshot.id)?.role;
    file.chosen.unwrap_or_else(arranged)
}

#[component]
fn Card(file: StartFile, arranged: Option<ArrangedFile>, label: Option<String>) -> impl IntoView {
    let StartFile { snapshot, preview, chosen } = file;
    let guess = arranged.as_ref().and_then(|file| file.role);
    let role = chosen.unwrap_or(guess);
    let value = |role: Option<SnapshotRole>| format!("{}:{}", role.map_or("", SnapshotRole::id), snapshot.id);
    let option = |one: Option<SnapshotRole>| {
        let words = one.map_or("– leave out –", SnapshotRole::words);
        view! { <option value=value(one) selected=one == role>{words}</option> }
    };
    let tables = SnapshotRole::ALL.into_iter().filter(|role| role.is_table()).map(Some);
    let options = tables.chain([None]).map(option).collect_view();
    let roles = roles_in(&snapshot, label);
    let first = preview.map(|preview| {
        view! {
            <PreviewTable preview columns=snapshot.columns.clone() roles name=snapshot.name.clone()/>
        }
    });
    view! {
        <section class="start-file stack" aria-label=snapshot.name.clone()>
            <div class="row">
                <code>{snapshot.name.clone()}</code>
                <span class="muted small">{snapshot.extent()}</span>
                <select class="auto" name="placed" aria-label=format!("Role of {}", snapshot.name) data-guess=value(guess)>
                    {options}
                </select>
                <span class="faint small">{arranged.and_then(|file| file.why)}</span>
            </div>
            {first}
        </section>
    }
}

/// The roles of its columns as they are shown in the header.
fn roles_in(snapshot: &Snapshot, label: Option<String>) -> Roles {
    let mut roles = snapshot.guessed_roles();
    if let Some(label) = label.filter(|label| snapshot.has_column(label)) {
        roles.set(ColumnRole::Label, [label]);
    }
    roles
}

#[component]
fn LabelChoice(columns: Vec<String>, guess: Option<ArrangedLabel>, taken: Option<String>) -> impl IntoView {
    let guessed = guess.as_ref().map(|guess| guess.column.clone()).unwrap_or_default();
    let why = match guess {
        Some(guess) => guess.why,
        None => {
            "The column with the true value that the model predicts. Without it, labels are not checked.".to_owned()
        }
    };
    view! {
        <div class="field label-choice">
            <label for="label">"Label"</label>
            <input type="hidden" name="label_guess" value=guessed.clone()/>
            <select id="label" name="label" class="auto" data-guess=guessed.clone()>
                {guessed.is_empty().then(|| view! { <option value="">"– not known –"</option> })}
                {columns
                    .into_iter()
                    .map(|column| {
                        let selected = taken.as_ref() == Some(&column);
                        view! { <option value=column.clone() selected=selected>{column.clone()}</option> }
                    })
                    .collect_view()}
            </select>
            <p class="hint">{why}</p>
        </div>
    }
}
