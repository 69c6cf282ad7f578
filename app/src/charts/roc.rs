//! ROC: caught positives against false alarms, at every threshold.

use domain::evaluation::ScoreTable;
use domain::operating_point::OperatingPoint;
use domain::plot::format;
use leptos::prelude::*;

use super::axis::Axis;
use super::frame::{Chart, Key, Shape, stretched};
use super::path::{self, Place, from_top, percent};
use super::table::DataTable;
use super::values::maybe;

/// Where an operating point lies; at the origin while a class is empty.
pub fn place(point: &OperatingPoint) -> Place {
    (point.false_positive_rate().unwrap_or(0.0), point.recall().unwrap_or(0.0))
}

/// The curve from the origin to the top right.
pub fn curve(scores: &ScoreTable) -> Vec<Place> {
    let points = [(0.0, 0.0)].into_iter().chain(scores.points().map(|point| place(&point))).chain([(1.0, 1.0)]);
    path::thinned(points.collect(), 0.002)
}

/// `point` is the operating point marked on the curve.
pub fn chart(scores: &ScoreTable, area: Option<f64>, point: Signal<OperatingPoint>) -> AnyView {
    let marks = view! {
        {stretched(view! {
            <path class="diagonal" d=path::line([(0.0, 0.0), (1.0, 1.0)])></path>
            <path class="line model" d=path::line(curve(scores))></path>
        })}
        <circle class="marker" r="6"
            cx=move || percent(place(&point.get()).0)
            cy=move || from_top(place(&point.get()).1)/>
        <text class="mark-label" x="98%" y="94%" text-anchor="end">"dashed line: random guessing"</text>
    };
    Chart {
        title: "ROC: true positive rate against false positive rate".to_owned(),
        summary: format!("The area under the curve is {}", maybe(area, format::number)),
        keys: vec![
            Key { class: "model", text: format!("area {}", maybe(area, format::number)) },
            Key {
                class: "plain",
                text: format!(
                    "{} positives, {} negatives",
                    format::count(scores.positives),
                    format::count(scores.negatives)
                ),
            },
        ],
        shape: Shape::Square,
        x: Axis::shares(1.0, "false positive rate"),
        y: Axis::shares(1.0, "true positive rate (recall)"),
        table: operating_table(scores),
    }
    .around(marks)
}

/// At most 20 operating points, evenly spread over the kept thresholds.
pub fn operating_table(scores: &ScoreTable) -> DataTable {
    let every = scores.thresholds.len().div_ceil(20).max(1);
    let rows = scores.points().step_by(every).map(|point| {
        [
            format::number(point.threshold),
            maybe(point.recall(), format::share),
            maybe(point.false_positive_rate(), format::share),
            maybe(point.precision(), format::share),
            maybe(point.f1(), format::number),
        ]
    });
    DataTable::new(["threshold", "recall", "false positive rate", "precision", "F1"]).with(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_begins_and_ends_in_the_corners() {
        let scores = ScoreTable {
            positives: 2,
            negatives: 2,
            thresholds: vec![0.9, 0.7, 0.2],
            true_positives: vec![1, 2, 2],
            false_positives: vec![0, 1, 2],
            score_min: 0.2,
            score_max: 0.9,
            histogram_positive: vec![],
            histogram_negative: vec![],
            exact: true,
        };
        assert_eq!(curve(&scores), [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]);
    }
}
