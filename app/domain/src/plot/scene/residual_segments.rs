//! Residuals by segment: the mean error of rows with one value of one column, with its interval, around no error.

use super::super::format;
use super::super::scale::Scale;
use super::{Align, Axis, Chart, Hover, Key, Mark, Place, Scene, Shape, Table, Tone, Value, subject};
use crate::evaluation::{Metric, RegressionChart, SegmentError};
use crate::number;

pub const CHART: Chart = Chart {
    id: "residuals_by_segment",
    draw: |diagnosis, asked| {
        let (run, chart) =
            asked.run_with(diagnosis, |run| run.regression.as_ref().filter(|chart| !chart.by_segment.is_empty()))?;
        let overall = run.metrics.get("bias_mean_error").copied();
        Ok(Scene { subject: subject(&run.name, &run.split), ..scene(chart, overall) })
    },
};

/// `overall` is the mean error of all rows.
pub fn scene(chart: &RegressionChart, overall: Option<Metric>) -> Scene {
    let segments = &chart.by_segment;
    let values = segments.iter().flat_map(|segment| ends(&segment.bias)).chain(overall.map(|bias| bias.value));
    let x = Scale::around(values.chain([0.0]));
    let rows = segments.len();
    let upright = |tone, value: f64| Mark::Rule { tone, from: (x.position(value), 0.0), to: (x.position(value), 1.0) };
    let of_all = overall.map(|bias| upright(Tone::Quiet, bias.value));
    let marks = segments.iter().enumerate().flat_map(|(row, segment)| segment_marks(segment, middle(row, rows), &x));
    let names: Vec<String> = segments.iter().map(|segment| format::shortened(&segment.description, 24)).collect();
    let dashed = overall.map(|bias| Key::new(Tone::Quiet, format!("all rows: {}", format::number(bias.value))));
    Scene {
        title: "Mean error by segment".to_owned(),
        summary: segments.first().map(|first| format!("The furthest off: {}.", words(first))).unwrap_or_default(),
        marks: [no_error(&x)].into_iter().chain(of_all).chain(marks).collect(),
        hovers: segments.iter().enumerate().map(|(row, segment)| hover(segment, row, rows)).collect(),
        legend: [Key::new(Tone::Model, "mean error (predicted minus true), 95 % interval"), Key::dashed("no error")]
            .into_iter()
            .chain(dashed)
            .collect(),
        table: table(segments),
        ..Scene::on(CHART.id, Shape::Rows(rows), Axis::none(), Axis::names_down(&names, ""))
    }
}

fn ends(metric: &Metric) -> [f64; 2] {
    [metric.low.unwrap_or(metric.value), metric.high.unwrap_or(metric.value)]
}

/// The height of the middle of a row.
fn middle(row: usize, rows: usize) -> f64 {
    1.0 - (row as f64 + 0.5) / rows.max(1) as f64
}

fn no_error(x: &Scale) -> Mark {
    let zero = x.position(0.0);
    Mark::Line { tone: Tone::Guide, places: vec![(zero, 0.0), (zero, 1.0)] }
}

fn segment_marks(segment: &SegmentError, height: f64, x: &Scale) -> [Mark; 3] {
    let [low, high] = ends(&segment.bias).map(|value| (x.position(value), height));
    let at = vec![(x.position(segment.bias.value), height)];
    let (at_end, align, shift) = beside(low, high);
    let value = Mark::Text { tone: Tone::Quiet, at: at_end, align, shift, words: format::number(segment.bias.value) };
    [
        value,
        Mark::Rule { tone: Tone::Model, from: low, to: high },
        Mark::Points { tone: Tone::Model, places: at, size: 4.0, words: vec![words(segment)] },
    ]
}

/// Where the figure stands: after the interval, before it, or over its end where neither side has the room.
fn beside(low: Place, high: Place) -> (Place, Align, (f64, f64)) {
    /// Of the width of the plot.
    const ROOM: f64 = 0.2;
    match () {
        () if 1.0 - high.0 >= ROOM => (high, Align::Start, (8.0, 4.0)),
        () if low.0 >= ROOM => (low, Align::End, (-8.0, 4.0)),
        () => (high, Align::End, (0.0, -6.0)),
    }
}

fn hover(segment: &SegmentError, row: usize, rows: usize) -> Hover {
    let half = 0.5 / rows.max(1) as f64;
    let at = middle(row, rows);
    Hover { low: (0.0, at - half), high: (1.0, at + half), words: words(segment) }
}

fn words(segment: &SegmentError) -> String {
    let [low, high] = ends(&segment.bias).map(format::number);
    format!(
        "{}: mean error {} ({low} to {high}), {}",
        segment.description,
        format::number(segment.bias.value),
        number::counted(segment.n, "row")
    )
}

fn table(segments: &[SegmentError]) -> Table {
    let rows = segments.iter().map(|segment| {
        let [low, high] = ends(&segment.bias);
        [
            Value::Text(segment.description.clone()),
            Value::Number(segment.bias.value),
            Value::Number(low),
            Value::Number(high),
            Value::Number(segment.mae.value),
            Value::Count(segment.n),
            Value::Number(segment.q),
        ]
    });
    Table::ours(["segment", "mean error", "95 % from", "95 % to", "mean absolute error", "rows", "q"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selection::{Condition, Test};

    #[test]
    fn each_segment_is_a_row_around_no_error() {
        let metric = |value: f64| Metric { value, low: Some(value - 1.0), high: Some(value + 1.0) };
        let segment = |value: &str, bias: f64| SegmentError {
            description: format!("region = {value}"),
            condition: Condition::on_column("region", Test::OneOf(vec![value.to_owned()])),
            n: 40,
            bias: metric(bias),
            mae: metric(3.0),
            q: 1e-6,
        };
        let by_segment = vec![segment("west", 9.0), segment("east", -3.0)];
        let scene = scene(&RegressionChart { by_segment, ..RegressionChart::default() }, Some(metric(2.0)));
        assert_eq!((scene.shape, scene.y.ticks[0].label.as_str()), (Shape::Rows(2), "region = west"));
        assert_eq!(scene.summary, "The furthest off: region = west: mean error 9 (8 to 10), 40 rows.");
        let Mark::Line { places, .. } = &scene.marks[0] else { panic!("no error is not marked") };
        assert!((places[0].0 - 4.0 / 14.0).abs() < 1e-12);
    }

    #[test]
    fn the_figure_stands_where_it_has_room() {
        let row = |place: f64| (place, 0.5);
        assert_eq!(beside(row(0.1), row(0.4)), (row(0.4), Align::Start, (8.0, 4.0)));
        assert_eq!(beside(row(0.7), row(0.9)), (row(0.7), Align::End, (-8.0, 4.0)));
        assert_eq!(beside(row(0.1), row(0.95)), (row(0.95), Align::End, (0.0, -6.0)));
    }
}
