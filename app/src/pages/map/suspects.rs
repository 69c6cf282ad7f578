//! The prime suspect in one sentence with its proof, and the other suspects as a list.

use std::sync::Arc;

use domain::decision::{Decision, Ruling};
use domain::plot::scene::ColumnView;
use domain::{Comparison, Diagnosis, Finding, Suspect, Verdict};
use leptos::prelude::*;

use crate::address::{self, Place};
use crate::api::investigations::Opened;
use crate::charts::ColumnChart;
use crate::components::{Said, Sentence, VerdictBadge, When, figures};
use domain::number;

/// What the likelihood means.
const LIKELIHOOD: &str = "How likely this is a cause. Estimated from known faults in many tables and checked on tables that were held \
    out: of suspects between 80 and 90 %, 77 % were causes. A reported symptom that points to its layer raises it by a tenth.";

#[component]
pub fn PrimeSuspect(opened: Opened, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    match diagnosis.prime_suspect().cloned() {
        None => view! { <NoSuspect diagnosis/> }.into_any(),
        Some(suspect) => view! { <Prime opened suspect diagnosis=diagnosis.clone()/> }.into_any(),
    }
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

#[component]
fn NoSuspect(diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let coverage = diagnosis.coverage;
    let verdict = Verdict::of_group(diagnosis.layers.iter().map(|layer| layer.verdict));
    let sentence = match verdict {
        _ if !diagnosis.ruled_out_suspects.is_empty() && diagnosis.suspects.is_empty() => {
            "Every suspect is ruled out. Nothing else explains what was found."
        }
        _ if !diagnosis.muted_suspects.is_empty() && diagnosis.suspects.is_empty() => {
            "Every suspect is muted: all findings that support them are known and accepted."
        }
        Verdict::Mismatch => "There are mismatches, but no single cause explains them all.",
        Verdict::Possible
            if diagnosis.findings.iter().all(|finding| finding.standing || finding.verdict < Verdict::Possible) =>
        {
            "Nothing that could be checked has changed."
        }
        Verdict::Possible => "There are differences, but none is both large and certain.",
        Verdict::Clear => "Everything that could be checked agrees.",
        Verdict::NoEvidence => "Nothing could be checked with these inputs.",
    };
    view! {
        <section class=format!("card pad suspect {}", verdict.class()) aria-labelledby="suspect">
            <div class="stack">
                <p class="row"><VerdictBadge verdict/></p>
                <h2 id="suspect" class="statement">{sentence}</h2>
                {(coverage.checked_items < coverage.items).then(|| view! {
                    <p class="muted">{format!("{}. The other checks list the inputs they need below.", coverage.words())}</p>
                })}
            </div>
        </section>
    }
}

#[component]
fn Prime(opened: Opened, suspect: Suspect, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let place = opened.place.clone();
    let can_decide = opened.can_change();
    let now_ms = opened.now_ms;
    let said = opened.investigation.statuses.iter().find(|status| status.item == suspect.item).cloned();
    let decision = diagnosis.decision_about(&suspect).cloned();
    let title = if decision.is_some() { "Cause" } else { "Prime suspect" };
    let verdict = verdict_of(&suspect, &diagnosis);
    let (supporting, explained) = (named(&diagnosis, &suspect.findings), named(&diagnosis, &suspect.explains));
    let item = suspect.item;
    let chart = suspect.columns.iter().find_map(|column| compared(&diagnosis, column)).cloned();
    let decide = place.clone();
    view! {
        <section class=format!("card pad suspect {}", verdict.class()) aria-labelledby="suspect">
            <div class="stack">
                <p class="row">
                    <VerdictBadge verdict/>
                    <strong>{title}</strong>
                    <span class="faint">{suspect.cause.words()}</span>
                </p>
                <h2 id="suspect" class="statement"><Sentence text=suspect.statement.clone() columns=suspect.columns.clone()/></h2>
                <ul class="chips">
                    <li><a class="chip" href=address::reference(item.code())><strong>{item.code()}</strong> {item.question()}</a></li>
                    <li class="chip" title=LIKELIHOOD>"likelihood " <strong>{suspect.likelihood()}</strong></li>
                    {suspect
                        .columns
                        .iter()
                        .take(6)
                        .map(|column| view! { <li><a class="chip" href=place.column(column)><code>{column.clone()}</code></a></li> })
                        .collect_view()}
                </ul>
                <Symptoms suspect=suspect.clone()/>
                <Speaks heading="Supported by" place=place.clone() findings=supporting/>
                <Speaks heading="Explains" place=place.clone() findings=explained/>
                <Account diagnosis=diagnosis.clone()/>
                <Against against=suspect.against.clone()/>
                {(decision.is_none() && !suspect.settle.is_empty()).then(|| view! {
                    <p class="settle"><strong>"How to confirm it: "</strong> {suspect.settle.clone()}</p>
                })}
                {said.map(|status| view! { <Said status now_ms/> })}
                {decision.clone().map(|decision| view! { <Decided decision/> })}
                {can_decide.then(|| view! { <Decide place=decide suspect decision/> })}
            </div>
            {chart.map(|comparison| {
                let href = place.column(&comparison.column);
                view! {
                    <div class="suspect-chart">
                        <ColumnChart place=place.clone() comparison view=ColumnView::default()/>
                        <p class="small"><a href=href>"Look closer"</a></p>
                    </div>
                }
            })}
        </section>
    }
}

/// Why it is believed a little more than its findings alone would have it.
#[component]
fn Symptoms(suspect: Suspect) -> impl IntoView {
    suspect.pointed_at().map(|sentence| view! { <p class="muted small">{sentence}</p> }).collect_view()
}

/// The verdict of a suspect: that of the strongest finding speaking for it.
fn verdict_of(suspect: &Suspect, diagnosis: &Diagnosis) -> Verdict {
    let speaking = diagnosis.findings.iter().filter(|finding| suspect.findings.contains(&finding.id));
    Verdict::of_group(speaking.map(|finding| finding.verdict).chain([Verdict::Possible]))
}

fn compared<'a>(diagnosis: &'a Diagnosis, column: &str) -> Option<&'a Comparison> {
    diagnosis.comparisons.iter().find(|comparison| comparison.column == column && comparison.chart.is_some())
}

fn named(diagnosis: &Diagnosis, ids: &[String]) -> Vec<Finding> {
    diagnosis.findings.iter().filter(|finding| ids.contains(&finding.id)).cloned().collect()
}

#[component]
fn Speaks(heading: &'static str, place: Place, findings: Vec<Finding>) -> impl IntoView {
    let count = findings.len() as u64;
    (count > 0).then(|| {
        view! {
            <details class="disclosure">
                <summary>{heading} ": " {number::counted(count, "finding")}</summary>
                <ul class="plain proof">
                    {findings
                        .into_iter()
                        .map(|finding| {
                            let href = format!("{}#finding-{}", place.layer(finding.layer), finding.id);
                            let figures = figures(&finding);
                            view! {
                                <li>
                                    <a href=href><Sentence text=finding.statement columns=finding.columns/></a>
                                    <span class="numbers">{figures}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </details>
        }
    })
}

/// How many of the findings the suspects account for.
#[component]
fn Account(diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let heard = |finding: &&Finding| finding.verdict >= Verdict::Possible && !diagnosis.is_muted(finding);
    let all = diagnosis.findings.iter().filter(heard).count() as u64;
    let open =
        diagnosis.findings.iter().filter(heard).filter(|finding| diagnosis.is_unexplained(finding)).count() as u64;
    let suspects = number::counted(diagnosis.suspects.len() as u64, "suspect");
    let verb = if diagnosis.suspects.len() == 1 { "explains" } else { "explain" };
    (open > 0).then(|| view! {
        <p class="muted small">
            {format!("{suspects} {verb} {} of {}. ", all - open, number::counted(all, "finding"))}
            <a href="#findings">{if open == 1 { "1 is not explained".to_owned() } else { format!("{open} are not explained") }}</a> "."
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

/// Who decided what, when and why.
#[component]
fn Decided(decision: Decision) -> impl IntoView {
    let Decision { ruling, note, author, at_ms, .. } = decision;
    view! {
        <p class="said-line">
            <strong>{ruling.words()}</strong> " by " {author.to_string()} ", " <When ms=at_ms/> " UTC"
            {(!note.is_empty()).then(|| format!(": {note}"))}
        </p>
    }
}

/// The forms of a decision about a suspect: to make it, or to take it back.
#[component]
fn Decide(place: Place, suspect: Suspect, decision: Option<Decision>) -> impl IntoView {
    let action = format!("{}/decisions", place.map());
    let key = suspect.key();
    if decision.is_some() {
        return view! {
            <form class="row decide" method="post" action=action>
                <input type="hidden" name="suspect" value=key/>
                <input type="hidden" name="ruling" value=""/>
                <button>"Take the decision back"</button>
            </form>
        }
        .into_any();
    }
    let id = |field: &str| format!("decide-{field}-{}", suspect.rank);
    view! {
        <form class="row decide" method="post" action=action>
            <input type="hidden" name="suspect" value=key/>
            <label class="hidden" for=id("author")>"Your name"</label>
            <input id=id("author") name="author" autocomplete="name" placeholder="Your name"/>
            <label class="hidden" for=id("note")>"Why"</label>
            <input id=id("note") name="note" maxlength="2000" placeholder="Why (optional)"/>
            <button class="primary" name="ruling" value=Ruling::Confirmed.id()>"Confirm"</button>
            <button name="ruling" value=Ruling::RuledOut.id()>"Rule out"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Listed(opened: Opened, diagnosis: Arc<Diagnosis>, suspects: Vec<Suspect>) -> impl IntoView {
    let (place, can_decide) = (opened.place.clone(), opened.can_change());
    let one = move |suspect: Suspect| {
        let pointed = view! { <Symptoms suspect=suspect.clone()/> };
        let likelihood = (!suspect.standing).then(|| suspect.likelihood());
        let decision = diagnosis.decision_about(&suspect).cloned();
        let decide = can_decide.then(|| {
            view! {
                <details class="disclosure small">
                    <summary>"Decide"</summary>
                    <Decide place=place.clone() suspect=suspect.clone() decision=decision.clone()/>
                </details>
            }
        });
        view! {
            <li>
                <span class="faint num">{suspect.rank}</span>
                <span>
                    <a href=place.item(suspect.item)><Sentence text=suspect.statement columns=suspect.columns/></a>
                    <span class="faint small">{format!(" {} · {}", suspect.item.code(), suspect.cause.words())}</span>
                    {pointed}
                    {decision.map(|decision| view! { <Decided decision/> })}
                    {decide}
                </span>
                <span class="num" title=LIKELIHOOD>{likelihood}</span>
            </li>
        }
    };
    view! { <ol class="plain card suspects">{suspects.into_iter().map(one).collect_view()}</ol> }
}
