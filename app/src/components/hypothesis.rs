//! How far people are with a hypothesis, and the form that says so.

use domain::decision::{Decision, Ruling};
use domain::hypothesis::HypothesisState;
use domain::seen::{SEEN, seen};
use leptos::prelude::*;

use super::{AuthorField, When};
use crate::address::Place;

/// Glyph and word.
#[component]
pub fn HypothesisBadge(state: HypothesisState) -> impl IntoView {
    view! {
        <span class=format!("hypothesis-state {}", state.class())>
            <span class="glyph" aria-hidden="true">{state.glyph()}</span>
            {state.words()}
        </span>
    }
}

/// Who decided what, when and why.
#[component]
pub fn Decided(decision: Decision) -> impl IntoView {
    let Decision { ruling, note, author, at_ms, .. } = decision;
    view! {
        <p class="said-line">
            <strong>{ruling.words()}</strong> " by " {author.to_string()} ", " <When ms=at_ms/> " UTC"
            {(!note.is_empty()).then(|| format!(": {note}"))}
        </p>
    }
}

/// The form of a decision about a hypothesis: to make it, to make another, or to take it back. `id` tells the fields of several
/// forms of a page apart; `back` is the page to come back to.
#[component]
pub fn Decide(
    place: Place,
    key: String,
    decision: Option<Decision>,
    #[prop(into)] id: String,
    #[prop(optional)] back: &'static str,
) -> impl IntoView {
    let action = format!("{}/decisions", place.map());
    let shown = seen(&decision);
    let now = decision.as_ref().map(|decision| decision.ruling);
    let note = decision.map(|decision| decision.note).unwrap_or_default();
    let field = |name: &str| format!("decide-{name}-{id}");
    let choice = |ruling: Ruling| {
        let class = (ruling == Ruling::Confirmed).then_some("primary");
        (now != Some(ruling))
            .then(|| view! { <button class=class name="ruling" value=ruling.id()>{verb(ruling)}</button> })
    };
    view! {
        <form class="row decide" method="post" action=action>
            <input type="hidden" name="suspect" value=key/>
            <input type="hidden" name="back" value=back/>
            <input type="hidden" name=SEEN value=shown/>
            <AuthorField id=field("author")/>
            <label class="hidden" for=field("note")>"Why"</label>
            <input id=field("note") name="note" maxlength="2000" placeholder="Why (optional)" value=note/>
            {[Ruling::Confirmed, Ruling::Supported, Ruling::RuledOut].map(choice)}
            {now.map(|_| view! { <button name="ruling" value="">"Take the decision back"</button> })}
        </form>
    }
}

fn verb(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Supported => "Support",
        Ruling::Confirmed => "Confirm",
        Ruling::RuledOut => "Rule out",
    }
}
