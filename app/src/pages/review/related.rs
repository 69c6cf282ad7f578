//! Other investigations that may be about the same.

use domain::related::{Related, RelatedBy};
use leptos::prelude::*;

use crate::address::Place;
use crate::components::StatePill;

#[component]
pub fn RelatedOnes(related: Vec<Related>) -> impl IntoView {
    (!related.is_empty()).then(|| {
        view! {
            <section class="stack section" aria-labelledby="related">
                <h2 id="related">"Related investigations"</h2>
                <ul class="card pad plain related">
                    {related.into_iter().map(|one| view! { <One one/> }).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn One(one: Related) -> impl IntoView {
    let Related { id, title, model, state, verdict, by } = one;
    let why = match by {
        RelatedBy::Suspect { statement } => format!("decided there too: {statement}"),
        RelatedBy::Model => format!("also about {model}"),
    };
    view! {
        <li>
            <p class="row">
                <a href=Place::Investigation(id).review()>{title}</a>
                <StatePill state archived=false regressed=false/>
            </p>
            <p class="muted small">{why}</p>
            {verdict.map(|verdict| view! { <p class="small">"Verdict: " {verdict}</p> })}
        </li>
    }
}
