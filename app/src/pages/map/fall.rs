//! What the fall is made of: one sentence, the way from the performance before to the performance after, and links to what each
//! bar is about.

use std::sync::Arc;

use domain::Diagnosis;
use domain::fall::{Fall, Step, StepOf};
use domain::plot::scene::fall;
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
        view! {
            <section class=class aria-labelledby="fall" data-live="fall">
                <h2 id="fall">"What the fall is made of"</h2>
                <p>{sentence}</p>
                {chart}
                {(!basis.is_empty()).then(|| view! { <p class="muted small">{basis}</p> })}
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
