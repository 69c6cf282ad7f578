//! What arrived for a model, and the form that sends another file.

use domain::job::Job;
use domain::model::{Arrival, ArrivalState, Model, REFERENCE_ROLES, Window};
use domain::snapshot::SnapshotRole;
use domain::{Mark, Verdict, number};
use leptos::prelude::*;

use super::{figure_words, over_words};
use crate::address::{Place, model_page, query};
use crate::components::{AuthorField, VerdictBadge, When};

#[component]
pub fn Arrivals(
    model: Model,
    arrivals: Vec<Arrival>,
    older: Option<String>,
    is_older: bool,
    can_change: bool,
) -> impl IntoView {
    let page = model_page(&model.name);
    let is_empty = arrivals.is_empty();
    let newest = is_older.then(|| page.clone());
    let older = older.map(|last| format!("{page}{}#arrivals", query(&[("before", &last)])));
    view! {
        <section class="stack" aria-labelledby="arrivals">
            <h2 id="arrivals">"Arrivals"</h2>
            {match is_empty {
                true => view! { <p class="card pad muted">"Nothing has arrived."</p> }.into_any(),
                false => view! {
                    <ul class="plain rows card pad arrivals">
                        {arrivals.into_iter().map(|arrival| view! { <Line arrival page=page.clone() can_change/> }).collect_view()}
                    </ul>
                }
                .into_any(),
            }}
            <p class="row">
                {newest.map(|href| view! { <a href=href>"Newest"</a> })}
                {older.map(|href| view! { <a href=href>"Earlier"</a> })}
            </p>
        </section>
    }
}

#[component]
fn Line(arrival: Arrival, page: String, can_change: bool) -> impl IntoView {
    let about = [
        arrival.role.words().to_owned(),
        number::counted(arrival.snapshot.rows, "row"),
        if arrival.version.is_empty() { String::new() } else { format!("version {}", arrival.version) },
    ];
    let about: Vec<String> = about.into_iter().filter(|words| !words.is_empty()).collect();
    let window = arrival.window.clone();
    view! {
        <li id=format!("arrival-{}", arrival.id)>
            <div class="row spread">
                <p>
                    <strong><When ms=arrival.at_ms/></strong> " " {arrival.snapshot.name.clone()} " "
                    <span class="faint small">{about.join(", ")}</span>
                </p>
                <State state=arrival.state window=window.clone()/>
            </div>
            {window.map(|window| view! { <Found window/> })}
            {failure(&arrival).map(|words| view! { <p class="bad">{words}</p> })}
            {(arrival.state == ArrivalState::NoReference).then(|| view! {
                <p class="muted">"No reference yet: push one with " <code>"--role train"</code> "."</p>
            })}
            {can_change.then(|| view! { <Actions arrival=arrival.clone() page=page.clone()/> })}
            {(!can_change).then(|| arrival.investigation.clone()).flatten().map(|id| view! { <p><Opened id/></p> })}
        </li>
    }
}

/// The sign of a window, or how far the arrival is.
#[component]
fn State(state: ArrivalState, window: Option<Window>) -> impl IntoView {
    match window.filter(|_| state == ArrivalState::Judged) {
        Some(window) => {
            let urgent = Mark::ALL.into_iter().find(|mark| window.layers.values().any(|one| one == mark));
            view! { <VerdictBadge verdict=urgent.unwrap_or(Mark::Verdict(Verdict::NoEvidence))/> }.into_any()
        }
        None => view! { <span class="pill">{state.words()}</span> }.into_any(),
    }
}

#[component]
fn Found(window: Window) -> impl IntoView {
    let worst = window.worst.as_ref().map(|worst| {
        let of = if worst.column.is_empty() { String::new() } else { format!(" of {}", worst.column) };
        format!("{}{of}: {}", worst.item.code(), over_words(worst.over_limit))
    });
    let figure = window.figure.as_ref().map(figure_words);
    let facts: Vec<String> = worst.into_iter().chain(figure).collect();
    view! {
        {window.suspect.map(|suspect| view! { <p>{suspect}</p> })}
        {(!facts.is_empty()).then(|| view! { <p class="faint small">{facts.join(" · ")}</p> })}
        {window.previous.map(|previous| {
            let words = match previous.findings {
                0 => "As in the window before.".to_owned(),
                many => format!(
                    "Against the window before: {}. {}",
                    number::counted(u64::from(many), "change"),
                    previous.statement.unwrap_or_default()
                ),
            };
            view! { <p class="faint small">{words}</p> }
        })}
    }
}

fn failure(arrival: &Arrival) -> Option<String> {
    let failed = arrival.job.clone().filter(|_| arrival.state == ArrivalState::Failed);
    failed.map(|job: Job| job.error.unwrap_or_else(|| "The checks were cancelled. Run them again.".to_owned()))
}

#[component]
fn Opened(id: String) -> impl IntoView {
    view! { <a href=Place::Investigation(id).map()>"Go to its investigation"</a> }
}

/// What can be done with an arrival.
#[component]
fn Actions(arrival: Arrival, page: String) -> impl IntoView {
    let at = format!("{page}/arrivals/{}", arrival.id);
    let name = arrival.snapshot.name.clone();
    let (is_window, is_judged) = (arrival.role == SnapshotRole::Serve, arrival.window.is_some());
    let may_be_reference = arrival.state == ArrivalState::Kept && REFERENCE_ROLES.contains(&arrival.role);
    let can_run = is_window && matches!(arrival.state, ArrivalState::Judged | ArrivalState::Failed);
    let id = arrival.id.clone();
    view! {
        <div class="row actions">
            {match arrival.investigation.clone() {
                Some(id) => view! { <Opened id/> }.into_any(),
                None if is_judged => view! {
                    <form class="row" method="post" action=format!("{at}/investigation")>
                        <AuthorField id=format!("open-{id}")/>
                        <button aria-label=format!("Open an investigation of {name}")>"Open an investigation"</button>
                    </form>
                }
                .into_any(),
                None => ().into_any(),
            }}
            {may_be_reference.then(|| view! {
                <form class="row" method="post" action=format!("{page}/reference")>
                    <input type="hidden" name="arrival" value=arrival.id.clone()/>
                    <AuthorField id=format!("pin-{}", arrival.id)/>
                    <button aria-label=format!("Make {name} the reference")>"Make it the reference"</button>
                </form>
            })}
            {can_run.then(|| view! {
                <form class="row" method="post" action=format!("{at}/judging")>
                    <button aria-label=format!("Run the checks of {name} again")>"Run the checks again"</button>
                </form>
            })}
            <details class="disclosure">
                <summary aria-label=format!("Take {name} out")>"Take out"</summary>
                <form class="row" method="post" action=format!("{at}/remove")>
                    <span class="muted small">"What was found of it goes too. The file stays stored."</span>
                    <button aria-label=format!("Take {name} out of the model")>"Take it out"</button>
                </form>
            </details>
        </div>
    }
}

/// Roles that a file can be given by hand.
pub(super) const ROLES: [SnapshotRole; 9] = [
    SnapshotRole::Serve,
    SnapshotRole::Train,
    SnapshotRole::Validation,
    SnapshotRole::Test,
    SnapshotRole::Labels,
    SnapshotRole::Predictions,
    SnapshotRole::ServingLog,
    SnapshotRole::Offline,
    SnapshotRole::Artifact,
];

/// Sends a file by hand; pipelines use `push` or the API.
#[component]
pub fn Send(model: String) -> impl IntoView {
    view! {
        <section class="card pad stack" aria-labelledby="send">
            <h2 id="send">"Send a file"</h2>
            <p class="muted">"The same file in the same role arrives once. A pipeline sends it with " <code>"mismatch push"</code> " or by the API."</p>
            <form class="stack" method="post" enctype="multipart/form-data" action=format!("{}/arrivals", model_page(&model))>
                <div class="fields">
                    <div class="field">
                        <label for="send-role">"Role"</label>
                        <select id="send-role" name="role">
                            <option value="">"by what it shows"</option>
                            {ROLES.map(|role| view! { <option value=role.id()>{role.words()}</option> }).collect_view()}
                        </select>
                    </div>
                    <div class="field">
                        <label for="send-at">"Time (UTC)"</label>
                        <input id="send-at" name="at" type="datetime-local"/>
                        <p class="hint">"what the rows are about; empty for now"</p>
                    </div>
                    <div class="field">
                        <label for="send-version">"Version"</label>
                        <input id="send-version" name="version" maxlength="100" autocomplete="off"/>
                        <p class="hint">"of the model; may be empty"</p>
                    </div>
                    <div class="field">
                        <label for="send-file">"File"</label>
                        <input id="send-file" name="file" type="file" required/>
                    </div>
                </div>
                <div class="row">
                    <AuthorField id="send-author"/>
                    <button class="primary">"Send"</button>
                </div>
            </form>
        </section>
    }
}
