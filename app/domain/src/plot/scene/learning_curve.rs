//! Learning curves with what was read off them: where overfitting begins, each curve's best epoch, the first value that
//! is not a number.

use super::super::format;
use super::super::scale::Scale;
use super::curve_window::Window;
use super::marks::upright;
use super::{Axis, Chart, Head, Hover, Key, Mark, Scene, Shape, Table, Tone, Value};
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
    let labels = labels(read, &series);
    let shown = Window::of(&series).with_room_for(labels.len());
    let lines = series.iter().map(|series| line(tone(series.split), series, &curve.epochs, (&x, &shown.scale)));
    let said = labels.into_iter().enumerate();
    let said = said.flat_map(|(row, (epoch, words))| upright(Tone::Bad, x.position(epoch), row, words));
    let bests = series.iter().filter_map(|series| best(tone(series.split), series, &curve.epochs, (&x, &shown.scale)));
    let statements: Vec<&str> = read.readings.iter().map(|reading| reading.statement.as_str()).collect();
    let word = words(measure);
    Some(Scene {
        title: format!("{}: {word} per epoch", curve.name),
        summary: statements.join(" "),
        marks: lines.chain(said).chain(bests).collect(),
        hovers: hovers(curve, &series, &x),
        legend: series.iter().map(|series| key(series, &curve.epochs)).collect(),
        note: shown.note(series.iter().map(|series| (*series, curve.epochs.as_slice()))),
        table: table(curve, &series),
        ..Scene::on(CHART.id, Shape::Wide, Axis::numbers(x, "epoch"), Axis::numbers(shown.scale, word))
    })
}

fn tone(split: CurveSplit) -> Tone {
    match split {
        CurveSplit::Train => Tone::Train,
        CurveSplit::Validation => Tone::Validation,
        CurveSplit::Test => Tone::Test,
    }
}

/// Where the line leaves the chart it ends at the edge and begins again where it comes back.
pub(super) fn line(tone: Tone, series: &CurveSeries, epochs: &[f64], (x, y): (&Scale, &Scale)) -> Mark {
    let at = |value: &Option<f64>| value.map_or(f64::NAN, |value| y.position(value));
    let is_out = |place: usize| series.values.get(place).is_some_and(|value| !(0.0..=1.0).contains(&at(value)));
    let heights = series.values.iter().enumerate().map(|(place, value)| {
        let is_last = place + 1 == series.values.len();
        let stays_out = is_out(place) && (place == 0 || is_out(place - 1)) && (is_last || is_out(place + 1));
        if stays_out { f64::NAN } else { at(value) }
    });
    let places = epochs.iter().map(|epoch| x.position(*epoch)).zip(heights);
    Mark::Line { tone, places: places.collect() }
}

/// Its epoch and words: where a reading begins, and the first NaN or infinity of each series.
fn labels(read: &ReadCurve, series: &[&CurveSeries]) -> Vec<(f64, String)> {
    let onset = |reading: &CurveReading| {
        let epoch = reading.from_epoch?;
        Some((epoch, format!("{} from epoch {}", reading.state.words(), format::number(epoch))))
    };
    let first_break = |series: &&CurveSeries| {
        let epoch = *read.curve.epochs.get(series.first_non_finite?)?;
        Some((epoch, format!("{} is not a number from epoch {}", series.name, format::number(epoch))))
    };
    read.readings.iter().filter_map(onset).chain(series.iter().filter_map(first_break)).collect()
}

/// The best value of a series and its place: the lowest loss, the highest score, the first of equal ones.
fn best_of(series: &CurveSeries) -> Option<(usize, f64)> {
    let values = series.values.iter().enumerate().filter_map(|(place, value)| Some((place, (*value)?)));
    let is_better = |value: f64, best: f64| match series.measure {
        CurveMeasure::Loss => value < best,
        CurveMeasure::Score => value > best,
    };
    values.reduce(|best, one| if is_better(one.1, best.1) { one } else { best })
}

/// The best point of a series, on its own line.
pub(super) fn best(tone: Tone, series: &CurveSeries, epochs: &[f64], (x, y): (&Scale, &Scale)) -> Option<Mark> {
    let (place, value) = best_of(series)?;
    let at = (x.position(*epochs.get(place)?), y.position(value));
    let words = vec![best_words(series, epochs)?];
    Some(Mark::Points { tone, places: vec![at], size: 4.5, words })
}

pub(super) fn best_words(series: &CurveSeries, epochs: &[f64]) -> Option<String> {
    let (place, value) = best_of(series)?;
    let epoch = format::number(*epochs.get(place)?);
    Some(format!("{}: best {} at epoch {epoch}", series.name, format::number(value)))
}

fn key(series: &CurveSeries, epochs: &[f64]) -> Key {
    Key::new(tone(series.split), best_words(series, epochs).unwrap_or_else(|| series.name.clone()))
}

/// At most this many strips; of more epochs only some are read off by a pointer.
pub(super) const STRIPS: usize = 200;

/// The values of all series at an epoch.
fn hovers(curve: &LearningCurve, series: &[&CurveSeries], x: &Scale) -> Vec<Hover> {
    let every = curve.epochs.len().div_ceil(STRIPS).max(1);
    let read: Vec<(usize, f64)> = curve.epochs.iter().copied().enumerate().step_by(every).collect();
    let between = |a: f64, b: f64| f64::midpoint(x.position(a), x.position(b));
    let strip = |at: usize| {
        let (place, epoch) = *read.get(at)?;
        let from = at.checked_sub(1).and_then(|at| read.get(at)).map_or(0.0, |before| between(before.1, epoch));
        let to = read.get(at + 1).map_or(1.0, |after| between(epoch, after.1));
        let value = |series: &&CurveSeries| {
            let value = series.values.get(place).copied().flatten();
            format!("{} {}", series.name, value.map_or_else(|| "–".to_owned(), format::number))
        };
        let values: Vec<String> = series.iter().map(value).collect();
        Some(Hover::strip(from, to, format!("epoch {}\n{}", format::number(epoch), values.join("\n"))))
    };
    (0..read.len()).filter_map(strip).collect()
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
        assert_eq!(said, ["overfitting from epoch 3", "val_loss is not a number from epoch 3"]);
        assert_eq!(drawn.legend[0].words, "val_loss: best 0.5 at epoch 2");
        assert_eq!(drawn.hovers[2].words, "epoch 3\nval_loss –");
        assert_eq!(drawn.table.rows[2], [Value::Number(3.0), Value::None]);
        assert_eq!(scene(&read, CurveMeasure::Score), None);
    }

    #[test]
    fn every_curve_is_marked_at_its_own_best_point() {
        let series = |name: &str, measure, values: &[f64]| CurveSeries {
            name: name.to_owned(),
            split: CurveSplit::Validation,
            measure,
            values: values.iter().copied().map(Some).collect(),
            first_non_finite: None,
        };
        let curve = LearningCurve {
            name: "run-8".to_owned(),
            epochs: vec![1.0, 2.0, 3.0],
            series: vec![
                series("val_loss", CurveMeasure::Loss, &[0.9, 0.4, 0.5]),
                series("val_f1", CurveMeasure::Score, &[0.6, 0.7, 0.8]),
            ],
            learning_rate: None,
        };
        let read = ReadCurve { curve, readings: Vec::new() };
        let best = |measure| scene(&read, measure).map(|scene| scene.legend[0].words.clone());
        assert_eq!(best(CurveMeasure::Loss).as_deref(), Some("val_loss: best 0.4 at epoch 2"));
        assert_eq!(best(CurveMeasure::Score).as_deref(), Some("val_f1: best 0.8 at epoch 3"));
    }

    #[test]
    fn a_line_that_leaves_the_chart_ends_at_its_edge() {
        let series = CurveSeries {
            name: "loss".to_owned(),
            split: CurveSplit::Train,
            measure: CurveMeasure::Loss,
            values: [1.0, 0.5, 9.0, 99.0, 999.0].map(Some).to_vec(),
            first_non_finite: None,
        };
        let unit = Scale::linear(0.0, 1.0);
        let drawn = line(Tone::Train, &series, &[0.0, 0.25, 0.5, 0.75, 1.0], (&unit, &unit));
        let Mark::Line { places, .. } = drawn else { panic!("no line") };
        let heights: Vec<bool> = places.iter().map(|place| place.1.is_finite()).collect();
        assert_eq!(heights, [true, true, true, false, false], "9 is where it leaves");
    }
}
