//! The chart of one column in the chosen view.

use super::super::scale::Scale;
use super::column_view::{AxisKind, ColumnView, Picture};
use super::{Chart, Scene, categories, ecdf, histogram, over_time, qq};
use crate::comparison::{ChartData, Side};
use crate::{Comparison, Problem};

pub const CHART: Chart = Chart {
    id: "column",
    draw: |diagnosis, asked| {
        let comparison = asked.comparison(diagnosis)?;
        scene(comparison, asked.view).ok_or_else(|| Problem::not_found(no_chart(&comparison.column)))
    },
};

/// `None` when a side has no values.
pub fn scene(comparison: &Comparison, view: ColumnView) -> Option<Scene> {
    let Comparison { column, kind, .. } = comparison;
    let rows = Side::BOTH.map(|side| comparison.n.get(&side).copied().unwrap_or(0));
    Some(match comparison.chart.as_ref()? {
        ChartData::Categories(chart) => categories::scene(column, chart, view.height),
        ChartData::Numeric(chart) => match view.picture {
            Picture::OverTime if !chart.over_time.is_empty() => over_time::scene(column, *kind, &chart.over_time),
            Picture::Histogram | Picture::OverTime => histogram::scene(column, *kind, chart, view, rows),
            Picture::Ecdf => ecdf::scene(column, *kind, chart, view, rows),
            Picture::Qq => qq::scene(column, *kind, chart, view, rows),
        },
    })
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
        Picture::Histogram => Some(histogram::scale(chart, view)),
        Picture::Ecdf | Picture::Qq => Some(ecdf::scale(chart, view)),
        Picture::OverTime => None,
    }
}

/// The view with its axis decided: linear or logarithmic, whichever fits where the address names none.
pub fn settled(view: ColumnView, comparison: &Comparison) -> ColumnView {
    let fitting = match &comparison.chart {
        Some(ChartData::Numeric(chart)) if histogram::is_logarithmic(chart, view.axis) => AxisKind::Log,
        _ => AxisKind::Linear,
    };
    ColumnView { axis: fitting, ..view }
}

pub fn no_chart(column: &str) -> String {
    format!("There is no chart for {column}: it has no values to compare on both sides.")
}
