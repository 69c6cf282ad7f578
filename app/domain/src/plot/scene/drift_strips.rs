//! How far each column is from training along time: a row for each column, a tile for each window. What is over the limit of
//! its check carries a dot, so that the shade is not all that tells.

use super::super::format;
use super::super::scale::Scale;
use super::{Axis, Chart, Hover, Key, Mark, Scene, Shape, Table, Tone, Value};
use crate::Problem;
use crate::number::{self, counted};
use crate::over_time::{ColumnStrip, StripWindow};

pub const CHART: Chart = Chart {
    id: "drift_strips",
    draw: |diagnosis, _| {
        scene(&diagnosis.over_time.columns).ok_or_else(|| {
            Problem::not_found("This investigation has no columns along time. Add served rows with a column of times.")
        })
    },
};

/// Rows that can be told apart.
const DRAWN: usize = 40;

/// The longest name of a column, in characters.
const LONGEST: usize = 24;

/// None without columns.
pub fn scene(strips: &[ColumnStrip]) -> Option<Scene> {
    let first = strips.first()?;
    let drawn = &strips[..strips.len().min(DRAWN)];
    let windows = || drawn.iter().flat_map(|strip| strip.before.iter().chain(&strip.served));
    let x = Scale::around(windows().flat_map(|window| [window.from_ms as f64, window.to_ms as f64]));
    let names: Vec<String> = drawn.iter().map(|strip| format::shortened(&strip.column, LONGEST)).collect();
    let rows = drawn.len();
    let of_row = |(row, strip): (usize, &ColumnStrip)| Row { strip, row, rows, x }.marks();
    let left_out = strips.len() - rows;
    Some(Scene {
        title: "Distance from training, column by column along time".to_owned(),
        summary: summary(first, strips),
        marks: drawn.iter().enumerate().flat_map(of_row).collect(),
        hovers: drawn.iter().enumerate().flat_map(|(row, strip)| Row { strip, row, rows, x }.hovers()).collect(),
        legend: vec![
            Key::new(Tone::Train, "windows of training, against the rest of it"),
            Key::new(Tone::Serve, "served windows, against training; the darker, the further"),
            Key::new(Tone::Bad, "dot: over the limit of the check"),
        ],
        note: match left_out {
            0 => String::new(),
            more => format!("{} that are nearer to training are not drawn.", counted(more as u64, "column")),
        },
        table: table(strips),
        ..Scene::on(CHART.id, Shape::Strips(rows), Axis::times(x), Axis::names_down(&names, ""))
    })
}

fn summary(first: &ColumnStrip, strips: &[ColumnStrip]) -> String {
    let over = |strip: &&ColumnStrip| strip.served.iter().any(|window| window.distance >= strip.limit);
    match strips.iter().filter(over).count() as u64 {
        0 => format!("No served window is over the limit of its check; {} went furthest.", first.column),
        many => format!(
            "In {} some served windows are over the limit; {} went furthest.",
            counted(many, "column"),
            first.column
        ),
    }
}

/// One column in the plot.
struct Row<'a> {
    strip: &'a ColumnStrip,
    row: usize,
    rows: usize,
    x: Scale,
}

impl Row<'_> {
    /// Lowest and highest place, with a little air between rows.
    fn heights(&self) -> (f64, f64) {
        let height = 1.0 / self.rows.max(1) as f64;
        let top = 1.0 - self.row as f64 * height;
        (top - 0.92 * height, top - 0.08 * height)
    }

    /// Every window with its tone and its left and right end, up to where the next one begins.
    fn placed(&self) -> impl Iterator<Item = (Tone, &StripWindow, f64, f64)> {
        let of_side = |tone: Tone, windows: &'_ [StripWindow]| -> Vec<(Tone, f64, f64)> {
            let ends = windows.iter().enumerate().map(|(at, window)| {
                let next = windows.get(at + 1).map_or(window.to_ms, |next| next.from_ms);
                (tone, self.x.position(window.from_ms as f64), self.x.position(next as f64))
            });
            ends.collect()
        };
        let places =
            of_side(Tone::Train, &self.strip.before).into_iter().chain(of_side(Tone::Serve, &self.strip.served));
        let windows = self.strip.before.iter().chain(&self.strip.served);
        places.zip(windows).map(|((tone, from, to), window)| (tone, window, from, to.max(from)))
    }

    fn marks(&self) -> Vec<Mark> {
        let (low, high) = self.heights();
        // Twice the limit is as dark as it gets.
        let shade = |window: &StripWindow| (window.distance / (2.0 * self.strip.limit)).clamp(0.0, 1.0);
        let tile = |(tone, window, from, to): (Tone, &StripWindow, f64, f64)| Mark::Tile {
            tone,
            low: (from, low),
            high: (to, high),
            shade: shade(window),
        };
        let over =
            self.placed().filter(|(tone, window, ..)| *tone == Tone::Serve && window.distance >= self.strip.limit);
        let places: Vec<(f64, f64)> = over.map(|(_, _, from, to)| ((from + to) / 2.0, (low + high) / 2.0)).collect();
        let words = vec![String::new(); places.len()];
        let dots = (!places.is_empty()).then_some(Mark::Points { tone: Tone::Bad, places, size: 3.0, words });
        self.placed().map(tile).chain(dots).collect()
    }

    fn hovers(&self) -> Vec<Hover> {
        let (low, high) = self.heights();
        let hover = |(tone, window, from, to): (Tone, &StripWindow, f64, f64)| Hover {
            low: (from, low),
            high: (to, high),
            words: words(self.strip, window, tone),
        };
        self.placed().map(hover).collect()
    }
}

fn words(strip: &ColumnStrip, window: &StripWindow, tone: Tone) -> String {
    let side = if tone == Tone::Serve { "served" } else { "training" };
    format!(
        "{}, {} to {}, {side}: {} {}, limit {}, {}",
        strip.column,
        format::time(window.from_ms),
        format::time(window.to_ms),
        strip.distance,
        number::fixed(window.distance),
        number::number(strip.limit),
        counted(window.rows, "row")
    )
}

fn table(strips: &[ColumnStrip]) -> Table {
    let of_strip = |strip: &ColumnStrip| -> Vec<[Value; 7]> {
        let sides = [("training", &strip.before), ("served", &strip.served)];
        let of_side = |(side, windows): (&str, &Vec<StripWindow>)| -> Vec<[Value; 7]> {
            let row = |window: &StripWindow| {
                [
                    Value::Text(strip.column.clone()),
                    Value::Text(side.to_owned()),
                    Value::Time(window.from_ms),
                    Value::Time(window.to_ms),
                    Value::Count(window.rows),
                    Value::Number(window.distance),
                    Value::Number(strip.limit),
                ]
            };
            windows.iter().map(row).collect()
        };
        sides.into_iter().flat_map(of_side).collect()
    };
    Table::ours(["column", "rows of", "from", "to", "rows", "distance", "limit"], strips.iter().flat_map(of_strip))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn strip(column: &str, served: [f64; 2]) -> ColumnStrip {
        let window = |from_ms, distance| StripWindow { from_ms, to_ms: from_ms + 8, rows: 100, distance };
        ColumnStrip {
            column: column.to_owned(),
            distance: "KS statistic beyond chance".to_owned(),
            limit: 0.2,
            before: vec![window(0, 0.02)],
            served: vec![window(10, served[0]), window(20, served[1])],
        }
    }

    #[test]
    fn each_window_is_a_tile_up_to_the_next_and_one_over_the_limit_has_a_dot() {
        let scene = scene(&[strip("amount", [0.1, 0.5]), strip("age", [0.0, 0.1])]).unwrap();
        let tiles: Vec<(Tone, f64, f64, f64)> = scene
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Tile { tone, low, high, shade } => Some((*tone, low.0, high.0, *shade)),
                _ => None,
            })
            .collect();
        assert_eq!((tiles.len(), scene.hovers.len(), scene.table.rows.len()), (6, 6, 6));
        assert_eq!(tiles[1].2, tiles[2].1, "a served window ends where the next begins");
        assert_eq!((tiles[0].0, tiles[1].3, tiles[2].3), (Tone::Train, 0.25, 1.0));
        let dots: Vec<usize> = scene
            .marks
            .iter()
            .filter_map(|mark| if let Mark::Points { places, .. } = mark { Some(places.len()) } else { None })
            .collect();
        assert_eq!(dots, [1]);
        assert_eq!(scene.summary, "In 1 column some served windows are over the limit; amount went furthest.");
        assert!(super::scene(&[]).is_none());
    }

    #[test]
    fn many_columns_are_cut_and_the_table_has_all() {
        let all: Vec<ColumnStrip> = (0..50).map(|at| strip(&format!("c{at}"), [0.0, 0.0])).collect();
        let scene = scene(&all).unwrap();
        assert_eq!((scene.shape, scene.table.rows.len()), (Shape::Strips(40), 150));
        assert_eq!(scene.note, "10 columns that are nearer to training are not drawn.");
    }
}
