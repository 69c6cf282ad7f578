//! Learning curves of several training runs in one chart: of each the same series, such as `val_loss`.

use std::collections::BTreeMap;

use super::super::format;
use super::super::scale::Scale;
use super::company::{MOST_RUNS, surplus_note};
use super::curve_window::Window;
use super::learning_curve::{MEASURES, STRIPS, best, best_words, line};
use super::looks::tones;
use super::{Axis, Chart, Head, Hover, Key, Scene, Shape, Table, Ticked, Tone, Value};
use crate::diagnosis::ReadCurve;
use crate::learning_curve::{CurveMeasure, CurveSeries, CurveSplit, LearningCurve};

pub const CHART: Chart = Chart {
    id: "learning_curves",
    draw: |diagnosis, asked| {
        let ticked = asked.curves.clone().unwrap_or_default();
        let of = |measure| scene(&Beside::of(&diagnosis.learning_curves, measure, &ticked)?);
        let drawn = match asked.measure {
            Some(measure) => of(measure),
            None => MEASURES.into_iter().find_map(of),
        };
        drawn.ok_or_else(super::asked::absent)
    },
};

/// The training runs that have the series that most of them have; of equally many the held-out one.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside<'a> {
    pub series: &'a str,
    /// In the order in which they were added.
    pub runs: Vec<Run<'a>>,
    /// The names of those that lack it.
    left_out: Vec<&'a str>,
    ticked: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Run<'a> {
    pub curve: &'a LearningCurve,
    series: &'a CurveSeries,
    /// `None` where it is not drawn.
    pub tone: Option<Tone>,
}

impl<'a> Beside<'a> {
    /// `None` where no curve has such a series.
    pub fn of(curves: &'a [ReadCurve], measure: CurveMeasure, ticked: &Ticked) -> Option<Beside<'a>> {
        let name = shared_series(curves, measure)?;
        let series_of = |curve: &'a LearningCurve| {
            curve.series.iter().find(|series| series.name == name && series.measure == measure)
        };
        let all = curves.iter().map(|read| &read.curve);
        let found: Vec<_> = all.clone().filter_map(|curve| Some((curve, series_of(curve)?))).collect();
        let left_out = all.filter(|curve| series_of(curve).is_none()).map(|curve| curve.name.as_str()).collect();
        let names: Vec<String> = found.iter().map(|(curve, _)| curve.name.clone()).collect();
        let looks: Vec<(Option<Tone>, bool)> =
            ticked.of(&names, MOST_RUNS).into_iter().map(|is_drawn| (None, is_drawn)).collect();
        let runs = found.into_iter().zip(tones(&looks));
        let runs = runs.map(|((curve, series), tone)| Run { curve, series, tone }).collect();
        Some(Beside { series: name, runs, left_out, ticked: ticked.count(&names) })
    }

    /// What is not drawn and why.
    fn note(&self) -> Option<String> {
        let without = (!self.left_out.is_empty())
            .then(|| format!("Not drawn, as they have no {}: {}.", self.series, self.left_out.join(", ")));
        let notes: Vec<String> = [surplus_note(self.ticked, MOST_RUNS), without].into_iter().flatten().collect();
        (!notes.is_empty()).then(|| notes.join(" "))
    }
}

fn shared_series(curves: &[ReadCurve], measure: CurveMeasure) -> Option<&str> {
    let held_out = |split: CurveSplit| match split {
        CurveSplit::Validation => 2,
        CurveSplit::Test => 1,
        CurveSplit::Train => 0,
    };
    let mut found: BTreeMap<&str, (usize, u8)> = BTreeMap::new();
    let series = curves.iter().flat_map(|read| &read.curve.series).filter(|series| series.measure == measure);
    for series in series {
        let entry = found.entry(series.name.as_str()).or_default();
        *entry = (entry.0 + 1, held_out(series.split));
    }
    // Of equal ones the first by name, which comes last here.
    found.into_iter().rev().max_by_key(|(_, rank)| *rank).map(|(name, _)| name)
}

/// A run that is drawn: its series under the name of the run.
struct Drawn<'a> {
    tone: Tone,
    epochs: &'a [f64],
    series: CurveSeries,
}

/// `None` where no run is drawn.
pub fn scene(beside: &Beside<'_>) -> Option<Scene> {
    let drawn = beside.runs.iter().filter_map(|run| {
        let series = CurveSeries { name: run.curve.name.clone(), ..run.series.clone() };
        Some(Drawn { tone: run.tone?, epochs: &run.curve.epochs, series })
    });
    let drawn: Vec<Drawn<'_>> = drawn.collect();
    let all: Vec<&CurveSeries> = drawn.iter().map(|run| &run.series).collect();
    if all.is_empty() {
        return None;
    }
    let x = Scale::around(drawn.iter().flat_map(|run| run.epochs.iter().copied()));
    let shown = Window::of(&all);
    let at = (&x, &shown.scale);
    let lines = drawn.iter().map(|run| line(run.tone, &run.series, run.epochs, at));
    let bests = drawn.iter().filter_map(|run| best(run.tone, &run.series, run.epochs, at));
    let said: Vec<String> = drawn.iter().filter_map(|run| best_words(&run.series, run.epochs)).collect();
    let key = |run: &Drawn<'_>| {
        Key::new(run.tone, best_words(&run.series, run.epochs).unwrap_or_else(|| run.series.name.clone()))
    };
    let notes = [Some(shown.note(drawn.iter().map(|run| (&run.series, run.epochs)))), beside.note()];
    let notes: Vec<String> = notes.into_iter().flatten().filter(|note| !note.is_empty()).collect();
    Some(Scene {
        title: format!("{} per epoch, run by run", beside.series),
        summary: format!("{}.", said.join("; ")),
        marks: lines.chain(bests).collect(),
        hovers: hovers(&drawn, &x),
        legend: drawn.iter().map(key).collect(),
        note: notes.join(" "),
        table: table(&drawn),
        ..Scene::on(CHART.id, Shape::Wide, Axis::numbers(x, "epoch"), Axis::numbers(shown.scale, beside.series))
    })
}

/// Every epoch of any run, ascending and each once.
fn epochs(drawn: &[Drawn<'_>]) -> Vec<f64> {
    let mut all: Vec<f64> = drawn.iter().flat_map(|run| run.epochs.iter().copied()).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// What a run has at exactly this epoch.
fn value_at(run: &Drawn<'_>, epoch: f64) -> Option<f64> {
    let place = run.epochs.iter().position(|one| *one == epoch)?;
    run.series.values.get(place).copied().flatten()
}

/// The values of all runs at an epoch. Runs that have no such epoch are not named.
fn hovers(drawn: &[Drawn<'_>], x: &Scale) -> Vec<Hover> {
    let all = epochs(drawn);
    let read: Vec<f64> = all.iter().copied().step_by(all.len().div_ceil(STRIPS).max(1)).collect();
    let between = |a: f64, b: f64| f64::midpoint(x.position(a), x.position(b));
    let strip = |(at, epoch): (usize, &f64)| {
        let from = at.checked_sub(1).and_then(|at| read.get(at)).map_or(0.0, |before| between(*before, *epoch));
        let to = read.get(at + 1).map_or(1.0, |after| between(*epoch, *after));
        let value = |run: &Drawn<'_>| Some(format!("{} {}", run.series.name, format::number(value_at(run, *epoch)?)));
        let values: Vec<String> = drawn.iter().filter_map(value).collect();
        Hover::strip(from, to, format!("epoch {}\n{}", format::number(*epoch), values.join("\n")))
    };
    read.iter().enumerate().map(strip).collect()
}

fn table(drawn: &[Drawn<'_>]) -> Table {
    let heads = [Head::ours("epoch")].into_iter().chain(drawn.iter().map(|run| Head::theirs(&run.series.name)));
    let rows = epochs(drawn).into_iter().map(|epoch| {
        let values = drawn.iter().map(|run| Value::number(value_at(run, epoch)));
        [Value::Number(epoch)].into_iter().chain(values).collect()
    });
    Table::new(heads.collect(), rows.collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn read(name: &str, epochs: &[f64], series: &[(&str, CurveSplit, &[f64])]) -> ReadCurve {
        let series = series.iter().map(|(name, split, values)| CurveSeries {
            name: (*name).to_owned(),
            split: *split,
            measure: CurveMeasure::Loss,
            values: values.iter().copied().map(Some).collect(),
            first_non_finite: None,
        });
        let curve = LearningCurve {
            name: name.to_owned(),
            epochs: epochs.to_vec(),
            series: series.collect(),
            learning_rate: None,
        };
        ReadCurve { curve, readings: Vec::new() }
    }

    fn three() -> [ReadCurve; 3] {
        use CurveSplit::{Train, Validation};
        [
            read("a", &[1.0, 2.0], &[("loss", Train, &[0.9, 0.5]), ("val_loss", Validation, &[1.0, 0.6])]),
            read("b", &[1.0, 3.0], &[("loss", Train, &[0.8, 0.4]), ("val_loss", Validation, &[0.9, 0.7])]),
            read("c", &[1.0, 2.0], &[("eval", Validation, &[0.9, 0.8])]),
        ]
    }

    #[test]
    fn the_held_out_series_that_most_runs_have_is_drawn_and_the_rest_is_named() {
        let curves = three();
        let drawn = scene(&Beside::of(&curves, CurveMeasure::Loss, &Ticked::All).unwrap()).unwrap();
        assert_eq!(drawn.title, "val_loss per epoch, run by run");
        assert_eq!(drawn.note, "Not drawn, as they have no val_loss: c.");
        let legend: Vec<&str> = drawn.legend.iter().map(|key| key.words.as_str()).collect();
        assert_eq!(legend, ["a: best 0.6 at epoch 2", "b: best 0.7 at epoch 3"]);
        assert_eq!(drawn.hovers[0].words, "epoch 1\na 1\nb 0.9");
        assert_eq!(drawn.hovers[1].words, "epoch 2\na 0.6");
        assert_eq!(drawn.table.rows[2], [Value::Number(3.0), Value::None, Value::Number(0.7)]);
        assert_eq!(Beside::of(&curves, CurveMeasure::Score, &Ticked::All), None);
    }

    #[test]
    fn a_run_that_is_switched_off_leaves_the_others_their_looks() {
        let curves = three();
        let all = Beside::of(&curves, CurveMeasure::Loss, &Ticked::All).unwrap();
        let second = Ticked::These(vec!["b".to_owned()]);
        let one = Beside::of(&curves, CurveMeasure::Loss, &second).unwrap();
        assert_eq!((one.runs[0].tone, one.runs[1].tone), (None, all.runs[1].tone));
        assert_eq!(scene(&one).unwrap().legend.len(), 1);
        assert_eq!(scene(&Beside::of(&curves, CurveMeasure::Loss, &Ticked::These(Vec::new())).unwrap()), None);
    }
}
