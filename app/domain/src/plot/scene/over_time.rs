//! Over time: median and quartiles per chunk of rows, train and then serve.

use super::super::format::{self, value};
use super::super::scale::Scale;
use super::marks::upright;
use super::{Axis, Key, Mark, Place, Scene, Shape, Table, Tone, Value};
use crate::comparison::{Side, TimeChunk};
use crate::snapshot::ColumnKind;

const SIDES: [(Side, Tone); 2] = [(Side::Train, Tone::Train), (Side::Serve, Tone::Serve)];

pub fn scene(column: &str, kind: ColumnKind, chunks: &[TimeChunk]) -> Scene {
    let x = time_scale(chunks);
    let y = Scale::around(chunks.iter().flat_map(|chunk| [chunk.q25, chunk.median, chunk.q75]));
    let of_side = |side: Side| chunks.iter().filter(|chunk| chunk.side == side).collect::<Vec<_>>();
    let rows = SIDES.map(|(side, _)| of_side(side).iter().map(|chunk| chunk.n).sum());
    Scene {
        title: format!("How {column} moved over time"),
        summary: summary(chunks, kind),
        marks: SIDES
            .into_iter()
            .flat_map(|(side, tone)| marks(&of_side(side), tone, kind, (&x, &y)))
            .chain(start_of_serving(chunks, &x))
            .collect(),
        legend: Key::sides(rows),
        table: table(chunks, kind),
        ..Scene::on(
            "column",
            Shape::Wide,
            Axis::times(x),
            Axis { name: format!("{column}: median, band from 25 % to 75 %"), ..Axis::of_values(y, column, kind) },
        )
    }
}

/// The range of time of all chunks.
pub fn time_scale(chunks: &[TimeChunk]) -> Scale {
    Scale::around(chunks.iter().flat_map(|chunk| [chunk.from_ms as f64, chunk.to_ms as f64]))
}

/// Where the served rows begin, if there are others before.
fn start_of_serving(chunks: &[TimeChunk], x: &Scale) -> Vec<Mark> {
    let first = |side: Side| chunks.iter().filter(|chunk| chunk.side == side).map(|chunk| chunk.from_ms).min();
    match (first(Side::Train), first(Side::Serve)) {
        (Some(train), Some(serve)) if train < serve => {
            upright(Tone::Quiet, x.position(serve as f64), 0, "serving starts".to_owned())
        }
        _ => Vec::new(),
    }
}

fn marks(chunks: &[&TimeChunk], tone: Tone, kind: ColumnKind, (x, y): (&Scale, &Scale)) -> [Mark; 3] {
    // A chunk in which every value is missing has no quartiles.
    let filled: Vec<&TimeChunk> = chunks.iter().copied().filter(|chunk| chunk.median.is_finite()).collect();
    let at = |of: fn(&TimeChunk) -> f64| -> Vec<Place> {
        filled.iter().map(|chunk| (x.position(middle(chunk)), y.position(of(chunk)))).collect()
    };
    let words = filled.iter().map(|chunk| chunk_words(chunk, kind)).collect();
    [
        Mark::Band { tone, lower: at(|chunk| chunk.q25), upper: at(|chunk| chunk.q75) },
        Mark::Line { tone, places: at(|chunk| chunk.median) },
        Mark::Points { tone, places: at(|chunk| chunk.median), size: 4.0, words },
    ]
}

fn middle(chunk: &TimeChunk) -> f64 {
    (chunk.from_ms as f64 + chunk.to_ms as f64) / 2.0
}

fn chunk_words(chunk: &TimeChunk, kind: ColumnKind) -> String {
    format!(
        "{} to {}: {} median {}, quartiles {} and {} ({} rows, {} missing)",
        format::time(chunk.from_ms),
        format::time(chunk.to_ms),
        chunk.side.id(),
        value(chunk.median, kind),
        value(chunk.q25, kind),
        value(chunk.q75, kind),
        format::count(chunk.n),
        format::count(chunk.nulls),
    )
}

fn summary(chunks: &[TimeChunk], kind: ColumnKind) -> String {
    let last = |side: Side| {
        chunks
            .iter()
            .rev()
            .find(|chunk| chunk.side == side && chunk.median.is_finite())
            .map(|chunk| value(chunk.median, kind))
    };
    match (last(Side::Train), last(Side::Serve)) {
        (Some(train), Some(serve)) => format!("The last train median is {train}, the last serve median {serve}."),
        _ => "Only one side has times.".to_owned(),
    }
}

fn table(chunks: &[TimeChunk], kind: ColumnKind) -> Table {
    let rows = chunks.iter().map(|chunk| {
        [
            Value::Text(chunk.side.id().to_owned()),
            Value::Time(chunk.from_ms),
            Value::Time(chunk.to_ms),
            Value::Count(chunk.n),
            Value::Count(chunk.nulls),
            Value::of_kind(chunk.q25, kind),
            Value::of_kind(chunk.median, kind),
            Value::of_kind(chunk.q75, kind),
        ]
    });
    Table::ours(["side", "from (UTC)", "to (UTC)", "rows", "missing", "25 %", "median", "75 %"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_without_values_is_in_the_table_and_not_in_the_picture() {
        let chunk = |side: Side, from_ms, median: f64| TimeChunk {
            side,
            from_ms,
            to_ms: from_ms + 1000,
            n: 10,
            nulls: 0,
            q25: median - 1.0,
            median,
            q75: median + 1.0,
        };
        let chunks = [chunk(Side::Train, 0, 5.0), chunk(Side::Train, 1000, f64::NAN), chunk(Side::Serve, 2000, 9.0)];
        let scene = scene("income", ColumnKind::Numeric, &chunks);
        let places = |mark: &Mark| if let Mark::Line { places, .. } = mark { places.len() } else { 0 };
        assert_eq!(scene.marks.iter().map(places).sum::<usize>(), 2);
        assert_eq!(scene.table.rows.len(), 3);
        assert_eq!(scene.summary, "The last train median is 5, the last serve median 9.");
    }
}
