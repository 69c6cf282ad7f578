//! The seven layers as stations on one line, from data to monitoring, each with its items as marks.

use std::sync::Arc;

use domain::diagnosis::{ItemResult, LayerResult};
use domain::investigation::HumanStatus;
use domain::{Diagnosis, Item};
use leptos::prelude::*;

use crate::address::Place;
use crate::components::VerdictLegend;

#[component]
pub fn Line(place: Place, diagnosis: Arc<Diagnosis>, statuses: Vec<HumanStatus>) -> impl IntoView {
    let prime = diagnosis.suspects.first().map(|suspect| suspect.item);
    view! {
        <section class="card map" aria-labelledby="the-map">
            <div class="map-head row spread">
                <h2 id="the-map">"Seven layers, from data to monitoring"</h2>
                <VerdictLegend/>
            </div>
            <ol class="railway">
                {diagnosis
                    .layers
                    .iter()
                    .map(|layer| {
                        let layer = layer.clone();
                        view! { <Station place=place.clone() layer prime statuses=statuses.clone()/> }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}

#[component]
fn Station(place: Place, layer: LayerResult, prime: Option<Item>, statuses: Vec<HumanStatus>) -> impl IntoView {
    let LayerResult { layer, verdict, items } = layer;
    let is_prime = prime.is_some_and(|item| item.layer() == layer);
    view! {
        <li class=format!("station {}", verdict.class()) class:prime=is_prime>
            <a class="station-link" href=place.layer(layer)>
                <span class="node" aria-hidden="true">{verdict.glyph()}</span>
                <span class="station-name">
                    <span class="station-number">{layer.number()}</span> " " {layer.text().title}
                    <span class="hidden">{format!(": {}", verdict.word())}</span>
                </span>
            </a>
            <ul class="marks" aria-label=format!("Items of {}", layer.text().title)>
                {items
                    .into_iter()
                    .map(|result| {
                        let said = statuses.iter().find(|status| status.item == result.item).cloned();
                        view! { <Mark place=place.clone() is_prime=prime == Some(result.item) result said/> }
                    })
                    .collect_view()}
            </ul>
        </li>
    }
}

#[component]
fn Mark(place: Place, result: ItemResult, is_prime: bool, said: Option<HumanStatus>) -> impl IntoView {
    let ItemResult { item, verdict, missing, .. } = result;
    let mut words = format!("{} {} {}", item.code(), item.question(), verdict.word());
    if !missing.is_empty() {
        words.push_str(&format!(" (needs {})", missing.join("; ")));
    }
    if let Some(said) = &said {
        words.push_str(&format!("; {} by {}", said.status.words(), said.author));
    }
    let said = said.map(|said| view! { <span class="said" aria-hidden="true">{said.status.words()}</span> });
    view! {
        <li>
            <a class=format!("item-mark {}", verdict.class()) class:prime=is_prime href=place.item(item) title=words.clone()>
                <span class="glyph" aria-hidden="true">{verdict.glyph()}</span>
                <span class="code" aria-hidden="true">{item.code()}</span>
                <span class="hidden">{words.clone()}</span>
            </a>
            {said}
        </li>
    }
}
