//! The prime suspect: what it is, since when, in how many rows and with what effect, and its proof.

use std::sync::Arc;

use domain::diagnosis::LayerResult;
use domain::fall::tenths;
use domain::hypothesis::HypothesisState;
use domain::{Diagnosis, Finding, Mark, Suspect, Verdict};
use leptos::prelude::*;

use super::proof::Proof;
use super::suspects::{COST, Symptoms, likelihood_means, undo, undone_of};
use crate::address::{self, Place};
use crate::api::investigations::Opened;
use crate::components::triage::MuteSuspect;
use crate::components::{
    Decide, Decided, FormsOf, HypothesisBadge, Said, Sentence, VerdictBadge, VerdictMark, figures,
};
use domain::number;

/// Findings of one list in the card; the table has them all.
const NAMED: usize = 10;

#[component]
pub fn PrimeSuspect(opened: Opened, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    match diagnosis.prime_suspect().cloned() {
        None => view! { <NoSuspect diagnosis can_add=opened.can_change()/> }.into_any(),
        Some(suspect) => view! { <Prime opened suspect diagnosis=diagnosis.clone()/> }.into_any(),
    }
}

#[component]
fn NoSuspect(diagnosis: Arc<Diagnosis>, can_add: bool) -> impl IntoView {
    let coverage = diagnosis.coverage;
    let verdict = Verdict::of_group(diagnosis.layers.iter().map(|layer| layer.verdict));
    let stood = diagnosis.findings.iter().all(|finding| finding.standing || finding.verdict < Verdict::Possible);
    let partly = coverage.checked_items < coverage.items || diagnosis.layers.iter().any(LayerResult::is_partly_checked);
    let mark = Mark::of(verdict, stood && verdict >= Verdict::Possible).unless_partly(partly);
    let sentence = match verdict {
        _ if !diagnosis.ruled_out_suspects.is_empty() && diagnosis.suspects.is_empty() => {
            "Every suspect is ruled out. Nothing else explains what was found."
        }
        _ if !diagnosis.muted_suspects.is_empty() && diagnosis.suspects.is_empty() => {
            "Every suspect is muted: all findings that support them are known and accepted."
        }
        Verdict::Mismatch => "There are mismatches, but no single cause explains them all.",
        Verdict::Possible if stood => "Nothing that could be checked has changed.",
        Verdict::Possible => "There are differences, but none is both large and certain.",
        Verdict::Clear => "Everything that could be checked agrees.",
        Verdict::NoEvidence => "Nothing could be checked with these inputs.",
    };
    // Of several mismatches without one cause, the first is the place to start.
    let gravest = (verdict == Verdict::Mismatch && diagnosis.suspects.is_empty())
        .then(|| diagnosis.findings.iter().find(|finding| finding.verdict == Verdict::Mismatch).cloned())
        .flatten();
    view! {
        <section class=format!("card pad suspect {}", mark.class()) aria-labelledby="suspect" data-live="suspect">
            <div class="stack">
                <p class="row"><VerdictBadge verdict=mark/></p>
                <h2 id="suspect" class="statement">{sentence}</h2>
                {(verdict == Verdict::NoEvidence && !diagnosis.told.is_empty()).then(|| view! {
                    <p>"What the files say by themselves stands at their layers, below."</p>
                })}
                {gravest.map(|finding| view! { <p><Sentence text=finding.statement columns=finding.columns/></p> })}
                {(coverage.checked_items < coverage.items).then(|| view! {
                    <p class="muted">
                        {coverage.words()} "."
                        {can_add.then_some(" The other checks list the inputs they need below.")}
                    </p>
                })}
            </div>
        </section>
    }
}

#[component]
fn Prime(opened: Opened, suspect: Suspect, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let place = opened.place.clone();
    let (can_decide, forms) = (opened.can_change(), FormsOf::page(&opened, ""));
    let now_ms = opened.now_ms;
    let said = opened.investigation.statuses.iter().find(|status| status.item == suspect.item).cloned();
    let decision = diagnosis.decision_about(&suspect).cloned();
    let state = HypothesisState::of(decision.as_ref().map(|decision| decision.ruling));
    let title = if state == HypothesisState::Confirmed { "Cause" } else { "Prime suspect" };
    let verdict = verdict_of(&suspect, &diagnosis);
    let (supporting, explained) = (named(&diagnosis, &suspect.findings), named(&diagnosis, &suspect.explains));
    let item = suspect.item;
    let (scope, proven) = (suspect.scope(), suspect.clone());
    let is_listed = diagnosis.decision_about(&suspect).is_none();
    let mute = forms.filter(|_| is_listed).map(|forms| view! { <MuteSuspect forms suspect=suspect.clone()/> });
    let decide = place.clone();
    let undo = undo(&place, &diagnosis, &suspect).map(|href| {
        view! { <p><a class="button small" href=href>"Undo it and see"</a></p> }
    });
    let undone = undone_of(&diagnosis, &suspect).map(|undone| {
        view! { <p><strong>"With it corrected: "</strong> {undone.sentence()}</p> }
    });
    view! {
        <section class=format!("card pad suspect {}", verdict.class()) aria-labelledby="suspect" data-live="suspect">
            <div class="stack">
                <p class="row">
                    <VerdictBadge verdict/>
                    <strong>{title}</strong>
                    <span class="faint">{suspect.cause.words()}</span>
                    {(state == HypothesisState::Supported).then(|| view! { <HypothesisBadge state/> })}
                </p>
                <h2 id="suspect" class="statement"><Sentence text=suspect.statement.clone() columns=suspect.columns.clone()/></h2>
                {(!scope.is_empty()).then(|| view! { <p class="scope">{scope}</p> })}
                <ul class="chips">
                    <li><a class="chip" href=address::reference(item.code())><strong>{item.code()}</strong> {item.question()}</a></li>
                    {suspect.points.map(|points| view! {
                        <li class="chip" title=COST>"costs " <strong>{tenths(points.points)} " points"</strong></li>
                    })}
                    <li class="chip" title=likelihood_means()>"likelihood " <strong>{suspect.likelihood()}</strong></li>
                    {suspect
                        .columns
                        .iter()
                        .take(6)
                        .map(|column| view! { <li><a class="chip" href=place.column(column)><code>{column.clone()}</code></a></li> })
                        .collect_view()}
                </ul>
                <Symptoms suspect=suspect.clone()/>
                <Supported place=place.clone() suspect=suspect.clone() findings=supporting/>
                <Folded words="Explains" place=place.clone() rank=suspect.rank findings=explained/>
                <Account place=place.clone() diagnosis=diagnosis.clone()/>
                <Against against=suspect.against.clone()/>
                {(decision.is_none() && !suspect.settle.is_empty()).then(|| view! {
                    <p class="settle"><strong>"How to confirm it: "</strong> {suspect.settle.clone()}</p>
                })}
                {undone}
                {undo}
                {said.map(|status| view! { <Said status now_ms/> })}
                {decision.clone().map(|decision| view! { <Decided decision/> })}
                {can_decide.then(|| view! { <Decide place=decide key=suspect.key() id="prime" decision/> })}
                {mute}
            </div>
            <Proof place diagnosis suspect=proven/>
        </section>
    }
}

/// The verdict of a suspect: that of the strongest finding speaking for it.
fn verdict_of(suspect: &Suspect, diagnosis: &Diagnosis) -> Verdict {
    let speaking = diagnosis.findings.iter().filter(|finding| suspect.findings.contains(&finding.id));
    Verdict::of_group(speaking.map(|finding| finding.verdict).chain([Verdict::Possible]))
}

/// In the order of the ids: the strongest first.
fn named(diagnosis: &Diagnosis, ids: &[String]) -> Vec<Finding> {
    ids.iter().filter_map(|id| diagnosis.findings.iter().find(|finding| finding.id == *id)).cloned().collect()
}

/// The strongest finding, and the others folded. What the headline says is not told again: only its numbers are.
#[component]
fn Supported(place: Place, suspect: Suspect, findings: Vec<Finding>) -> impl IntoView {
    let mut findings = findings.into_iter();
    let strongest = findings.next().map(|finding| {
        let is_headline = suspect.statement.ends_with(&finding.statement);
        let (href, numbers) = (place.finding(&finding), figures(&finding));
        let (item, words) = (finding.item.code(), finding.statement.clone());
        view! {
            <p class="strongest">
                {(!is_headline).then(|| view! { <Sentence text=words columns=finding.columns/> " " })}
                <span class="numbers">{item} " · " {numbers} " · " <a href=href>"Evidence"</a></span>
            </p>
        }
    });
    let rest: Vec<Finding> = findings.collect();
    view! {
        {strongest}
        <Folded words="Also supported by" place rank=suspect.rank findings=rest/>
    }
}

/// Findings of a suspect, folded: the first of them, and the way to all.
#[component]
fn Folded(words: &'static str, place: Place, rank: u32, findings: Vec<Finding>) -> impl IntoView {
    let count = findings.len();
    let href = place.findings(&[("of", &rank.to_string())]);
    (count > 0).then(|| {
        view! {
            <details class="disclosure">
                <summary>{words} " " {number::counted(count as u64, "finding")}</summary>
                <ul class="plain proof">
                    {findings.into_iter().take(NAMED).map(|finding| view! { <Named place=place.clone() finding/> }).collect_view()}
                </ul>
                {(count > NAMED).then(|| view! { <p class="small"><a href=href>{format!("{} more, in the table", count - NAMED)}</a></p> })}
            </details>
        }
    })
}

#[component]
fn Named(place: Place, finding: Finding) -> impl IntoView {
    let (href, figures) = (place.finding(&finding), figures(&finding));
    let code = finding.item.code();
    view! {
        <li>
            <VerdictMark verdict=finding.mark() subject=code/> " "
            <a href=href><Sentence text=finding.statement columns=finding.columns/></a>
            <span class="numbers">{code} " · " {figures}</span>
        </li>
    }
}

/// How many of the findings the suspects account for.
#[component]
fn Account(place: Place, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let href = place.findings(&[("of", "none")]);
    let heard = |finding: &&Finding| finding.verdict >= Verdict::Possible && !diagnosis.is_muted(finding);
    let all = diagnosis.findings.iter().filter(heard).count() as u64;
    let open =
        diagnosis.findings.iter().filter(heard).filter(|finding| diagnosis.is_unexplained(finding)).count() as u64;
    let suspects = number::counted(diagnosis.suspects.len() as u64, "suspect");
    let verb = if diagnosis.suspects.len() == 1 { "explains" } else { "explain" };
    (open > 0).then(|| view! {
        <p class="muted small">
            {format!("{suspects} {verb} {} of {}. ", all - open, number::counted(all, "finding"))}
            <a href=href>{if open == 1 { "1 is not explained".to_owned() } else { format!("{open} are not explained") }}</a> "."
        </p>
    })
}

#[component]
fn Against(against: Vec<String>) -> impl IntoView {
    (!against.is_empty()).then(|| {
        view! {
            <div>
                <p class="muted small">"Evidence against it"</p>
                <ul>{against.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()}</ul>
            </div>
        }
    })
}
