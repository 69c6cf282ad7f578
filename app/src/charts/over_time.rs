//! Over time: median and quartiles per stretch of rows, train and then serve.

use domain::comparison::{Side, TimeChunk};
use domain::plot::format;
use domain::plot::scale::Scale;
use domain::snapshot::ColumnKind;
use leptos::prelude::*;

use super::axis::Axis;
use super::frame::{Chart, Shape, stretched};
use super::pair::Pair;
use super::path::{self, from_top, percent};
use super::table::DataTable;
use super::values::value;

/// The range of time of all chunks.
pub fn time_scale(chunks: &[TimeChunk]) -> Scale {
    Scale::around(chunks.iter().flat_map(|chunk| [chunk.from_ms as f64, chunk.to_ms as f64]))
}

pub fn chart(column: &str, kind: ColumnKind, chunks: &[TimeChunk], overlay: AnyView) -> AnyView {
    let x = time_scale(chunks);
    let y = Scale::around(chunks.iter().flat_map(|chunk| [chunk.q25, chunk.median, chunk.q75]));
    let sides = Pair::TrainServe.classes();
    let of_side = |side: &str| chunks.iter().filter(|chunk| chunk.side.id() == side).collect::<Vec<_>>();
    let bands: Vec<_> = sides.into_iter().map(|side| band(&of_side(side), side, &x, &y)).collect();
    let dots: Vec<_> = chunks.iter().map(|chunk| dot(chunk, kind, &x, &y)).collect();
    let rows = sides.map(|side| of_side(side).iter().map(|chunk| chunk.n).sum());
    let y = Axis { name: format!("{column}: median, band from 25 % to 75 %"), ..Axis::of_values(y, column, kind) };
    let marks = view! {
        {stretched(bands)}
        {dots}
        {overlay}
    };
    Chart {
        title: format!("How {column} moved over time"),
        summary: summary(chunks, kind),
        keys: Pair::TrainServe.keys(rows),
        shape: Shape::Wide,
        x: Axis::times(x),
        y,
        table: table(chunks, kind),
    }
    .around(marks)
}

fn band(chunks: &[&TimeChunk], side: &'static str, x: &Scale, y: &Scale) -> impl IntoView + use<> {
    let at = |of: fn(&TimeChunk) -> f64| -> Vec<path::Place> {
        let places = chunks.iter().map(|chunk| (x.position(middle(chunk)), y.position(of(chunk))));
        places.filter(|place| place.1.is_finite()).collect()
    };
    let area = path::band(&at(|chunk| chunk.q25), &at(|chunk| chunk.q75));
    let line = path::line(at(|chunk| chunk.median));
    view! {
        <path class=format!("band {side}") d=area></path>
        <path class=format!("line {side}") d=line></path>
    }
}

fn middle(chunk: &TimeChunk) -> f64 {
    (chunk.from_ms as f64 + chunk.to_ms as f64) / 2.0
}

fn dot(chunk: &TimeChunk, kind: ColumnKind, x: &Scale, y: &Scale) -> Option<impl IntoView + use<>> {
    let side = chunk.side.id();
    let text = format!(
        "{} to {}: {side} median {}, quartiles {} and {} ({} rows, {} missing)",
        format::time(chunk.from_ms),
        format::time(chunk.to_ms),
        value(chunk.median, kind),
        value(chunk.q25, kind),
        value(chunk.q75, kind),
        format::count(chunk.n),
        format::count(chunk.nulls),
    );
    let (cx, cy) = (x.position(middle(chunk)), y.position(chunk.median));
    cy.is_finite().then(|| {
        view! { <circle class=format!("dot {side}") cx=percent(cx) cy=from_top(cy) r="4"><title>{text}</title></circle> }
    })
}

fn summary(chunks: &[TimeChunk], kind: ColumnKind) -> String {
    let last = |side: Side| chunks.iter().rev().find(|chunk| chunk.side == side).map(|chunk| value(chunk.median, kind));
    match (last(Side::Train), last(Side::Serve)) {
        (Some(train), Some(serve)) => format!("The last train median is {train}, the last serve median {serve}"),
        _ => "Only one side has times".to_owned(),
    }
}

fn table(chunks: &[TimeChunk], kind: ColumnKind) -> DataTable {
    let rows = chunks.iter().map(|chunk| {
        [
            chunk.side.id().to_owned(),
            format::time(chunk.from_ms),
            format::time(chunk.to_ms),
            format::count(chunk.n),
            format::count(chunk.nulls),
            value(chunk.q25, kind),
            value(chunk.median, kind),
            value(chunk.q75, kind),
        ]
    });
    DataTable::new(["side", "from (UTC)", "to (UTC)", "rows", "missing", "25 %", "median", "75 %"]).with(rows)
}
