//! The tour of the map: three steps, each next to the part of the page that it is about, closed for ever with one click.

use leptos::prelude::*;

use crate::address::Place;
use crate::visitor;

/// What a step says about the part of the page below it.
struct Step {
    title: &'static str,
    words: &'static str,
}

const STEPS: [Step; visitor::Tour::STEPS] = [
    Step {
        title: "The likeliest cause comes first",
        words: "One sentence names it. Below it: what supports it, what contradicts it, and the one check that settles it.",
    },
    Step {
        title: "Seven layers, from data to monitoring",
        words: "A filled mark is a cause or a finding without one; an outlined mark follows from a cause. Open a layer for             its checks and charts.",
    },
    Step {
        title: "You decide",
        words: "Confirm a suspect or rule it out, write notes, close with a verdict. The map, the list, the report and a             shared link follow.",
    },
];

/// The step with this number (from 1), where the tour is at it.
#[component]
pub fn Tour(place: Place, step: usize) -> impl IntoView {
    let Place::Investigation(id) = &place else { return ().into_any() };
    if visitor::Tour::here() != visitor::Tour::At(step) {
        return ().into_any();
    }
    let Some(Step { title, words }) = STEPS.get(step - 1) else { return ().into_any() };
    let to = |step: usize| format!("{}?{}={step}#tour", place.map(), visitor::Tour::STEP);
    let back = (step > 1).then(|| view! { <a class="button" href=to(step - 1)>"Back"</a> });
    let next = (step < STEPS.len()).then(|| view! { <a class="button primary" href=to(step + 1)>"Next"</a> });
    let close = if step < STEPS.len() { "Close the tour for good" } else { "Done, don’t show it again" };
    view! {
        <aside id="tour" class="tour card pad stack" aria-label="Tour">
            <p class="faint small">{format!("Tour, step {step} of {}", STEPS.len())}</p>
            <p class="tour-title">{*title}</p>
            <p>{*words}</p>
            <div class="row">
                {back}
                {next}
                <form method="post" action="/tour/close">
                    <input type="hidden" name="investigation" value=id.clone()/>
                    <button class="link">{close}</button>
                </form>
            </div>
        </aside>
    }
    .into_any()
}
