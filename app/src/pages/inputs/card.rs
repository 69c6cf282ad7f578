//! One file: its part, how it was read, and its first rows or the observations in it.

use domain::account::Role;
use domain::investigation::PinnedInput;
use domain::snapshot::{Column, ColumnRole, Preview, Roles, SnapshotRole};
use leptos::prelude::*;

use super::review::REVIEW;
use crate::api::investigations::PreviewedInput;
use crate::error::AppError;
use crate::visitor::Reader;
use domain::number;

/// Columns of a preview; wider files say how many more there are.
const PREVIEW_COLUMNS: usize = 40;

#[component]
pub fn InputCard(investigation: String, input: PinnedInput, roles: Roles, preview: PreviewedInput) -> impl IntoView {
    let PinnedInput { role, snapshot } = input;
    let role_id = format!("role-{}", snapshot.id);
    let is_table = snapshot.guessed_role.is_table();
    let holds = if is_table {
        let columns = number::counted(snapshot.columns.len() as u64, "column");
        format!("{} × {columns}", number::counted(snapshot.rows, "row"))
    } else {
        number::counted(snapshot.rows, "observation")
    };
    let facts = format!("{holds} · {} · {}", snapshot.format, number::bytes(snapshot.size_bytes));
    let origin = (snapshot.origin != "upload").then(|| format!(" · from {}", snapshot.origin));
    let notes = snapshot.notes.clone();
    let name_id = format!("name-{}", snapshot.id);
    view! {
        <section class="card pad stack" aria-labelledby=name_id.clone()>
            <div class="row spread">
                <div>
                    <h2 id=name_id.clone()>{snapshot.name.clone()}</h2>
                    <p class="muted small">{facts} {origin}</p>
                </div>
                <div class="row">
                    <label for=role_id.clone()>"Role"</label>
                    <input type="hidden" form=REVIEW name="snapshot" value=snapshot.id.clone()/>
                    <select id=role_id.clone() class="auto" form=REVIEW name="role">
                        {SnapshotRole::ALL
                            .into_iter()
                            .filter(|one| one.is_table() == is_table)
                            .map(|one| view! { <option value=one.id() selected=one == role>{one.words()}</option> })
                            .collect_view()}
                        <option value="">"– remove –"</option>
                    </select>
                </div>
            </div>
            {(!notes.is_empty()).then(|| view! {
                <ul class="small notes-read">
                    {notes
                        .into_iter()
                        .map(|note| view! { <li>{note.column.map(|column| view! { <code>{column}</code> ": " })} {note.message}</li> })
                        .collect_view()}
                </ul>
            })}
            <Rows preview columns=snapshot.columns.clone() roles name=snapshot.name.clone()/>
            {Reader::may(Role::Editor).then(|| view! {
                <Reading investigation id=snapshot.id.clone() summary=if is_table { "Read it differently" } else { "Read it as a table" }/>
            })}
        </section>
    }
}

#[component]
fn Rows(preview: PreviewedInput, columns: Vec<Column>, roles: Roles, name: String) -> impl IntoView {
    match preview.rows {
        Err(AppError(problem)) => view! { <p class="notice bad">{problem.message}</p> }.into_any(),
        Ok(preview) => view! { <PreviewTable preview columns roles name/> }.into_any(),
    }
}

/// The first rows of a file, with the kind and the role of each column.
#[component]
pub fn PreviewTable(preview: Preview, columns: Vec<Column>, roles: Roles, name: String) -> impl IntoView {
    let is_table = !columns.is_empty();
    let label = if is_table { format!("First rows of {name}") } else { format!("Read from {name}") };
    let more = preview.columns.len().saturating_sub(PREVIEW_COLUMNS);
    let heads = preview.columns.iter().take(PREVIEW_COLUMNS).map(|name| {
        let kind = columns.iter().find(|column| column.name == *name).map_or("", |column| column.kind.word());
        let role = Some(roles.of(name)).filter(|role| *role != ColumnRole::Feature).map(ColumnRole::id);
        view! {
            <th scope="col">
                <code>{name.clone()}</code>
                <span class="kind">{kind} {role.map(|role| view! { " · " <strong>{role}</strong> })}</span>
            </th>
        }
    });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="table dense preview">
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>
                    {preview
                        .rows
                        .into_iter()
                        .map(|row| view! { <tr>{row.into_iter().take(PREVIEW_COLUMNS).map(cell).collect_view()}</tr> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        {(more > 0).then(|| view! { <p class="faint small">{format!("and {} more", number::counted(more as u64, "column"))}</p> })}
    }
}

fn cell(value: Option<String>) -> AnyView {
    match value {
        Some(text) => view! { <td title=text.clone()>{text.clone()}</td> }.into_any(),
        None => view! { <td class="missing">"null"</td> }.into_any(),
    }
}

/// How the file is read can be said instead of detected; the bytes stay as they are.
#[component]
fn Reading(investigation: String, id: String, summary: &'static str) -> impl IntoView {
    let named = |field: &str| format!("{field}-{id}");
    view! {
        <details class="disclosure">
            <summary>{summary}</summary>
            <form class="fields end" method="post" action=format!("/investigations/{investigation}/inputs/{id}/reading")>
                <Pick id=named("delimiter") name="delimiter" label="Separator"
                    options=&[("", "detect"), (",", "comma"), (";", "semicolon"), ("tab", "tab"), ("|", "bar"), ("space", "space")]/>
                <Pick id=named("quote") name="quote" label="Quote" options=&[("", "detect"), ("\"", "double \""), ("'", "single '")]/>
                <Pick id=named("encoding") name="encoding" label="Encoding"
                    options=&[("", "detect"), ("utf-8", "UTF-8"), ("utf-16le", "UTF-16 LE"), ("utf-16be", "UTF-16 BE"), ("windows-1252", "Latin-1 / Windows-1252")]/>
                <Pick id=named("decimal") name="decimal_comma" label="Decimal sign" options=&[("", "detect"), ("no", "point 1.5"), ("yes", "comma 1,5")]/>
                <Pick id=named("header") name="header" label="First row" options=&[("", "detect"), ("yes", "column names"), ("no", "values")]/>
                <div><button>"Read again"</button></div>
            </form>
        </details>
    }
}

#[component]
fn Pick(
    id: String,
    name: &'static str,
    label: &'static str,
    options: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id.clone() name=name>
                {options.iter().map(|(value, words)| view! { <option value=*value>{*words}</option> }).collect_view()}
            </select>
        </div>
    }
}
