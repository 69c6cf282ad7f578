//! Learning curves with what was read off them: where overfitting begins, the best epoch, the first value that is not
//! a number.

use super::super::format;
use super::super::scale::Scale;
use super::marks::upright;
use super::{Axis, Chart, Head, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::Problem;
use crate::diagnosis::ReadCurve;
use crate::learning_curve::{CurveMeasure, CurveReading, CurveSeries, CurveSplit, LearningCurve};

pub const CHART: Chart = Chart {
    id: "learning_curve",
    draw: |diagnosis, asked| {
        let read = asked.curve(diagnosis)?;
        let of = |measure| scene(read, measure);
        let drawn = match asked.measure {
            Some(measure) => of(measure),
            None => of(CurveMeasure::Loss).or_else(|| of(CurveMeasure::Score)),
        };
        drawn.ok_or_else(|| Problem::not_found(format!("{} has no such values to draw.", read.curve.name)))
    },
};

/// What was measured, in words and in addresses.
pub fn words(measure: CurveMeasure) -> &'static str {
    match measure {
        CurveMeasure::Loss => "loss",
        CurveMeasure::Score => "score",
    }
}

pub const MEASURES: [CurveMeasure; 2] = [CurveMeasure::Loss, CurveMeasure::Score];

/// The losses or the scores per epoch; `None` when the file has no such series.
pub fn scene(read: &ReadCurve, measure: CurveMeasure) -> Option<Scene> {
    let curve = &read.curve;
    let series: Vec<&CurveSeries> = curve.series.iter().filter(|series| series.measure == measure).collect();
    if series.is_empty() {
        return None;
    }
    let x = Scale::around(curve.epochs.iter().copied());
    let y = Scale::around(series.iter().flat_map(|series| series.values.iter().flatten().copied()));
    let lines = series.iter().map(|series| line(series, &curve.epochs, &x, &y));
    let readings = read.readings.iter().enumerate().flat_map(|(row, reading)| reading_marks(reading, row, &x));
    let breaks = series.iter().flat_map(|series| first_break(series, &curve.epochs, &x));
    let statements: Vec<&str> = read.readings.iter().map(|reading| reading.statement.as_str()).collect();
    let word = words(measure);
    Some(Scene {
        title: format!("{}: {word} per epoch", curve.name),
        summary: statements.join(" "),
        marks: lines.chain(readings).chain(breaks).collect(),
        legend: series.iter().map(|series| Key::new(tone(series.split), series.name.clone())).collect(),
        table: table(curve, &series),
        ..Scene::on(CHART.id, Shape::Wide, Axis::numbers(x, "epoch"), Axis::numbers(y, word))
    })
}

fn tone(split: CurveSplit) -> Tone {
    match split {
        CurveSplit::Train => Tone::Train,
        CurveSplit::Validation => Tone::Validation,
        CurveSplit::Test => Tone::Test,
    }
}

fn line(series: &CurveSeries, epochs: &[f64], x: &Scale, y: &Scale) -> Mark {
    let places = epochs
        .iter()
        .zip(&series.values)
        .map(|(epoch, value)| (x.position(*epoch), value.map_or(f64::NAN, |value| y.position(value))));
    Mark::Line { tone: tone(series.split), places: places.collect() }
}

/// The first NaN or infinity of a series.
fn first_break(series: &CurveSeries, epochs: &[f64], x: &Scale) -> Vec<Mark> {
    let Some(epoch) = series.first_non_finite.and_then(|index| epochs.get(index)) else { return Vec::new() };
    let words = format!("{} is not a number from epoch {}", series.name, format::number(*epoch));
    upright(Tone::Bad, x.position(*epoch), 2, words)
}

/// Where it begins and the best epoch; each reading's words have a line of their own.
fn reading_marks(reading: &CurveReading, row: usize, x: &Scale) -> Vec<Mark> {
    let mark = |tone, epoch: f64, row, words: &str| {
        upright(tone, x.position(epoch), row, format!("{words} {}", format::number(epoch)))
    };
    let onset =
        reading.from_epoch.map(|epoch| mark(Tone::Bad, epoch, row, &format!("{} from epoch", reading.state.words())));
    let best = reading.best_epoch.map(|epoch| mark(Tone::Quiet, epoch, row + 1, "best at epoch"));
    onset.into_iter().chain(best).flatten().collect()
}

fn table(curve: &LearningCurve, series: &[&CurveSeries]) -> Table {
    let heads = [Head::ours("epoch")].into_iter().chain(series.iter().map(|series| Head::theirs(&series.name)));
    let rows = curve.epochs.iter().enumerate().map(|(index, epoch)| {
        let values = series.iter().map(|series| Value::number(series.values.get(index).copied().flatten()));
        [Value::Number(*epoch)].into_iter().chain(values).collect()
    });
    Table::new(heads.collect(), rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_curve::CurveState;

    #[test]
    fn a_break_leaves_a_gap_and_says_where_it_is() {
        let curve = LearningCurve {
            name: "run-7".to_owned(),
            epochs: vec![1.0, 2.0, 3.0],
            series: vec![CurveSeries {
                name: "val_loss".to_owned(),
                split: CurveSplit::Validation,
                measure: CurveMeasure::Loss,
                values: vec![Some(1.0), Some(0.5), None],
                first_non_finite: Some(2),
            }],
            learning_rate: None,
        };
        let reading = CurveReading {
            state: CurveState::Overfitting,
            from_epoch: Some(3.0),
            best_epoch: Some(2.0),
            amount: 0.1,
            statement: "Validation loss rises from epoch 3.".to_owned(),
        };
        let read = ReadCurve { curve, readings: vec![reading] };
        let drawn = scene(&read, CurveMeasure::Loss).expect("it has losses");
        let said: Vec<&str> = drawn
            .marks
            .iter()
            .filter_map(|mark| if let Mark::Text { words, .. } = mark { Some(words.as_str()) } else { None })
            .collect();
        assert_eq!(said[1..], ["best at epoch 2", "val_loss is not a number from epoch 3"]);
        assert_eq!(drawn.table.rows[2], [Value::Number(3.0), Value::None]);
        assert_eq!(scene(&read, CurveMeasure::Score), None);
    }
}
