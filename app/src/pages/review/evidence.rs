//! What people pinned, in their order.

use domain::evidence::{Evidence as PieceOf, FrozenInput, Piece, Pinned};
use domain::hypothesis::Hypothesis;
use domain::markup::escaped;
use domain::seen::{SEEN, seen};
use domain::{Diagnosis, number};
use leptos::prelude::*;

use super::super::pin::StanceFields;
use crate::api::investigations::Opened;
use crate::charts::Files;
use crate::components::{ExhibitView, When};
use crate::islands::Sorting;

/// Letters of a hash that are shown; the whole hash is in the title.
const HASH: usize = 12;

#[component]
pub fn Evidence(opened: Opened, pieces: Vec<Piece>, all: Vec<Hypothesis>) -> impl IntoView {
    let can_change = opened.can_change();
    let none = pieces.is_empty();
    let last = pieces.len();
    let one = move |(index, piece): (usize, Piece)| {
        let at = At { number: index + 1, last };
        view! { <Card opened=opened.clone() piece at all=all.clone()/> }
    };
    let cards: Vec<_> = pieces.into_iter().enumerate().map(one).collect();
    view! {
        <section class="stack section" aria-labelledby="evidence" data-live="evidence">
            <h2 id="evidence">"Evidence"</h2>
            {none.then(|| view! {
                <p class="muted">
                    "Nothing is pinned yet. "
                    {can_change.then_some("Use \u{201c}Pin as evidence\u{201d} below a chart, a finding, or the answer to \u{201c}What is different about these rows?\u{201d}: it is kept here as it is now.")}
                </p>
            })}
            <ol class="plain evidence" id="pieces">{cards}</ol>
        </section>
        {(can_change && last > 1).then(|| view! { <Sorting/> })}
    }
}

/// The number of a piece, from 1, and that of the last one.
#[derive(Debug, Clone, Copy)]
struct At {
    number: usize,
    last: usize,
}

#[component]
fn Card(opened: Opened, piece: Piece, at: At, all: Vec<Hypothesis>) -> impl IntoView {
    let Piece { evidence, exhibit } = piece;
    let can_change = opened.can_change();
    let files = Files::kept(opened.place.clone(), evidence.id.clone());
    let action = format!("{}/evidence/{}", opened.place.map(), evidence.id);
    let now = now_at(&opened, &evidence.pinned);
    let title = evidence.title.clone();
    let place = format!("{action}/place");
    view! {
        <li class="card pad stack piece" id=format!("evidence-{}", at.number) data-place=place>
            <div class="row spread">
                <h3>
                    {can_change.then(|| view! { <span class="handle scripted" aria-hidden="true" title="Drag to another place">"⠿"</span> " " })}
                    <span class="faint num">{at.number} ". "</span> {title.clone()}
                </h3>
                {can_change.then(|| view! { <Moves action=action.clone() at title/> })}
            </div>
            {(!evidence.caption.is_empty()).then(|| view! { <p class="caption pre">{evidence.caption.clone()}</p> })}
            <Speaks evidence=evidence.clone() all=all.clone()/>
            <ExhibitView exhibit files=Some(files)/>
            <p class="faint small">
                "Pinned by " {evidence.author.to_string()} ", " <When ms=evidence.at_ms/> " UTC · "
                <From inputs=evidence.inputs.clone()/>
                <span class="nowrap" title=evidence.sha256.clone()>{format!("SHA-256 {}…", evidence.sha256.get(..HASH).unwrap_or_default())}</span>
                {now.map(|href| view! { " · " <a href=href>"As it is now"</a> })}
            </p>
            {can_change.then(|| view! { <Remarks action evidence all/> })}
        </li>
    }
}

/// The same view of the diagnosis as it is now.
fn now_at(opened: &Opened, pinned: &Pinned) -> Option<String> {
    let found = |diagnosis: &Diagnosis, id: &str| diagnosis.findings.iter().find(|one| one.id == *id).cloned();
    match pinned {
        Pinned::Finding { finding } => Some(opened.place.finding(&found(opened.diagnosis.as_deref()?, finding)?)),
        other => opened.place.of_pinned(other),
    }
}

#[component]
fn From(inputs: Vec<FrozenInput>) -> impl IntoView {
    let hashes: Vec<String> =
        inputs.iter().map(|input| format!("{} {} {}", input.role.words(), input.name, input.sha256)).collect();
    view! { <span title=hashes.join("\n")>{format!("from {}", number::counted(inputs.len() as u64, "file"))}</span> " · " }
}

#[component]
fn Speaks(evidence: PieceOf, all: Vec<Hypothesis>) -> impl IntoView {
    let known = |key: &str| all.iter().find(|one| one.key == key).map(|one| one.statement.clone());
    let links: Vec<_> = evidence
        .links
        .iter()
        .map(|link| {
            let statement = known(&link.hypothesis).unwrap_or_else(|| link.hypothesis.clone());
            view! { <li><strong class=format!("speaks {}", link.stance.id())>{link.stance.words()}</strong> " " {statement}</li> }
        })
        .collect();
    (!links.is_empty()).then(|| view! { <ul class="plain small links">{links}</ul> })
}

/// Without a script, and by keyboard.
#[component]
fn Moves(action: String, at: At, title: String) -> impl IntoView {
    let button = |to: &'static str, glyph: &'static str, possible: bool| {
        let label = format!("Move {to}: {title}");
        view! { <button class="small" name="to" value=to disabled=!possible aria-label=label.clone() title=label>{glyph}</button> }
    };
    view! {
        <form class="row moves" method="post" action=format!("{action}/place")>
            <input type="hidden" name="back" value="review"/>
            {button("up", "↑", at.number > 1)}
            {button("down", "↓", at.number < at.last)}
        </form>
    }
}

#[component]
fn Remarks(action: String, evidence: PieceOf, all: Vec<Hypothesis>) -> impl IntoView {
    let id = format!("piece-{}", evidence.id);
    let chosen = evidence.links.iter().map(|link| (link.hypothesis.clone(), link.stance)).collect();
    view! {
        <details class="disclosure small">
            <summary>"Caption, what it supports, take out"</summary>
            <div class="stack">
                <form class="stack" method="post" action=format!("{action}/remark")>
                    <input type="hidden" name="back" value="review"/>
                    <input type="hidden" name=SEEN value=seen(&(&evidence.caption, &evidence.links))/>
                    <div class="field">
                        <label for=id.clone()>"Caption"</label>
                        <textarea id=id.clone() name="caption" rows="2" maxlength="20000" inner_html=escaped(&evidence.caption)></textarea>
                    </div>
                    <StanceFields id all chosen/>
                    <div class="row"><button>"Save"</button></div>
                </form>
                <form method="post" action=format!("{action}/remove")>
                    <input type="hidden" name="back" value="review"/>
                    <button>"Take it out"</button>
                </form>
            </div>
        </details>
    }
}
