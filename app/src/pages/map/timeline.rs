//! What happened when: what people did here, and what they entered.

use std::sync::Arc;

use domain::Diagnosis;
use domain::event::{Event, EventKind};
use domain::investigation::Investigation;
use domain::plot::scene::timeline;
use leptos::prelude::*;

use crate::charts::drawing;
use crate::components::{SignedRow, When};

#[component]
pub fn Timeline(investigation: Investigation, diagnosis: Option<Arc<Diagnosis>>, can_write: bool) -> impl IntoView {
    let picture = timeline::scene(&investigation, diagnosis.as_deref()).map(drawing);
    let Investigation { id, events, .. } = investigation;
    let none = events.is_empty();
    let mut events = events;
    // What was entered later stands where it happened.
    events.sort_by_key(Event::happened_at_ms);
    (can_write || !none).then(|| {
        view! {
            <section class="stack" aria-labelledby="timeline">
                <h2 id="timeline">"Timeline"</h2>
                {picture.map(|picture| view! { <div class="card pad" data-live="timeline-picture">{picture}</div> })}
                <ol class="card pad plain timeline" data-live="timeline">
                    {events.into_iter().map(|event| view! { <Line event/> }).collect_view()}
                </ol>
                {can_write.then(|| view! { <Enter id/> })}
            </section>
        }
    })
}

#[component]
fn Line(event: Event) -> impl IntoView {
    let ms = event.happened_at_ms();
    match &event.kind {
        EventKind::Happened { what, .. } => view! {
            <li class="happened">
                <span class="faint small nowrap"><When ms/></span> " "
                <span><strong>{what.clone()}</strong> <span class="faint small">" entered by " {event.author.to_string()}</span></span>
            </li>
        }
        .into_any(),
        _ => view! {
            <li><span class="faint small nowrap"><When ms/></span> " " <span>{event.author.to_string()} " " {event.text()}</span></li>
        }
        .into_any(),
    }
}

#[component]
fn Enter(id: String) -> impl IntoView {
    view! {
        <details class="disclosure">
            <summary>"Enter something that happened"</summary>
            <form class="card pad stack" method="post" action=format!("/investigations/{id}/entries")>
                <div class="fields">
                    <div class="field">
                        <label for="entry-what">"What happened? A deploy, an alert, a call"</label>
                        <input id="entry-what" name="what" required maxlength="2000" autocomplete="off"/>
                    </div>
                    <div class="field">
                        <label for="entry-at">"When (UTC)"</label>
                        <input id="entry-at" type="datetime-local" name="at" required/>
                    </div>
                </div>
                <SignedRow id="entry-author" action="Enter it"/>
            </form>
        </details>
    }
}
