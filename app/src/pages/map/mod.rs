//! The map: the signature page of an investigation.

mod aside;
mod line;
mod progress;
mod suspects;

use std::sync::Arc;

use domain::{Diagnosis, SnapshotRole};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::address::Place;
use crate::api::investigations::{Opened, open};
use crate::components::{FindingCard, InvestigationHead, ProblemPanel, Tab, loaded};
use crate::error::AppError;
use crate::number;

use aside::{NotChecked, People};
use line::Line;
use progress::Progress;
use suspects::{OtherSuspects, PrimeSuspect};

/// Findings listed at first; the layers' pages have all of theirs.
const LISTED: usize = 40;

#[component]
pub fn MapPage() -> impl IntoView {
    of_place(|opened| view! { <Map opened/> }.into_any())
}

/// A page about the investigation that the address names.
pub fn of_place(show: impl FnOnce(Opened) -> AnyView + Send + 'static) -> impl IntoView {
    match use_params_map().with_untracked(Place::from_params) {
        Some(place) => loaded(open(place), show).into_any(),
        None => view! { <ProblemPanel error=AppError::not_found("The address names no investigation.")/> }.into_any(),
    }
}

#[component]
fn Map(opened: Opened) -> impl IntoView {
    let diagnosis = opened.diagnosis.clone();
    let heading = opened.investigation.title.clone();
    let about = opened.clone();
    view! {
        <InvestigationHead opened=opened.clone() tab=Tab::Map heading>
            <About opened=about/>
        </InvestigationHead>
        <Progress job=opened.job.clone() investigation=opened.investigation.id.clone()/>
        {match diagnosis {
            Some(diagnosis) => view! { <Diagnosed opened diagnosis/> }.into_any(),
            None => view! { <Undiagnosed opened/> }.into_any(),
        }}
    }
}

/// Model, symptoms, inputs.
#[component]
fn About(opened: Opened) -> impl IntoView {
    let Opened { place, investigation, diagnosis, .. } = opened;
    let symptoms = investigation.symptoms.clone();
    let add = (!place.is_read_only()).then(|| {
        view! {
            <li><a class="chip add" href=format!("{}#add", place.inputs())>"+ add inputs"</a></li>
        }
    });
    view! {
        <p class="muted">
            {(!investigation.model.is_empty()).then(|| view! { <code>{investigation.model.clone()}</code> })}
            {(!investigation.model.is_empty() && !symptoms.is_empty()).then_some(" · ")}
            {(!symptoms.is_empty()).then(|| view! { "reported: " <Symptoms place=place.clone() symptoms/> })}
        </p>
        <ul class="chips" aria-label="Inputs">
            {investigation
                .inputs
                .iter()
                .map(|input| {
                    let size = format!("{} × {}", number::count(input.snapshot.rows), input.snapshot.columns.len());
                    view! {
                        <li class="chip" title=input.snapshot.format.clone()>
                            <span class=format!("swatch {}", side(input.role)) aria-hidden="true"></span>
                            <strong>{input.role.words()}</strong>
                            <span class="name">{input.snapshot.name.clone()}</span>
                            <span class="faint nowrap">{size}</span>
                        </li>
                    }
                })
                .collect_view()}
            {add}
        </ul>
        {diagnosis.map(|diagnosis| {
            let coverage = diagnosis.coverage;
            view! { <p class="faint small">{format!("{} of {} checklist items had what they need.", coverage.checked_items, coverage.items)}</p> }
        })}
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
fn Symptoms(place: Place, symptoms: Vec<String>) -> impl IntoView {
    let last = symptoms.len().saturating_sub(1);
    symptoms
        .into_iter()
        .enumerate()
        .map(|(index, symptom)| {
            let layer = domain::Layer::ALL.into_iter().find(|layer| layer.text().symptoms.contains(&symptom.as_str()));
            let words = match layer {
                Some(layer) => view! { <a href=place.layer(layer)>{symptom}</a> }.into_any(),
                None => symptom.into_any(),
            };
            view! { {words} {(index < last).then_some(", ")} }
        })
        .collect_view()
}

#[component]
fn Diagnosed(opened: Opened, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let place = opened.place.clone();
    view! {
        <PrimeSuspect opened=opened.clone() diagnosis=diagnosis.clone()/>
        <Line place=place.clone() diagnosis=diagnosis.clone() statuses=opened.investigation.statuses.clone()/>
        <OtherSuspects place=place.clone() diagnosis=diagnosis.clone()/>
        <div class="columns">
            <Findings place=place.clone() diagnosis=diagnosis.clone()/>
            <aside class="stack wide-gap">
                <NotChecked place=place.clone() diagnosis/>
                <People opened/>
            </aside>
        </div>
    }
}

#[component]
fn Findings(place: Place, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let findings = diagnosis.findings.clone();
    let more = findings.len().saturating_sub(LISTED);
    let none = findings.is_empty();
    view! {
        <section class="stack" aria-labelledby="findings">
            <h2 id="findings">"Findings, by consequence " <span class="faint">{findings.len()}</span></h2>
            {none.then(|| view! {
                <p class="card pad muted">"No check that could look found a difference worth telling. The layers above say what was looked at."</p>
            })}
            <ul class="plain stack">
                {findings
                    .into_iter()
                    .take(LISTED)
                    .map(|finding| view! { <FindingCard place=place.clone() diagnosis=diagnosis.clone() finding/> })
                    .collect_view()}
            </ul>
            {(more > 0).then(|| view! {
                <p class="muted">{format!("{} more on the pages of the layers.", number::counted(more as u64, "finding"))}</p>
            })}
        </section>
    }
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
                <p class="muted">"Bring the data the model was trained on, the data it sees now, or an evaluation run."</p>
                <p><a class="button primary" href=inputs>"Add inputs"</a></p>
            </section>
        })}
        <div class="columns">
            <div></div>
            <aside class="stack wide-gap"><People opened/></aside>
        </div>
    }
}
