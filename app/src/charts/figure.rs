//! A chart on a page: its title, its legend, the plot with its axes, the numbers behind it, and its files.

use domain::number;
use domain::plot::scene::{FileKind, Mark, Scene, Shape, Table};
use leptos::prelude::*;

use super::{around, marks};
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
    };
    let axes = match shape {
        Shape::Rows(_) => around::names(&y),
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

/// The chart and its numbers as files.
pub fn file_links(id: &'static str, files: Files) -> AnyView {
    let link = |kind: FileKind| view! { <a href=move || files.run((id, kind)) download>{kind.words()}</a> };
    let links: Vec<_> = FileKind::ALL.into_iter().map(link).collect();
    view! { <p class="files">"Download " {links}</p> }.into_any()
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
