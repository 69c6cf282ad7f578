//! A run that predicts amounts: where and when it is off, and in which direction.

use domain::EvaluationRun;
use domain::number;
use domain::plot::scene::residual_groups::Along;
use domain::plot::scene::{residual_groups, residual_segments, residuals};
use leptos::prelude::*;

use super::asked::Asked;
use super::classes::{Figure, rows_link};
use super::drawn::Others;
use super::quantiles::Quantiles;
use super::scatter::Scatter;
use super::scored::readable;
use crate::address::Place;
use crate::charts::Files;

#[component]
pub fn Regression(
    place: Place,
    run: EvaluationRun,
    baseline: Option<EvaluationRun>,
    others: Others,
    asked: Asked,
    files: Files,
) -> impl IntoView {
    let chart = run.regression.clone()?;
    let runs = others.with(&run, baseline.as_ref());
    let by = |along| residual_groups::scene(&runs, along);
    let wide = [by(Along::Prediction), by(Along::Time)].into_iter().flatten();
    let wide: Vec<_> = wide.map(|scene| readable(scene, ().into_any(), files)).collect();
    let overall = run.metrics.get("bias_mean_error").copied();
    let by_segment = (!chart.by_segment.is_empty())
        .then(|| readable(residual_segments::scene(&chart, overall), ().into_any(), files));
    Some(view! {
        {bias(&run)}
        <Scatter place=place.clone() run=run.clone() baseline=baseline.clone() asked files/>
        <div class="charts">
            {readable(residuals::scene(&chart), ().into_any(), files)}
            {wide}
            {by_segment}
        </div>
        <Quantiles run=run.clone() baseline others files/>
        <Segments place run/>
    })
}

/// Whether the predictions are too high or too low on average, in a sentence.
fn bias(run: &EvaluationRun) -> Option<AnyView> {
    let bias = run.metrics.get("bias_mean_error")?;
    let (low, high) = bias.low.zip(bias.high)?;
    let direction = if bias.value > 0.0 { "too high" } else { "too low" };
    let of_error = run
        .value("mae")
        .filter(|mae| *mae > 0.0)
        .map(|mae| format!(" That is {} of the mean absolute error.", number::percent((bias.value / mae).abs())));
    let sentence = if low > 0.0 || high < 0.0 {
        let (near, far) = if bias.value > 0.0 { (low, high) } else { (-high, -low) };
        format!(
            "Predictions are {} {direction} on average (95 % interval {} to {}).{}",
            number::number(bias.value.abs()),
            number::number(near),
            number::number(far),
            of_error.unwrap_or_default()
        )
    } else {
        format!(
            "Predictions are neither too high nor too low on average beyond chance: the mean error is {} (95 % interval {} to {}).",
            number::number(bias.value),
            number::number(low),
            number::number(high)
        )
    };
    Some(view! { <p class="run-headline">{sentence}</p> }.into_any())
}

/// The segments of the chart with their figures, as links to their rows.
#[component]
fn Segments(place: Place, run: EvaluationRun) -> impl IntoView {
    let segments = run.regression.clone().map(|chart| chart.by_segment).unwrap_or_default();
    (!segments.is_empty()).then(|| {
        let rows: Vec<_> = segments
            .into_iter()
            .map(|segment| {
                let words = rows_link(&place, &run, segment.description, vec![segment.condition]);
                view! {
                    <tr>
                        <th scope="row" class="wrap">{words}</th>
                        <td class="num">{number::count(segment.n)}</td>
                        <Figure metric=segment.bias/>
                        <Figure metric=segment.mae/>
                        <td class="num">{number::named_probability("q", segment.q)}</td>
                    </tr>
                }
            })
            .collect();
        view! {
            <div class="stack">
                <h3>"Errors by segment"</h3>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Errors by segment">
                    <table class="table dense">
                        <caption>"Rows whose mean error is unlike that of the other rows. q is corrected for all segments that were tested."</caption>
                        <thead><tr>
                            <th scope="col">"Rows where"</th>
                            <th scope="col" class="num">"Rows"</th>
                            <th scope="col" class="num">"Mean error"</th>
                            <th scope="col" class="num">"Mean absolute error"</th>
                            <th scope="col" class="num">"Certainty"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
        }
    })
}
