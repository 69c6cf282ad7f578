//! All runs and splits side by side: one row per metric, each figure with its interval.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::EvaluationRun;
use domain::evaluation::Metric;
use leptos::prelude::*;

use crate::address::Place;
use domain::number;

/// Metrics shown first, in this order; the others follow by name.
const FIRST: [&str; 16] = [
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "f1_macro",
    "mcc",
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece_10_equal_width",
    "mae",
    "rmse",
    "r2",
    "bias_mean_error",
];

/// Metrics seen without opening the rest.
const SHOWN: usize = 10;

#[component]
pub fn SideBySide(place: Place, runs: Arc<Vec<EvaluationRun>>, chosen: Option<usize>) -> impl IntoView {
    let mut first = metric_names(&runs);
    let more = first.split_off(SHOWN.min(first.len()));
    let heads = runs
        .iter()
        .enumerate()
        .map(|(index, run)| {
            let href = place.evaluation(&[("run", &run.name), ("split", run.split.word())]);
            view! {
                <th scope="col" class="num">
                    <a href=href aria-current=(Some(index) == chosen).then_some("true")>
                        {run.split.to_string()} <span class="kind">{run.name.clone()}</span>
                    </a>
                </th>
            }
        })
        .collect_view();
    let sizes = runs.iter().map(|run| view! { <td class="num">{number::count(run.n)}</td> }).collect_view();
    view! {
        <section class="stack" aria-labelledby="runs">
            <h2 id="runs">"Runs side by side"</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-labelledby="runs">
                <table class="table dense runs">
                    <caption>"Each figure with its 95 % interval. Names and definitions are scikit-learn's."</caption>
                    <thead><tr><th scope="col">"Metric"</th>{heads}</tr></thead>
                    <tbody>
                        <tr><th scope="row">"rows"</th>{sizes}</tr>
                        {rows(first, &runs)}
                    </tbody>
                </table>
            </div>
            {(!more.is_empty()).then(|| view! {
                <details class="disclosure">
                    <summary>{number::counted(more.len() as u64, "more metric")}</summary>
                    <div class="table-scroll" tabindex="0" role="region" aria-label="More metrics">
                        <table class="table dense runs">
                            <thead><tr>
                                <th scope="col">"Metric"</th>
                                {runs.iter().map(|run| view! { <th scope="col" class="num">{run.split.to_string()}</th> }).collect_view()}
                            </tr></thead>
                            <tbody>{rows(more, &runs)}</tbody>
                        </table>
                    </div>
                </details>
            })}
        </section>
    }
}

fn rows(names: Vec<String>, runs: &[EvaluationRun]) -> Vec<AnyView> {
    names
        .into_iter()
        .map(|name| {
            let cells = runs.iter().map(|run| cell(run.metrics.get(&name))).collect_view();
            view! { <tr><th scope="row"><code>{name}</code></th>{cells}</tr> }.into_any()
        })
        .collect()
}

fn metric_names(runs: &[EvaluationRun]) -> Vec<String> {
    let all: BTreeSet<&String> = runs.iter().flat_map(|run| run.metrics.keys()).collect();
    let mut names: Vec<String> = all.into_iter().cloned().collect();
    names.sort_by_key(|name| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()));
    names
}

fn cell(metric: Option<&Metric>) -> impl IntoView + use<> {
    let figure = metric.map(|metric| {
        let interval = metric.low.zip(metric.high).map(|(low, high)| {
            view! { <span class="interval">{number::fixed(low)} " to " {number::fixed(high)}</span> }
        });
        view! { {number::fixed(metric.value)} {interval} }
    });
    match figure {
        Some(figure) => view! { <td class="num">{figure}</td> }.into_any(),
        None => view! { <td class="num faint">"–"</td> }.into_any(),
    }
}
