//! A chart on a page: its title, its legend, the plot with its axes, the numbers behind it, and its files.

use std::sync::Arc;

use domain::evidence::Pinned;
use domain::number;
use domain::plot::scene::{FileKind, Mark, Scene, Shape, Table};
use leptos::prelude::*;

use super::{around, marks};
use crate::address::Place;

/// The addresses of a chart: of its files, by the chart's id and the kind of file, and of where it is pinned.
#[derive(Clone, Copy)]
pub struct Files {
    file: Callback<(&'static str, FileKind), String>,
    pin: Option<Callback<&'static str, String>>,
}

impl Files {
    /// Of what is pinned already.
    pub fn kept(place: Place, evidence: String) -> Files {
        let file = Callback::new(move |(_, kind): (&'static str, FileKind)| {
            place.evidence_file(&evidence, &format!("picture.{}", kind.id()))
        });
        Files { file, pin: None }
    }
}

/// The files of charts that `pairs` describe: a column and its view, or a run and its settings.
pub fn files(place: Place, pairs: impl Fn() -> Vec<(&'static str, String)> + Send + Sync + 'static) -> Files {
    let pairs = Arc::new(pairs);
    let (of_file, of_pin) = (Arc::clone(&pairs), pairs);
    let pinned_at = place.clone();
    let file = Callback::new(move |(id, kind): (&'static str, FileKind)| {
        let pairs = of_file();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        place.figure(&format!("{id}.{}", kind.id()), &pairs)
    });
    let pin = (!pinned_at.is_read_only()).then(|| {
        Callback::new(move |id: &'static str| {
            let query = of_pin().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            pinned_at.pin(&Pinned::Chart { chart: id.to_owned(), query }.to_query())
        })
    });
    Files { file, pin }
}

/// Paints a scene. `overlay` is drawn over its marks: what the reader has chosen, or what takes the pointer.
pub fn figure(scene: Scene, overlay: AnyView, files: Files) -> AnyView {
    figure_under(().into_any(), scene, overlay, Some(files))
}

/// The same below a surface of HTML that covers the plot and takes the pointer. A chart that is in no diagnosis has no files.
pub fn figure_under(surface: AnyView, scene: Scene, overlay: AnyView, files: Option<Files>) -> AnyView {
    let links = files.map_or_else(|| ().into_any(), |files| file_links(scene.id, files));
    framed(scene, overlay, surface, links)
}

/// Paints a scene of the program's own figures, which are in no diagnosis and so have no files.
pub fn drawing(scene: Scene) -> AnyView {
    figure_under(().into_any(), scene, ().into_any(), None)
}

fn framed(scene: Scene, overlay: AnyView, surface: AnyView, links: AnyView) -> AnyView {
    let Scene { title, summary, shape, x, y, marks, hovers, legend, note, table, .. } = scene;
    let label = format!("{title}. {summary}");
    let (plot, height) = match shape {
        Shape::Wide | Shape::Matrix(_) => ("plot", None),
        Shape::Square => ("plot square", None),
        Shape::Rows(rows) => ("plot labelled", Some((rows * Shape::ROW).to_string())),
        Shape::Strips(rows) => ("plot labelled strips", Some((rows * Shape::STRIP).to_string())),
    };
    let axes = match shape {
        Shape::Rows(_) => around::names(&y),
        Shape::Strips(_) => around::across(&x) + &around::names(&y),
        _ => around::axes(&x, &y),
    };
    let drawn = axes + &marks::svg(&marks, &hovers);
    view! {
        <figure class="chart">
            <figcaption>
                <span class="chart-title">{title}</span>
                <span class="keys" inner_html=around::legend(&legend)></span>
            </figcaption>
            <div class="plot-frame">
                <svg class=plot height=height role="img" aria-label=label>
                    <g inner_html=drawn></g>
                    {overlay}
                </svg>
                {surface}
            </div>
            {(!note.is_empty()).then(|| view! { <p class="note">{note}</p> })}
            <div class="chart-foot">
                {numbers(&table)}
                {links}
            </div>
        </figure>
    }
    .into_any()
}

/// The table behind a chart, folded away until asked for: for those who read numbers, a screen reader, or copy them.
fn numbers(table: &Table) -> AnyView {
    let every = table.for_page().0;
    let thinned = (every > 1).then(|| {
        let all = number::counted(table.rows.len() as u64, "row");
        view! { <p class="note">{format!("One row in {every} is shown. The CSV file has all {all}.")}</p> }
    });
    view! {
        <details class="behind">
            <summary>"Show the numbers"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="The numbers behind the chart">
                <table inner_html=around::table(table)></table>
            </div>
            {thinned}
        </details>
    }
    .into_any()
}

/// A table of figures.
pub fn numbers_table(table: &Table) -> AnyView {
    view! { <table class="table dense" inner_html=around::table(table)></table> }.into_any()
}

/// The chart and its numbers as files, and where it is pinned.
pub fn file_links(id: &'static str, files: Files) -> AnyView {
    let link = |kind: FileKind| view! { <a href=move || files.file.run((id, kind)) download>{kind.words()}</a> };
    let links: Vec<_> = FileKind::ALL.into_iter().map(link).collect();
    let pin = files.pin.map(|pin| view! { <a class="pin" href=move || pin.run(id)>"Pin as evidence"</a> });
    view! { <p class="files">{pin} <span>"Download " {links}</span></p> }.into_any()
}

/// Marks over a chart that the server drew, which [`mark_again`] replaces in the browser.
pub fn marked(chart: &str, marks: &[Mark]) -> AnyView {
    view! { <g id=format!("chosen-{chart}") inner_html=marks::svg(marks, &[])></g> }.into_any()
}

/// Draws other marks over a chart of the page, if it is there.
pub fn mark_again(chart: &str, marks: &[Mark]) {
    if let Some(group) = document().get_element_by_id(&format!("chosen-{chart}")) {
        group.set_inner_html(&marks::svg(marks, &[]));
    }
}

/// What the reader has chosen, drawn over a chart.
pub fn chosen(marked: impl Fn() -> Vec<Mark> + Send + Sync + 'static) -> AnyView {
    view! { <g inner_html=move || marks::svg(&marked(), &[])></g> }.into_any()
}
