//! Regression: predicted against true values.

use super::super::format;
use super::super::scale::Scale;
use super::marks::diagonal;
use super::{Axis, Chart, Key, Mark, Scene, Shape, Table, Tone, Value, subject};
use crate::evaluation::RegressionChart;

pub const CHART: Chart = Chart {
    id: "regression",
    draw: |diagnosis, asked| {
        let (run, chart) = asked.run_with(diagnosis, |run| run.regression.as_ref())?;
        Ok(Scene { subject: subject(&run.name, &run.split), ..scene(chart, run.n) })
    },
};

/// The scale of both axes.
pub fn scale(chart: &RegressionChart) -> Scale {
    Scale::around(chart.sample.iter().flat_map(|(truth, predicted)| [*truth, *predicted]))
}

/// Predicted against true values of a sample of rows; `n` is the number of all rows.
pub fn scene(chart: &RegressionChart, n: u64) -> Scene {
    let scale = scale(chart);
    let places = chart.sample.iter().map(|(truth, predicted)| (scale.position(*truth), scale.position(*predicted)));
    let points = Mark::Points { tone: Tone::Model, places: places.collect(), size: 1.8, words: Vec::new() };
    let rows = chart.sample.iter().map(|(truth, predicted)| [*truth, *predicted, predicted - truth].map(Value::Number));
    Scene {
        title: "Predicted against true values".to_owned(),
        summary: "Points on the diagonal are correct predictions.".to_owned(),
        marks: vec![points, diagonal()],
        legend: vec![
            Key::new(Tone::Model, format!("{} of {} rows", format::count(chart.sample.len() as u64), format::count(n))),
            Key::dashed("predicted = true"),
        ],
        table: Table::ours(["true", "predicted", "error"], rows).showing(50),
        ..Scene::on(
            CHART.id,
            Shape::Square,
            Axis::numbers(scale, "true value"),
            Axis::numbers(scale, "predicted value"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correct_prediction_lies_on_the_diagonal() {
        let chart = RegressionChart { sample: vec![(1.0, 1.0), (3.0, 5.0)], ..RegressionChart::default() };
        let scene = scene(&chart, 900);
        let Mark::Points { places, .. } = &scene.marks[0] else { panic!("no points") };
        assert_eq!(places[0].0, places[0].1);
        assert_eq!(scene.table.rows[1], [3.0, 5.0, 2.0].map(Value::Number));
        assert_eq!(scene.legend[0].words, "2 of 900 rows");
    }
}
