//! The system as it runs, at the layer that it is about: joined rows at serving, what is deployed at deployment, the alert rules
//! at monitoring.

mod deployed;
mod joined;
mod rules;

use std::sync::Arc;

use domain::{Diagnosis, Layer};
use leptos::prelude::*;

use crate::address::Place;

use deployed::Deployed;
use joined::Joined;
use rules::Rules;

/// Nothing where nothing is known.
#[component]
pub fn Runs(place: Place, diagnosis: Arc<Diagnosis>, layer: Layer) -> impl IntoView {
    let running = diagnosis.running.clone();
    match layer {
        Layer::Features => running
            .joined
            .is_some()
            .then(|| {
                let href = format!("{}#joined", place.layer(Layer::Serving));
                view! { <p class="notice"><a href=href>"Rows joined by id, column by column"</a></p> }
            })
            .into_any(),
        Layer::Serving => running.joined.clone().map(|rows| view! { <Joined place diagnosis rows/> }).into_any(),
        Layer::Deployment => view! { <Deployed running/> }.into_any(),
        Layer::Monitoring => {
            (!running.rules.is_empty()).then(|| view! { <Rules rules=running.rules.clone()/> }).into_any()
        }
        Layer::Data | Layer::Training | Layer::Evaluation => ().into_any(),
    }
}
