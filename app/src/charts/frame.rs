//! What surrounds every chart: its title, what is compared with how many rows, the plot with its axes, and the table
//! behind it.

use leptos::prelude::*;

use super::axis::{self, Axis};
use super::table::{DataTable, table_behind};

/// The plot's proportions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Wide,
    Square,
}

/// One entry of the line under the title: what a colour stands for, and how many rows are behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The CSS class of the marks: `train`, `serve`, `rest` …
    pub class: &'static str,
    pub text: String,
}

/// A chart before it is drawn. `title` states what is shown; `summary` says it in a sentence for those who can't see it.
pub struct Chart {
    pub title: String,
    pub summary: String,
    pub keys: Vec<Key>,
    pub shape: Shape,
    pub x: Axis,
    pub y: Axis,
    pub table: DataTable,
}

impl Chart {
    /// Draws it around its marks, which are SVG with places in percent of the plot.
    pub fn around(self, marks: impl IntoView + 'static) -> AnyView {
        let Chart { title, summary, keys, shape, x, y, table } = self;
        let label = format!("{title}. {summary}");
        let plot = match shape {
            Shape::Wide => "plot",
            Shape::Square => "plot square",
        };
        view! {
            <figure class="chart">
                <figcaption>
                    <span class="chart-title">{title}</span>
                    {key_line(keys)}
                </figcaption>
                <svg class=plot role="img" aria-label=label>
                    <desc>{summary}</desc>
                    {axis::upwards(&y)}
                    {axis::across(&x)}
                    <line class="base" x1="0" x2="100%" y1="100%" y2="100%"/>
                    {marks.into_any()}
                </svg>
                {table_behind(table)}
            </figure>
        }
        .into_any()
    }
}

/// Colour, name and rows of each side.
pub fn key_line(keys: Vec<Key>) -> impl IntoView {
    let keys: Vec<_> =
        keys.into_iter().map(|key| view! { <span class=format!("key {}", key.class)>{key.text}</span> }).collect();
    view! { <span class="keys">{keys}</span> }
}

/// The square of 1000 units that is stretched over the plot, for paths (see [`super::path`]).
pub fn stretched(paths: impl IntoView + 'static) -> AnyView {
    view! { <svg class="stretched" viewBox="0 0 1000 1000" preserveAspectRatio="none">{paths.into_any()}</svg> }
        .into_any()
}
