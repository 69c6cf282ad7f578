//! Residuals along an axis: the mean error of rows with similar predictions, or of rows of the same time, with its
//! interval and the mean absolute error.

use super::super::format;
use super::super::scale::Scale;
use super::labels::Label;
use super::{Axis, Chart, Hover, Key, Mark, Place, Scene, Shape, Table, Together, Tone, Value, subject};
use crate::evaluation::{ErrorGroup, EvaluationRun, RegressionChart};
use crate::snapshot::ColumnKind;

pub const BY_PREDICTION: Chart = Chart {
    id: "residuals_by_prediction",
    draw: |diagnosis, asked| {
        let (run, _) = asked.run_with(diagnosis, |run| groups(run, Along::Prediction))?;
        scene(&asked.together(diagnosis, run), Along::Prediction).ok_or_else(super::asked::absent)
    },
};

pub const BY_TIME: Chart = Chart {
    id: "residuals_by_time",
    draw: |diagnosis, asked| {
        let (run, _) = asked.run_with(diagnosis, |run| groups(run, Along::Time))?;
        scene(&asked.together(diagnosis, run), Along::Time).ok_or_else(super::asked::absent)
    },
};

/// By what the rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    Prediction,
    Time,
}

impl Along {
    fn groups(self, chart: &RegressionChart) -> &[ErrorGroup] {
        match self {
            Along::Prediction => &chart.by_prediction,
            Along::Time => &chart.by_time,
        }
    }

    fn kind(self) -> ColumnKind {
        match self {
            Along::Prediction => ColumnKind::Numeric,
            Along::Time => ColumnKind::Datetime,
        }
    }
}

fn groups(run: &EvaluationRun, along: Along) -> Option<&[ErrorGroup]> {
    Some(along.groups(run.regression.as_ref()?)).filter(|groups| !groups.is_empty())
}

/// `None` where the run has no such groups.
pub fn scene(runs: &Together<'_>, along: Along) -> Option<Scene> {
    let run = runs.run;
    let of_run = groups(run, along)?;
    let curves = runs.curves(|one| groups(one, along));
    let all = || curves.iter().flat_map(|(_, groups)| groups.iter());
    let x = Scale::around(all().flat_map(|group| [group.low, group.high]));
    let y = Scale::around(all().flat_map(ends).chain([0.0]));
    let zero = y.position(0.0);
    let no_error = Mark::Line { tone: Tone::Guide, places: vec![(0.0, zero), (1.0, zero)] };
    let marks = curves.iter().rev().flat_map(|(label, groups)| curve(label, groups, along, (&x, &y)));
    let key = |(label, groups): &(Label, &[ErrorGroup])| {
        let said = format!("mean error of {} rows", format::count(groups.iter().map(|one| one.n).sum()));
        label.key(if label.is_another() { said } else { format!("{said}, 95 % interval") })
    };
    let (id, title, axis) = match along {
        Along::Prediction => (BY_PREDICTION.id, "Mean error by predicted value", Axis::numbers(x, "predicted value")),
        Along::Time => (BY_TIME.id, "Mean error over time", Axis::times(x)),
    };
    Some(Scene {
        title: title.to_owned(),
        subject: subject(&run.name, &run.split),
        summary: summary(of_run, along),
        marks: [no_error].into_iter().chain(marks).collect(),
        hovers: hovers(&curves, along, &x),
        legend: curves.iter().map(key).chain([Key::dashed("no error")]).collect(),
        table: table(&curves, along),
        ..Scene::on(id, Shape::Wide, axis, Axis::numbers(y, "mean error (predicted minus true)"))
    })
}

fn ends(group: &ErrorGroup) -> [f64; 2] {
    let bias = group.bias;
    [bias.low.unwrap_or(bias.value), bias.high.unwrap_or(bias.value)]
}

fn middle(group: &ErrorGroup) -> f64 {
    f64::midpoint(group.low, group.high)
}

/// The intervals of other runs than the chosen ones would cover them; their words have them.
fn curve(label: &Label, groups: &[ErrorGroup], along: Along, (x, y): (&Scale, &Scale)) -> Vec<Mark> {
    let tone = label.tone;
    let at = |of: fn(&ErrorGroup) -> f64| -> Vec<Place> {
        groups.iter().map(|group| (x.position(middle(group)), y.position(of(group)))).collect()
    };
    let words = groups.iter().map(|group| label.said(group_words(group, along))).collect();
    let band = Mark::Band { tone, lower: at(|group| ends(group)[0]), upper: at(|group| ends(group)[1]) };
    let line = Mark::Line { tone, places: at(|group| group.bias.value) };
    let points = Mark::Points { tone, places: at(|group| group.bias.value), size: 3.5, words };
    (!label.is_another()).then_some(band).into_iter().chain([line, points]).collect()
}

fn group_words(group: &ErrorGroup, along: Along) -> String {
    let [low, high] = ends(group).map(format::number);
    let of = |value| format::value(value, along.kind());
    format!(
        "{} to {}: mean error {} ({low} to {high}), mean absolute error {}, {} rows",
        of(group.low),
        of(group.high),
        format::number(group.bias.value),
        format::number(group.mae.value),
        format::count(group.n)
    )
}

/// The groups of the run as strips of the axis, each with what the other runs have at its middle: strips of several runs
/// would hide each other.
fn hovers(curves: &[(Label, &[ErrorGroup])], along: Along, x: &Scale) -> Vec<Hover> {
    let Some(((label, groups), others)) = curves.split_first() else { return Vec::new() };
    let strip = |group: &ErrorGroup| {
        let others = others.iter().filter_map(|(label, groups)| {
            let there = groups.iter().find(|one| (one.low..=one.high).contains(&middle(group)))?;
            Some(label.said(format!("mean error {}", format::number(there.bias.value))))
        });
        let said: Vec<String> = [label.said(group_words(group, along))].into_iter().chain(others).collect();
        Hover::strip(x.position(group.low), x.position(group.high), said.join("\n"))
    };
    groups.iter().map(strip).collect()
}

fn summary(groups: &[ErrorGroup], along: Along) -> String {
    let worst = groups.iter().max_by(|a, b| a.bias.value.abs().total_cmp(&b.bias.value.abs()));
    worst.map_or(String::new(), |group| format!("The furthest off: {}.", group_words(group, along)))
}

fn table(curves: &[(Label, &[ErrorGroup])], along: Along) -> Table {
    let rows = curves.iter().flat_map(|(label, groups)| {
        groups.iter().map(move |group| {
            let [low, high] = ends(group);
            let run = if label.words.is_empty() { "run" } else { label.words.as_str() };
            [
                Value::Text(run.to_owned()),
                Value::of_kind(group.low, along.kind()),
                Value::of_kind(group.high, along.kind()),
                Value::Number(group.bias.value),
                Value::Number(low),
                Value::Number(high),
                Value::Number(group.mae.value),
                Value::Count(group.n),
            ]
        })
    });
    Table::ours(["run", "from", "to", "mean error", "95 % from", "95 % to", "mean absolute error", "rows"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Metric;

    fn run(split: &str, by_time: Vec<ErrorGroup>) -> EvaluationRun {
        let mut run = EvaluationRun::of_regression("preds.csv", split, &[1.0, 2.0], &[1.5, 2.0]);
        run.regression = Some(RegressionChart { by_time, ..RegressionChart::default() });
        run
    }

    fn group(at: f64, bias: f64) -> ErrorGroup {
        let metric = |value: f64| Metric { value, low: Some(value - 0.5), high: Some(value + 0.5) };
        ErrorGroup { low: at, high: at + 86_400_000.0, n: 30, bias: metric(bias), mae: metric(bias.abs()) }
    }

    #[test]
    fn both_runs_have_a_curve_with_their_interval_and_zero_is_in_the_plot() {
        let served = run("serve", vec![group(0.0, 3.0), group(86_400_000.0, 5.0)]);
        let test = run("test", vec![group(0.0, 1.0)]);
        let scene = scene(&Together::pair(&served, Some(&test)), Along::Time).expect("it has times");
        assert_eq!(scene.marks.iter().filter(|mark| matches!(mark, Mark::Band { .. })).count(), 2);
        assert_eq!((scene.y.scale.low(), scene.y.scale.high()), (0.0, 5.5));
        assert_eq!(scene.table.rows[2][0], Value::Text("test".into()));
        assert!(scene.hovers[1].words.starts_with("serve: 1970-01-02 to 1970-01-03: mean error 5 (4.5 to 5.5)"));
        assert!(scene.hovers[0].words.ends_with("\ntest: mean error 1"), "{}", scene.hovers[0].words);
    }

    #[test]
    fn another_run_has_its_line_and_no_band() {
        let (served, train) = (run("serve", vec![group(0.0, 3.0)]), run("train", vec![group(0.0, 1.0)]));
        let runs = Together { others: vec![(Tone::Another(0), &train)], ..Together::alone(&served) };
        let scene = scene(&runs, Along::Time).expect("it has times");
        assert_eq!(scene.marks.iter().filter(|mark| matches!(mark, Mark::Band { .. })).count(), 1);
        assert_eq!(scene.legend[1].words, "train: mean error of 30 rows");
    }

    #[test]
    fn without_groups_there_is_no_chart() {
        assert_eq!(scene(&Together::alone(&run("test", Vec::new())), Along::Time), None);
    }
}
