//! The prime suspect in one sentence with its proof, and the other suspects as a list.

use std::sync::Arc;

use domain::investigation::Status;
use domain::plot::scene::ColumnView;
use domain::{Comparison, Diagnosis, Finding, Suspect, Verdict};
use leptos::prelude::*;

use crate::address::{self, Place};
use crate::api::investigations::Opened;
use crate::charts::ColumnChart;
use crate::components::{Said, Sentence, VerdictBadge, figures};
use domain::number;

/// What the likelihood means.
const LIKELIHOOD: &str = "How likely this is a cause. Estimated from known faults in many tables and checked on tables that were left \
    out: of suspects at 80 %, about 80 % were causes. A reported symptom that points to its layer raises it by a tenth.";

#[component]
pub fn PrimeSuspect(opened: Opened, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    match diagnosis.prime_suspect().cloned() {
        None => view! { <NoSuspect diagnosis/> }.into_any(),
        Some(suspect) => view! { <Prime opened suspect diagnosis=diagnosis.clone()/> }.into_any(),
    }
}

/// Everybody but the prime suspect.
#[component]
pub fn OtherSuspects(place: Place, diagnosis: Arc<Diagnosis>) -> impl IntoView {
    let (standing, changed): (Vec<Suspect>, Vec<Suspect>) =
        diagnosis.suspects.iter().cloned().partition(|suspect| suspect.standing);
    let others: Vec<Suspect> = changed.into_iter().skip(1).collect();
    let muted = diagnosis.muted_suspects.clone();
    view! {
        {(!others.is_empty()).then(|| view! {
            <section class="stack section" aria-labelledby="others">
                <h2 id="others">"Other suspects"</h2>
                <Listed place=place.clone() suspects=others/>
            </section>
        })}
        {(!standing.is_empty()).then(|| view! {
            <section class="stack section" aria-labelledby="standing">
                <h2 id="standing">"Standing weaknesses"</h2>
                <p class="muted small">"They were there before: news for the owner of the model, not what changed."</p>
                <Listed place=place.clone() suspects=standing/>
            </section>
        })}
        {(!muted.is_empty()).then(|| view! { <Muted place muted/> })}
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
                    <strong>"Prime suspect"</strong>
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
                <Against against=suspect.against.clone()/>
                {(!suspect.settle.is_empty()).then(|| view! {
                    <p class="settle"><strong>"How to confirm it: "</strong> {suspect.settle.clone()}</p>
                })}
                {said.map(|status| view! { <Said status now_ms/> })}
                {can_decide.then(|| view! { <Decide place=decide suspect/> })}
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

/// A person's judgement of the suspect, kept on its checklist item.
#[component]
fn Decide(place: Place, suspect: Suspect) -> impl IntoView {
    let action = format!("{}/statuses", place.map());
    view! {
        <form class="row decide" method="post" action=action>
            <input type="hidden" name="item" value=suspect.item.code()/>
            <input type="hidden" name="note" value=suspect.statement/>
            <label class="hidden" for="decide-author">"Your name"</label>
            <input id="decide-author" name="author" autocomplete="name" placeholder="Your name"/>
            <button class="primary" name="status" value=Status::Confirmed.id()>"Confirm"</button>
            <button name="status" value=Status::RuledOut.id()>"Rule out"</button>
        </form>
    }
}

#[component]
fn Listed(place: Place, suspects: Vec<Suspect>) -> impl IntoView {
    view! {
            <ol class="plain card suspects">
                {suspects
                    .into_iter()
                    .map(|suspect| {
                        let pointed = view! { <Symptoms suspect=suspect.clone()/> };
                        let likelihood = (!suspect.standing).then(|| suspect.likelihood());
                        view! {
                            <li>
                                <span class="faint num">{suspect.rank}</span>
                                <span>
                                    <a href=place.item(suspect.item)><Sentence text=suspect.statement columns=suspect.columns/></a>
                                    <span class="faint small">{format!(" {} · {}", suspect.item.code(), suspect.cause.words())}</span>
                                    {pointed}
                                </span>
                                <span class="num" title=LIKELIHOOD>{likelihood}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
    }
}
