//! The start page: what is being looked into, and how each model stands.

use domain::investigation::{DiagnosisSummary, InvestigationState, InvestigationSummary};
use domain::job::{Job, JobState};
use domain::{Layer, Mark, Problem, Verdict};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::address::Place;
use crate::api::investigations::investigations;
use crate::components::{LayerStrip, StatePill, VerdictLegend, VerdictMark, When, loaded};

#[component]
pub fn HomePage() -> impl IntoView {
    loaded(investigations(), |all| view! { <Home all/> })
}

#[component]
pub(super) fn Home(all: Vec<InvestigationSummary>) -> impl IntoView {
    let (open, closed): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|one| one.state == InvestigationState::Open);
    let nothing_yet = all.is_empty();
    view! {
        <Title text="Investigations"/>
        <header class="page-head">
            <h1>"Investigations"</h1>
            <p class="lead">
                "When a model fails, two things that should agree no longer do: training and serving, data and "
                "assumption, metric and business. Add the files to see which two."
            </p>
        </header>
        {nothing_yet.then(|| view! { <Invitation/> })}
        {(!open.is_empty()).then(|| view! { <InvestigationList heading="Open" id="open" list=open/> })}
        {(!nothing_yet).then(|| view! { <Models all=all/> })}
        {(!closed.is_empty()).then(|| view! { <InvestigationList heading="Closed" id="closed" list=closed/> })}
    }
}

/// What a newcomer sees before there is anything to list.
#[component]
fn Invitation() -> impl IntoView {
    view! {
        <section class="card pad stack invitation" aria-labelledby="begin">
            <h2 id="begin">"No investigations yet"</h2>
            <p class="lead">
                "Add the training data and the data the model sees now, as CSV, JSON Lines, Parquet or Arrow. "
                "With an evaluation run or a learning curve, more can be checked. Nothing leaves this machine."
            </p>
            <p><a class="button primary" href="/investigations/new">"Start an investigation"</a></p>
        </section>
    }
}

#[component]
fn InvestigationList(heading: &'static str, id: &'static str, list: Vec<InvestigationSummary>) -> impl IntoView {
    view! {
        <section class="stack section" aria-labelledby=id>
            <h2 id=id>{heading} " " <span class="faint">{list.len()}</span></h2>
            <ul class="plain stack">
                {list.into_iter().map(|summary| view! { <InvestigationCard summary/> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn InvestigationCard(summary: InvestigationSummary) -> impl IntoView {
    let href = Place::Investigation(summary.id.clone()).map();
    let state = sentence(&summary);
    let InvestigationSummary { title, model, state: open_or_closed, updated_at_ms, diagnosis, .. } = summary;
    view! {
        <li class="card investigation">
            <div class="investigation-text">
                <h3 class="row"><a href=href>{title}</a> <StatePill state=open_or_closed/></h3>
                <p>{state}</p>
                <p class="faint small">
                    {(!model.is_empty()).then(|| view! { <code>{model}</code> " · " })}
                    "last changed " <When ms=updated_at_ms/> " UTC"
                </p>
            </div>
            {diagnosis.map(|diagnosis| view! { <LayerStrip diagnosis/> })}
        </li>
    }
}

/// Where it stands, in one sentence.
fn sentence(summary: &InvestigationSummary) -> AnyView {
    match (&summary.diagnosis, &summary.job) {
        (_, Some(Job { state: JobState::Queued | JobState::Running, .. })) => {
            view! { <span class="muted">"The checks are running."</span> }.into_any()
        }
        (_, Some(Job { state: JobState::Failed, error, .. })) => {
            let error = error.clone().unwrap_or_else(|| Problem::internal("The checks failed.").message);
            view! { <span class="bad">{error}</span> }.into_any()
        }
        _ if summary.state == InvestigationState::Closed && summary.verdict.is_some() => {
            let verdict = summary.verdict.clone();
            view! { <strong class="weighty">"Verdict: "{verdict}</strong> }.into_any()
        }
        (Some(DiagnosisSummary { confirmed, .. }), _) if !confirmed.is_empty() => {
            let causes = confirmed.join(" ");
            view! { <strong class="weighty">"Cause: "{causes}</strong> }.into_any()
        }
        (Some(DiagnosisSummary { prime_suspect: Some(suspect), .. }), _) => {
            view! { <strong class="weighty">{suspect.clone()}</strong> }.into_any()
        }
        (Some(DiagnosisSummary { muted_suspects: 1.., prime_suspect: None, .. }), _) => {
            "Every suspect is muted: all findings that support them are known and accepted.".into_any()
        }
        (Some(diagnosis), _) => no_suspect(diagnosis).into_any(),
        (None, _) => view! { <span class="muted">"Nothing was checked yet: there are no inputs."</span> }.into_any(),
    }
}

fn no_suspect(diagnosis: &DiagnosisSummary) -> &'static str {
    let worst = Verdict::of_group(diagnosis.layers.iter().map(|(_, verdict)| *verdict));
    let changed =
        diagnosis.layers.iter().any(|(layer, verdict)| *verdict == worst && !diagnosis.standing.contains(layer));
    match worst {
        Verdict::Mismatch | Verdict::Possible if !changed => {
            "Nothing that could be checked has changed; there are standing weaknesses."
        }
        Verdict::Mismatch => "Mismatches were found, but no single cause explains them all.",
        Verdict::Possible => "Some differences were found, but none is both large and certain.",
        Verdict::Clear => "What could be checked agrees.",
        Verdict::NoEvidence => "Nothing could be checked with these inputs.",
    }
}

/// Each model with the layers of its latest investigation.
#[component]
fn Models(all: Vec<InvestigationSummary>) -> impl IntoView {
    let mut latest: Vec<(InvestigationSummary, usize)> = Vec::new();
    for summary in all.into_iter().filter(|summary| !summary.model.is_empty()) {
        match latest.iter_mut().find(|(known, _)| known.model == summary.model) {
            Some((_, count)) => *count += 1,
            None => latest.push((summary, 1)),
        }
    }
    (!latest.is_empty()).then(|| view! {
        <section class="stack section" aria-labelledby="models">
            <div class="row spread"><h2 id="models">"Models"</h2> <VerdictLegend/></div>
            <div class="table-scroll" tabindex="0" role="region" aria-labelledby="models">
                <table class="table">
                    <thead><tr>
                        <th scope="col">"Model"</th>
                        {Layer::ALL.map(|layer| view! { <th scope="col" class="centred">{layer.text().title}</th> }).collect_view()}
                        <th scope="col" class="num">"Investigations"</th>
                        <th scope="col">"Latest"</th>
                    </tr></thead>
                    <tbody>{latest.into_iter().map(|(summary, count)| view! { <ModelRow summary count/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    })
}

#[component]
fn ModelRow(summary: InvestigationSummary, count: usize) -> impl IntoView {
    let href = Place::Investigation(summary.id.clone()).map();
    let mark_of = move |layer| {
        summary.diagnosis.as_ref().map_or(Mark::Verdict(Verdict::NoEvidence), |diagnosis| diagnosis.mark(layer))
    };
    view! {
        <tr>
            <th scope="row"><code>{summary.model}</code></th>
            {Layer::ALL
                .map(|layer| view! {
                    <td class="centred"><VerdictMark verdict=mark_of(layer) subject=layer.text().title/></td>
                })
                .collect_view()}
            <td class="num">{count}</td>
            <td class="latest"><a href=href>{summary.title}</a></td>
        </tr>
    }
}
