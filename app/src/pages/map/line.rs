//! The seven layers as stations on one line, from data to monitoring, each with its items as marks.

use std::sync::Arc;

use domain::diagnosis::{ItemResult, LayerResult};
use domain::investigation::HumanStatus;
use domain::measurements::Coverage;
use domain::{Diagnosis, Item, Mark, Verdict, number};
use leptos::prelude::*;

use crate::address::Place;
use crate::components::VerdictLegend;

#[component]
pub fn Line(place: Place, diagnosis: Arc<Diagnosis>, statuses: Vec<HumanStatus>, can_add: bool) -> impl IntoView {
    let prime = diagnosis.prime_suspect().map(|suspect| suspect.item);
    view! {
        <section class="card map" aria-labelledby="the-map" data-live="map">
            <div class="map-head row spread">
                <h2 id="the-map">"Seven layers, from data to monitoring"</h2>
                <Covered coverage=diagnosis.coverage can_add/>
                <VerdictLegend/>
            </div>
            <ol class="railway">
                {diagnosis
                    .layers
                    .iter()
                    .map(|layer| {
                        let layer = layer.clone();
                        view! { <Station place=place.clone() diagnosis=diagnosis.clone() layer prime statuses=statuses.clone()/> }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}

/// How much of the map could be checked; where inputs can be added, it leads to what the rest needs.
#[component]
fn Covered(coverage: Coverage, can_add: bool) -> impl IntoView {
    if can_add && coverage.checked_items < coverage.items {
        view! { <a class="coverage" href="#not-checked">{coverage.words()}</a> }.into_any()
    } else {
        view! { <span class="coverage">{coverage.words()}</span> }.into_any()
    }
}

#[component]
fn Station(
    place: Place,
    diagnosis: Arc<Diagnosis>,
    layer: LayerResult,
    prime: Option<Item>,
    statuses: Vec<HumanStatus>,
) -> impl IntoView {
    let verdict = diagnosis.mark_of_layer(&layer);
    let LayerResult { layer, unmuted, items, .. } = layer;
    let below = below(&diagnosis, &items, &statuses);
    let files = diagnosis.told.iter().filter(|told| told.layer == layer).count();
    let is_prime = prime.is_some_and(|item| item.layer() == layer);
    // Only consequences: the cause is on another station.
    let mut alarmed = items.iter().filter(|item| item.verdict >= Verdict::Possible).peekable();
    let explained = alarmed.peek().is_some() && alarmed.all(|item| diagnosis.is_consequence(item));
    view! {
        <li class=format!("station {}", verdict.class()) class:prime=is_prime class:explained=explained>
            <a class="station-link" href=place.layer(layer)>
                <span class="node" aria-hidden="true">{verdict.glyph()}</span>
                <span class="station-name">
                    <span class="station-number">{layer.number()}</span> " " {layer.text().title}
                    <span class="hidden">{format!(": {}{}", verdict.word(), with_muted(unmuted))}</span>
                </span>
            </a>
            <ul class="marks" aria-label=format!("Items of {}", layer.text().title)>
                {items
                    .into_iter()
                    .map(|result| {
                        let said = statuses.iter().find(|status| status.item == result.item).cloned();
                        let mark = diagnosis.mark_of(&result);
                        let explained = diagnosis.is_consequence(&result);
                        view! { <ItemMark place=place.clone() is_prime=prime == Some(result.item) result mark said explained/> }
                    })
                    .collect_view()}
            </ul>
            {(!below.is_empty()).then(|| view! { <p class="said">{below}</p> })}
            {(files > 0).then(|| view! {
                <p class="said"><a href=format!("{}#told", place.layer(layer))>{number::counted(files as u64, "file") + " read"}</a></p>
            })}
        </li>
    }
}

/// What people said about the items and muted of them: `D1 confirmed, F2 1 muted`.
fn below(diagnosis: &Diagnosis, items: &[ItemResult], statuses: &[HumanStatus]) -> String {
    let of = |item: Item| {
        let said = statuses.iter().find(|status| status.item == item).map(|status| status.status.words().to_owned());
        let muted = Some(diagnosis.muted_of(item)).filter(|count| *count > 0).map(|count| format!("{count} muted"));
        said.into_iter().chain(muted).map(move |words| format!("{} {words}", item.code()))
    };
    items.iter().flat_map(|result| of(result.item)).collect::<Vec<String>>().join(", ")
}

/// The verdict that muting has changed.
fn with_muted(unmuted: Option<Verdict>) -> String {
    unmuted.map_or_else(String::new, |verdict| format!(" ({} including muted findings)", verdict.word()))
}

#[component]
fn ItemMark(
    place: Place,
    result: ItemResult,
    mark: Mark,
    is_prime: bool,
    said: Option<HumanStatus>,
    explained: bool,
) -> impl IntoView {
    let made = result.checks();
    let ItemResult { item, unmuted, missing, .. } = result;
    let verdict = mark;
    let mut words = format!("{} {} {}{}", item.code(), item.question(), verdict.word(), with_muted(unmuted));
    if explained {
        words.push_str(" (a consequence of a suspect)");
    }
    if made.is_partly() {
        words.push_str(&format!(", {}", made.words()));
    }
    if !missing.is_empty() {
        words.push_str(&format!(" (needs {})", missing.join("; ")));
    }
    if let Some(said) = said {
        words.push_str(&format!("; {} by {}", said.status.words(), said.author));
    }
    view! {
        <li>
            <a class=format!("item-mark {}", verdict.class()) class:prime=is_prime class:explained=explained href=place.item(item) title=words.clone()>
                <span class="glyph" aria-hidden="true">{verdict.glyph()}</span>
                <span class="code" aria-hidden="true">{item.code()}</span>
                <span class="hidden">{words.clone()}</span>
            </a>
        </li>
    }
}
