//! Pinning: what would be kept as evidence, and what people say about it.

use domain::evidence::{Exhibit, Pinned, Stance};
use domain::hypothesis::{Hypothesis, Source, hypotheses};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::address::Place;
use crate::api::investigations::{Opened, exhibit_of, open};
use crate::components::{
    ExhibitView, HypothesisBadge, InvestigationHead, ProblemPanel, Sentence, SignedRow, Tab, loaded,
};
use crate::error::AppError;

/// Hypotheses that are seen at once.
const SEEN: usize = 6;

#[component]
pub fn PinPage() -> impl IntoView {
    let place = use_params_map().with_untracked(Place::from_params);
    let pairs = use_query_map().with_untracked(|query| {
        query.into_iter().map(|(name, value)| (name.to_string(), value.to_owned())).collect::<Vec<_>>()
    });
    match (place, Pinned::from_query(&pairs)) {
        (Some(place @ Place::Investigation(_)), Some(pinned)) => {
            let read = async move {
                let opened = open(place.clone()).await?;
                let exhibit = exhibit_of(opened.investigation.id.clone(), pinned.clone()).await?;
                Ok((opened, pinned, exhibit))
            };
            loaded(read, |(opened, pinned, exhibit)| view! { <Pin opened pinned exhibit/> }).into_any()
        }
        _ => view! {
            <ProblemPanel error=AppError::not_found("This address does not say what to pin. Use \u{201c}Pin as evidence\u{201d} below a chart.")/>
        }
        .into_any(),
    }
}

#[component]
pub(super) fn Pin(opened: Opened, pinned: Pinned, exhibit: Exhibit) -> impl IntoView {
    let action = format!("{}/evidence", opened.place.map());
    let query = opened.place.pin(&pinned.to_query());
    let query = query.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let title = exhibit.title.clone();
    let can_pin = opened.can_change();
    let supported = opened.diagnosis.as_ref().and_then(|diagnosis| match &pinned {
        Pinned::Finding { finding } => diagnosis.suspects.iter().find(|one| one.findings.contains(finding)),
        _ => None,
    });
    let supported = supported.map(domain::Suspect::key);
    let all = hypotheses(&opened.investigation, opened.diagnosis.as_deref());
    let link = opened.place.of_pinned(&pinned);
    let shows_rows = matches!(pinned, Pinned::Pair { .. });
    view! {
        <InvestigationHead opened tab=Tab::Review heading="Pin as evidence">
            <p class="muted">"What you see here is kept as it is now, with the hashes of its files. It does not change when the checks run again."</p>
        </InvestigationHead>
        <div class="columns">
            <section class="card pad stack" aria-labelledby="pinned">
                <h2 id="pinned">{title}</h2>
                {shows_rows.then(|| view! {
                    <p class="notice">"A cell can hold a single row, and a share link of this investigation shows what is pinned."</p>
                })}
                <ExhibitView exhibit files=None/>
                {link.map(|href| view! { <p class="small"><a href=href>"Back to where it was"</a></p> })}
            </section>
            <aside>
                {if can_pin {
                    view! { <PinForm action query all supported/> }.into_any()
                } else {
                    view! { <p class="notice">"The investigation is closed. Open it again before you add evidence."</p> }.into_any()
                }}
            </aside>
        </div>
    }
}

#[component]
fn PinForm(action: String, query: String, all: Vec<Hypothesis>, supported: Option<String>) -> impl IntoView {
    view! {
        <form class="card pad stack" method="post" action=action>
            <input type="hidden" name="pinned" value=query/>
            <input type="hidden" name="back" value="review"/>
            <div class="field">
                <label for="pin-caption">"Caption"</label>
                <textarea id="pin-caption" name="caption" rows="3" maxlength="20000" placeholder="What it shows (optional)"></textarea>
            </div>
            <StanceFields id="pin" all chosen=supported.map(|key| (key, Stance::For)).into_iter().collect()/>
            <SignedRow id="pin-author" action="Pin it"/>
        </form>
    }
}

/// For each hypothesis, whether a piece supports or contradicts it.
#[component]
pub fn StanceFields(#[prop(into)] id: String, all: Vec<Hypothesis>, chosen: Vec<(String, Stance)>) -> impl IntoView {
    let is_chosen = |one: &Hypothesis| chosen.iter().any(|(key, _)| *key == one.key);
    let (first, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(is_chosen);
    let mut seen: Vec<Hypothesis> = first.into_iter().chain(rest).collect();
    let more = seen.split_off(SEEN.min(seen.len()));
    let count = more.len();
    let fields = |list: Vec<Hypothesis>, from: usize| {
        list.into_iter()
            .enumerate()
            .map(|(index, one)| {
                let stance = chosen.iter().find(|(key, _)| *key == one.key).map(|(_, stance)| *stance);
                view! { <StanceField id=format!("{id}-{}", from + index) hypothesis=one stance/> }
            })
            .collect_view()
    };
    (!seen.is_empty()).then(|| {
        view! {
            <fieldset class="stances">
                <legend>"What does it support?"</legend>
                {fields(seen, 0)}
                {(count > 0).then(|| view! {
                    <details class="disclosure small">
                        <summary>{domain::number::counted(count as u64, "more hypothesis")}</summary>
                        {fields(more, SEEN)}
                    </details>
                })}
            </fieldset>
        }
    })
}

#[component]
fn StanceField(id: String, hypothesis: Hypothesis, stance: Option<Stance>) -> impl IntoView {
    let Hypothesis { key, statement, columns, source, state, .. } = hypothesis;
    let rank = match source {
        Source::Suspect { rank, .. } => format!("{rank}. "),
        Source::Gone | Source::Person { .. } => String::new(),
    };
    view! {
        <div class="stance">
            <label for=id.clone()><HypothesisBadge state/> " " {rank} <Sentence text=statement columns/></label>
            <select id=id class="auto" name=format!("on:{key}")>
                <option value="">"–"</option>
                {Stance::ALL
                    .map(|one| view! { <option value=one.id() selected=stance == Some(one)>{one.words()}</option> })
                    .collect_view()}
            </select>
        </div>
    }
}
