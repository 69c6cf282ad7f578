//! Stored files: what there is, what uses it, and the way to delete what nothing uses.

use domain::deleted::{StoredFile, UsedBy};
use domain::number;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::address::{Place, model_page};
use crate::api::investigations::stored_files;
use crate::components::{When, loaded};

/// Investigations that are named next to a file.
const NAMED: usize = 3;

#[component]
pub fn StoredPage() -> impl IntoView {
    loaded(stored_files(), |files| view! { <Stored files/> })
}

#[component]
pub(crate) fn Stored(files: Vec<StoredFile>) -> impl IntoView {
    let bytes: u64 = files.iter().map(|file| file.snapshot.size_bytes).sum();
    let unused = files.iter().filter(|file| file.used_by.is_empty() && file.models.is_empty()).count() as u64;
    let summary = format!(
        "{} with {} together, {} of them used by nothing.",
        number::counted(files.len() as u64, "file"),
        number::bytes(bytes),
        number::count(unused)
    );
    let none = files.is_empty();
    let rows: Vec<_> = files.into_iter().map(|file| view! { <Row file/> }).collect();
    view! {
        <Title text="Stored files"/>
        <header class="page-head">
            <p class="crumbs"><a href="/">"Investigations"</a></p>
            <h1>"Stored files"</h1>
            <p class="lead">{summary} " What an investigation, a model or a working share link uses can't be deleted."</p>
        </header>
        {match none {
            true => view! { <p class="card pad muted">"No file is stored."</p> }.into_any(),
            false => view! {
                <div class="table-scroll card" tabindex="0" role="region" aria-label="Stored files">
                    <table class="table">
                        <caption>"The 200 files that came last, the newest first."</caption>
                        <thead><tr>
                            <th scope="col">"File"</th>
                            <th scope="col" class="num">"Rows"</th>
                            <th scope="col" class="num">"Size"</th>
                            <th scope="col">"Came"</th>
                            <th scope="col">"Used by"</th>
                            <th scope="col"></th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any(),
        }}
    }
}

#[component]
fn Row(file: StoredFile) -> impl IntoView {
    let StoredFile { snapshot, used_by, models } = file;
    let is_used = !used_by.is_empty() || !models.is_empty();
    let action = format!("/snapshots/{}/delete", snapshot.id);
    let label = format!("Delete {} for good", snapshot.name);
    view! {
        <tr>
            <th scope="row" class="wrap">
                {snapshot.name} " " <span class="kind">{snapshot.format}</span>
            </th>
            <td class="num">{number::count(snapshot.rows)}</td>
            <td class="num">{number::bytes(snapshot.size_bytes)}</td>
            <td><When ms=snapshot.created_at_ms/> " " <span class="kind">{snapshot.origin}</span></td>
            <td class="wrap"><Users used_by models/></td>
            <td>
                {(!is_used).then(|| view! {
                    <form class="row" method="post" action=action>
                        <label class="check small"><input type="checkbox" name="sure" value="yes" required/> <span>"sure"</span></label>
                        <button class="small" aria-label=label>"Delete"</button>
                    </form>
                })}
            </td>
        </tr>
    }
}

#[component]
fn Users(used_by: Vec<UsedBy>, models: Vec<String>) -> impl IntoView {
    let more = used_by.len().saturating_sub(NAMED);
    match used_by.is_empty() && models.is_empty() {
        true => view! { <span class="faint">"nothing"</span> }.into_any(),
        false => view! {
            <ul class="plain">
                {used_by
                    .into_iter()
                    .take(NAMED)
                    .map(|user| view! { <li><a href=Place::Investigation(user.id).map()>{user.title}</a></li> })
                    .collect_view()}
                {(more > 0).then(|| view! { <li class="faint">{format!("and {more} more")}</li> })}
                {models
                    .into_iter()
                    .map(|model| view! { <li>"the model " <a href=model_page(&model)><code>{model.clone()}</code></a></li> })
                    .collect_view()}
            </ul>
        }
        .into_any(),
    }
}
