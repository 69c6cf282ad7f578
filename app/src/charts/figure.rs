//! What surrounds every chart: its title, its legend, the plot with its axes, the numbers behind it, and its files.

use domain::plot::scene::{FileKind, Key, Scene, Shape};
use leptos::prelude::*;

use super::table::table_behind;
use super::{axes, marks};
use crate::address::Place;

/// Makes the address of a chart's file, from the chart's id and the kind of file.
pub type Files = Callback<(&'static str, FileKind), String>;

/// The files of charts that `pairs` describe: a column and its view, or a run and its settings.
pub fn files(place: Place, pairs: impl Fn() -> Vec<(&'static str, String)> + Send + Sync + 'static) -> Files {
    Callback::new(move |(id, kind): (&'static str, FileKind)| {
        let pairs = pairs();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        place.figure(&format!("{id}.{}", kind.id()), &pairs)
    })
}

/// Paints a scene. `overlay` is drawn over its marks: what the reader has chosen, or what takes the pointer.
pub fn figure(scene: Scene, overlay: AnyView, files: Files) -> AnyView {
    let Scene { id, title, summary, shape, x, y, marks, hovers, legend, note, table, .. } = scene;
    let label = format!("{title}. {summary}");
    let (plot, height) = match shape {
        Shape::Wide | Shape::Matrix(_) => ("plot", None),
        Shape::Square => ("plot square", None),
        Shape::Rows(rows) => ("plot labelled", Some((rows * Shape::ROW).to_string())),
    };
    let axes = match shape {
        Shape::Rows(_) => axes::names(&y),
        _ => axes::both(&x, &y),
    };
    view! {
        <figure class="chart">
            <figcaption>
                <span class="chart-title">{title}</span>
                {legend_line(legend)}
            </figcaption>
            <svg class=plot height=height role="img" aria-label=label>
                <desc>{summary}</desc>
                {axes}
                {marks::view(&marks, &hovers)}
                {overlay}
            </svg>
            {(!note.is_empty()).then(|| view! { <p class="note">{note}</p> })}
            <div class="chart-foot">
                {table_behind(&table)}
                {file_links(id, files)}
            </div>
        </figure>
    }
    .into_any()
}

/// What each colour stands for, with its number of rows.
fn legend_line(legend: Vec<Key>) -> AnyView {
    let keys: Vec<_> = legend
        .into_iter()
        .map(|Key { tone, words }| {
            let class = format!("key {}", tone.map_or("plain", |tone| tone.class()));
            view! { <span class=class>{words}</span> }
        })
        .collect();
    view! { <span class="keys">{keys}</span> }.into_any()
}

/// The chart and its numbers as files.
pub fn file_links(id: &'static str, files: Files) -> AnyView {
    let links: Vec<_> = FileKind::ALL
        .into_iter()
        .map(|kind| view! { <a href=move || files.run((id, kind)) download>{kind.words()}</a> })
        .collect();
    view! { <p class="files">"Download " {links}</p> }.into_any()
}
