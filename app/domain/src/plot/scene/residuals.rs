//! Residuals: how many rows have which error.

use super::super::format;
use super::super::scale::Scale;
use super::marks::{shares, top_over, upright};
use super::{Axis, Chart, Key, Mark, Scene, Shape, Table, Tone, Value, subject};
use crate::evaluation::RegressionChart;

pub const CHART: Chart = Chart {
    id: "residuals",
    draw: |diagnosis, asked| {
        let (run, chart) = asked.run_with(diagnosis, |run| run.regression.as_ref())?;
        Ok(Scene { subject: subject(&run.name, &run.split), ..scene(chart) })
    },
};

/// The error is the predicted value minus the true one.
pub fn scene(chart: &RegressionChart) -> Scene {
    let edges = &chart.residual_edges;
    let scale = Scale::around(edges.iter().copied());
    let heights = shares(&chart.residual_counts);
    let top = top_over(&heights);
    let zero = scale.position(0.0);
    let line = if (0.0..=1.0).contains(&zero) { upright(Tone::Quiet, zero, 0, "no error".to_owned()) } else { vec![] };
    let steps = Mark::Step {
        tone: Tone::Model,
        edges: edges.iter().map(|edge| scale.position(*edge)).collect(),
        heights: heights.iter().map(|height| height / top).collect(),
    };
    let rows = edges
        .windows(2)
        .zip(&chart.residual_counts)
        .map(|(pair, count)| [Value::Number(pair[0]), Value::Number(pair[1]), Value::Count(*count)]);
    Scene {
        title: "How large the errors are".to_owned(),
        summary: format!("Errors run from {} to {}.", format::number(scale.low()), format::number(scale.high())),
        marks: [steps].into_iter().chain(line).collect(),
        legend: vec![Key::new(Tone::Model, format!("{} rows", format::count(chart.residual_counts.iter().sum())))],
        table: Table::ours(["from", "to", "rows"], rows),
        ..Scene::on(
            CHART.id,
            Shape::Wide,
            Axis::numbers(scale, "error (predicted minus true)"),
            Axis::shares(top, "share of rows per bin"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_marked_where_it_is_in_the_plot() {
        let chart = |edges: [f64; 3]| RegressionChart {
            residual_edges: edges.to_vec(),
            residual_counts: vec![1, 3],
            ..RegressionChart::default()
        };
        let marked = |edges| scene(&chart(edges)).marks.iter().any(|mark| matches!(mark, Mark::Rule { .. }));
        assert!(marked([-1.0, 0.0, 1.0]) && !marked([1.0, 2.0, 3.0]));
        assert_eq!(scene(&chart([-1.0, 0.0, 1.0])).summary, "Errors run from -1 to 1.");
    }
}
