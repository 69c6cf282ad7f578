//! Predicted quantiles of a run: whether as many labels lie at or below each as it says, and how wide their intervals are.

use domain::EvaluationRun;
use domain::evaluation::{IntervalCoverage, Metric, Off, QuantileCalibration, QuantileShare};
use domain::number;
use domain::plot::scene::quantile_calibration;
use leptos::prelude::*;

use super::classes::Figure;
use super::drawn::Others;
use super::scored::readable;
use crate::charts::Files;

#[component]
pub fn Quantiles(run: EvaluationRun, baseline: Option<EvaluationRun>, others: Others, files: Files) -> impl IntoView {
    let found = run.regression.as_ref()?.quantiles.clone()?;
    let chart = quantile_calibration::scene(&others.with(&run, baseline.as_ref()));
    let chart = chart.map(|scene| readable(scene, ().into_any(), files));
    let sentences: Vec<_> = sentences(&found).into_iter().map(|words| view! { <p>{words}</p> }).collect();
    Some(view! {
        <section class="stack" aria-labelledby="quantiles">
            <h3 id="quantiles">"Predicted quantiles"</h3>
            {sentences}
            <div class="charts">
                {chart}
                <div class="stack">
                    <QuantileTable quantiles=found.quantiles.clone()/>
                    <IntervalTable intervals=found.intervals/>
                </div>
            </div>
        </section>
    })
}

/// What the widest interval holds, how many quantiles are off, and how many rows have them in the wrong order.
fn sentences(found: &QuantileCalibration) -> Vec<String> {
    let off = found.quantiles.iter().filter(|one| one.off().is_some()).count() as u64;
    let all = number::counted(found.quantiles.len() as u64, "quantile");
    let quantiles = match off {
        0 => format!("No difference of {all} from the level is beyond chance."),
        off => {
            let differ = if off == 1 { "differs" } else { "differ" };
            format!("{} of {all} {differ} from the level beyond chance.", number::count(off))
        }
    };
    let crossed = (found.crossed > 0).then(|| {
        let share = number::percent_of(found.crossed, found.n);
        format!("In {share} of {} a quantile is lower than one of a lower level.", number::counted(found.n, "row"))
    });
    found.intervals.first().map(widest).into_iter().chain([quantiles]).chain(crossed).collect()
}

fn widest(interval: &IntervalCoverage) -> String {
    let Metric { value, low, high } = interval.coverage;
    let ends = low.zip(high).map_or_else(String::new, |(low, high)| {
        format!(" (95 % interval {} to {})", number::percent(low), number::percent(high))
    });
    let verdict = match interval.off() {
        Some(Off::Under) => "it is too narrow",
        Some(Off::Over) => "it is too wide",
        None => "the difference can be chance",
    };
    format!(
        "The {} interval ({} to {}) holds {} of the labels{ends}: {verdict}. Its mean width is {}.",
        number::percent(interval.nominal),
        interval.lower,
        interval.upper,
        number::percent(value),
        number::number(interval.mean_width.value),
    )
}

/// What is off in a table, in a word.
fn word(off: Option<Off>, [under, over]: [&'static str; 2]) -> AnyView {
    match off {
        Some(Off::Under) => view! { <td class="change worse">{under}</td> }.into_any(),
        Some(Off::Over) => view! { <td class="change worse">{over}</td> }.into_any(),
        None => view! { <td class="faint">"within chance"</td> }.into_any(),
    }
}

#[component]
fn QuantileTable(quantiles: Vec<QuantileShare>) -> impl IntoView {
    let row = |one: QuantileShare| {
        let off = one.off();
        view! {
            <tr>
                <th scope="row"><code>{one.column}</code></th>
                <td class="num">{number::percent(one.level)}</td>
                <Percent metric=one.at_or_below/>
                {word(off, ["too low", "too high"])}
                <Figure metric=one.pinball/>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Quantiles">
            <table class="table dense">
                <caption>"Labels at or below each quantile, with Wilson's 95 % intervals. The loss is scikit-learn's "<code>"mean_pinball_loss"</code>"."</caption>
                <thead><tr>
                    <th scope="col">"Quantile"</th>
                    <th scope="col" class="num">"Level"</th>
                    <th scope="col" class="num">"Labels at or below"</th>
                    <th scope="col">"Against the level"</th>
                    <th scope="col" class="num">"Pinball loss"</th>
                </tr></thead>
                <tbody>{quantiles.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn IntervalTable(intervals: Vec<IntervalCoverage>) -> impl IntoView {
    let row = |one: IntervalCoverage| {
        let off = one.off();
        view! {
            <tr>
                <th scope="row"><code>{one.lower}</code> " to " <code>{one.upper}</code></th>
                <td class="num">{number::percent(one.nominal)}</td>
                <Percent metric=one.coverage/>
                {word(off, ["too narrow", "too wide"])}
                <Figure metric=one.mean_width/>
            </tr>
        }
    };
    (!intervals.is_empty()).then(|| {
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label="Intervals">
                <table class="table dense">
                    <caption>"Labels between two quantiles, ends included."</caption>
                    <thead><tr>
                        <th scope="col">"Interval"</th>
                        <th scope="col" class="num">"Level"</th>
                        <th scope="col" class="num">"Labels inside"</th>
                        <th scope="col">"Against the level"</th>
                        <th scope="col" class="num">"Mean width"</th>
                    </tr></thead>
                    <tbody>{intervals.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
    })
}

#[component]
fn Percent(metric: Metric) -> impl IntoView {
    let interval = metric.low.zip(metric.high).map(|(low, high)| {
        view! { <span class="interval">{number::percent(low)} " to " {number::percent(high)}</span> }
    });
    view! { <td class="num">{number::percent(metric.value)} {interval}</td> }
}
