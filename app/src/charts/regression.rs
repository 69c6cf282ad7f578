//! Regression: predicted against true values, and how the errors are spread.

use domain::evaluation::RegressionChart;
use domain::plot::format;
use domain::plot::scale::Scale;
use leptos::prelude::*;

use super::axis::Axis;
use super::frame::{Chart, Key, Shape, stretched};
use super::path::{self, percent};
use super::table::DataTable;

/// Predicted against true values of a sample of rows; `n` is the number of all rows.
#[component]
pub fn RegressionScatter(chart: RegressionChart, n: u64) -> impl IntoView {
    let scale = Scale::around(chart.sample.iter().flat_map(|(truth, predicted)| [*truth, *predicted]));
    let places = chart.sample.iter().map(|(truth, predicted)| (scale.position(*truth), scale.position(*predicted)));
    let marks = view! {
        {stretched(view! {
            <path class="dots model" d=path::dots(places)></path>
            <path class="diagonal" d=path::line([(0.0, 0.0), (1.0, 1.0)])></path>
        })}
        <text class="mark-label" x="100%" y="0" dx="-6" dy="14" text-anchor="end">"right"</text>
    };
    let rows = chart.sample.iter().take(50).map(|(truth, predicted)| {
        [format::number(*truth), format::number(*predicted), format::number(predicted - truth)]
    });
    Chart {
        title: "Predicted against true values".to_owned(),
        summary: "Points on the diagonal are correct predictions".to_owned(),
        keys: vec![Key {
            class: "model",
            text: format!("{} of {} rows", format::count(chart.sample.len() as u64), format::count(n)),
        }],
        shape: Shape::Square,
        x: Axis::numbers(scale, "true value"),
        y: Axis::numbers(scale, "predicted value"),
        table: DataTable::new(["true", "predicted", "error"]).with(rows),
    }
    .around(marks)
}

/// How many rows have which error (predicted minus true).
#[component]
pub fn Residuals(chart: RegressionChart) -> impl IntoView {
    let edges = &chart.residual_edges;
    let scale = Scale::around(edges.iter().copied());
    let n: u64 = chart.residual_counts.iter().sum();
    let shares: Vec<f64> = chart.residual_counts.iter().map(|count| *count as f64 / n.max(1) as f64).collect();
    let top = shares.iter().copied().fold(f64::MIN_POSITIVE, f64::max) * 1.05;
    let places: Vec<f64> = edges.iter().map(|edge| scale.position(*edge)).collect();
    let outline = path::steps(&places, &shares.iter().map(|share| share / top).collect::<Vec<_>>());
    let zero = scale.position(0.0);
    let marks = view! {
        {stretched(view! { <path class="area model" d=outline></path> })}
        {(0.0..=1.0).contains(&zero).then(|| view! {
            <line class="threshold" x1=percent(zero) x2=percent(zero) y1="0" y2="100%"/>
            <text class="mark-label" x=percent(zero) y="0" dx="6" dy="12">"no error"</text>
        })}
    };
    let rows = edges
        .windows(2)
        .zip(&chart.residual_counts)
        .map(|(pair, count)| [format::number(pair[0]), format::number(pair[1]), format::count(*count)]);
    Chart {
        title: "How large the errors are".to_owned(),
        summary: format!("Errors run from {} to {}", format::number(scale.low()), format::number(scale.high())),
        keys: vec![Key { class: "model", text: format!("{} rows", format::count(n)) }],
        shape: Shape::Wide,
        x: Axis::numbers(scale, "error (predicted minus true)"),
        y: Axis::shares(top, "share of rows per bin"),
        table: DataTable::new(["from", "to", "rows"]).with(rows),
    }
    .around(marks)
}
