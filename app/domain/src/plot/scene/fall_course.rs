//! What a fall is made of along time: a row for all of it and for each part, a tile for each window.

use super::super::scale::Scale;
use super::{Align, Axis, Chart, Hover, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::Problem;
use crate::fall::{Fall, FallWindow, Mechanism, rows_and_time, tenths};

pub const CHART: Chart = Chart {
    id: "fall_over_time",
    draw: |diagnosis, _| {
        diagnosis.fall.as_ref().and_then(scene).ok_or_else(|| {
            Problem::not_found(
                "The parts of the fall are not known along time. Give served rows with labels, predictions and times.",
            )
        })
    },
};

/// With more windows than this, figures in the tiles would run into each other.
const WITH_FIGURES: usize = 6;

/// A row: what it is called, and its points in each window.
struct Row {
    name: &'static str,
    points: Vec<f64>,
}

/// `None` where the parts are not known along time.
pub fn scene(fall: &Fall) -> Option<Scene> {
    let windows = &fall.over_time;
    let (first, last) = (windows.first()?, windows.last()?);
    let x = Scale::linear(first.from_ms as f64, last.to_ms as f64);
    let rows = rows(fall);
    let names: Vec<String> = rows.iter().map(|row| row.name.to_owned()).collect();
    let most = rows.iter().flat_map(|row| &row.points).map(|points| points.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let grid = Grid { windows, x, rows: rows.len(), most };
    Some(Scene {
        title: "What the fall is made of, along time".to_owned(),
        summary: summary(fall),
        marks: rows.iter().enumerate().flat_map(|(row, of)| grid.marks(row, &of.points)).collect(),
        hovers: rows.iter().enumerate().flat_map(|(row, of)| grid.hovers(row, of, fall)).collect(),
        legend: vec![
            Key::new(Tone::Serve, "points lost; the darker, the more"),
            Key::new(Tone::Positive, "points gained"),
        ],
        table: table(fall, &rows),
        ..Scene::on(CHART.id, Shape::Strips(rows.len()), Axis::times(x), Axis::names_down(&names, ""))
    })
}

fn rows(fall: &Fall) -> Vec<Row> {
    let all = Row { name: "all of it", points: fall.over_time.iter().map(|window| window.fall.points).collect() };
    let of = |mechanism: Mechanism| Row {
        name: mechanism.short(),
        points: fall.over_time.iter().map(|window| window.of(mechanism).unwrap_or(0.0)).collect(),
    };
    std::iter::once(all).chain(fall.parts.iter().map(|part| of(part.mechanism))).collect()
}

fn summary(fall: &Fall) -> String {
    let said = fall.course_sentence();
    if said.is_empty() { "The largest part did not certainly change during serving.".to_owned() } else { said }
}

/// Where the tiles lie.
struct Grid<'a> {
    windows: &'a [FallWindow],
    x: Scale,
    rows: usize,
    /// The most points of any tile: as dark as it gets.
    most: f64,
}

impl Grid<'_> {
    /// Lower left and upper right corner, with a little air between rows.
    fn ends(&self, row: usize, window: usize) -> ((f64, f64), (f64, f64)) {
        let height = 1.0 / self.rows.max(1) as f64;
        let top = 1.0 - row as f64 * height;
        let of = &self.windows[window];
        let next = self.windows.get(window + 1).map_or(of.to_ms, |next| next.from_ms);
        let (from, to) = (self.x.position(of.from_ms as f64), self.x.position(next as f64));
        ((from, top - 0.92 * height), (to.max(from), top - 0.08 * height))
    }

    fn marks(&self, row: usize, points: &[f64]) -> Vec<Mark> {
        let tiles = points.iter().enumerate().flat_map(|(window, points)| {
            let (low, high) = self.ends(row, window);
            let tone = if *points < 0.0 { Tone::Positive } else { Tone::Serve };
            let tile = Mark::Tile { tone, low, high, shade: 0.75 * points.abs() / self.most };
            let figure = Mark::Text {
                tone: Tone::Model,
                at: ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0),
                align: Align::Middle,
                shift: (0.0, 4.0),
                words: tenths(*points),
            };
            std::iter::once(tile).chain((self.windows.len() <= WITH_FIGURES).then_some(figure))
        });
        tiles.collect()
    }

    fn hovers(&self, row: usize, of: &Row, fall: &Fall) -> Vec<Hover> {
        let hover = |(window, points): (usize, &f64)| {
            let (low, high) = self.ends(row, window);
            let what = &fall.over_time[window];
            let interval = if row == 0 { format!(" ({})", what.fall.interval()) } else { String::new() };
            Hover { low, high, words: format!("{}, {}: {}{interval}", of.name, rows_and_time(what), tenths(*points)) }
        };
        of.points.iter().enumerate().map(hover).collect()
    }
}

fn table(fall: &Fall, rows: &[Row]) -> Table {
    let of_row = |row: &Row| -> Vec<[Value; 5]> {
        let windows = fall.over_time.iter().zip(&row.points);
        windows
            .map(|(window, points)| {
                [
                    Value::Text(row.name.to_owned()),
                    Value::Time(window.from_ms),
                    Value::Time(window.to_ms),
                    Value::Number(window.rows as f64),
                    Value::Number(*points),
                ]
            })
            .collect()
    };
    Table::ours(["part", "from", "to", "rows", "points lost"], rows.iter().flat_map(of_row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fall::tests::{split, window};

    #[test]
    fn each_part_has_a_row_and_each_window_a_tile_with_its_points() {
        let fall = split(&[(Mechanism::Scoring, 3.0), (Mechanism::Mix, 1.0)]);
        assert_eq!(scene(&fall), None);
        let over_time = (0..4).map(|day| window(day, if day < 2 { -0.5 } else { 6.0 })).collect();
        let scene = scene(&Fall { over_time, ..fall }).expect("it has a course");
        assert_eq!((scene.marks.len(), scene.hovers.len(), scene.table.rows.len()), (24, 12, 12));
        assert!(scene.hovers[4].words.starts_with("other predictions, 500 rows from 1970-01-01"), "{:?}", scene.hovers);
        let darkest = scene.marks.iter().filter(|mark| matches!(mark, Mark::Tile { shade, .. } if *shade > 0.74));
        assert_eq!(darkest.count(), 4, "two windows, of all and of the part");
    }
}
