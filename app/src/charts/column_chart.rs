//! The chart of one column in the chosen view.

use domain::Comparison;
use domain::comparison::{ChartData, Side};
use domain::plot::scale::Scale;
use leptos::prelude::*;

use super::column_view::{ColumnView, Picture};
use super::pair::Pair;
use super::{categories, ecdf, histogram, over_time, qq};

/// A column of both sides, as the address asks to see it.
#[component]
pub fn ColumnChart(
    comparison: Comparison,
    view: ColumnView,
    /// Marks drawn over the plot, such as a brush.
    #[prop(optional)]
    overlay: Option<AnyView>,
) -> impl IntoView {
    let overlay = overlay.unwrap_or_else(|| ().into_any());
    let rows = rows(&comparison);
    let column = &comparison.column;
    match &comparison.chart {
        None => view! { <p class="empty">{no_chart(column)}</p> }.into_any(),
        Some(ChartData::Categories(chart)) => categories::chart(column, chart, view.height, Pair::TrainServe, overlay),
        Some(ChartData::Numeric(chart)) => match view.picture {
            Picture::Histogram => histogram::chart(column, comparison.kind, chart, view, rows, overlay),
            Picture::Ecdf => ecdf::chart(column, comparison.kind, chart, view, rows, overlay),
            Picture::Qq => qq::chart(column, comparison.kind, chart, view, rows, overlay),
            Picture::OverTime => over_time::chart(column, comparison.kind, &chart.over_time, overlay),
        },
    }
}

/// The pictures that this column has.
pub fn pictures(comparison: &Comparison) -> Vec<Picture> {
    match &comparison.chart {
        None => vec![],
        Some(ChartData::Categories(_)) => vec![Picture::Histogram],
        Some(ChartData::Numeric(chart)) => {
            let timed = !chart.over_time.is_empty();
            Picture::ALL.into_iter().filter(|picture| *picture != Picture::OverTime || timed).collect()
        }
    }
}

/// The horizontal scale of a picture that shows the column's values along it; `None` for the others.
pub fn value_scale(comparison: &Comparison, view: ColumnView) -> Option<Scale> {
    let Some(ChartData::Numeric(chart)) = &comparison.chart else { return None };
    match view.picture {
        Picture::Histogram => Some(histogram::Shape::of(chart, view).scale),
        Picture::Ecdf => Some(ecdf::scale(chart, view)),
        Picture::Qq => Some(qq::scale(chart, view)),
        Picture::OverTime => None,
    }
}

fn rows(comparison: &Comparison) -> [u64; 2] {
    Side::BOTH.map(|side| comparison.n.get(&side).copied().unwrap_or(0))
}

fn no_chart(column: &str) -> String {
    format!("There is no chart for {column}: it has no values to compare on both sides.")
}
