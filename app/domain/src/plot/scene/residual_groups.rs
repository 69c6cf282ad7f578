//! Residuals along an axis: the mean error of rows with similar predictions, or of rows of the same time, with its
//! interval and the mean absolute error.

use super::super::format;
use super::super::scale::Scale;
use super::overlay::{Label, labels};
use super::{Axis, Chart, Hover, Key, Mark, Place, Scene, Shape, Table, Tone, Value, subject};
use crate::evaluation::{ErrorGroup, EvaluationRun, RegressionChart};
use crate::snapshot::ColumnKind;

pub const BY_PREDICTION: Chart = Chart {
    id: "residuals_by_prediction",
    draw: |diagnosis, asked| {
        let (run, _) = asked.run_with(diagnosis, |run| groups(run, Along::Prediction))?;
        scene(run, asked.baseline(diagnosis), Along::Prediction).ok_or_else(super::asked::absent)
    },
};

pub const BY_TIME: Chart = Chart {
    id: "residuals_by_time",
    draw: |diagnosis, asked| {
        let (run, _) = asked.run_with(diagnosis, |run| groups(run, Along::Time))?;
        scene(run, asked.baseline(diagnosis), Along::Time).ok_or_else(super::asked::absent)
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
pub fn scene(run: &EvaluationRun, baseline: Option<&EvaluationRun>, along: Along) -> Option<Scene> {
    let of_run = groups(run, along)?;
    let baseline = baseline.and_then(|one| Some((one, groups(one, along)?)));
    let named = labels((&run.name, &run.split), baseline.map(|(one, _)| (one.name.as_str(), &one.split)));
    let curves: Vec<(Label, &[ErrorGroup])> =
        named.into_iter().zip([Some(of_run), baseline.map(|one| one.1)].into_iter().flatten()).collect();
    let all = || curves.iter().flat_map(|(_, groups)| groups.iter());
    let x = Scale::around(all().flat_map(|group| [group.low, group.high]));
    let y = Scale::around(all().flat_map(ends).chain([0.0]));
    let zero = y.position(0.0);
    let no_error = Mark::Line { tone: Tone::Guide, places: vec![(0.0, zero), (1.0, zero)] };
    let marks = curves.iter().rev().flat_map(|(label, groups)| curve(label, groups, along, (&x, &y)));
    let key = |(label, groups): &(Label, &[ErrorGroup])| {
        label.key(format!("mean error of {} rows, 95 % interval", format::count(groups.iter().map(|one| one.n).sum())))
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

fn curve(label: &Label, groups: &[ErrorGroup], along: Along, (x, y): (&Scale, &Scale)) -> [Mark; 3] {
    let tone = label.tone;
    let at = |of: fn(&ErrorGroup) -> f64| -> Vec<Place> {
        groups.iter().map(|group| (x.position(middle(group)), y.position(of(group)))).collect()
    };
    let words = groups.iter().map(|group| label.said(group_words(group, along))).collect();
    [
        Mark::Band { tone, lower: at(|group| ends(group)[0]), upper: at(|group| ends(group)[1]) },
        Mark::Line { tone, places: at(|group| group.bias.value) },
        Mark::Points { tone, places: at(|group| group.bias.value), size: 3.5, words },
    ]
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

/// The groups of all curves under each strip of the axis.
fn hovers(curves: &[(Label, &[ErrorGroup])], along: Along, x: &Scale) -> Vec<Hover> {
    let strips = |(label, groups): &(Label, &[ErrorGroup])| -> Vec<Hover> {
        let strip = |group: &ErrorGroup| {
            Hover::strip(x.position(group.low), x.position(group.high), label.said(group_words(group, along)))
        };
        groups.iter().map(strip).collect()
    };
    // Strips of two curves would hide each other; the points of both have their words too.
    curves.first().map(strips).unwrap_or_default()
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
        let scene = scene(&served, Some(&test), Along::Time).expect("it has times");
        assert_eq!(scene.marks.iter().filter(|mark| matches!(mark, Mark::Band { .. })).count(), 2);
        assert_eq!((scene.y.scale.low(), scene.y.scale.high()), (0.0, 5.5));
        assert_eq!(scene.table.rows[2][0], Value::Text("test".into()));
        assert!(scene.hovers[1].words.starts_with("serve: 1970-01-02 to 1970-01-03: mean error 5 (4.5 to 5.5)"));
    }

    #[test]
    fn without_groups_there_is_no_chart() {
        assert_eq!(scene(&run("test", Vec::new()), None, Along::Time), None);
    }
}
