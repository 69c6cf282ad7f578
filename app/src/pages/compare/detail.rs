//! One column in detail: its chart, what was found about it, and the figures.

use std::sync::Arc;

use domain::comparison::{RowsBySide, Side};
use domain::{Comparison, Diagnosis, Finding};
use leptos::prelude::*;

use super::asked::Asked;
use crate::address::Place;
use crate::api::selection::explain_selection;
use crate::components::{Sentence, VerdictBadge, figures};
use crate::islands::CompareChart;
use domain::number;

#[component]
pub fn Detail(place: Place, diagnosis: Arc<Diagnosis>, comparison: Comparison, asked: Asked) -> impl IntoView {
    let column = comparison.column.clone();
    let findings: Vec<Finding> =
        diagnosis.findings.iter().filter(|finding| finding.columns.contains(&column)).cloned().collect();
    let top = findings.first().cloned();
    let about = comparison.clone();
    view! {
        <section class="card pad stack detail" id="detail" aria-labelledby="detail-title">
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
            <Found place findings/>
            <Figures comparison=about/>
        </section>
    }
}

/// The chart; when the address asks about marked rows, the answer is there from the start.
#[component]
fn Chart(place: Place, comparison: Comparison, asked: Asked) -> impl IntoView {
    let Asked { sort, page, view, selection, .. } = asked;
    let page = if page > 1 { page.to_string() } else { String::new() };
    let keep = vec![("sort".to_owned(), sort.id().to_owned()), ("page".to_owned(), page)];
    Suspend::new(async move {
        let asked = match selection.clone() {
            Some(selection) => Some(explain_selection(place.clone(), selection).await),
            None => None,
        };
        let (answer, problem) = match asked {
            Some(Ok(answer)) => (Some(answer), None),
            Some(Err(error)) => (None, Some(error.to_string())),
            None => (None, None),
        };
        view! {
            {problem.map(|sentence| view! { <p class="notice bad">{sentence}</p> })}
            <CompareChart place comparison view keep selection answer/>
        }
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
                            let href = format!("{}#finding-{}", place.layer(finding.layer), finding.id);
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
