//! What people said about an item, and the form to say it.

use domain::Item;
use domain::investigation::{HumanStatus, Status};
use domain::seen::{SEEN, seen};
use leptos::prelude::*;

use super::{AuthorField, Expiry, When};

/// The status last given, with its note: by whom, when, and until when.
#[component]
pub fn Said(status: HumanStatus, now_ms: i64) -> impl IntoView {
    let is_over = !status.holds(now_ms);
    let HumanStatus { item, status, note, author, at_ms, until_ms } = status;
    let until = until_ms.map(|until| view! { ", until " <When ms=until/> });
    view! {
        <p class="said-line" class:over=is_over>
            {item.code()} " " <strong>{status.words()}</strong> " by " {author.to_string()} ", " <When ms=at_ms/> {until} " UTC"
            {is_over.then_some(" (expired)")}
            {(!note.is_empty()).then(|| format!(": {note}"))}
        </p>
    }
}

/// Sets the status of one item. `back` is the page to return to, below the investigation's own.
#[component]
pub fn StatusForm(investigation: String, item: Item, current: Option<HumanStatus>, back: String) -> impl IntoView {
    let shown = seen(&current);
    let chosen = current.map_or(Status::ToCheck, |status| status.status);
    let (status_id, note_id, author_id) =
        (format!("{}-status", item.code()), format!("{}-note", item.code()), format!("{}-author", item.code()));
    view! {
        <details class="disclosure">
            <summary>"Set its status"</summary>
            <form class="fields end" method="post" action=format!("/investigations/{investigation}/statuses")>
                <input type="hidden" name="item" value=item.code()/>
                <input type="hidden" name="back" value=back/>
                <input type="hidden" name=SEEN value=shown/>
                <div class="field">
                    <label for=status_id.clone()>"Status"</label>
                    <select id=status_id.clone() name="status">
                        {Status::ALL
                            .map(|status| view! { <option value=status.id() selected=status == chosen>{status.words()}</option> })
                            .collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label for=note_id.clone()>"Why"</label>
                    <input id=note_id.clone() name="note" maxlength="2000"/>
                </div>
                <Expiry of=item.code().to_owned()/>
                <AuthorField id=author_id.clone()/>
                <div><button>"Save"</button></div>
            </form>
        </details>
    }
}
