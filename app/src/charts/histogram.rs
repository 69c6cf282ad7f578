//! Histogram: train and serve over the same bins.

use domain::comparison::NumericChart;
use domain::plot::format;
use domain::plot::regroup::Bins;
use domain::plot::scale::Scale;
use domain::snapshot::ColumnKind;
use leptos::prelude::*;

use super::axis::Axis;
use super::column_view::{AxisKind, ColumnView, Height};
use super::frame::{self, Chart, stretched};
use super::pair::Pair;
use super::path::{self, percent};
use super::table::DataTable;
use super::values::value;

/// The bins and heights that are drawn.
pub struct Shape {
    pub bins: Bins,
    pub scale: Scale,
    /// Per bin, on the reference and on the current side: a share of the side's rows or a count.
    pub heights: [Vec<f64>; 2],
    pub top: f64,
}

impl Shape {
    pub fn of(chart: &NumericChart, view: ColumnView) -> Shape {
        let bins = bins(chart, view.axis).regrouped(view.bins);
        let (low, high) = (bins.edges.first().copied().unwrap_or(0.0), bins.edges.last().copied().unwrap_or(1.0));
        let logarithmic = view.axis == AxisKind::Log && chart.log.is_some();
        let scale = if logarithmic { Scale::log(low, high) } else { Scale::linear(low, high) };
        let heights = [&bins.reference, &bins.current].map(|counts| heights(counts, view.height));
        let top = heights.iter().flatten().copied().fold(0.0, f64::max) * 1.05;
        Shape { bins, scale, heights, top: if top > 0.0 { top } else { 1.0 } }
    }

    fn outline(&self, side: usize) -> String {
        let edges: Vec<f64> = self.bins.edges.iter().map(|edge| self.scale.position(*edge)).collect();
        let heights: Vec<f64> = self.heights[side].iter().map(|height| height / self.top).collect();
        path::steps(&edges, &heights)
    }
}

/// The bins as they were measured, on the wanted axis where it exists.
pub fn bins(chart: &NumericChart, axis: AxisKind) -> Bins {
    match (&chart.log, axis) {
        (Some(log), AxisKind::Log) => {
            Bins { edges: log.edges.clone(), reference: log.reference.clone(), current: log.current.clone() }
        }
        _ => Bins { edges: chart.edges.clone(), reference: chart.reference.clone(), current: chart.current.clone() },
    }
}

fn heights(counts: &[u64], height: Height) -> Vec<f64> {
    let total: u64 = counts.iter().sum();
    let unit = if height == Height::Share { total.max(1) as f64 } else { 1.0 };
    counts.iter().map(|count| *count as f64 / unit).collect()
}

/// The chart of a column; `rows` are all rows of train and of serve.
pub fn chart(
    column: &str,
    kind: ColumnKind,
    data: &NumericChart,
    view: ColumnView,
    rows: [u64; 2],
    overlay: AnyView,
) -> AnyView {
    let shape = Shape::of(data, view);
    let hovers: Vec<_> = (0..shape.bins.len()).map(|bin| hover(&shape, kind, bin)).collect();
    let y = match view.height {
        Height::Share => Axis::shares(shape.top, "share of the side's rows per bin"),
        Height::Count => Axis::counts(shape.top, "rows per bin"),
    };
    let marks = view! {
        {stretched(view! {
            <path class="area train" d=shape.outline(0)></path>
            <path class="area serve" d=shape.outline(1)></path>
        })}
        {hovers}
        {overlay}
    };
    Chart {
        title: format!("How {column} is distributed in train and in serve"),
        summary: summary(&shape, kind),
        keys: Pair::TrainServe.keys(rows),
        shape: frame::Shape::Wide,
        x: Axis::of_values(shape.scale, column, kind),
        y,
        table: table(&shape, kind),
    }
    .around(marks)
}

/// An upright strip over one bin that shows its values.
fn hover(shape: &Shape, kind: ColumnKind, bin: usize) -> impl IntoView + use<> {
    let (from, to) = (shape.scale.position(shape.bins.edges[bin]), shape.scale.position(shape.bins.edges[bin + 1]));
    view! {
        <rect class="hit" x=percent(from) width=percent(to - from) y="0" height="100%">
            <title>{bin_text(&shape.bins, kind, bin)}</title>
        </rect>
    }
}

/// `10 to 20: train 12.3 % (615 rows), serve 1.2 % (98 rows)`.
pub fn bin_text(bins: &Bins, kind: ColumnKind, bin: usize) -> String {
    let [train, serve] = [&bins.reference, &bins.current].map(|counts| {
        let total: u64 = counts.iter().sum();
        format!("{} ({} rows)", format::share(counts[bin] as f64 / total.max(1) as f64), format::count(counts[bin]))
    });
    let (from, to) = (value(bins.edges[bin], kind), value(bins.edges[bin + 1], kind));
    format!("{from} to {to}: train {train}, serve {serve}")
}

fn summary(shape: &Shape, kind: ColumnKind) -> String {
    let peak = |side: usize| {
        let top = (0..shape.bins.len()).max_by(|a, b| shape.heights[side][*a].total_cmp(&shape.heights[side][*b]));
        top.map_or("nowhere".to_owned(), |bin| {
            format!("between {} and {}", value(shape.bins.edges[bin], kind), value(shape.bins.edges[bin + 1], kind))
        })
    };
    format!("Most train values lie {}, most serve values {}", peak(0), peak(1))
}

fn table(shape: &Shape, kind: ColumnKind) -> DataTable {
    let bins = &shape.bins;
    let rows = (0..bins.len()).map(|bin| {
        [
            value(bins.edges[bin], kind),
            value(bins.edges[bin + 1], kind),
            format::count(bins.reference[bin]),
            format::count(bins.current[bin]),
        ]
    });
    DataTable::new(["from", "to", "train rows", "serve rows"]).with(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::comparison::LogBins;

    fn data() -> NumericChart {
        NumericChart {
            edges: vec![0.0, 10.0, 20.0, 30.0, 40.0],
            reference: vec![1, 1, 2, 0],
            current: vec![0, 0, 0, 8],
            log: Some(LogBins { edges: vec![1.0, 10.0, 100.0], reference: vec![2, 2], current: vec![0, 8] }),
            reference_quantiles: vec![],
            current_quantiles: vec![],
            over_time: vec![],
        }
    }

    #[test]
    fn shares_are_of_the_sides_own_rows() {
        let shape = Shape::of(&data(), ColumnView { bins: 2, ..ColumnView::default() });
        assert_eq!(shape.heights, [vec![0.5, 0.5], vec![0.0, 1.0]]);
        assert_eq!(shape.bins.edges, [0.0, 20.0, 40.0]);
        assert_eq!(
            bin_text(&shape.bins, ColumnKind::Numeric, 1),
            "20 to 40: train 50 % (2 rows), serve 100 % (8 rows)"
        );
    }

    #[test]
    fn a_log_axis_is_used_only_where_it_was_measured() {
        let view = ColumnView { axis: AxisKind::Log, ..ColumnView::default() };
        assert_eq!(Shape::of(&data(), view).scale, Scale::log(1.0, 100.0));
        let linear = NumericChart { log: None, ..data() };
        assert_eq!(Shape::of(&linear, view).scale, Scale::linear(0.0, 40.0));
    }
}
