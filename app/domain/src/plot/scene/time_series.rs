//! A measure along time: a line with its band, where it lay before serving, and what happened: the start of serving,
//! deployments, the onset, the limits of alert rules.

use super::super::format;
use super::super::scale::Scale;
use super::marks::upright;
use super::{Align, Axis, Chart, Hover, Key, Mark, Place, Scene, Shape, Table, Tone, Value};
use crate::number;
use crate::over_time::{BandKind, DeployedAt, OverTime, ReferenceRange, TimePoint, TimeSeries, Unit};
use crate::since::Extent;
use crate::{Problem, Since};

pub const CHART: Chart = Chart {
    id: "over_time",
    draw: |diagnosis, asked| {
        let all: &OverTime = &diagnosis.over_time;
        let mut of = all.series.iter();
        let found = of.find(|series| asked.series.as_deref().is_none_or(|id| id == series.id));
        found.map(|series| scene(series, &all.deployments)).ok_or_else(|| {
            Problem::not_found("This investigation has no such measure along time. Add data with a column of times.")
        })
    },
};

/// Deployments that are named on the chart; the others have a line only.
const NAMED: usize = 4;

/// The longest name of a deployment that is written on a chart, in characters.
const LONGEST: usize = 24;

pub fn scene(series: &TimeSeries, deployments: &[DeployedAt]) -> Scene {
    let all = || series.before.iter().chain(&series.served);
    let x = Scale::around(all().flat_map(|point| [point.from_ms as f64, point.to_ms as f64]));
    let y = values(series);
    let at = Axes { x: &x, y: &y };
    let reference = series.reference.iter().flat_map(|range| reference_marks(range, &at));
    let before = line(&series.before, Tone::Train, &at);
    let served = line(&series.served, Tone::Serve, &at);
    let rules = series.rules.iter().flat_map(|rule| level(rule.limit, &format!("alert limit of {}", rule.rule), &at));
    let limit = series.limit.iter().flat_map(|limit| level(*limit, &format!("limit {}", number::number(*limit)), &at));
    let marks = reference.chain(before).chain(served).chain(rules).chain(limit).chain(events(series, deployments, &at));
    Scene {
        title: title(series),
        summary: summary(series),
        hovers: all_hovers(series, &at),
        legend: legend(series),
        marks: marks.collect(),
        note: outside(deployments, &x),
        table: table(series),
        ..Scene::on(CHART.id, Shape::Wide, Axis::times(x), axis(y, series))
    }
}

struct Axes<'a> {
    x: &'a Scale,
    y: &'a Scale,
}

impl Axes<'_> {
    fn place(&self, ms: f64, value: f64) -> Place {
        (self.x.position(ms), self.y.position(value))
    }
}

/// With all that is drawn, and a little air over and under it.
fn values(series: &TimeSeries) -> Scale {
    let points = series.before.iter().chain(&series.served);
    let of_points = points.flat_map(|point| [Some(point.value), point.low, point.high]).flatten();
    let of_range = series.reference.iter().flat_map(|range| [range.low, range.high]);
    let limits = series.rules.iter().map(|rule| rule.limit).chain(series.limit);
    let around = Scale::around(of_points.chain(of_range).chain(limits));
    let air = 0.06 * (around.high() - around.low());
    let (low, high) = (around.low() - air, around.high() + air);
    // Shares end at nothing and at all, and counts do not fall under nothing.
    match series.unit {
        Unit::Share => Scale::linear(low.max(0.0), high.min(1.0)),
        Unit::Rate { .. } => Scale::linear(0.0, high),
        Unit::Number { .. } if around.low() >= 0.0 => Scale::linear(low.max(0.0), high),
        Unit::Number { .. } => Scale::linear(low, high),
    }
}

fn axis(scale: Scale, series: &TimeSeries) -> Axis {
    match &series.unit {
        Unit::Share => Axis { ticks: super::super::ticks::shares(&scale, 4), scale, name: series.name.clone() },
        Unit::Number { name } if name.is_empty() => Axis::numbers(scale, series.name.clone()),
        Unit::Rate { name } | Unit::Number { name } => Axis::numbers(scale, name.clone()),
    }
}

fn line(points: &[TimePoint], tone: Tone, at: &Axes<'_>) -> Vec<Mark> {
    let of = |value: fn(&TimePoint) -> Option<f64>| -> Vec<Place> {
        points.iter().filter_map(|point| Some(at.place(point.middle(), value(point)?))).collect()
    };
    let (lower, upper) = (of(|point| point.low), of(|point| point.high));
    let band = (lower.len() == points.len() && upper.len() == points.len() && !points.is_empty())
        .then_some(Mark::Band { tone, lower, upper });
    let line = Mark::Line { tone, places: of(|point| Some(point.value)) };
    band.into_iter().chain((!points.is_empty()).then_some(line)).collect()
}

/// The range of the chunks from before, over the whole width; the legend says what it is.
fn reference_marks(range: &ReferenceRange, at: &Axes<'_>) -> [Mark; 2] {
    let (low, high) = (at.y.position(range.low), at.y.position(range.high));
    let across = |height: f64| vec![(0.0, height), (1.0, height)];
    let band = Mark::Band { tone: Tone::Guide, lower: across(low), upper: across(high) };
    [band, Mark::Rule { tone: Tone::Guide, from: (0.0, high), to: (1.0, high) }]
}

fn between(range: &ReferenceRange, unit: &Unit) -> String {
    let (low, high) = (written(range.low, unit), written(range.high, unit));
    match unit {
        _ if low == high => low,
        Unit::Share => format!("{low} to {high}"),
        // The unit stands once.
        Unit::Rate { .. } | Unit::Number { .. } => format!("{} to {high}", number::number(range.low)),
    }
}

/// A dashed line across, with its words at the right end.
fn level(value: f64, words: &str, at: &Axes<'_>) -> [Mark; 2] {
    let height = at.y.position(value);
    let text = Mark::Text {
        tone: Tone::Bad,
        at: (1.0, height),
        align: Align::End,
        shift: (-6.0, -4.0),
        words: format::shortened(words, 2 * LONGEST),
    };
    [Mark::Rule { tone: Tone::Bad, from: (0.0, height), to: (1.0, height) }, text]
}

/// The start of serving, the onset or window, and the deployments, each with its words on a line of its own.
fn events(series: &TimeSeries, deployments: &[DeployedAt], at: &Axes<'_>) -> Vec<Mark> {
    let place = |ms: i64| Some(at.x.position(ms as f64)).filter(|place| (0.0..=1.0).contains(place));
    let started = series.served.first().filter(|_| !series.before.is_empty());
    let started = started.map(|first| (Tone::Quiet, first.from_ms, "serving starts".to_owned()));
    let (named, others) = deployments.split_at(deployments.len().min(NAMED));
    let named =
        named.iter().map(|one| (Tone::Quiet, one.at_ms, format!("deployed {}", format::shortened(&one.what, LONGEST))));
    let all = started.into_iter().chain(series.since.into_iter().flat_map(onset)).chain(named);
    let seen = all.filter_map(|(tone, ms, words)| Some((tone, place(ms)?, words)));
    let lines = seen.enumerate().flat_map(|(row, (tone, at, words))| upright(tone, at, row, words));
    let unnamed = others.iter().filter_map(|one| place(one.at_ms));
    lines.chain(unnamed.map(|at| Mark::Rule { tone: Tone::Quiet, from: (at, 0.0), to: (at, 1.0) })).collect()
}

/// Where something began, and where it ended; the title has both times of a window. What holds for the whole period has neither.
fn onset(since: Since) -> Vec<(Tone, i64, String)> {
    match since.extent {
        Extent::WholePeriod => Vec::new(),
        Extent::Onset => {
            vec![(Tone::Bad, since.from_ms, format!("onset {}", Since::onset(since.from_ms, since.from_ms).short()))]
        }
        Extent::Window => {
            vec![(Tone::Bad, since.from_ms, "begins".to_owned()), (Tone::Bad, since.to_ms, "ends".to_owned())]
        }
    }
}

/// Deployments that are not on the chart.
fn outside(deployments: &[DeployedAt], x: &Scale) -> String {
    let is_outside = |one: &&DeployedAt| !(0.0..=1.0).contains(&x.position(one.at_ms as f64));
    match deployments.iter().filter(is_outside).count() as u64 {
        0 => String::new(),
        1 => "1 deployment is outside this time.".to_owned(),
        many => format!("{} are outside this time.", number::counted(many, "deployment")),
    }
}

/// A strip for each point, from the middle between it and the one before to the middle between it and the next.
fn all_hovers(series: &TimeSeries, at: &Axes<'_>) -> Vec<Hover> {
    let points: Vec<(&TimePoint, &str)> = side(series).collect();
    let middles: Vec<f64> = points.iter().map(|(point, _)| at.x.position(point.middle())).collect();
    let ends = |index: usize| {
        let from = index.checked_sub(1).map_or(0.0, |before| (middles[before] + middles[index]) / 2.0);
        let to = middles.get(index + 1).map_or(1.0, |after| (middles[index] + after) / 2.0);
        (from.clamp(0.0, 1.0), to.clamp(0.0, 1.0))
    };
    let strip = |(index, (point, side)): (usize, &(&TimePoint, &str))| {
        let (from, to) = ends(index);
        Hover::strip(from, to.max(from), words(point, side, series))
    };
    points.iter().enumerate().map(strip).collect()
}

/// Every point with the word for its side, in the order of time.
fn side(series: &TimeSeries) -> impl Iterator<Item = (&TimePoint, &'static str)> {
    let served = series.served.iter().map(|point| (point, "served"));
    series.before.iter().map(|point| (point, "before serving")).chain(served)
}

fn words(point: &TimePoint, side: &str, series: &TimeSeries) -> String {
    let when = match point.from_ms == point.to_ms {
        true => format::time(point.from_ms),
        false => format!("{} to {}", format::time(point.from_ms), format::time(point.to_ms)),
    };
    let band = match (point.low, point.high) {
        (Some(low), Some(high)) => {
            format!(" ({}: {} to {})", series.band.words(), written(low, &series.unit), written(high, &series.unit))
        }
        _ => String::new(),
    };
    let rows = if point.rows > 0 { format!(", {}", number::counted(point.rows, "row")) } else { String::new() };
    format!("{when}, {side}: {}{band}{rows}", written(point.value, &series.unit))
}

fn written(value: f64, unit: &Unit) -> String {
    match unit {
        Unit::Share => number::percent(value),
        Unit::Number { name } if name.is_empty() => number::number(value),
        Unit::Rate { name } | Unit::Number { name } => format!("{} {name}", number::number(value)),
    }
}

fn title(series: &TimeSeries) -> String {
    match series.since {
        Some(since) => format!("{} over time: different {}", series.name, since.words()),
        None => format!("{} over time", series.name),
    }
}

fn summary(series: &TimeSeries) -> String {
    let (Some(first), Some(last)) = (series.served.first(), series.served.last()) else {
        return "There are no served rows with times.".to_owned();
    };
    let reference = series
        .reference
        .as_ref()
        .map_or_else(String::new, |range| format!(" On {} it was {}.", range.of, between(range, &series.unit)));
    format!(
        "From {} on {} to {} on {}.{reference}",
        written(first.value, &series.unit),
        format::time(first.from_ms),
        written(last.value, &series.unit),
        format::time(last.to_ms),
    )
}

fn legend(series: &TimeSeries) -> Vec<Key> {
    let rows = |points: &[TimePoint]| match points.iter().map(|point| point.rows).sum::<u64>() {
        0 => String::new(),
        rows => format!(" {}", number::count(rows)),
    };
    let before =
        (!series.before.is_empty()).then(|| Key::new(Tone::Train, format!("before serving{}", rows(&series.before))));
    let served = Key::new(Tone::Serve, format!("served{}", rows(&series.served)));
    let band = (series.band != BandKind::None).then(|| Key::plain(format!("band: {}", series.band.words())));
    let reference = series.reference.as_ref();
    let reference =
        reference.map(|range| Key::new(Tone::Guide, format!("{}: {}", range.of, between(range, &series.unit))));
    before.into_iter().chain([served]).chain(band).chain(reference).collect()
}

fn table(series: &TimeSeries) -> Table {
    let value = |value: f64| match series.unit {
        Unit::Share => Value::Share(value),
        Unit::Rate { .. } | Unit::Number { .. } => Value::Number(value),
    };
    let rows = side(series).map(|(point, side)| {
        [
            Value::Text(side.to_owned()),
            Value::Time(point.from_ms),
            Value::Time(point.to_ms),
            Value::Count(point.rows),
            value(point.value),
            point.low.map_or(Value::None, value),
            point.high.map_or(Value::None, value),
        ]
    });
    Table::ours(["side", "from (UTC)", "to (UTC)", "rows", "value", "low", "high"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Item;
    use crate::over_time::RuleLimit;

    const DAY: i64 = 86_400_000;

    fn point(day: i64, value: f64) -> TimePoint {
        let (low, high) = (Some(value - 0.02), Some(value + 0.02));
        TimePoint { from_ms: day * DAY, to_ms: (day + 1) * DAY, rows: 100, value, low, high }
    }

    fn series() -> TimeSeries {
        TimeSeries {
            id: "measured-accuracy".into(),
            name: "Accuracy on the served rows".into(),
            unit: Unit::Share,
            band: BandKind::Interval95,
            items: vec![Item::M1],
            columns: Vec::new(),
            findings: Vec::new(),
            before: vec![point(0, 0.9), point(1, 0.91)],
            served: vec![point(4, 0.9), point(5, 0.89), point(6, 0.7), point(7, 0.71)],
            reference: Some(ReferenceRange { of: "test rows".into(), low: 0.9, high: 0.91 }),
            rules: vec![RuleLimit { rule: "low accuracy".into(), limit: 0.8 }],
            limit: None,
            since: Some(Since::onset(6 * DAY, 8 * DAY)),
        }
    }

    fn said(scene: &Scene) -> Vec<&str> {
        scene
            .marks
            .iter()
            .filter_map(|mark| if let Mark::Text { words, .. } = mark { Some(words.as_str()) } else { None })
            .collect()
    }

    #[test]
    fn the_start_of_serving_the_onset_deployments_and_limits_are_marked_and_named() {
        let deployments =
            [(5, "model 7"), (99, "later")].map(|(day, what)| DeployedAt { at_ms: day * DAY, what: what.into() });
        let scene = scene(&series(), &deployments);
        assert_eq!(
            said(&scene),
            ["alert limit of low accuracy", "serving starts", "onset 7 Jan 1970", "deployed model 7"]
        );
        assert_eq!(scene.legend.last().map(|key| key.words.as_str()), Some("test rows: 90 % to 91 %"));
        assert_eq!(scene.note, "1 deployment is outside this time.");
        assert_eq!(scene.title, "Accuracy on the served rows over time: different since 7 Jan 1970");
        let bands = scene.marks.iter().filter(|mark| matches!(mark, Mark::Band { .. })).count();
        assert_eq!(bands, 3, "the reference, the time before and the served time");
    }

    #[test]
    fn the_limit_of_a_check_is_a_line_with_its_number_and_in_the_plot() {
        let drift = TimeSeries { rules: Vec::new(), limit: Some(0.95), ..series() };
        let scene = scene(&drift, &[]);
        assert_eq!(said(&scene)[0], "limit 0.95");
        let line = scene.marks.iter().find_map(|mark| match mark {
            Mark::Rule { tone: Tone::Bad, from, .. } => Some(from.1),
            _ => None,
        });
        assert!(line.is_some_and(|at| (0.0..=1.0).contains(&at)), "{line:?}");
    }

    #[test]
    fn each_point_has_its_words_and_its_row() {
        let scene = scene(&series(), &[]);
        assert_eq!((scene.hovers.len(), scene.table.rows.len()), (6, 6));
        assert_eq!(
            scene.hovers[4].words,
            "1970-01-07 to 1970-01-08, served: 70 % (95 % interval: 68 % to 72 %), 100 rows"
        );
        for pair in scene.hovers.windows(2) {
            assert!((pair[0].high.0 - pair[1].low.0).abs() < 1e-12, "the strips leave no gap");
        }
        assert_eq!(scene.table.rows[4][4], Value::Share(0.7));
        assert_eq!(scene.summary, "From 90 % on 1970-01-05 to 71 % on 1970-01-09. On test rows it was 90 % to 91 %.");
    }

    #[test]
    fn a_series_without_a_band_or_a_reference_is_a_line() {
        let bare = |day| TimePoint { low: None, high: None, rows: 0, ..point(day, day as f64) };
        let unit = Unit::Number { name: "EUR".into() };
        let series = TimeSeries {
            unit,
            band: BandKind::None,
            before: Vec::new(),
            served: vec![bare(1), bare(2)],
            reference: None,
            rules: Vec::new(),
            since: None,
            ..series()
        };
        let scene = scene(&series, &[]);
        assert!(matches!(scene.marks.as_slice(), [Mark::Line { .. }]), "{:?}", scene.marks);
        assert_eq!(scene.hovers[0].words, "1970-01-02 to 1970-01-03, served: 1 EUR");
        assert_eq!(scene.table.rows[0][5], Value::None);
    }
}
