//! A finding: its sentence, the two numbers that decided, and its chart.

use std::sync::Arc;

use domain::evidence::Pinned;
use domain::finding::{Certainty, CertaintyKind, Effect, EvidenceLine, Finding};
use domain::mute::MuteNow;
use domain::{Comparison, Diagnosis, Suspect, Verdict};
use leptos::prelude::*;

use super::finding_charts::FindingCharts;
use super::{FormsOf, GuardsOfFinding, MuteForms, MuteLine, MutedSummary, Sentence, VerdictBadge};
use crate::address::Place;
use crate::charts::{SmallHistogram, SmallShape};
use domain::number;

/// Effect with its limit, certainty and sample sizes, on one line.
pub fn figures(finding: &Finding) -> String {
    let mut parts = vec![effect(&finding.effect), certainty(&finding.certainty)];
    let sizes: Vec<String> = finding.n.iter().map(|(side, n)| format!("{side} n {}", number::count(*n))).collect();
    parts.push(sizes.join(", "));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

pub(super) fn effect(effect: &Effect) -> String {
    let name = effect.name.replace('_', " ");
    let interval = match (effect.low, effect.high) {
        (Some(low), Some(high)) => format!(" (95 % {} to {})", number::number(low), number::number(high)),
        _ => String::new(),
    };
    format!("{name} {}{interval}, limit {}", number::number(effect.value), number::number(effect.threshold))
}

pub(super) fn certainty(certainty: &Certainty) -> String {
    match certainty.kind {
        CertaintyKind::Exact => "counted".to_owned(),
        kind => number::named_probability(kind.id(), certainty.value),
    }
}

/// A clause as the beginning of a line.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The suspect that a finding speaks for, or that explains it away.
pub fn suspect_of<'a>(diagnosis: &'a Diagnosis, finding: &Finding) -> Option<&'a Suspect> {
    let concerns =
        |suspect: &&Suspect| suspect.findings.contains(&finding.id) || suspect.explains.contains(&finding.id);
    diagnosis.suspects.iter().find(concerns)
}

/// The findings that the suspect it speaks for explains away and nobody muted.
fn explains(diagnosis: &Diagnosis, finding: &Finding) -> Vec<String> {
    let accused = diagnosis.suspects.iter().find(|suspect| suspect.findings.contains(&finding.id));
    accused.map(|suspect| suspect.explains.clone()).unwrap_or_default()
}

/// In a list: it leads to the finding on its layer's page. A muted one is folded.
#[component]
pub fn FindingCard(place: Place, diagnosis: Arc<Diagnosis>, finding: Finding, forms: Option<FormsOf>) -> impl IntoView {
    let said = diagnosis.mute_of(&finding).cloned();
    if diagnosis.is_muted(&finding) {
        return view! { <MutedCard place finding forms said/> }.into_any();
    }
    let href = place.finding(&finding);
    let explained = suspect_of(&diagnosis, &finding)
        .map(|suspect| {
            let verb = if suspect.findings.contains(&finding.id) { "supports" } else { "explained by" };
            format!("{verb} suspect {}", suspect.rank)
        })
        .or_else(|| diagnosis.is_explained_by_muted(&finding).then(|| "explained by a muted suspect".to_owned()))
        .map(|words| view! { <span class="faint small">{words}</span> });
    let figures = figures(&finding);
    let explains = explains(&diagnosis, &finding);
    let compared =
        finding.columns.first().and_then(|column| diagnosis.comparisons.iter().find(|one| one.column == *column));
    let shape = compared.and_then(|comparison| SmallShape::of(comparison.chart.as_ref()));
    let label = finding.columns.first().cloned().unwrap_or_default();
    let mark = finding.mark();
    let Finding { id, verdict, item, columns, statement, since, .. } = finding;
    let forms = forms.filter(|_| said.is_some() || verdict >= Verdict::Possible);
    view! {
        <li class="card finding">
            <div class="finding-text">
                <p class="row">
                    <VerdictBadge verdict=mark/>
                    <span class="faint small" title=item.question()>{item.code()}</span>
                    {explained}
                </p>
                <h3><a href=href><Sentence text=statement columns/></a></h3>
                {since.map(|since| view! { <p class="since">{capitalised(&since.words())}</p> })}
                <p class="numbers">{figures}</p>
                {said.clone().map(|said| view! { <MuteLine said/> })}
                {forms.map(|forms| view! { <MuteForms forms finding=id explains said/> })}
            </div>
            {shape.map(|shape| view! { <SmallHistogram shape=Some(shape) label/> })}
        </li>
    }
    .into_any()
}

#[component]
fn MutedCard(place: Place, finding: Finding, forms: Option<FormsOf>, said: Option<MuteNow>) -> impl IntoView {
    let href = place.finding(&finding);
    let (id, figures) = (finding.id.clone(), figures(&finding));
    view! {
        <li class="card pad">
            <details class="muted-finding">
                <MutedSummary finding/>
                <div class="stack">
                    {said.clone().map(|said| view! { <MuteLine said/> })}
                    <p class="numbers">{figures} " " <a href=href>"More"</a></p>
                    {forms.map(|forms| view! { <MuteForms forms finding=id explains=Vec::new() said/> })}
                </div>
            </details>
        </li>
    }
}

/// In full: sentence, numbers, evidence, what to try next. A muted one is folded.
#[component]
pub fn FindingDetail(
    place: Place,
    diagnosis: Arc<Diagnosis>,
    finding: Finding,
    forms: Option<FormsOf>,
) -> impl IntoView {
    let said = diagnosis.mute_of(&finding).cloned();
    let (id, summary) = (finding.id.clone(), diagnosis.is_muted(&finding).then(|| finding.clone()));
    let forms = forms.filter(|_| said.is_some() || finding.verdict >= Verdict::Possible);
    let explains = explains(&diagnosis, &finding);
    let told = view! {
        {said.clone().map(|said| view! { <MuteLine said/> })}
        <Told place=Some(place) diagnosis finding/>
        {forms.map(|forms| view! { <MuteForms forms finding=id.clone() explains said/> })}
    };
    let anchor = format!("finding-{id}");
    match summary {
        None => view! { <article class="finding-detail stack" id=anchor>{told}</article> }.into_any(),
        Some(finding) => view! {
            <article class="finding-detail" id=anchor>
                <details class="muted-finding"><MutedSummary finding/><div class="stack">{told}</div></details>
            </article>
        }
        .into_any(),
    }
}

/// What a finding says, with its charts and its evidence. `place` is where its links lead; an example is in none.
#[component]
pub fn Told(place: Option<Place>, diagnosis: Arc<Diagnosis>, finding: Finding) -> impl IntoView {
    let explained = place.as_ref().zip(suspect_of(&diagnosis, &finding)).map(|(place, suspect)| {
        let words = format!("Supports suspect {}: {}", suspect.rank, suspect.statement);
        view! { <p class="muted small"><a href=place.map()>{words}</a></p> }
    });
    let figures = figures(&finding);
    let compared =
        finding.columns.iter().filter_map(|column| diagnosis.comparisons.iter().find(|one| one.column == *column));
    let compared: Vec<&Comparison> = compared.take(12).collect();
    let link = |place: &Place| compared.iter().map(|one| (place.column(&one.column), one.column.clone())).collect();
    let links: Vec<(String, String)> = place.as_ref().map(link).unwrap_or_default();
    let charts = view! { <FindingCharts place=place.clone() diagnosis=diagnosis.clone() finding=finding.clone()/> };
    let pin = place.as_ref().filter(|place| !place.is_read_only()).map(|place| {
        let href = place.pin(&Pinned::Finding { finding: finding.id.clone() }.to_query());
        view! { <p class="small"><a class="pin" href=href>"Pin as evidence"</a></p> }
    });
    let guarded = place.clone().filter(|place| !place.is_read_only()).map(|place| {
        view! { <GuardsOfFinding place guard=diagnosis.guard.about(&finding) finding=finding.id.clone()/> }
    });
    let mark = finding.mark();
    let Finding { columns, statement, evidence, try_next, since, .. } = finding;
    view! {
        <p class="row"><VerdictBadge verdict=mark/></p>
        <h3><Sentence text=statement columns/></h3>
        {since.map(|since| view! { <p class="since">{capitalised(&since.words())}</p> })}
        <p class="numbers">{figures}</p>
        {explained}
        {charts}
        <Evidence lines=evidence/>
        {(!try_next.is_empty()).then(|| view! { <p><strong>"Try next: "</strong> {try_next}</p> })}
        {(!links.is_empty()).then(|| view! {
            <p class="row small">
                "Compare"
                {links.into_iter().map(|(href, column)| view! { <a class="chip" href=href><code>{column}</code></a> }).collect_view()}
            </p>
        })}
        {guarded}
        {pin}
    }
}

/// The lines behind a finding; many of them are folded.
#[component]
fn Evidence(lines: Vec<EvidenceLine>) -> impl IntoView {
    /// Lines that are seen at once.
    const SEEN: usize = 10;
    let count = lines.len();
    let table = view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Evidence">
            <table class="table dense">
                <tbody>
                    {lines
                        .into_iter()
                        .map(|line| view! { <tr><th scope="row" class="wrap">{line.label}</th><td class="wrap">{line.value}</td></tr> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    };
    match count {
        0 => ().into_any(),
        1..=SEEN => table.into_any(),
        _ => view! {
            <details class="disclosure">
                <summary>"Evidence: " {number::counted(count as u64, "line")}</summary>
                {table}
            </details>
        }
        .into_any(),
    }
}
