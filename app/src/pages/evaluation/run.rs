//! One run in detail: thresholds, matrix, calibration or residuals, classes and weak slices.

use domain::EvaluationRun;
use domain::evaluation::{ClassMetrics, Metric, Slice};
use leptos::prelude::*;

use super::Asked;
use crate::address::Place;
use crate::api::selection::explain_selection;
use crate::charts::confusion::Shares;
use crate::charts::{Calibration, ConfusionMatrix, RegressionScatter, Residuals, ScoredRun};
use crate::components::Downloads;
use crate::islands::ThresholdExplorer;
use domain::number;

/// Of a run with scores.
const CURVES: &[(&str, &str)] = &[("roc", "ROC"), ("calibration", "Calibration")];

#[component]
pub fn Run(place: Place, run: EvaluationRun, asked: Asked) -> impl IntoView {
    let scored = ScoredRun::of(&run);
    let left_out = (run.rows_left_out > 0).then(|| {
        format!("{} without a label, prediction or score are excluded.", number::counted(run.rows_left_out, "row"))
    });
    let whole = place.clone();
    let of = vec![("run", run.name.clone()), ("split", run.split.to_string())];
    let (is_binary, has_matrix) = (run.scores.is_some(), run.confusion_matrix.is_some());
    let (per_class, slices, n) = (run.per_class.clone(), run.slices.clone(), run.n);
    view! {
        <section class="card pad stack wide-gap" aria-labelledby="run">
            <div>
                <h2 id="run">{run.split.to_string()} " of " {run.name.clone()}</h2>
                <p class="muted">
                    {number::counted(n, "row")}
                    {run.positive.clone().map(|class| view! { ", positive class " <code>{class}</code> })} ". " {left_out}
                </p>
            </div>
            {match scored {
                Some(scored) => view! { <Explorer place scored asked/> }.into_any(),
                None => view! { <Fixed run/> }.into_any(),
            }}
            {is_binary.then(|| view! { <Downloads place=whole.clone() figures=CURVES of=of.clone()/> })}
            {has_matrix.then(|| view! { <Downloads place=whole figures=&[("confusion", "Confusion matrix")] of/> })}
            <Classes per_class/>
            <Slices slices/>
        </section>
    }
}

#[component]
fn Explorer(place: Place, scored: ScoredRun, asked: Asked) -> impl IntoView {
    let Asked { settings, selection, .. } = asked;
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
            <ThresholdExplorer place run=scored settings selection answer/>
        }
    })
}

/// A run without scores: what it answered is what there is.
#[component]
fn Fixed(run: EvaluationRun) -> impl IntoView {
    let n = run.n;
    let calibration = run.calibration;
    view! {
        <div class="charts">
            {run.confusion_matrix.map(|matrix| view! { <ConfusionMatrix matrix shares=Shares::Counts/> })}
            {(!calibration.is_empty()).then(|| view! { <Calibration bins=calibration/> })}
            {run.regression.map(|chart| view! { <RegressionScatter chart=chart.clone() n/> <Residuals chart/> })}
        </div>
    }
}

#[component]
fn Classes(per_class: Vec<ClassMetrics>) -> impl IntoView {
    (!per_class.is_empty()).then(|| {
        view! {
            <div class="stack">
                <h3>"By class"</h3>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Figures by class">
                    <table class="table dense">
                        <thead><tr>
                            <th scope="col">"Class"</th>
                            <th scope="col" class="num">"Rows"</th>
                            <th scope="col" class="num">"Precision"</th>
                            <th scope="col" class="num">"Recall"</th>
                            <th scope="col" class="num">"F1"</th>
                        </tr></thead>
                        <tbody>
                            {per_class
                                .into_iter()
                                .map(|class| view! {
                                    <tr>
                                        <th scope="row"><code>{class.class}</code></th>
                                        <td class="num">{number::count(class.support)}</td>
                                        <Figure metric=class.precision/>
                                        <Figure metric=class.recall/>
                                        <Figure metric=class.f1/>
                                    </tr>
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
            </div>
        }
    })
}

#[component]
fn Figure(metric: Metric) -> impl IntoView {
    let interval = metric.low.zip(metric.high).map(|(low, high)| {
        view! { <span class="interval">{number::fixed(low)} " to " {number::fixed(high)}</span> }
    });
    view! { <td class="num">{number::fixed(metric.value)} {interval}</td> }
}

#[component]
fn Slices(slices: Vec<Slice>) -> impl IntoView {
    (!slices.is_empty()).then(|| view! {
        <div class="stack">
            <h3>"Weakest slices"</h3>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Weakest slices">
                <table class="table dense">
                    <caption>"Rows on which the model performs worse than on the rest. q is corrected for all slices that were tested."</caption>
                    <thead><tr>
                        <th scope="col">"Rows where"</th>
                        <th scope="col" class="num">"Rows"</th>
                        <th scope="col">"Metric"</th>
                        <th scope="col" class="num">"There"</th>
                        <th scope="col" class="num">"Elsewhere"</th>
                        <th scope="col" class="num">"Certainty"</th>
                    </tr></thead>
                    <tbody>
                        {slices
                            .into_iter()
                            .map(|slice| view! {
                                <tr>
                                    <th scope="row" class="wrap">{slice.description}</th>
                                    <td class="num">{number::count(slice.n)}</td>
                                    <td><code>{slice.metric.id()}</code></td>
                                    <Figure metric=Metric { value: slice.value, low: Some(slice.low), high: Some(slice.high) }/>
                                    <td class="num">{number::fixed(slice.rest_value)}</td>
                                    <td class="num">{number::named_probability("q", slice.q)}</td>
                                </tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </div>
    })
}
