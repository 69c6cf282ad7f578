//! Evaluation runs: figures with intervals side by side, one run under a threshold slider, learning curves.

pub(super) mod asked;
mod classes;
mod curves;
mod drawn;
mod links;
mod matrix;
mod metrics;
mod quantiles;
pub mod question;
mod regression;
mod run;
mod scatter;
mod scored;

use std::sync::Arc;

use domain::Diagnosis;
use domain::snapshot::ColumnKind;
use leptos::prelude::*;

use super::map::of_place;
use crate::api::investigations::Opened;
use crate::components::{InvestigationHead, Tab};
use crate::islands::ChartReader;

use asked::Asked;
use curves::Curves;
use drawn::Others;
use links::Links;
use metrics::SideBySide;
use run::Run;

#[component]
pub fn EvaluationPage() -> impl IntoView {
    let asked = Asked::from_address();
    of_place(|opened| view! { <Evaluation opened asked/> }.into_any())
}

#[component]
pub(super) fn Evaluation(opened: Opened, asked: Asked) -> impl IntoView {
    let diagnosis = opened.diagnosis.clone();
    view! {
        <InvestigationHead opened=opened.clone() tab=Tab::Evaluation heading="Evaluation">
            <p class="lead">"What the model's numbers are, how sure they are, and where the threshold should be."</p>
        </InvestigationHead>
        {match diagnosis {
            Some(diagnosis) if !diagnosis.evaluations.is_empty() || !diagnosis.learning_curves.is_empty() => {
                view! { <Evaluated opened diagnosis asked/> }.into_any()
            }
            _ => view! {
                <p class="notice">
                    "No evaluation run yet. Add a file with predictions and labels (and scores, if the model has them), "
                    "or a learning curve with one row per epoch."
                </p>
            }
            .into_any(),
        }}
    }
}

#[component]
fn Evaluated(opened: Opened, diagnosis: Arc<Diagnosis>, asked: Asked) -> impl IntoView {
    let place = opened.place;
    let runs = Arc::clone(&diagnosis.evaluations);
    let chosen = asked.choose(&runs);
    let links = chosen.and_then(|chosen| {
        let run = runs.get(chosen.run)?.clone();
        let baseline = chosen.baseline.and_then(|place| runs.get(place).cloned());
        Some(Links {
            place: place.clone(),
            run,
            baseline,
            asked: asked.clone(),
            anchor: "run",
            kind: ColumnKind::Numeric,
        })
    });
    let kept = links.as_ref().map_or_else(|| asked.ticked().to_vec(), |links| links.pairs(&asked));
    let others = chosen.and_then(|chosen| {
        let baseline = chosen.baseline.and_then(|place| runs.get(place));
        Some(Others::of(&place, (runs.as_slice(), runs.get(chosen.run)?, baseline), &asked.drawn, &kept))
    });
    let ticked = asked.curves.clone();
    let has_prediction = diagnosis.roles.prediction().is_some();
    let drawn = asked.ticked().to_vec();
    let shown = links.zip(others).map(|(links, others)| {
        let Links { place, run, baseline, .. } = links;
        view! { <Run place run baseline others asked has_prediction/> }
    });
    view! {
        <div class="stack wide-gap">
            {chosen.map(|chosen| view! { <SideBySide place=place.clone() runs chosen drawn/> })}
            {shown}
            <Curves place=place.clone() curves=Arc::clone(&diagnosis.learning_curves) ticked kept/>
            <ChartReader/>
        </div>
    }
}
