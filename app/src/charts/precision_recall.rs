//! Precision and recall at every threshold.

use domain::evaluation::ScoreTable;
use domain::operating_point::OperatingPoint;
use domain::plot::format;
use leptos::prelude::*;

use super::axis::Axis;
use super::frame::{Chart, Key, Shape, stretched};
use super::path::{self, Place, from_top, percent};
use super::roc::operating_table;
use super::values::maybe;

/// Where an operating point lies. Without anything called positive, precision is drawn as 1, as scikit-learn does at
/// the end of its curve.
pub fn place(point: &OperatingPoint) -> Place {
    (point.recall().unwrap_or(0.0), point.precision().unwrap_or(1.0))
}

pub fn curve(scores: &ScoreTable) -> Vec<Place> {
    let start = (0.0, scores.points().next().and_then(|point| point.precision()).unwrap_or(1.0));
    path::thinned([start].into_iter().chain(scores.points().map(|point| place(&point))).collect(), 0.002)
}

/// `point` is the operating point marked on the curve.
pub fn chart(scores: &ScoreTable, average: Option<f64>, point: Signal<OperatingPoint>) -> AnyView {
    let rows = scores.positives + scores.negatives;
    let base_rate = scores.positives as f64 / rows.max(1) as f64;
    let marks = view! {
        {stretched(view! {
            <path class="diagonal" d=path::line([(0.0, base_rate), (1.0, base_rate)])></path>
            <path class="line model" d=path::line(curve(scores))></path>
        })}
        <text class="mark-label" x="1%" y=from_top(base_rate) dy="-5">
            {format!("{} positive at random", format::share(base_rate))}
        </text>
        <circle class="marker" r="6"
            cx=move || percent(place(&point.get()).0)
            cy=move || from_top(place(&point.get()).1)/>
    };
    Chart {
        title: "Precision against recall".to_owned(),
        summary: format!("The average precision is {}", maybe(average, format::number)),
        keys: vec![
            Key { class: "model", text: format!("average precision {}", maybe(average, format::number)) },
            Key {
                class: "plain",
                text: format!("{} of {} positive", format::count(scores.positives), format::count(rows)),
            },
        ],
        shape: Shape::Square,
        x: Axis::shares(1.0, "recall"),
        y: Axis::shares(1.0, "precision"),
        table: operating_table(scores),
    }
    .around(marks)
}
