//! Beside the findings: what could not be checked, and what people said and did.

use std::sync::Arc;

use domain::event::Event;
use domain::investigation::{Investigation, InvestigationState, Note, ShareLink};
use domain::{Diagnosis, Item};
use leptos::prelude::*;

use crate::address::Place;
use crate::api::investigations::Opened;
use crate::components::{Brought, Lack, Offers, SignedRow, When};

/// Things to bring that are shown at once; the others are folded.
const FIRST_OFFERS: usize = 3;

/// Each thing to bring, with the items it would let look; the one that opens most first.
#[component]
pub fn NotChecked(opened: Opened, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let (place, offers) = (opened.place.clone(), Offers::of(&opened, diagnosis.clone()));
    let coverage = diagnosis.coverage;
    let mut lacks: Vec<(Lack, Vec<Item>)> = Vec::new();
    for item in diagnosis.layers.iter().flat_map(|layer| &layer.items) {
        for lack in Lack::of(item) {
            match lacks.iter_mut().find(|(known, _)| *known == lack) {
                Some((_, items)) => items.push(item.item),
                None => lacks.push((lack, vec![item.item])),
            }
        }
    }
    let can_add = opened.can_change();
    let brought = offers.grouped(lacks.clone());
    let (first, rest) = brought.split_at(brought.len().min(FIRST_OFFERS));
    let (first, rest) = (first.to_vec(), rest.to_vec());
    let all = coverage.checked_items == coverage.items;
    let lead =
        if all { "Every item was checked. Some checks could use more inputs:" } else { "To check the rest, add:" };
    (!lacks.is_empty()).then(|| view! {
        <section class="stack" aria-labelledby="not-checked">
            <h2 id="not-checked">"Not checked yet"</h2>
            <div class="card pad stack">
                <p class="muted small">{lead}</p>
                <BringAll place=place.clone() all=first/>
                {(!rest.is_empty()).then(|| view! {
                    <details class="disclosure">
                        <summary>{format!("{} more", rest.len())}</summary>
                        <BringAll place=place.clone() all=rest/>
                    </details>
                })}
                {can_add.then(|| view! { <p><a class="button" href=format!("{}#add", place.inputs())>"Add inputs"</a></p> })}
            </div>
        </section>
    })
}

#[component]
fn BringAll(place: Place, all: Vec<Brought>) -> impl IntoView {
    view! {
        <ul class="plain needs">
            {all.into_iter().map(|brought| view! { <Bring place=place.clone() brought/> }).collect_view()}
        </ul>
    }
}

/// One thing to bring, with what it is needed for.
#[component]
fn Bring(place: Place, brought: Brought) -> impl IntoView {
    let Brought { link, needs, items } = brought;
    view! {
        <li>
            <div class="row spread">
                {link.map(|(href, words)| view! { <a class="offer" href=href>"+ " {words}</a> })}
                <span class="codes">
                    {items
                        .into_iter()
                        .map(|item| view! { <a href=place.item(item) title=item.question()>{item.code()}</a> })
                        .collect_view()}
                </span>
            </div>
            {needs.into_iter().map(|need| view! { <p class="muted small">{need}</p> }).collect_view()}
        </li>
    }
}

/// Timeline, notes, sharing, and the end of the investigation.
#[component]
pub fn People(opened: Opened) -> impl IntoView {
    let Opened { place, investigation, links, diagnosis, .. } = opened;
    let can_write = !place.is_read_only();
    let Investigation { id, notes, events, state, verdict, .. } = investigation;
    view! {
        {verdict.filter(|_| state == InvestigationState::Open).map(|verdict| view! {
            <section class="stack" aria-labelledby="earlier-verdict">
                <h2 id="earlier-verdict">"Earlier verdict"</h2>
                <p class="card pad pre muted">{verdict}</p>
            </section>
        })}
        <Notes id=id.clone() notes can_write/>
        <Timeline events/>
        {(can_write && diagnosis.is_some()).then(|| view! { <Share id=id.clone() links/> })}
        {can_write.then(|| view! { <Closing id state/> })}
    }
}

#[component]
fn Notes(id: String, notes: Vec<Note>, can_write: bool) -> impl IntoView {
    (can_write || !notes.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="notes">
                <h2 id="notes">"Notes"</h2>
                <div class="card pad stack">
                    {(!notes.is_empty()).then(|| view! {
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
                    })}
                    {can_write.then(|| view! {
                        <form class="stack" method="post" action=format!("/investigations/{id}/notes")>
                            <div class="field">
                                <label for="note-text">"Note"</label>
                                <textarea id="note-text" name="text" required rows="2" maxlength="20000"></textarea>
                            </div>
                            <SignedRow id="note-author" action="Add note"/>
                        </form>
                    })}
                </div>
            </section>
        }
    })
}

#[component]
fn Timeline(events: Vec<Event>) -> impl IntoView {
    (!events.is_empty()).then(|| view! {
        <section class="stack" aria-labelledby="timeline">
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

#[component]
fn Share(id: String, links: Vec<ShareLink>) -> impl IntoView {
    let live: Vec<ShareLink> = links.into_iter().filter(|link| link.revoked_at_ms.is_none()).collect();
    view! {
        <section class="stack" aria-labelledby="share">
            <h2 id="share">"Share"</h2>
            <div class="card pad stack">
                <p class="muted small">
                    "A link shows this page as it is now to anyone who has it. It is read-only, and you can revoke it."
                </p>
                <form class="row" method="post" action=format!("/investigations/{id}/share-links")>
                    <label for="share-days">"Expires after"</label>
                    <select id="share-days" class="auto" name="expires_days">
                        <option value="7">"7 days"</option>
                        <option value="30" selected>"30 days"</option>
                        <option value="365">"1 year"</option>
                        <option value="">"never"</option>
                    </select>
                    <button>"Make a link"</button>
                </form>
                {(!live.is_empty()).then(|| view! {
                    <ul class="plain links">{live.into_iter().map(|link| view! { <LiveLink link/> }).collect_view()}</ul>
                })}
            </div>
        </section>
    }
}

#[component]
fn LiveLink(link: ShareLink) -> impl IntoView {
    view! {
        <li class="row spread">
            <span class="small">
                "Made " <When ms=link.created_at_ms/>
                {link.expires_at_ms.map(|end| view! { <span class="faint">", until " <When ms=end/></span> })}
            </span>
            <form method="post" action=format!("/share-links/{}/revoke", link.id)><button class="small">"Revoke"</button></form>
        </li>
    }
}

#[component]
fn Closing(id: String, state: InvestigationState) -> impl IntoView {
    match state {
        InvestigationState::Closed => view! {
            <form method="post" action=format!("/investigations/{id}/reopen")><button>"Reopen"</button></form>
        }
        .into_any(),
        InvestigationState::Open => view! {
            <details class="disclosure">
                <summary>"Close with a verdict"</summary>
                <form class="card pad stack" method="post" action=format!("/investigations/{id}/close")>
                    <div class="field">
                        <label for="verdict-text">"What was wrong, and what was decided?"</label>
                        <textarea id="verdict-text" name="verdict" required rows="3" maxlength="20000"></textarea>
                    </div>
                    <SignedRow id="close-author" action="Close the investigation"/>
                </form>
            </details>
        }
        .into_any(),
    }
}
