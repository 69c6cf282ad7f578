//! Evaluation runs: figures with intervals side by side, one run under a threshold slider, learning curves.

pub(super) mod asked;
mod classes;
mod curves;
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
use leptos::prelude::*;

use super::map::of_place;
use crate::api::investigations::Opened;
use crate::components::{InvestigationHead, Tab};
use crate::islands::ChartReader;

use asked::Asked;
use curves::Curves;
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
    let shown = chosen.and_then(|chosen| {
        let run = runs.get(chosen.run)?.clone();
        let baseline = chosen.baseline.and_then(|place| runs.get(place).cloned());
        let has_prediction = diagnosis.roles.prediction().is_some();
        Some(view! { <Run place=place.clone() run baseline asked has_prediction/> })
    });
    view! {
        <div class="stack wide-gap">
            {chosen.map(|chosen| view! { <SideBySide place=place.clone() runs chosen/> })}
            {shown}
            <Curves place=place.clone() curves=Arc::clone(&diagnosis.learning_curves)/>
            <ChartReader/>
        </div>
    }
}
