//! Evaluation runs: figures with intervals side by side, one run under a threshold slider, learning curves.

mod curves;
mod metrics;
mod run;

use std::sync::Arc;

use domain::evaluation::Split;
use domain::plot::scene::ThresholdSettings;
use domain::selection::Selection;
use domain::{Diagnosis, EvaluationRun};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::map::of_place;
use crate::api::investigations::Opened;
use crate::components::{InvestigationHead, Tab};

use curves::Curves;
use metrics::SideBySide;
use run::Run;

/// What the address asks to see.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    run: Option<String>,
    split: Option<Split>,
    settings: ThresholdSettings,
    selection: Option<Selection>,
}

impl Asked {
    fn from_address() -> Asked {
        use_query_map().with_untracked(Asked::from_query)
    }

    pub(super) fn from_query(query: &ParamsMap) -> Asked {
        Asked {
            run: query.get("run"),
            split: query.get("split").map(Split::from),
            settings: ThresholdSettings::from_query(|name| query.get(name)),
            selection: query.get("where").and_then(|text| Selection::from_text(&text)),
        }
    }

    /// The run asked for; else the test split of the first file, else whatever comes first.
    fn choose(&self, runs: &[EvaluationRun]) -> Option<usize> {
        let fits = |run: &EvaluationRun| {
            self.run.as_ref().is_none_or(|name| *name == run.name)
                && self.split.as_ref().is_none_or(|split| *split == run.split)
        };
        let named = self.run.is_some() || self.split.is_some();
        let asked = runs.iter().position(fits).filter(|_| named);
        asked.or_else(|| runs.iter().position(|run| run.split == Split::Test)).or((!runs.is_empty()).then_some(0))
    }
}

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
    let run = chosen.and_then(|index| runs.get(index).cloned());
    view! {
        <div class="stack wide-gap">
            {(!runs.is_empty()).then(|| view! { <SideBySide place=place.clone() runs chosen/> })}
            {run.map(|run| view! { <Run place=place.clone() run asked/> })}
            <Curves place=place.clone() curves=Arc::clone(&diagnosis.learning_curves)/>
        </div>
    }
}
