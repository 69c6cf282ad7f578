//! What nobody watches of a model, each gap with the one step that closes it.

use domain::model::Unwatched;
use domain::related::Related;
use leptos::prelude::*;

use crate::address::model_page;
use crate::components::{AuthorField, CopyBox};

/// Investigations whose training data is offered as the reference.
const OFFERED: usize = 3;

#[component]
pub fn Gaps(
    model: String,
    unwatched: Vec<Unwatched>,
    investigations: Vec<Related>,
    can_change: bool,
    no_reference: bool,
) -> impl IntoView {
    let is_empty = unwatched.is_empty();
    let gaps: Vec<_> = unwatched
        .into_iter()
        .enumerate()
        .map(|(place, gap)| view! { <Gap model=model.clone() gap place can_change/> })
        .collect();
    let offer = (can_change && no_reference && !investigations.is_empty()).then(|| {
        let offered = investigations.into_iter().take(OFFERED);
        offered.map(|of| view! { <FromInvestigation model=model.clone() of/> }).collect_view()
    });
    view! {
        <section class="card pad stack" aria-labelledby="unwatched">
            <h2 id="unwatched">"What nobody watches"</h2>
            {match is_empty {
                true => view! { <p class="muted">"Rows, labels, logs and versions arrive, and somebody is named to be asked."</p> }.into_any(),
                false => view! { <ul class="plain rows gaps">{gaps}</ul> }.into_any(),
            }}
            {offer}
        </section>
    }
}

#[component]
fn Gap(model: String, gap: Unwatched, place: usize, can_change: bool) -> impl IntoView {
    let (step, command) = gap.step(&model);
    view! {
        <li>
            <p><strong>{gap.words()}</strong> {can_change.then(|| format!(" {step}"))}</p>
            {command.filter(|_| can_change).map(|command| view! {
                <CopyBox id=format!("step-{place}") label="The command that closes it" text=command rows=1/>
            })}
        </li>
    }
}

/// Takes the training data of an investigation as the reference, by one click.
#[component]
fn FromInvestigation(model: String, of: Related) -> impl IntoView {
    let label = format!("Take the training data of “{}” as the reference", of.title);
    view! {
        <form class="row" method="post" action=format!("{}/reference", model_page(&model))>
            <input type="hidden" name="investigation" value=of.id.clone()/>
            <AuthorField id=format!("reference-author-{}", of.id)/>
            <button>{label}</button>
        </form>
    }
}
