//! Below the findings: what people said and did.

use domain::event::Event;
use domain::investigation::{Investigation, Note};
use leptos::prelude::*;

use super::closing::{Closing, EarlierVerdicts};
use super::sharing::{Chat, Share};
use crate::api::investigations::Opened;
use crate::components::{SignedRow, When};

/// Timeline, notes, sharing, and the end of the investigation.
#[component]
pub fn People(opened: Opened) -> impl IntoView {
    let Opened { investigation, diagnosis, .. } = opened.clone();
    let can_write = opened.can_say();
    let Investigation { id, notes, events, .. } = investigation.clone();
    let is_diagnosed = diagnosis.is_some();
    view! {
        <div class="people">
            <EarlierVerdicts investigation=investigation.clone()/>
            <Notes id notes can_write/>
            <Timeline events/>
            <div class="stack">
                {(can_write && is_diagnosed).then(|| view! { <Share opened=opened.clone()/> })}
                {is_diagnosed.then(|| view! { <Chat opened=opened.clone()/> })}
                {can_write.then(|| view! { <Closing investigation diagnosis/> })}
            </div>
        </div>
    }
}

#[component]
fn Notes(id: String, notes: Vec<Note>, can_write: bool) -> impl IntoView {
    let list = view! { <NoteList notes=notes.clone()/> };
    if can_write {
        view! {
            <section class="stack" aria-labelledby="notes">
                <h2 id="notes">"Notes"</h2>
                <div class="card pad stack">
                    <div data-live="notes">{list}</div>
                    <form class="stack" method="post" action=format!("/investigations/{id}/notes")>
                        <div class="field">
                            <label for="note-text">"Note"</label>
                            <textarea id="note-text" name="text" required rows="2" maxlength="20000"></textarea>
                        </div>
                        <SignedRow id="note-author" action="Add note"/>
                    </form>
                </div>
            </section>
        }
        .into_any()
    } else {
        // There even without a note, so that the first one has a place.
        view! {
            <div data-live="notes">
                {(!notes.is_empty()).then(|| view! {
                    <section class="stack" aria-labelledby="notes">
                        <h2 id="notes">"Notes"</h2>
                        <div class="card pad stack">{list}</div>
                    </section>
                })}
            </div>
        }
        .into_any()
    }
}

#[component]
fn NoteList(notes: Vec<Note>) -> impl IntoView {
    (!notes.is_empty()).then(|| {
        view! {
            <ul class="plain notes">
                {notes
                    .into_iter()
                    .map(|note| view! {
                        <li>
                            <p class="faint small">{note.author.to_string()} ", " <When ms=note.at_ms/></p>
                            <p class="pre">{note.text}</p>
                        </li>
                    })
                    .collect_view()}
            </ul>
        }
    })
}

#[component]
fn Timeline(events: Vec<Event>) -> impl IntoView {
    (!events.is_empty()).then(|| view! {
        <section class="stack" aria-labelledby="timeline" data-live="timeline">
            <h2 id="timeline">"Timeline"</h2>
            <ol class="card pad plain timeline">
                {events
                    .into_iter()
                    .map(|event| view! {
                        <li><span class="faint small nowrap"><When ms=event.at_ms/></span> " " <span>{event.author.to_string()} " " {event.text()}</span></li>
                    })
                    .collect_view()}
            </ol>
        </section>
    })
}
