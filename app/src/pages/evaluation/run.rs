//! One run in detail: thresholds, matrix, calibration or residuals, classes and weak slices.

use domain::EvaluationRun;
use domain::evaluation::{ClassMetrics, Metric, Slice};
use domain::plot::scene::{self, ScoredRun, Shares};
use leptos::prelude::*;

use super::asked::Asked;
use crate::address::Place;
use crate::api::selection::explain_selection;
use crate::charts::{ConfusionMatrix, figure, files};
use crate::islands::ThresholdExplorer;
use domain::number;

#[component]
pub fn Run(place: Place, run: EvaluationRun, asked: Asked) -> impl IntoView {
    let scored = ScoredRun::of(&run);
    let left_out = (run.rows_left_out > 0).then(|| {
        format!("{} without a label, prediction or score are excluded.", number::counted(run.rows_left_out, "row"))
    });
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
                None => view! { <Fixed place run/> }.into_any(),
            }}
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
            Some(Ok(answer)) => (Some((*answer).clone()), None),
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
fn Fixed(place: Place, run: EvaluationRun) -> impl IntoView {
    let EvaluationRun { name, split, n, calibration, regression, confusion_matrix, .. } = run;
    let files = files(place, move || vec![("run", name.clone()), ("split", split.to_string())]);
    let painted = move |scene| figure(scene, ().into_any(), files);
    let matrix = confusion_matrix.map(|matrix| scene::confusion::scene(&matrix, Shares::Counts));
    let calibration = (!calibration.is_empty()).then(|| scene::calibration::scene(&calibration));
    let regression = regression.map(|chart| [scene::regression::scene(&chart, n), scene::residuals::scene(&chart)]);
    view! {
        <div class="charts">
            {matrix.map(|scene| view! { <ConfusionMatrix scene files/> })}
            {calibration.map(painted)}
            {regression.map(|scenes| scenes.map(painted).into_iter().collect_view())}
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
