//! The map: the signature page of an investigation.

mod aside;
mod editing;
mod fall;
mod findings;
mod line;
mod notes;
mod people;
mod prime;
mod progress;
mod proof;
mod readings;
mod sharing;
mod suspects;
mod timeline;

use std::sync::Arc;

use domain::investigation::{HumanStatus, PinnedInput};
use domain::symptom::Symptom;
use domain::{Diagnosis, SnapshotRole, number};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::address::{Place, model_page};
use crate::api::investigations::{Opened, open};
use crate::components::triage::Asked;
use crate::components::{InvestigationHead, ProblemPanel, Tab, Tour, loaded};
use crate::error::AppError;
use crate::pages::review::Verdict as Conclusion;

use aside::{NextTime, NotChecked};
use editing::Editing;
use fall::WhatItIsMadeOf;
use findings::{Findings, Listing};
use line::Line;
use people::People;
use prime::PrimeSuspect;
use progress::Progress;
use readings::Readings;
use suspects::OtherSuspects;
pub(super) use suspects::undone_of;

#[component]
pub fn MapPage() -> impl IntoView {
    let asked = Asked::from_address();
    of_place(|opened| view! { <Map opened asked/> }.into_any())
}

/// A page about the investigation that the address names.
pub fn of_place(show: impl FnOnce(Opened) -> AnyView + Send + 'static) -> impl IntoView {
    match use_params_map().with_untracked(Place::from_params) {
        Some(place) => loaded(open(place), show).into_any(),
        None => view! { <ProblemPanel error=AppError::not_found("This address does not name an investigation.")/> }
            .into_any(),
    }
}

#[component]
pub(super) fn Map(opened: Opened, asked: Asked) -> impl IntoView {
    let diagnosis = opened.diagnosis.clone();
    let heading = opened.investigation.title.clone();
    let about = opened.clone();
    view! {
        <InvestigationHead opened=opened.clone() tab=Tab::Map heading>
            <About opened=about/>
        </InvestigationHead>
        <Progress job=opened.job.clone() investigation=opened.investigation.id.clone()/>
        {match diagnosis {
            Some(diagnosis) => view! { <Diagnosed opened diagnosis asked/> }.into_any(),
            None => view! { <Undiagnosed opened/> }.into_any(),
        }}
    }
}

/// Files of other tools that are shown one by one.
const FEW_TOLD: usize = 3;

/// Model, symptoms, inputs.
#[component]
fn About(opened: Opened) -> impl IntoView {
    let (can_change, can_say) = (opened.can_change(), opened.can_say());
    let Opened { place, investigation, .. } = opened;
    let editing = can_say.then(|| view! { <Editing investigation=investigation.clone()/> });
    let symptoms = investigation.symptoms.clone();
    let (told, tables): (Vec<_>, Vec<_>) =
        investigation.inputs.iter().cloned().partition(|input| input.role == SnapshotRole::Artifact);
    // A whole incident may be brought: what is compared stays in sight.
    let (shown, folded) = match told.len() {
        0..=FEW_TOLD => (investigation.inputs.clone(), Vec::new()),
        _ => (tables, told),
    };
    let add = can_change.then(|| {
        view! {
            <li><a class="chip add" href=format!("{}#add", place.inputs())>"+ add inputs"</a></li>
        }
    });
    view! {
        <p class="muted">
            {(!investigation.model.is_empty()).then(|| view! { <ModelName place=place.clone() name=investigation.model.clone()/> })}
            {(!investigation.model.is_empty() && !symptoms.is_empty()).then_some(" · ")}
            {(!symptoms.is_empty()).then(|| view! { "reported: " <Symptoms place=place.clone() symptoms/> })}
        </p>
        <ul class="chips" aria-label="Inputs">
            {shown.into_iter().map(|input| view! { <InputChip input/> }).collect_view()}
            {add}
        </ul>
        {(!folded.is_empty()).then(|| view! {
            <details class="disclosure">
                <summary>{format!("{} of other tools", number::counted(folded.len() as u64, "file"))}</summary>
                <ul class="chips" aria-label="Files of other tools">
                    {folded.into_iter().map(|input| view! { <InputChip input/> }).collect_view()}
                </ul>
            </details>
        })}
        {editing}
    }
}

/// With the way to its page; a share link shows nothing of the model's other rows.
#[component]
fn ModelName(place: Place, name: String) -> impl IntoView {
    match place.is_read_only() {
        true => view! { <code>{name}</code> }.into_any(),
        false => view! { <a href=model_page(&name)><code>{name.clone()}</code></a> }.into_any(),
    }
}

#[component]
fn InputChip(input: PinnedInput) -> impl IntoView {
    let size = input.snapshot.extent();
    view! {
        <li class="chip" title=input.snapshot.format.clone()>
            <span class=format!("swatch {}", side(input.role)) aria-hidden="true"></span>
            <strong>{input.role.words()}</strong>
            <span class="name">{input.snapshot.name.clone()}</span>
            <span class="faint nowrap">{size}</span>
        </li>
    }
}

/// Train is always blue, serve always orange.
fn side(role: SnapshotRole) -> &'static str {
    match role {
        SnapshotRole::Train => "train",
        SnapshotRole::Serve => "serve",
        _ => "",
    }
}

/// Each symptom leads to the layer whose list it is from.
#[component]
fn Symptoms(place: Place, symptoms: Vec<Symptom>) -> impl IntoView {
    let last = symptoms.len().saturating_sub(1);
    symptoms
        .into_iter()
        .enumerate()
        .map(|(index, symptom)| {
            let words = symptom.words().to_owned();
            let words = match symptom.layer() {
                Some(layer) => view! { <a href=place.layer(layer)>{words}</a> }.into_any(),
                None => words.into_any(),
            };
            view! { {words} {(index < last).then_some(", ")} }
        })
        .collect_view()
}

#[component]
fn Diagnosed(opened: Opened, diagnosis: Arc<Diagnosis>, asked: Asked) -> impl IntoView {
    let place = opened.place.clone();
    let listing = Listing::of(&diagnosis, &asked);
    // A table needs the whole width; cards leave room for what stands beside them.
    let layout = if listing.as_table { "columns below" } else { "columns" };
    view! {
        <Conclusion investigation=opened.investigation.clone()/>
        <Tour place=place.clone() step=1/>
        <WhatItIsMadeOf place=place.clone() diagnosis=diagnosis.clone()/>
        <PrimeSuspect opened=opened.clone() diagnosis=diagnosis.clone()/>
        <Tour place=place.clone() step=2/>
        <Line place=place.clone() diagnosis=diagnosis.clone() statuses=holding(&opened) can_add=opened.can_change()/>
        <OtherSuspects opened=opened.clone() diagnosis=diagnosis.clone()/>
        <div class=layout>
            <Findings opened=opened.clone() diagnosis=diagnosis.clone() asked listing/>
            <aside class="stack wide-gap">
                <Readings opened=opened.clone() diagnosis=diagnosis.clone()/>
                {opened.can_change().then(|| view! { <NotChecked opened=opened.clone() diagnosis=diagnosis.clone()/> })}
                {(!place.is_read_only()).then(|| view! { <NextTime place=place.clone() diagnosis=diagnosis.clone()/> })}
            </aside>
        </div>
        <Tour place step=3/>
        <People opened/>
    }
}

/// What people said about items and still holds.
fn holding(opened: &Opened) -> Vec<HumanStatus> {
    let statuses = opened.investigation.statuses.iter();
    statuses.filter(|status| status.holds(opened.now_ms)).cloned().collect()
}

/// Before the first diagnosis is done, or when nothing was brought.
#[component]
fn Undiagnosed(opened: Opened) -> impl IntoView {
    let is_waiting = opened.job.as_ref().is_some_and(|job| !job.state.is_over());
    let inputs = opened.place.inputs();
    view! {
        {(!is_waiting).then(|| view! {
            <section class="card pad stack" aria-labelledby="nothing-yet">
                <h2 id="nothing-yet">"Nothing was checked yet"</h2>
                <p class="muted">"Add the training data, the data the model sees now, an evaluation run, or files from other tools."</p>
                <p><a class="button primary" href=inputs>"Add inputs"</a></p>
            </section>
        })}
        <People opened/>
    }
}
