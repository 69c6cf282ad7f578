//! Histogram: train and serve over the same bins.

use super::super::format;
use super::super::regroup::Bins;
use super::super::scale::Scale;
use super::column_view::{AxisKind, ColumnView, Height};
use super::marks::{shares, top_over};
use super::{Axis, Hover, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::comparison::NumericChart;
use crate::snapshot::ColumnKind;

/// The histogram of a column; `rows` are all rows of train and of serve.
pub fn scene(column: &str, kind: ColumnKind, data: &NumericChart, view: ColumnView, rows: [u64; 2]) -> Scene {
    let bins = bins(data, view.axis).regrouped(view.bins);
    let scale = scale(data, view);
    let heights = [&bins.reference, &bins.current].map(|counts| heights(counts, view.height));
    let top = top_over(heights.iter().flatten());
    let y = match view.height {
        Height::Share => Axis::shares(top, "share of the side's rows per bin"),
        Height::Count => Axis::counts(top, "rows per bin"),
    };
    let edges: Vec<f64> = bins.edges.iter().map(|edge| scale.position(*edge)).collect();
    let step = |tone, side: usize| Mark::Step {
        tone,
        edges: edges.clone(),
        heights: heights[side].iter().map(|height| height / top).collect(),
    };
    let hovers = (0..bins.len()).map(|bin| Hover::strip(edges[bin], edges[bin + 1], bin_words(&bins, kind, bin)));
    Scene {
        title: format!("How {column} is distributed in train and in serve"),
        summary: summary(&bins, &heights, kind),
        marks: vec![step(Tone::Train, 0), step(Tone::Serve, 1)],
        hovers: hovers.collect(),
        legend: Key::sides(rows),
        table: table(&bins, kind),
        ..Scene::on("column", Shape::Wide, Axis::of_values(scale, column, kind), y)
    }
}

/// The horizontal scale of the view.
pub fn scale(data: &NumericChart, view: ColumnView) -> Scale {
    let bins = bins(data, view.axis);
    let (low, high) = (bins.edges.first().copied().unwrap_or(0.0), bins.edges.last().copied().unwrap_or(1.0));
    if is_logarithmic(data, view.axis) { Scale::log(low, high) } else { Scale::linear(low, high) }
}

/// The bins as they were measured, on the wanted axis where it exists.
pub fn bins(data: &NumericChart, axis: AxisKind) -> Bins {
    let logarithmic = data.log.as_ref().filter(|_| is_logarithmic(data, axis));
    let (edges, reference, current) = logarithmic
        .map_or((&data.edges, &data.reference, &data.current), |log| (&log.edges, &log.reference, &log.current));
    Bins { edges: edges.clone(), reference: reference.clone(), current: current.clone() }
}

/// Whether the axis is logarithmic: where it was measured, if it is asked for or fits the values.
pub fn is_logarithmic(data: &NumericChart, axis: AxisKind) -> bool {
    match axis {
        AxisKind::Linear => false,
        AxisKind::Log => data.log.is_some(),
        AxisKind::Fitting => spans_decades(data),
    }
}

/// Whether a logarithmic axis fits: the largest value is over a hundred times the median of either side, so that on a
/// linear axis that side would be a single bar.
pub fn spans_decades(data: &NumericChart) -> bool {
    let medians = [&data.reference_quantiles, &data.current_quantiles].map(|all| all.get(all.len() / 2).copied());
    let smallest = medians.into_iter().flatten().fold(f64::INFINITY, f64::min);
    data.log.is_some() && data.edges.last().is_some_and(|largest| *largest > 100.0 * smallest)
}

fn heights(counts: &[u64], height: Height) -> Vec<f64> {
    match height {
        Height::Share => shares(counts),
        Height::Count => counts.iter().map(|count| *count as f64).collect(),
    }
}

/// `10 to 20: train 12.3 % (615 rows), serve 1.2 % (98 rows)`.
fn bin_words(bins: &Bins, kind: ColumnKind, bin: usize) -> String {
    let [train, serve] = [&bins.reference, &bins.current].map(|counts| {
        let total: u64 = counts.iter().sum();
        format!("{} ({} rows)", format::share(counts[bin] as f64 / total.max(1) as f64), format::count(counts[bin]))
    });
    let (from, to) = (bins.edge_words(bin, kind), bins.edge_words(bin + 1, kind));
    format!("{from} to {to}: train {train}, serve {serve}")
}

fn summary(bins: &Bins, heights: &[Vec<f64>; 2], kind: ColumnKind) -> String {
    let peak = |side: usize| {
        let top = (0..bins.len()).max_by(|a, b| heights[side][*a].total_cmp(&heights[side][*b]));
        top.map_or("nowhere".to_owned(), |bin| {
            format!("between {} and {}", bins.edge_words(bin, kind), bins.edge_words(bin + 1, kind))
        })
    };
    format!("Most train values lie {}, most serve values {}.", peak(0), peak(1))
}

fn table(bins: &Bins, kind: ColumnKind) -> Table {
    let rows = (0..bins.len()).map(|bin| {
        [
            Value::of_kind(bins.edges[bin], kind),
            Value::of_kind(bins.edges[bin + 1], kind),
            Value::Count(bins.reference[bin]),
            Value::Count(bins.current[bin]),
        ]
    });
    Table::ours(["from", "to", "train", "serve"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::LogBins;

    fn data() -> NumericChart {
        NumericChart {
            edges: vec![0.0, 10.0, 20.0, 30.0, 40.0],
            reference: vec![1, 1, 2, 0],
            current: vec![0, 0, 0, 8],
            log: Some(LogBins { edges: vec![1.0, 10.0, 100.0], reference: vec![2, 2], current: vec![0, 8] }),
            reference_quantiles: vec![1.0, 20.0, 25.0],
            current_quantiles: vec![31.0, 35.0, 40.0],
            over_time: vec![],
        }
    }

    fn drawn(data: &NumericChart, view: ColumnView) -> Scene {
        scene("income", ColumnKind::Numeric, data, view, [4, 8])
    }

    #[test]
    fn shares_are_of_the_sides_own_rows() {
        let scene = drawn(&data(), ColumnView { bins: 2, ..ColumnView::default() });
        let step = |tone, heights: [f64; 2]| Mark::Step {
            tone,
            edges: vec![0.0, 0.5, 1.0],
            heights: heights.map(|height| height / 1.05).to_vec(),
        };
        assert_eq!(scene.marks, [step(Tone::Train, [0.5, 0.5]), step(Tone::Serve, [0.0, 1.0])]);
        assert_eq!(scene.hovers[1].words, "20 to 40: train 50 % (2 rows), serve 100 % (8 rows)");
        assert_eq!(scene.summary, "Most train values lie between 20 and 40, most serve values between 20 and 40.");
        assert_eq!(scene.table.rows[1], [Value::Number(20.0), Value::Number(40.0), Value::Count(2), Value::Count(8)]);
    }

    #[test]
    fn a_log_axis_is_used_where_it_was_measured_and_fits_or_is_asked_for() {
        let on = |axis, data: &NumericChart| drawn(data, ColumnView { axis, ..ColumnView::default() }).x.scale;
        assert_eq!(on(AxisKind::Log, &data()), Scale::log(1.0, 100.0));
        assert_eq!(on(AxisKind::Fitting, &data()), Scale::linear(0.0, 40.0));
        assert_eq!(on(AxisKind::Log, &NumericChart { log: None, ..data() }), Scale::linear(0.0, 40.0));
        let wide = NumericChart { reference_quantiles: vec![0.1, 0.2, 25.0], ..data() };
        assert_eq!(on(AxisKind::Fitting, &wide), Scale::log(1.0, 100.0));
        assert_eq!(on(AxisKind::Linear, &wide), Scale::linear(0.0, 40.0));
    }
}
