//! One layer: its checklist with what every check concluded, and what people made of it.

mod findings;
mod over_time;
mod running;
mod told;

use std::sync::Arc;

use checks::detectors::{self, Detector};
use domain::diagnosis::{DetectorResult, ItemResult};
use domain::symptom::Symptom;
use domain::{Diagnosis, Layer};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::map::of_place;
use crate::address::{self, Place};
use crate::api::investigations::Opened;
use crate::components::triage::{Asked, FilterForm};
use crate::components::{
    InvestigationHead, Lack, Lacking, Offers, ProblemPanel, Said, StatusForm, VerdictBadge, VerdictMark,
};
use crate::error::AppError;

use findings::ItemFindings;
use over_time::OverTime;
use running::Runs;
use told::Told;

/// Findings from which a layer's page offers to filter them.
const FILTERED: usize = 12;

#[component]
pub fn LayerPage() -> impl IntoView {
    let named = use_params_map().with_untracked(|params| params.get("layer")).unwrap_or_default();
    match Layer::from_id(&named) {
        Some(layer) => {
            let asked = Asked::from_address();
            of_place(move |opened| view! { <LayerOf opened layer asked/> }.into_any()).into_any()
        }
        None => {
            let known: Vec<&str> = Layer::ALL.iter().map(|layer| layer.id()).collect();
            let error = AppError::not_found(format!(
                "There is no layer \u{201c}{named}\u{201d}. The layers are {}.",
                known.join(", ")
            ));
            view! { <ProblemPanel error/> }.into_any()
        }
    }
}

#[component]
pub(super) fn LayerOf(opened: Opened, layer: Layer, asked: Asked) -> impl IntoView {
    let text = layer.text();
    let place = opened.place.clone();
    let diagnosis = opened.diagnosis.clone();
    let (at, stations, told) = (place.clone(), diagnosis.clone(), diagnosis.clone());
    let runs = diagnosis.clone().map(|diagnosis| view! { <Runs place=place.clone() diagnosis layer/> });
    let of_layer = |diagnosis: &Diagnosis| diagnosis.findings.iter().filter(|finding| finding.layer == layer).count();
    let action = place.layer(layer);
    let filter = diagnosis.clone().filter(|diagnosis| of_layer(diagnosis) > FILTERED).map(|diagnosis| {
        view! { <FilterForm action diagnosis asked=asked.clone() by_layer=false/> }
    });
    view! {
        <InvestigationHead opened=opened.clone() tab=None heading=format!("Layer {}: {}", layer.number(), text.title)>
            <p class="lead">{text.question}</p>
            <Stations place=at diagnosis=stations current=layer/>
        </InvestigationHead>
        <div class="columns">
            <div class="stack wide-gap">
                {filter}
                {told.map(|diagnosis| view! { <Told diagnosis layer/> })}
                {runs}
                {match diagnosis {
                    None => view! { <p class="notice">"Nothing was checked yet."</p> }.into_any(),
                    Some(diagnosis) => diagnosis
                        .layers
                        .iter()
                        .filter(|result| result.layer == layer)
                        .flat_map(|result| result.items.clone())
                        .map(|result| view! { <Checked opened=opened.clone() diagnosis=diagnosis.clone() result asked=asked.clone()/> })
                        .collect_view()
                        .into_any(),
                }}
            </div>
            <About layer reported=opened.investigation.symptoms.clone()/>
        </div>
    }
}

/// The way to the other layers, each with its verdict.
#[component]
fn Stations(place: Place, diagnosis: Option<Arc<Diagnosis>>, current: Layer) -> impl IntoView {
    diagnosis.map(|diagnosis| {
        view! {
            <nav aria-label="Layers">
                <ol class="stations">
                    {diagnosis
                        .layers
                        .iter()
                        .map(|result| {
                            let layer = result.layer;
                            view! {
                                <li>
                                    <a href=place.layer(layer) aria-current=(layer == current).then_some("page")>
                                        <VerdictMark verdict=diagnosis.mark_of_layer(result) subject=layer.text().title/>
                                        <span aria-hidden="true">{layer.text().title}</span>
                                    </a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ol>
            </nav>
        }
    })
}

#[component]
fn Checked(opened: Opened, diagnosis: Arc<Diagnosis>, result: ItemResult, asked: Asked) -> impl IntoView {
    let offers = Offers::of(&opened, diagnosis.clone());
    let lacks = Lack::of(&result);
    let (mark, made) = (diagnosis.mark_of(&result), result.checks());
    let ItemResult { item, unmuted, detectors, .. } = result;
    let can_say = opened.can_change();
    let (investigation, now_ms) = (opened.investigation.clone(), opened.now_ms);
    let said = investigation.statuses.iter().find(|status| status.item == item).cloned();
    let back = format!("layers/{}", item.layer().id());
    view! {
        <section class="card pad stack item" id=item.code() aria-labelledby=format!("{}-title", item.code())>
            <div class="row spread">
                <h2 id=format!("{}-title", item.code())>
                    <a class="code" href=address::reference(item.code())>{item.code()}</a> " " {item.question()}
                </h2>
                <span class="row">
                    {made.is_partly().then(|| view! { <span class="muted small">{made.words()}</span> })}
                    <VerdictBadge verdict=mark/>
                </span>
            </div>
            {unmuted.map(|unmuted| view! { <p class="muted small">"Including muted findings: " <VerdictBadge verdict=unmuted/></p> })}
            {said.clone().map(|status| view! { <Said status now_ms/> })}
            {(!lacks.is_empty()).then(|| view! {
                <p class="muted">"Inputs needed for all checks:"</p>
                <ul class="plain needs">
                    {lacks.into_iter().map(|lack| view! { <li><Lacking offers=offers.clone() lack/></li> }).collect_view()}
                </ul>
            })}
            {(!detectors.is_empty()).then(|| view! {
                <ul class="plain concluded">
                    {detectors.into_iter().map(|result| view! { <Concluded result/> }).collect_view()}
                </ul>
            })}
            <OverTime place=opened.place.clone() diagnosis=diagnosis.clone() item/>
            <ItemFindings opened diagnosis item asked/>
            {can_say.then(|| view! { <StatusForm investigation=investigation.id item current=said back/> })}
        </section>
    }
}

/// What one detector concluded; its title leads to how it decides.
#[component]
fn Concluded(result: DetectorResult) -> impl IntoView {
    let known: Option<&'static Detector> = detectors::find(&result.detector);
    let title = known.map_or(result.detector.to_string(), |detector| detector.title.to_owned());
    let code = result.detector.item_code().to_owned();
    let href = format!("{}#{}", address::reference(&code), result.detector);
    view! {
        <li>
            <VerdictMark verdict=result.verdict subject=title.clone()/>
            <span><a href=href>{title}</a> " " <span class="muted">{result.summary}</span></span>
        </li>
    }
}

#[component]
fn About(layer: Layer, reported: Vec<Symptom>) -> impl IntoView {
    let text = layer.text();
    view! {
        <aside class="stack wide-gap">
            <section class="stack" aria-labelledby="symptoms">
                <h2 id="symptoms">"What teams report"</h2>
                <ul class="card pad plain stack">
                    {Symptom::of_layer(layer)
                        .map(|symptom| {
                            let here = reported.iter().any(|one| one.key() == symptom.id);
                            view! { <li>{symptom.words} {here.then(|| view! { " " <span class="pill open">"reported here"</span> })}</li> }
                        })
                        .collect_view()}
                </ul>
            </section>
            <section class="stack" aria-labelledby="advice">
                <h2 id="advice">"Advice"</h2>
                <p class="card pad">{text.advice}</p>
            </section>
            <section class="stack" aria-labelledby="tools">
                <h2 id="tools">"Tools at work here"</h2>
                <ul class="chips">{text.tools.iter().map(|tool| view! { <li class="chip">{*tool}</li> }).collect_view()}</ul>
            </section>
        </aside>
    }
}
