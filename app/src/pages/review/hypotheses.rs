//! What may be the cause, each with what supports and contradicts it.

use domain::evidence::Stance;
use domain::hypothesis::{Hypothesis, HypothesisState, Source};
use domain::number;
use leptos::prelude::*;

use crate::address::Place;
use crate::api::investigations::Opened;
use crate::components::{Decide, Decided, HypothesisBadge, Sentence, SignedRow, When};

/// Open ones that are seen at once.
const SEEN: usize = 4;

#[component]
pub fn Hypotheses(opened: Opened, all: Vec<Hypothesis>) -> impl IntoView {
    let place = opened.place.clone();
    let (can_change, action) = (opened.can_change(), format!("{}/hypotheses", place.map()));
    let order: Vec<String> = opened.investigation.evidence.iter().map(|piece| piece.id.clone()).collect();
    let (ruled_out, mut shown): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| one.state == HypothesisState::RuledOut);
    let is_quiet = |one: &Hypothesis| {
        one.state == HypothesisState::Open && one.evidence.is_empty() && matches!(one.source, Source::Suspect { .. })
    };
    // What nobody spoke of is folded behind the first of them.
    let mut quiet = 0;
    let (more, seen): (Vec<_>, Vec<_>) = shown.drain(..).partition(|one| {
        quiet += usize::from(is_quiet(one));
        is_quiet(one) && quiet > SEEN
    });
    let list = move |list: Vec<Hypothesis>| {
        let one = |hypothesis: Hypothesis| {
            view! { <One place=place.clone() can_change hypothesis order=order.clone()/> }
        };
        view! { <ol class="plain stack hypotheses">{list.into_iter().map(one).collect_view()}</ol> }
    };
    let folded = |words: String, hypotheses: Vec<Hypothesis>| {
        (!hypotheses.is_empty()).then(|| {
            view! {
                <details class="disclosure"><summary>{words}</summary>{list(hypotheses)}</details>
            }
        })
    };
    let none = seen.is_empty();
    view! {
        <section class="stack section" aria-labelledby="hypotheses" data-live="hypotheses">
            <h2 id="hypotheses">"Hypotheses"</h2>
            {none.then(|| view! { <p class="muted">"Nothing is held to be possible now."</p> })}
            {list(seen)}
            {folded(number::counted(more.len() as u64, "more suspect"), more)}
            {folded(format!("{} ruled out", ruled_out.len()), ruled_out)}
            {can_change.then(|| view! {
                <details class="disclosure">
                    <summary>"Add a hypothesis of your own"</summary>
                    <form class="card pad stack" method="post" action=action>
                        <input type="hidden" name="back" value="review"/>
                        <div class="field">
                            <label for="hypothesis">"What may be the cause?"</label>
                            <input id="hypothesis" name="statement" required maxlength="300" autocomplete="off"/>
                        </div>
                        <SignedRow id="hypothesis-author" action="Add it"/>
                    </form>
                </details>
            })}
        </section>
    }
}

#[component]
fn One(place: Place, can_change: bool, hypothesis: Hypothesis, order: Vec<String>) -> impl IntoView {
    let Hypothesis { key, statement, columns, source, state, decision, evidence } = hypothesis;
    let id = anchor(&key);
    let speaks = Stance::ALL.map(|stance| {
        let numbers: Vec<usize> = evidence
            .iter()
            .filter(|(on, _)| *on == stance)
            .filter_map(|(_, piece)| order.iter().position(|one| one == piece))
            .map(|place| place + 1)
            .collect();
        (!numbers.is_empty()).then(|| {
            let links = numbers.into_iter().map(|number| {
                view! { " " <a class="chip" href=format!("#evidence-{number}")>{format!("evidence {number}")}</a> }
            });
            view! { <span class=format!("speaks {}", stance.id())>{stance.words()} ":" {links.collect_view()}</span> }
        })
    });
    let anchored = id.clone();
    let is_spoken_of = speaks.iter().any(Option::is_some);
    view! {
        <li class=format!("card pad stack hypothesis {}", state.class()) id=anchored>
            <p class="row">
                <HypothesisBadge state/>
                <span class="faint small"><From source/></span>
            </p>
            <p class="statement"><Sentence text=statement columns/></p>
            {is_spoken_of.then(|| view! { <p class="row small">{speaks.map(|one| one).collect_view()}</p> })}
            {decision.clone().map(|decision| view! { <Decided decision/> })}
            {can_change.then(|| view! {
                <details class="disclosure small">
                    <summary>"Decide"</summary>
                    <Decide place key decision id back="review"/>
                </details>
            })}
        </li>
    }
}

/// Letters that an anchor and an id of a field may have.
fn anchor(key: &str) -> String {
    let plain = key.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' });
    format!("hypothesis-{}", plain.collect::<String>())
}

#[component]
fn From(source: Source) -> impl IntoView {
    match source {
        Source::Suspect { rank, cause, likelihood } => {
            let likelihood = likelihood.map(|likelihood| format!(" · likelihood {likelihood}")).unwrap_or_default();
            format!("suspect {rank} · {}{likelihood}", cause.words()).into_any()
        }
        Source::Gone => "a suspect of an earlier diagnosis; the last one does not find it".into_any(),
        Source::Person { author, at_ms } => {
            view! { "added by " {author.to_string()} ", " <When ms=at_ms/> " UTC" }.into_any()
        }
    }
}
