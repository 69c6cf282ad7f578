//! Next to the findings: what could not be checked, and what to add for it.

use std::sync::Arc;

use domain::{Diagnosis, Item, number};
use leptos::prelude::*;

use crate::address::Place;
use crate::api::investigations::Opened;
use crate::components::{Brought, Guarding, Lack, Offers};

/// What would have caught it, for the tools that guard the next delivery.
#[component]
pub fn NextTime(place: Place, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let guard = diagnosis.guard.as_ref().clone();
    let catching = guard.catching().count() + guard.alerts.len();
    let lead = match catching {
        0 => "No rule about columns or signals would have caught it. The files hold what training keeps.".to_owned(),
        _ => format!(
            "{} that hold on training would have caught it. Each file holds them in the language of a tool:",
            number::counted(catching as u64, "rule")
        ),
    };
    (!guard.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="next-time">
                <h2 id="next-time">"Catch it next time"</h2>
                <div class="card pad stack guards">
                    <p class="muted small">{lead}</p>
                    <Guarding place guard finding=None/>
                </div>
            </section>
        }
    })
}

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
    let brought = offers.grouped(lacks.clone());
    let (first, rest) = brought.split_at(brought.len().min(FIRST_OFFERS));
    let (first, rest) = (first.to_vec(), rest.to_vec());
    let all = coverage.checked_items == coverage.items;
    let lead =
        if all { "Every item was checked. Some checks could use more inputs:" } else { "To check the rest, add:" };
    (!lacks.is_empty()).then(|| {
        view! {
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
                    <p><a class="button" href=format!("{}#add", place.inputs())>"Add inputs"</a></p>
                </div>
            </section>
        }
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
    let gain = number::counted(items.len() as u64, "item");
    view! {
        <li>
            <div class="row spread">
                {link.map(|(href, words)| view! { <a class="offer" href=href>"+ " {words}</a> })}
                <span class="gain">"for " {gain}</span>
            </div>
            <p class="codes">
                {items
                    .into_iter()
                    .map(|item| view! { <a href=place.item(item) title=item.question()>{item.code()}</a> })
                    .collect_view()}
            </p>
            <Needed needs/>
        </li>
    }
}

/// What exactly is needed; several lines of it are folded.
#[component]
fn Needed(needs: Vec<String>) -> impl IntoView {
    let count = needs.len();
    let lines = needs.into_iter().map(|need| view! { <p class="muted small">{need}</p> }).collect_view();
    if count > 1 {
        return view! {
            <details class="disclosure">
                <summary>{format!("any of {count} things")}</summary>
                {lines}
            </details>
        }
        .into_any();
    }
    lines.into_any()
}
