//! What the fall is made of: one sentence, the way from the performance before to the performance after, and links to what each
//! bar is about.

use std::sync::Arc;

use domain::fall::{Fall, FallSlice, FallSlices, SplitMetric, Step, StepOf};
use domain::plot::scene::{fall, fall_course};
use domain::selection::Side;
use domain::{Diagnosis, SnapshotRole};
use leptos::prelude::*;

use crate::address::Place;
use crate::charts::{figure, files};

#[component]
pub fn WhatItIsMadeOf(place: Place, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    diagnosis.fall.clone().map(|fall| {
        let sentence = fall.sentence(&diagnosis.suspects);
        let basis = fall.basis();
        let chart = drawn(&place, &fall, &diagnosis);
        // Where nothing is known, one line says why, and what would help.
        let class = if chart.is_some() { "card pad stack" } else { "stack" };
        let course = fall_course::scene(&fall).map(|scene| {
            let chart = figure(scene, ().into_any(), files(place.clone(), Vec::new));
            view! { <details><summary>"Along time"</summary>{chart}</details> }
        });
        let slices = fall.slices.as_ref().map(|slices| where_it_fell(&place, &diagnosis, slices, fall.metric));
        view! {
            <section class=class aria-labelledby="fall" data-live="fall">
                <h2 id="fall">"What the fall is made of"</h2>
                <p>{sentence}</p>
                {chart}
                {course}
                {(!basis.is_empty()).then(|| view! { <p class="muted small">{basis}</p> })}
                {slices}
            </section>
        }
    })
}

fn drawn(place: &Place, made: &Fall, diagnosis: &Diagnosis) -> Option<AnyView> {
    let scene = fall::scene(made, &diagnosis.suspects)?;
    // Next to the picture, not in it: who can't see it has its words, and nothing to press hides in them.
    let links: Vec<(String, String)> = made
        .steps(&diagnosis.suspects)
        .iter()
        .filter_map(|step| Some((leads_to(place, step)?, step.label())))
        .collect();
    let chart = figure(scene, ().into_any(), files(place.clone(), Vec::new));
    let links = (!links.is_empty()).then(|| {
        view! {
            <p class="row small">
                <span class="muted">"Look closer:"</span>
                {links.into_iter().map(|(href, label)| view! { <a href=href>{label}</a> }).collect_view()}
            </p>
        }
    });
    Some(view! { {chart} {links} }.into_any())
}

/// The finding of a suspect, or the column that the mix moved most in.
fn leads_to(place: &Place, step: &Step<'_>) -> Option<String> {
    match step.of {
        StepOf::Suspect(suspect) => Some(place.findings(&[("of", &suspect.rank.to_string())])),
        StepOf::Part(part, _) => part.columns().next().map(|(column, _)| place.column(column)),
        StepOf::Unexplained => None,
    }
}

/// The groups of rows in which it fell more than in the others; each leads to its rows.
fn where_it_fell(
    place: &Place,
    diagnosis: &Diagnosis,
    slices: &FallSlices,
    metric: SplitMetric,
) -> impl IntoView + use<> {
    // Without training rows there is one side to select from.
    let has_train = diagnosis.inputs.iter().any(|input| input.role == SnapshotRole::Train);
    let side = if has_train { Side::Both } else { Side::Serve };
    let rows = slices.shown().iter().map(|slice| row(place, slice, side.clone(), metric)).collect_view();
    let table = (!slices.confirmed.is_empty()).then(|| {
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label="Where it fell">
                <table class="table dense">
                    <thead>
                        <tr>
                            <th scope="col">"Rows with"</th>
                            <th scope="col">"Rows"</th>
                            <th scope="col">{metric.words()}</th>
                            <th scope="col">"Points lost"</th>
                            <th scope="col" class="num">"Of the fall"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <h3 id="where-it-fell">"Where it fell"</h3>
        <p class="muted small">{slices.sentence()}</p>
        {table}
        {slices.more().map(|more| view! { <p class="muted small">{more}</p> })}
    }
}

fn row(place: &Place, slice: &FallSlice, side: Side, metric: SplitMetric) -> impl IntoView + use<> {
    let href = format!("{}#selection", place.compare(&[("where", &slice.selection(side).to_text())]));
    view! {
        <tr>
            <th scope="row"><a href=href>{slice.words()}</a></th>
            <td>{slice.rows_words()}</td>
            <td>{slice.rates_words(metric)}</td>
            <td>{slice.lost_words()}</td>
            <td class="num">{slice.share_words()}</td>
        </tr>
    }
}
