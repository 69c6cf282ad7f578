//! Cost curve: what the decisions cost at every threshold.

use domain::evaluation::ScoreTable;
use domain::operating_point::{Costs, OperatingPoint};
use domain::plot::format;
use domain::plot::scale::Scale;
use leptos::prelude::*;

use super::axis::Axis;
use super::frame::{Chart, Key, Shape, stretched};
use super::path::{self, from_top, percent};
use super::score_histogram;
use super::table::DataTable;

/// Costs are shown for this many rows, as single rows cost tiny amounts.
const PER_ROWS: f64 = 1000.0;

/// `point` is the operating point in use; the cheapest is marked as well.
pub fn chart(scores: &ScoreTable, costs: Costs, point: Signal<OperatingPoint>) -> AnyView {
    let cost = move |point: &OperatingPoint| point.mean_cost(&costs) * PER_ROWS;
    let x = score_histogram::scale(scores);
    let points: Vec<OperatingPoint> = scores.points().collect();
    let y = Scale::around(points.iter().map(cost).chain([0.0]));
    let curve = points.iter().map(|point| (x.position(point.threshold), y.position(cost(point)))).collect();
    let cheapest = scores.cheapest(&costs);
    let marks = view! {
        {stretched(view! { <path class="line model" d=path::line(path::thinned(curve, 0.002))></path> })}
        {cheapest.map(|best| {
            let (cx, cy) = (x.position(best.threshold), y.position(cost(&best)));
            let anchor = if cx > 0.7 { "end" } else { "start" };
            view! {
                <circle class="dot best" cx=percent(cx) cy=from_top(cy) r="5"/>
                <text class="mark-label" x=percent(cx) y=from_top(cy) dy="-10"
                    text-anchor=anchor>
                    {format!("cheapest at {}", format::number(best.threshold))}
                </text>
            }
        })}
        <circle class="marker" r="6"
            cx=move || percent(x.position(point.get().threshold).clamp(0.0, 1.0))
            cy=move || from_top(y.position(cost(&point.get())))/>
    };
    Chart {
        title: "Cost per 1,000 rows at every threshold".to_owned(),
        summary: cheapest.map_or(String::new(), |best| {
            format!("Cheapest at {}: {}", format::number(best.threshold), format::number(cost(&best)))
        }),
        keys: vec![Key {
            class: "model",
            text: format!("{} rows", format::count(scores.positives + scores.negatives)),
        }],
        shape: Shape::Wide,
        x: Axis::numbers(x, "threshold"),
        y: Axis::numbers(y, "cost per 1,000 rows"),
        table: table(&points, &costs),
    }
    .around(marks)
}

fn table(points: &[OperatingPoint], costs: &Costs) -> DataTable {
    let every = points.len().div_ceil(20).max(1);
    let rows = points.iter().step_by(every).map(|point| {
        [
            format::number(point.threshold),
            format::number(point.mean_cost(costs) * PER_ROWS),
            format::number(point.total_cost(costs)),
        ]
    });
    DataTable::new(["threshold", "cost per 1,000 rows", "cost of all rows"]).with(rows)
}
