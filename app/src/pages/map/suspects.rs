//! The other suspects as a list, and what people decide about a suspect.

use std::sync::Arc;

use checks::suspects::RELIABILITY;
use domain::fall::{Undone, tenths};
use domain::repair::Repair;
use domain::{Diagnosis, Suspect};
use leptos::prelude::*;

use crate::address::Place;
use crate::api::investigations::Opened;
use crate::components::triage::MuteSuspect;
use crate::components::{Decide, Decided, FormsOf, Sentence};
use domain::number;

/// What the likelihood means, with how often it was right where it promises 80 to 90 %.
pub(super) fn likelihood_means() -> String {
    let right = number::percent(RELIABILITY[8].share_of_causes().value);
    format!(
        "How likely this is a cause. Estimated from known faults in many tables and checked on tables that were held out: of suspects \
         between 80 and 90 %, {right} were causes. A reported symptom that points to its layer raises it by a tenth."
    )
}

/// What the points mean.
pub(super) const COST: &str =
    "How much of the fall is due to it, in points of the metric that fell. Suspects are ordered by what they cost.";

/// The way to what undoing a suspect does; nothing where nothing in the data undoes it, or on a share link.
pub(super) fn undo(place: &Place, diagnosis: &Diagnosis, suspect: &Suspect) -> Option<String> {
    let is_listed = diagnosis.suspects.iter().any(|one| one.rank == suspect.rank && one.key() == suspect.key());
    Repair::of(suspect, &diagnosis.findings).ok().filter(|_| is_listed).and_then(|_| place.undo(suspect.rank))
}

/// What undoing this suspect recovers, where that is known.
pub fn undone_of<'d>(diagnosis: &'d Diagnosis, suspect: &Suspect) -> Option<&'d Undone> {
    let undone = diagnosis.fall.as_ref()?.undone.as_ref()?;
    Some(undone).filter(|undone| undone.suspect.as_deref() == Some(suspect.key().as_str()))
}

/// Everybody but the prime suspect.
#[component]
pub fn OtherSuspects(opened: Opened, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let (standing, changed): (Vec<Suspect>, Vec<Suspect>) =
        diagnosis.suspects.iter().cloned().partition(|suspect| suspect.standing);
    let prime = diagnosis.prime_suspect().map(Suspect::key);
    let is_other = |suspect: &Suspect| prime.as_ref() != Some(&suspect.key());
    let others: Vec<Suspect> = changed.into_iter().filter(is_other).collect();
    let standing: Vec<Suspect> = standing.into_iter().filter(is_other).collect();
    let (muted, ruled_out) = (diagnosis.muted_suspects.clone(), diagnosis.ruled_out_suspects.clone());
    let place = opened.place.clone();
    view! {
        {(!others.is_empty()).then(|| view! {
            <section class="stack section" aria-labelledby="others">
                <h2 id="others">"Other suspects"</h2>
                <Listed opened=opened.clone() diagnosis=diagnosis.clone() suspects=others/>
            </section>
        })}
        {(!standing.is_empty()).then(|| view! {
            <section class="stack section" aria-labelledby="standing">
                <h2 id="standing">"Standing weaknesses"</h2>
                <p class="muted small">"They were there before: news for the owner of the model, not what changed."</p>
                <Listed opened=opened.clone() diagnosis=diagnosis.clone() suspects=standing/>
            </section>
        })}
        {(!ruled_out.is_empty()).then(|| view! { <RuledOut opened diagnosis suspects=ruled_out/> })}
        {(!muted.is_empty()).then(|| view! { <Muted place muted/> })}
    }
}

/// Suspects that people ruled out, folded.
#[component]
fn RuledOut(opened: Opened, diagnosis: Arc<Diagnosis>, suspects: Vec<Suspect>) -> impl IntoView {
    let count = number::counted(suspects.len() as u64, "suspect");
    view! {
        <details class="disclosure section">
            <summary>{count} " ruled out"</summary>
            <Listed opened diagnosis suspects/>
        </details>
    }
}

/// Suspects that are known and accepted.
#[component]
fn Muted(place: Place, muted: Vec<Suspect>) -> impl IntoView {
    let count = number::counted(muted.len() as u64, "muted suspect");
    view! {
        <details class="disclosure section">
            <summary>{count}</summary>
            <ul class="plain card suspects">
                {muted
                    .into_iter()
                    .map(|suspect| view! {
                        <li>
                            <span></span>
                            <span>
                                <a href=place.item(suspect.item)><Sentence text=suspect.statement columns=suspect.columns/></a>
                                <span class="faint small">{format!(" {} · {}", suspect.item.code(), suspect.cause.words())}</span>
                            </span>
                        </li>
                    })
                    .collect_view()}
            </ul>
        </details>
    }
}

/// Why it is believed a little more than its findings alone would have it.
#[component]
pub(super) fn Symptoms(suspect: Suspect) -> impl IntoView {
    suspect.pointed_at().map(|sentence| view! { <p class="muted small">{sentence}</p> }).collect_view()
}

#[component]
fn Listed(opened: Opened, diagnosis: Arc<Diagnosis>, suspects: Vec<Suspect>) -> impl IntoView {
    let (place, can_decide, forms) = (opened.place.clone(), opened.can_change(), FormsOf::page(&opened, ""));
    let one = move |suspect: Suspect| {
        let pointed = view! { <Symptoms suspect=suspect.clone()/> };
        let likelihood = (!suspect.standing).then(|| suspect.likelihood());
        let decision = diagnosis.decision_about(&suspect).cloned();
        let decide = can_decide.then(|| {
            view! {
                <details class="disclosure small">
                    <summary>"Decide"</summary>
                    <Decide place=place.clone() key=suspect.key() id=suspect.rank.to_string() decision=decision.clone()/>
                </details>
            }
        });
        let is_listed = diagnosis.suspects.iter().any(|one| one.rank == suspect.rank && one.key() == suspect.key());
        let mute = forms.clone().filter(|_| is_listed).map(|forms| {
            view! { <MuteSuspect forms suspect=suspect.clone()/> }
        });
        let count = (suspect.findings.len() + suspect.explains.len()) as u64;
        let listed = is_listed.then(|| {
            let href = place.findings(&[("of", &suspect.rank.to_string())]);
            view! { " · " <a href=href>{number::counted(count, "finding")}</a> }
        });
        let undo = undo(&place, &diagnosis, &suspect).map(|href| view! { <a href=href>"Undo it and see"</a> });
        let cost = suspect.points.map(|points| format!("{} points", tenths(points.points)));
        let since = suspect.since.map(|since| format!(" · {}", since.words()));
        view! {
            <li>
                <span class="faint num">{suspect.rank}</span>
                <span>
                    <a href=place.item(suspect.item)><Sentence text=suspect.statement columns=suspect.columns/></a>
                    <span class="faint small">
                        {format!(" {} · {}", suspect.item.code(), suspect.cause.words())} {since} {listed}
                    </span>
                    {pointed}
                    {decision.map(|decision| view! { <Decided decision/> })}
                    <div class="choices small">{undo} {decide} {mute}</div>
                </span>
                <span class="num">
                    {cost.map(|cost| view! { <span title=COST>{cost} <br/></span> })}
                    <span title=likelihood_means()>{likelihood}</span>
                </span>
            </li>
        }
    };
    view! { <ol class="plain card suspects">{suspects.into_iter().map(one).collect_view()}</ol> }
}
