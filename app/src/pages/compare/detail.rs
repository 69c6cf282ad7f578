//! One column in detail: its chart, the rows marked on it, what was found about it, and the figures.

use std::sync::Arc;

use domain::comparison::{RowsBySide, Side};
use domain::plot::scene::column::settled;
use domain::selection::{Selection, SelectionAnswer};
use domain::{ColumnKind, ColumnRole, Comparison, Diagnosis, Finding};
use leptos::prelude::*;

use super::asked::Asked;
use super::controls::Controls;
use super::marking::{Marking, marked_area, surface};
use super::question::Question;
use crate::address::Place;
use crate::charts::ColumnChart;
use crate::components::{Sentence, VerdictBadge, figures};
use crate::error::AppError;
use domain::number;

#[component]
pub fn Detail(
    place: Place,
    diagnosis: Arc<Diagnosis>,
    comparison: Comparison,
    asked: Asked,
    answered: Option<Result<Arc<SelectionAnswer>, AppError>>,
) -> impl IntoView {
    let column = comparison.column.clone();
    // What the page shows without a column in its address stays when something else changes.
    let asked = Asked { column: Some(column.clone()), ..asked };
    let findings: Vec<Finding> =
        diagnosis.findings.iter().filter(|finding| finding.columns.contains(&column)).cloned().collect();
    let top = findings.first().cloned();
    let about = comparison.clone();
    let another = view! { <WithAnother place=place.clone() diagnosis=diagnosis.clone() asked=asked.clone()/> };
    let question = asked.selection.clone().zip(answered).map(|(selection, answered)| {
        view! { <Question place=place.clone() diagnosis asked=asked.clone() selection answered/> }
    });
    view! {
        <div class="stack detail" id="detail">
            <section class="card pad stack" aria-labelledby="detail-title">
                <p class="row">
                    <code class="column-name">{column.clone()}</code>
                    <span class="faint">{comparison.kind.word()}</span>
                </p>
                <h2 id="detail-title">
                    {match top {
                        Some(finding) => view! { <Sentence text=finding.statement columns=finding.columns/> }.into_any(),
                        None => "No large and certain difference between train and serve".into_any(),
                    }}
                </h2>
                <Chart place=place.clone() comparison asked/>
                {another}
            </section>
            {question}
            <section class="card pad stack" aria-label="Findings and figures">
                <Found place findings/>
                <Figures comparison=about/>
            </section>
        </div>
    }
}

#[component]
fn Chart(place: Place, comparison: Comparison, asked: Asked) -> impl IntoView {
    let view = settled(asked.view, &comparison);
    let overlay = marked_area(&comparison, &asked, view).unwrap_or_else(|| ().into_any());
    let surface = surface(&place, &comparison, &asked, view).unwrap_or_else(|| ().into_any());
    view! {
        <div class="compare-chart">
            <Controls place=place.clone() comparison=comparison.clone() asked=asked.clone() view/>
            <ColumnChart place=place.clone() comparison=comparison.clone() view overlay surface/>
            <Marking place comparison asked view/>
        </div>
    }
}

/// The way to this column and another one at once.
#[component]
fn WithAnother(place: Place, diagnosis: Arc<Diagnosis>, asked: Asked) -> impl IntoView {
    let column = asked.column.clone().unwrap_or_default();
    let marked = asked.selection.as_ref().map(Selection::to_text).unwrap_or_default();
    let can_be =
        |one: &&Comparison| one.column != column && !matches!(one.kind, ColumnKind::Nested | ColumnKind::Empty);
    let mut others: Vec<&Comparison> = diagnosis.comparisons.iter().filter(can_be).collect();
    others.sort_by_key(|one| one.role != ColumnRole::Feature);
    let others: Vec<String> = others.into_iter().map(|one| one.column.clone()).collect();
    let action = place.pair(&[]).filter(|_| !others.is_empty());
    action.map(|action| view! {
        <form class="row end with-another" method="get" action=action aria-label="Together with another column">
            <input type="hidden" name="x" value=column/>
            {(!marked.is_empty()).then(|| view! { <input type="hidden" name="where" value=marked/> })}
            <label for="with-another">"Together with "</label>
            <select id="with-another" name="y">
                {others.into_iter().map(|name| view! { <option value=name.clone()>{name.clone()}</option> }).collect_view()}
            </select>
            <button>"Show both"</button>
        </form>
    })
}

#[component]
fn Found(place: Place, findings: Vec<Finding>) -> impl IntoView {
    (!findings.is_empty()).then(|| {
        view! {
            <div class="stack">
                <h3>"Findings"</h3>
                <ul class="plain proof">
                    {findings
                        .into_iter()
                        .map(|finding| {
                            let href = place.finding(&finding);
                            let numbers = figures(&finding);
                            view! {
                                <li>
                                    <VerdictBadge verdict=finding.mark()/> " "
                                    <a href=href><Sentence text=finding.statement columns=finding.columns/></a>
                                    <span class="numbers">{numbers}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </div>
        }
    })
}

#[component]
fn Figures(comparison: Comparison) -> impl IntoView {
    let Comparison { n, nulls, effects, p, q, .. } = comparison;
    let per_side = move |words: &'static str, counts: &RowsBySide| {
        let values = Side::BOTH.map(|side| number::count(counts.get(&side).copied().unwrap_or(0)));
        view! { <tr><th scope="row">{words}</th>{values.map(|value| view! { <td class="num">{value}</td> }).into_iter().collect_view()}</tr> }
    };
    let single = |name: String, value: String| view! { <tr><th scope="row">{name}</th><td class="num" colspan="2">{value}</td></tr> };
    view! {
        <details class="disclosure">
            <summary>"Figures"</summary>
            <table class="table dense">
                <thead><tr><th scope="col"><span class="hidden">"Figure"</span></th><th scope="col" class="num">"train"</th><th scope="col" class="num">"serve"</th></tr></thead>
                <tbody>
                    {per_side("rows", &n)}
                    {per_side("missing", &nulls)}
                    {effects.into_iter().map(|(name, value)| single(name, number::number(value))).collect_view()}
                    {p.map(|p| single("p".into(), number::probability(p)))}
                    {q.map(|q| single("q (Benjamini-Hochberg over all columns)".into(), number::probability(q)))}
                </tbody>
            </table>
        </details>
    }
}
