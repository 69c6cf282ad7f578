//! What the fall is made of: one sentence, and the way from the performance before to the performance after. Each bar leads to
//! what it is about.

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
    let steps = made.steps(&diagnosis.suspects);
    let rows = steps.len() + 2;
    let links = steps.iter().enumerate().filter_map(|(row, step)| {
        let href = leads_to(place, step)?;
        let (y, height) = (percent(row + 1, rows), percent(1, rows));
        Some(view! {
            <a href=href aria-label=step.label()>
                <rect x="0" width="100%" y=y height=height fill="transparent"><title>{step.label()}</title></rect>
            </a>
        })
    });
    let overlay = links.collect_view().into_any();
    Some(figure(scene, overlay, files(place.clone(), Vec::new)))
}

fn percent(rows: usize, of: usize) -> String {
    format!("{:.3}%", 100.0 * rows as f64 / of as f64)
}

/// The finding of a suspect, or the column that the mix moved most in.
fn leads_to(place: &Place, step: &Step<'_>) -> Option<String> {
    match step.of {
        StepOf::Suspect(suspect) => Some(place.findings(&[("of", &suspect.rank.to_string())])),
        StepOf::Part(part, _) => part.columns().next().map(|(column, _)| place.column(column)),
        StepOf::Unexplained => None,
    }
}
