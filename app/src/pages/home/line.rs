//! One investigation of the list, on one line.

use domain::investigation::{DiagnosisSummary, InvestigationState, InvestigationSummary};
use domain::job::{Job, JobState};
use domain::{Actor, Layer, Problem, Verdict};
use leptos::prelude::*;

use crate::address::Place;
use crate::components::{Age, LayerStrip, StatePill};

/// What the columns of the list hold; the lines themselves say it to a screen reader.
#[component]
pub fn ListHead() -> impl IntoView {
    view! {
        <div class="list-head" aria-hidden="true">
            <span>"State"</span>
            <span>"Title"</span>
            <span>"Cause or verdict"</span>
            <span class="letters">{Layer::ALL.map(|layer| view! { <span title=layer.text().title>{letter(layer)}</span> }).collect_view()}</span>
            <span>"Model"</span>
            <span>"Owner"</span>
            <span>"Changed"</span>
        </div>
    }
}

/// The letter with which the codes of a layer's items begin.
fn letter(layer: Layer) -> String {
    layer.items().next().map_or_else(String::new, |item| item.code().chars().take(1).collect())
}

#[component]
pub fn Line(summary: InvestigationSummary, now_ms: i64) -> impl IntoView {
    let href = Place::Investigation(summary.id.clone()).map();
    let Said { words, class } = said(&summary);
    let InvestigationSummary { title, model, owner, state, archived_at_ms, updated_at_ms, diagnosis, .. } = summary;
    let owner = (owner != Actor::Anonymous).then(|| owner.to_string());
    view! {
        <li class="investigation">
            <span class="state"><StatePill state archived=archived_at_ms.is_some() regressed=false/></span>
            <h3 class="title"><a href=href title=title.clone()>{title.clone()}</a></h3>
            <p class=format!("cause {class}") title=words.clone()>{words.clone()}</p>
            <div class="layers">{diagnosis.map(|diagnosis| view! { <LayerStrip diagnosis/> })}</div>
            <span class="model">{(!model.is_empty()).then(|| view! { <span class="hidden">"Model "</span> <code title=model.clone()>{model.clone()}</code> })}</span>
            <span class="owner">{owner.map(|owner| view! { <span class="hidden">"Owner "</span> <span title=owner.clone()>{owner.clone()}</span> })}</span>
            <span class="age"><span class="hidden">"Changed "</span> <Age ms=updated_at_ms now_ms/></span>
        </li>
    }
}

/// Where an investigation stands, in one sentence.
struct Said {
    words: String,
    class: &'static str,
}

fn said(summary: &InvestigationSummary) -> Said {
    let concluded = |words: String| Said { words, class: "" };
    let plain = |words: &str| Said { words: words.to_owned(), class: "" };
    let muted = |words: &str| Said { words: words.to_owned(), class: "muted" };
    match (&summary.diagnosis, &summary.job) {
        _ if summary.state == InvestigationState::Closed && summary.verdict.is_some() => {
            concluded(format!("Verdict: {}", summary.verdict.clone().unwrap_or_default()))
        }
        (_, Some(Job { state: JobState::Queued | JobState::Running, .. })) => muted("The checks are running."),
        (_, Some(Job { state: JobState::Failed, error, .. })) => {
            let words = error.clone().unwrap_or_else(|| Problem::internal("The checks failed.").message);
            Said { words, class: "bad" }
        }
        (Some(DiagnosisSummary { confirmed, .. }), _) if !confirmed.is_empty() => {
            concluded(format!("Cause: {}", confirmed.join(" ")))
        }
        (Some(DiagnosisSummary { prime_suspect: Some(suspect), .. }), _) => concluded(suspect.clone()),
        (Some(DiagnosisSummary { ruled_out_suspects: 1.., .. }), _) => {
            plain("Every suspect is ruled out. Nothing else explains what was found.")
        }
        (Some(DiagnosisSummary { muted_suspects: 1.., .. }), _) => {
            plain("Every suspect is muted: all findings that support them are known and accepted.")
        }
        (Some(diagnosis), _) => plain(no_suspect(diagnosis)),
        (None, _) => muted("Nothing was checked yet: there are no inputs."),
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
