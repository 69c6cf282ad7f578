//! What a piece of evidence shows, as it was when it was pinned.

use domain::evidence::Exhibit;
use domain::finding::EvidenceLine;
use domain::plot::scene::Table;
use leptos::prelude::*;

use super::VerdictBadge;
use crate::charts::{Files, figure_under, numbers_table};

/// Lines that are seen at once.
const SEEN: usize = 6;

/// The picture, the figures and what they say; the title stands above it. Without `files`, it is not kept yet.
#[component]
pub fn ExhibitView(exhibit: Exhibit, files: Option<Files>) -> impl IntoView {
    let Exhibit { title, summary, mark, lines, table, scene } = exhibit;
    let is_told = scene.as_ref().is_some_and(|scene| scene.summary == summary);
    view! {
        {mark.map(|mark| view! { <p class="row"><VerdictBadge verdict=mark.mark()/></p> })}
        {(!summary.is_empty() && !is_told).then(|| view! { <p class="muted">{summary}</p> })}
        {scene.map(|scene| {
            let class = (scene.title == title).then_some("titled");
            view! { <div class=class>{figure_under(().into_any(), scene, ().into_any(), files)}</div> }
        })}
        <Lines lines/>
        {table.map(|table| view! { <Figures table title/> })}
    }
}

/// Names and values; many of them are folded.
#[component]
fn Lines(lines: Vec<EvidenceLine>) -> impl IntoView {
    let list = |lines: Vec<EvidenceLine>| {
        view! {
            <dl class="facts small">
                {lines.into_iter().map(|line| view! { <dt>{line.label}</dt> <dd>{line.value}</dd> }).collect_view()}
            </dl>
        }
    };
    let mut seen = lines;
    let more = seen.split_off(SEEN.min(seen.len()));
    let count = more.len();
    view! {
        {(!seen.is_empty()).then(|| list(seen))}
        {(count > 0).then(|| view! {
            <details class="disclosure small">
                <summary>{domain::number::counted(count as u64, "more line")}</summary>
                {list(more)}
            </details>
        })}
    }
}

#[component]
fn Figures(table: Table, title: String) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=title>{numbers_table(&table)}</div>
    }
}
