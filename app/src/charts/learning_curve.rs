//! Learning curves with what was read off them: where overfitting begins, the best epoch, the first value that is not
//! a number.

use domain::diagnosis::ReadCurve;
use domain::learning_curve::{CurveMeasure, CurveReading, CurveSeries, CurveSplit, LearningCurve};
use domain::plot::format;
use domain::plot::scale::Scale;
use leptos::prelude::*;

use super::axis::Axis;
use super::frame::{Chart, Key, Shape, stretched};
use super::path::{self, from_top, percent};
use super::table::DataTable;
use super::values::maybe;

/// One chart for the losses and one for the scores, as far as the file has them.
#[component]
pub fn LearningCurveChart(curve: ReadCurve) -> impl IntoView {
    let measures = [CurveMeasure::Loss, CurveMeasure::Score];
    let charts: Vec<_> = measures.into_iter().filter_map(|measure| panel(&curve, measure)).collect();
    view! { <div class="charts">{charts}</div> }
}

fn panel(read: &ReadCurve, measure: CurveMeasure) -> Option<AnyView> {
    let curve = &read.curve;
    let series: Vec<&CurveSeries> = curve.series.iter().filter(|series| series.measure == measure).collect();
    if series.is_empty() {
        return None;
    }
    let x = Scale::around(curve.epochs.iter().copied());
    let y = Scale::around(series.iter().flat_map(|series| series.values.iter().flatten().copied()));
    let lines: Vec<_> = series.iter().map(|series| line(series, &curve.epochs, &x, &y)).collect();
    let breaks: Vec<_> = series.iter().filter_map(|series| first_break(series, &curve.epochs, &x)).collect();
    let readings: Vec<_> = read.readings.iter().enumerate().map(|(row, reading)| mark(reading, row, &x)).collect();
    let word = if measure == CurveMeasure::Loss { "loss" } else { "score" };
    let marks = view! { {stretched(lines)} {readings} {breaks} };
    let statements: Vec<&str> = read.readings.iter().map(|reading| reading.statement.as_str()).collect();
    let chart = Chart {
        title: format!("{}: {word} per epoch", curve.name),
        summary: statements.join(" "),
        keys: series.iter().map(|series| Key { class: class(series.split), text: series.name.clone() }).collect(),
        shape: Shape::Wide,
        x: Axis::numbers(x, "epoch"),
        y: Axis::numbers(y, word),
        table: table(curve, &series),
    };
    Some(chart.around(marks))
}

fn class(split: CurveSplit) -> &'static str {
    match split {
        CurveSplit::Train => "train",
        CurveSplit::Validation => "validation",
        CurveSplit::Test => "test",
    }
}

fn line(series: &CurveSeries, epochs: &[f64], x: &Scale, y: &Scale) -> impl IntoView + use<> {
    let points = epochs
        .iter()
        .zip(&series.values)
        .map(|(epoch, value)| (x.position(*epoch), value.map_or(f64::NAN, |value| y.position(value))));
    view! { <path class=format!("line {}", class(series.split)) d=path::line(points)></path> }
}

/// The first NaN or infinity of a series: an upright mark with its epoch.
fn first_break(series: &CurveSeries, epochs: &[f64], x: &Scale) -> Option<impl IntoView + use<>> {
    let epoch = *epochs.get(series.first_non_finite?)?;
    Some(upright(
        "broken",
        x.position(epoch),
        2,
        format!("{} is not a number from epoch {}", series.name, format::number(epoch)),
    ))
}

/// A reading: where it begins and the best epoch; each reading's words have a line of their own.
fn mark(reading: &CurveReading, row: usize, x: &Scale) -> impl IntoView + use<> {
    let words = reading.state.words();
    let onset = reading
        .from_epoch
        .map(|epoch| upright("onset", x.position(epoch), row, format!("{words} from epoch {}", format::number(epoch))));
    let best = reading
        .best_epoch
        .map(|epoch| upright("best", x.position(epoch), row + 1, format!("best at epoch {}", format::number(epoch))));
    view! { {onset} {best} }
}

fn upright(class: &'static str, at: f64, row: usize, words: String) -> impl IntoView + use<> {
    let (anchor, dx) = if at > 0.6 { ("end", "-6") } else { ("start", "6") };
    view! {
        <g class=format!("reading {class}")>
            <line x1=percent(at) x2=percent(at) y1="0" y2="100%"/>
            <text class="mark-label" x=percent(at) y="0" dx=dx dy=(12 + 15 * row).to_string() text-anchor=anchor>{words}</text>
            <circle cx=percent(at) cy=from_top(0.0) r="3"/>
        </g>
    }
}

fn table(curve: &LearningCurve, series: &[&CurveSeries]) -> DataTable {
    let head = ["epoch".to_owned()].into_iter().chain(series.iter().map(|series| series.name.clone())).collect();
    let rows = curve.epochs.iter().enumerate().map(|(index, epoch)| {
        let values = series.iter().map(|series| maybe(series.values.get(index).copied().flatten(), format::number));
        [format::number(*epoch)].into_iter().chain(values).collect()
    });
    DataTable { head, rows: rows.collect() }
}
