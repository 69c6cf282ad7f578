//! ECDF: the share of rows at or below each value, from the 101 quantiles of either side.

use domain::comparison::NumericChart;
use domain::plot::format;
use domain::plot::scale::Scale;
use domain::snapshot::ColumnKind;
use leptos::prelude::*;

use super::axis::Axis;
use super::column_view::{AxisKind, ColumnView};
use super::frame::{Chart, Shape, stretched};
use super::pair::Pair;
use super::path::{self, percent};
use super::table::DataTable;
use super::values::value;

/// The range of both sides; logarithmic when asked for and possible.
pub fn scale(data: &NumericChart, view: ColumnView) -> Scale {
    let around = Scale::around(data.reference_quantiles.iter().chain(&data.current_quantiles).copied());
    match view.axis {
        AxisKind::Log if data.log.is_some() => Scale::log(around.low(), around.high()),
        _ => around,
    }
}

/// Where the two curves are furthest apart: (value, distance), which is about the Kolmogorov-Smirnov statistic.
pub fn widest_gap(reference: &[f64], current: &[f64]) -> Option<(f64, f64)> {
    let candidates = reference.iter().chain(current).copied();
    candidates
        .map(|at| (at, (share_below(reference, at) - share_below(current, at)).abs()))
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The share at or below a value, read between evenly spaced quantiles.
pub fn share_below(quantiles: &[f64], at: f64) -> f64 {
    let last = quantiles.len().saturating_sub(1);
    let over = quantiles.partition_point(|quantile| *quantile <= at);
    if over == 0 || last == 0 {
        return 0.0;
    }
    if over > last {
        return 1.0;
    }
    let (low, high) = (quantiles[over - 1], quantiles[over]);
    let within = if high > low { (at - low) / (high - low) } else { 0.0 };
    ((over - 1) as f64 + within) / last as f64
}

pub fn chart(
    column: &str,
    kind: ColumnKind,
    data: &NumericChart,
    view: ColumnView,
    rows: [u64; 2],
    overlay: AnyView,
) -> AnyView {
    let scale = scale(data, view);
    let sides = [&data.reference_quantiles, &data.current_quantiles];
    let [train, serve] = sides.map(|quantiles| {
        let last = quantiles.len().saturating_sub(1).max(1) as f64;
        path::line(quantiles.iter().enumerate().map(|(index, value)| (scale.position(*value), index as f64 / last)))
    });
    let gap = widest_gap(sides[0], sides[1]);
    let summary = gap.map_or(String::new(), |(at, size)| {
        format!("The curves are furthest apart at {}: {} points", value(at, kind), format::number(size * 100.0))
    });
    let marks = view! {
        {stretched(view! {
            <path class="line train" d=train></path>
            <path class="line serve" d=serve></path>
        })}
        {gap.map(|(at, size)| gap_mark(&scale, data, at, size))}
        {overlay}
    };
    Chart {
        title: format!("Share of rows at or below each value of {column}"),
        summary,
        keys: Pair::TrainServe.keys(rows),
        shape: Shape::Wide,
        x: Axis::of_values(scale, column, kind),
        y: Axis::shares(1.0, "share of the side's rows"),
        table: quantile_table(data, kind),
    }
    .around(marks)
}

fn gap_mark(scale: &Scale, data: &NumericChart, at: f64, size: f64) -> impl IntoView + use<> {
    let x = percent(scale.position(at));
    let ends = [&data.reference_quantiles, &data.current_quantiles].map(|side| share_below(side, at));
    let [y1, y2] = ends.map(path::from_top);
    view! {
        <line class="gap" x1=x.clone() x2=x.clone() y1=y1 y2=y2/>
        <text class="mark-label" x=x y=path::from_top((ends[0] + ends[1]) / 2.0) dx="6" dy="4">
            {format!("gap {}", format::number(size))}
        </text>
    }
}

/// Every tenth quantile, the ends and the quartiles of both sides.
pub fn quantile_table(data: &NumericChart, kind: ColumnKind) -> DataTable {
    let shown = [0, 1, 5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95, 99, 100];
    let rows = shown.into_iter().filter_map(|index| {
        let (train, serve) = (data.reference_quantiles.get(index)?, data.current_quantiles.get(index)?);
        Some([format!("{index} %"), value(*train, kind), value(*serve, kind)])
    });
    DataTable::new(["quantile", "train", "serve"]).with(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_between_quantiles() {
        let quantiles = [0.0, 10.0, 20.0];
        assert_eq!(share_below(&quantiles, -1.0), 0.0);
        assert_eq!(share_below(&quantiles, 5.0), 0.25);
        assert_eq!(share_below(&quantiles, 20.0), 1.0);
        assert_eq!(share_below(&[], 1.0), 0.0);
    }

    #[test]
    fn sides_that_do_not_touch_are_fully_apart() {
        assert_eq!(widest_gap(&[0.0, 1.0], &[5.0, 6.0]).map(|gap| gap.1), Some(1.0));
    }
}
