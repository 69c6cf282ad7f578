//! Two runs row by row: which answers changed, whether for the better, and what is special about the rows that lost.

use domain::evaluation::Split;
use domain::evidence::Pinned;
use domain::number;
use domain::selection::{AnswerChange, FlippedRow, Flips, FlipsAsked, Outcome, RunName};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::map::of_place;
use crate::address::Place;
use crate::api::investigations::Opened;
use crate::api::selection::compare_runs;
use crate::charts::selection_answer::differences;
use crate::components::{InvestigationHead, Tab};
use crate::error::AppError;
use domain::Problem;

/// Rows that are listed on the page; the file has more.
const LISTED: usize = 50;

/// What the address asks to see.
pub(super) fn asked(query: &ParamsMap) -> Option<FlipsAsked> {
    let run = |name: &str, split: &str| {
        Some(RunName {
            name: query.get(name)?,
            split: Split::from(query.get(split).unwrap_or_else(|| "all".to_owned())),
        })
    };
    Some(FlipsAsked { first: run("against", "against_split")?, second: run("run", "split")?, rows: LISTED })
}

#[component]
pub fn FlipsPage() -> impl IntoView {
    let asked = use_query_map().with_untracked(asked);
    of_place(|opened| {
        Suspend::new(async move {
            let answer = match asked {
                Some(asked) => compare_runs(opened.investigation.id.clone(), asked).await,
                None => Err(AppError::from(Problem::bad_input(
                    "This address does not say which two runs. Choose them on the evaluation page.",
                ))),
            };
            view! { <Changed opened answer/> }
        })
        .into_any()
    })
}

#[component]
pub(super) fn Changed(opened: Opened, answer: Result<Flips, AppError>) -> impl IntoView {
    let place = opened.place.clone();
    let heading = match &answer {
        Ok(flips) => flips.title(),
        Err(_) => "Two runs row by row".to_owned(),
    };
    let back = place.evaluation(&[]);
    view! {
        <InvestigationHead opened tab=Tab::Evaluation heading>
            <p><a href=back>"Back to the runs side by side"</a></p>
        </InvestigationHead>
        {match answer {
            Ok(flips) => view! { <Answered place flips/> }.into_any(),
            Err(error) => view! { <p class="notice bad">{error.to_string()}</p> }.into_any(),
        }}
    }
}

#[component]
fn Answered(place: Place, flips: Flips) -> impl IntoView {
    let names = address(&flips);
    let pairs: Vec<(&str, &str)> = names.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let file = place.flips_file(&pairs);
    let turned = place.flips(&[
        ("run", &flips.first.name),
        ("split", flips.first.split.word()),
        ("against", &flips.second.name),
        ("against_split", flips.second.split.word()),
    ]);
    let pin = place.pin(&Pinned::Flips { first: flips.first.clone(), second: flips.second.clone() }.to_query());
    let sampled =
        flips.sampled.then_some("A file is larger than its sample: only rows that are in both samples are compared.");
    let figures = flips.figures();
    view! {
        <div class="stack wide-gap">
            <section class="card pad stack" aria-label="What changed">
                <p class="run-headline">{flips.summary()}</p>
                {sampled.map(|words| view! { <p class="note">{words}</p> })}
                <dl class="facts">
                    {figures.into_iter().map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> }).collect_view()}
                </dl>
                <p class="row small">
                    {turned.map(|href| view! { <a href=href>"The other way round"</a> })}
                    <a class="pin" href=pin>"Pin as evidence"</a>
                </p>
            </section>
            <Special flips=flips.clone()/>
            <Changes changes=flips.changes.clone()/>
            <Listed flips file/>
        </div>
    }
}

fn address(flips: &Flips) -> [(&'static str, String); 4] {
    [
        ("run", flips.second.name.clone()),
        ("split", flips.second.split.word().to_owned()),
        ("against", flips.first.name.clone()),
        ("against_split", flips.first.split.word().to_owned()),
    ]
}

#[component]
fn Special(flips: Flips) -> impl IntoView {
    let lost = flips.outcomes.lost();
    let from = flips.features_from.clone();
    view! {
        <section class="card pad stack" aria-labelledby="special">
            <h2 id="special">"What is special about the rows that lost"</h2>
            {match from {
                Some(file) => view! {
                    <p class="muted">
                        {format!("{} that lost, by the features in ", number::counted(lost, "row"))} <code>{file}</code> "."
                    </p>
                    <div class="answer">
                        {differences(&flips.special, ["rows that lost", "other rows"], &|_, _| ().into_any())}
                    </div>
                }
                .into_any(),
                None => view! {
                    <p>
                        "Not compared: at least 20 rows have to have lost, and a file has to have features of these rows with the same ids."
                    </p>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn Changes(changes: Vec<AnswerChange>) -> impl IntoView {
    (!changes.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="changes">
                <h2 id="changes">"The most frequent changes"</h2>
                <div class="table-scroll" tabindex="0" role="region" aria-labelledby="changes">
                    <table class="table dense">
                        <thead><tr>
                            <th scope="col">"True class"</th>
                            <th scope="col">"Answer before"</th>
                            <th scope="col">"Answer now"</th>
                            <th scope="col" class="num">"Rows"</th>
                        </tr></thead>
                        <tbody>
                            {changes
                                .into_iter()
                                .map(|change| view! {
                                    <tr>
                                        <th scope="row"><code>{change.label}</code></th>
                                        <td><code>{change.first}</code></td>
                                        <td><code>{change.second}</code></td>
                                        <td class="num">{number::count(change.rows)}</td>
                                    </tr>
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
            </section>
        }
    })
}

#[component]
fn Listed(flips: Flips, file: Option<String>) -> impl IntoView {
    let (changed, shown) = (flips.changed, flips.listed.len() as u64);
    let cut = (shown < changed)
        .then(|| format!("{} of {} are shown, those that lost first.", number::count(shown), number::count(changed)));
    (changed > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="rows">
                <h2 id="rows">{number::counted(changed, "row")} " with another answer"</h2>
                <p class="row">
                    {file.map(|file| view! { <a class="button" href=file download>"Download as CSV"</a> })}
                    {cut.map(|words| view! { <span class="muted">{words}</span> })}
                </p>
                <div class="table-scroll" tabindex="0" role="region" aria-labelledby="rows">
                    <table class="table dense">
                        <thead><tr>
                            <th scope="col">"Row"</th>
                            <th scope="col">"True value"</th>
                            <th scope="col">"Answer before"</th>
                            <th scope="col">"Answer now"</th>
                            <th scope="col">"Outcome"</th>
                        </tr></thead>
                        <tbody>{flips.listed.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

fn row(row: FlippedRow) -> AnyView {
    let class = match row.outcome {
        Outcome::Lost => "change worse",
        Outcome::Won => "change better",
        Outcome::Neither => "faint",
    };
    view! {
        <tr>
            <th scope="row">{row.id}</th>
            <td><code>{row.label}</code></td>
            <td><code>{row.first}</code></td>
            <td><code>{row.second}</code></td>
            <td class=class>{row.outcome.id()}</td>
        </tr>
    }
    .into_any()
}
