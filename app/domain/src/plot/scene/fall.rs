//! What a fall is made of: from the performance before to the performance after, one bar for each step.

use super::super::format;
use super::super::scale::Scale;
use super::{Axis, Chart, Hover, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::fall::{Fall, Points, SplitMetric, Step, StepOf, tenths};
use crate::{Problem, Suspect};

pub const CHART: Chart = Chart {
    id: "fall",
    draw: |diagnosis, _| {
        let fall = diagnosis.fall.as_ref();
        fall.and_then(|fall| scene(fall, &diagnosis.suspects)).ok_or_else(|| {
            Problem::not_found(fall.map_or_else(
                || "Nothing says how the model performs before serving and in serving.".to_owned(),
                |fall| fall.sentence(&diagnosis.suspects),
            ))
        })
    },
};

/// Of the width, so that the figure at the end of a bar has its place.
const WIDEST: f64 = 0.86;
/// Of the plot, what lies below the lowest figure: where a whole bar from zero would leave no room for the steps.
const BELOW: f64 = 0.6;
/// Where the fall is at least this share of the figure before, the bars begin at zero.
const FROM_ZERO: f64 = 0.5;
/// Letters of a row's name.
const NAME: usize = 24;

/// `None` where the parts are not known.
pub fn scene(fall: &Fall, suspects: &[Suspect]) -> Option<Scene> {
    let (before, after) = (fall.before?, fall.after?);
    let steps = fall.steps(suspects);
    if steps.is_empty() {
        return None;
    }
    let levels = levels(fall.metric, before, &steps);
    let (x, begins_at) = scale(&levels, before, after);
    let rows = steps.len() + 2;
    let names: Vec<String> = std::iter::once("before".to_owned())
        .chain(steps.iter().map(|step| format::shortened(&short(step), NAME)))
        .chain(std::iter::once("served rows".to_owned()))
        .collect();
    let whole = |row: usize, value: f64, tone: Tone| {
        let words = fall.metric.value(value);
        bar(row, rows, (0.0, x.position(value) * WIDEST), tone, words)
    };
    let of_step = |(place, step): (usize, &Step<'_>)| {
        let ends = [levels[place], levels[place + 1]].map(|value| x.position(value) * WIDEST);
        let ends = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        bar(place + 1, rows, ends, tone(step), change(fall.metric, step.points))
    };
    let marks = std::iter::once(whole(0, before, Tone::Train))
        .chain(steps.iter().enumerate().map(of_step))
        .chain(std::iter::once(whole(rows - 1, after, Tone::Serve)));
    Some(Scene {
        title: format!("What the fall is made of: {}", fall.metric.words().to_lowercase()),
        summary: fall.sentence(suspects),
        marks: marks.collect(),
        hovers: steps
            .iter()
            .enumerate()
            .map(|(place, step)| hover(place + 1, rows, words(fall.metric, step)))
            .collect(),
        legend: vec![
            Key::new(Tone::Bad, "made it worse"),
            Key::new(Tone::Positive, "made it better"),
            Key::new(Tone::Guide, "not explained"),
        ],
        note: begins_at.map_or_else(String::new, |value| {
            format!("The bars begin at {}, so that the steps are visible.", fall.metric.value(value))
        }),
        table: table(fall, &steps),
        ..Scene::on(CHART.id, Shape::Rows(rows), Axis::none(), Axis::names_down(&names, ""))
    })
}

/// The metric before, and after each step.
fn levels(metric: SplitMetric, before: f64, steps: &[Step<'_>]) -> Vec<f64> {
    let mut worse = 0.0;
    let after_each = steps.iter().map(|step| {
        worse += step.points.points;
        metric.after(before, worse)
    });
    std::iter::once(before).chain(after_each).collect()
}

/// The scale of the bars, and where they begin if that is not zero.
fn scale(levels: &[f64], before: f64, after: f64) -> (Scale, Option<f64>) {
    let all = || levels.iter().copied().chain([before, after]);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let span = high - low;
    if span >= FROM_ZERO * high || low - BELOW * span <= 0.0 {
        return (Scale::linear(low.min(0.0), high), None);
    }
    let begins_at = low - BELOW * span;
    (Scale::linear(begins_at, high), Some(begins_at))
}

/// The middle of a row and half of its height.
fn row_at(row: usize, rows: usize) -> (f64, f64) {
    let height = 1.0 / rows.max(1) as f64;
    (1.0 - (row as f64 + 0.5) * height, 0.5 * height)
}

fn bar(row: usize, rows: usize, (from, to): (f64, f64), tone: Tone, value: String) -> Mark {
    let (middle, half) = row_at(row, rows);
    Mark::Bar { tone, low: (from, middle - half * 0.6), high: (to, middle + half * 0.6), value }
}

fn hover(row: usize, rows: usize, words: String) -> Hover {
    let (middle, half) = row_at(row, rows);
    Hover { low: (0.0, middle - half), high: (1.0, middle + half), words }
}

fn tone(step: &Step<'_>) -> Tone {
    match step.of {
        StepOf::Unexplained => Tone::Guide,
        _ if step.points.points < 0.0 => Tone::Positive,
        _ => Tone::Bad,
    }
}

/// What a step does to the metric: accuracy falls, an error rises.
fn change(metric: SplitMetric, points: Points) -> String {
    match metric {
        SplitMetric::Accuracy => signed(-points.points),
        SplitMetric::MeanSquaredError => format!("{} %", signed(points.points)),
    }
}

fn signed(points: f64) -> String {
    let text = tenths(points);
    if points > 0.0 { format!("+{text}") } else { text }
}

/// What it is about, in as few words as fit beside a bar.
fn short(step: &Step<'_>) -> String {
    match step.of {
        StepOf::Suspect(suspect) if !suspect.columns.is_empty() => suspect.columns.join(", "),
        StepOf::Suspect(suspect) => suspect.cause.words().to_owned(),
        StepOf::Part(part, _) => part.mechanism.short().to_owned(),
        StepOf::Unexplained => "not explained".to_owned(),
    }
}

fn words(metric: SplitMetric, step: &Step<'_>) -> String {
    let interval = match metric {
        SplitMetric::Accuracy => step.points.times(-1.0).interval(),
        SplitMetric::MeanSquaredError => step.points.interval(),
    };
    format!("{}: {} ({interval})", step.label(), change(metric, step.points))
}

fn table(fall: &Fall, steps: &[Step<'_>]) -> Table {
    let rows = steps.iter().map(|step| {
        [
            Value::Text(step.label()),
            Value::Number(step.points.points),
            Value::Number(step.points.low),
            Value::Number(step.points.high),
        ]
    });
    let total = fall.fall.map(|total| {
        [
            Value::Text(format!("{}, all of the fall", fall.metric.words().to_lowercase())),
            Value::Number(total.points),
            Value::Number(total.low),
            Value::Number(total.high),
        ]
    });
    Table::ours(["step", "points lost", "95 % from", "to"], rows.chain(total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Split;
    use crate::fall::{Mechanism, Part};

    fn fall(before: f64, parts: &[(Mechanism, f64)], left: f64) -> Fall {
        let points = |points: f64| Points { points, low: points - 0.4, high: points + 0.4 };
        let sum = parts.iter().map(|part| part.1).sum::<f64>() + left;
        Fall {
            metric: SplitMetric::Accuracy,
            compared_with: Split::Test,
            before: Some(before),
            after: Some(before - sum / 100.0),
            fall: Some(points(sum)),
            parts: parts
                .iter()
                .map(|(mechanism, amount)| Part { mechanism: *mechanism, points: points(*amount), by: Vec::new() })
                .collect(),
            unexplained: Some(points(left)),
            recovered: None,
            undone: None,
            repaired: Vec::new(),
            left_out: Vec::new(),
            over_time: Vec::new(),
            changed: None,
            slices: None,
            refusals: Vec::new(),
        }
    }

    fn ends(mark: &Mark) -> (f64, f64) {
        match mark {
            Mark::Bar { low, high, .. } => (low.0, high.0),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_bar_begins_where_the_one_before_ended() {
        let fall = fall(0.85, &[(Mechanism::Concept, 5.0), (Mechanism::Mix, -1.0)], 0.5);
        let scene = scene(&fall, &[]).expect("it is split");
        assert_eq!((scene.marks.len(), scene.hovers.len(), scene.table.rows.len()), (5, 3, 4));
        let bars: Vec<(f64, f64)> = scene.marks.iter().map(ends).collect();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(bars[0].1, bars[1].1), "the first step begins at the figure before: {bars:?}");
        assert!(near(bars[1].0, bars[2].0), "what made it better goes back up: {bars:?}");
        assert!(near(bars[3].0, bars[4].1), "the last step ends at the figure after: {bars:?}");
        assert!(scene.note.contains("begin at"), "{}", scene.note);
    }

    #[test]
    fn a_fall_by_half_begins_at_zero_and_a_refused_one_is_not_drawn() {
        let deep = fall(0.9, &[(Mechanism::Scoring, 60.0)], 0.0);
        assert_eq!(scene(&deep, &[]).map(|scene| scene.note), Some(String::new()));
        let refused = Fall { refusals: vec![crate::fall::Refusal::NotFallen], ..deep };
        assert_eq!(scene(&refused, &[]), None);
    }
}
