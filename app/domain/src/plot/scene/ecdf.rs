//! ECDF: the share of rows at or below each value, from the 101 quantiles of either side.

use super::super::format::{self, value};
use super::super::scale::Scale;
use super::column_view::ColumnView;
use super::histogram::is_logarithmic;
use super::{Align, Axis, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::comparison::NumericChart;
use crate::snapshot::ColumnKind;

pub fn scene(column: &str, kind: ColumnKind, data: &NumericChart, view: ColumnView, rows: [u64; 2]) -> Scene {
    let scale = scale(data, view);
    let sides = [&data.reference_quantiles, &data.current_quantiles];
    let gap = widest_gap(sides[0], sides[1]);
    let lines = [Tone::Train, Tone::Serve].into_iter().zip(sides).map(|(tone, quantiles)| Mark::Line {
        tone,
        places: quantiles
            .iter()
            .enumerate()
            .map(|(index, value)| (scale.position(*value), index as f64 / last_of(quantiles)))
            .collect(),
    });
    Scene {
        title: format!("Share of rows at or below each value of {column}"),
        summary: gap.map_or(String::new(), |(at, size)| {
            let points = format::number(size * 100.0);
            format!("The curves are furthest apart at {}: {points} points.", value(at, kind))
        }),
        marks: lines.chain(gap.into_iter().flat_map(|gap| gap_marks(&scale, sides, gap))).collect(),
        legend: Key::sides(rows),
        table: quantile_table(data, kind),
        ..Scene::on(
            "column",
            Shape::Wide,
            Axis::of_values(scale, column, kind),
            Axis::shares(1.0, "share of the side's rows"),
        )
    }
}

/// The range of both sides; logarithmic when asked for or fitting, and possible.
pub fn scale(data: &NumericChart, view: ColumnView) -> Scale {
    let around = Scale::around(data.reference_quantiles.iter().chain(&data.current_quantiles).copied());
    if is_logarithmic(data, view.axis) { Scale::log(around.low(), around.high()) } else { around }
}

fn last_of(quantiles: &[f64]) -> f64 {
    quantiles.len().saturating_sub(1).max(1) as f64
}

fn gap_marks(scale: &Scale, sides: [&Vec<f64>; 2], (at, size): (f64, f64)) -> [Mark; 2] {
    let x = scale.position(at);
    let [train, serve] = sides.map(|quantiles| share_below(quantiles, at));
    let align = Align::inwards(x);
    [
        Mark::Rule { tone: Tone::Quiet, from: (x, train), to: (x, serve) },
        Mark::Text {
            tone: Tone::Quiet,
            at: (x, (train + serve) / 2.0),
            align,
            shift: (align.away(6.0), 4.0),
            words: format!("gap {}", format::number(size)),
        },
    ]
}

/// Where the two curves are furthest apart: (value, distance), which is about the Kolmogorov-Smirnov statistic.
fn widest_gap(reference: &[f64], current: &[f64]) -> Option<(f64, f64)> {
    let candidates = reference.iter().chain(current).copied();
    candidates
        .map(|at| (at, (share_below(reference, at) - share_below(current, at)).abs()))
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The share at or below a value, read between evenly spaced quantiles.
fn share_below(quantiles: &[f64], at: f64) -> f64 {
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

/// All quantiles of both sides; every fifth on a page.
pub fn quantile_table(data: &NumericChart, kind: ColumnKind) -> Table {
    let pairs = data.reference_quantiles.iter().zip(&data.current_quantiles).enumerate();
    let last = last_of(&data.reference_quantiles);
    let rows = pairs.map(|(index, (train, serve))| {
        [Value::Share(index as f64 / last), Value::of_kind(*train, kind), Value::of_kind(*serve, kind)]
    });
    Table::ours(["quantile", "train", "serve"], rows).showing(21)
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
