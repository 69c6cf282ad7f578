//! How the chart of a column is seen: its picture, axis, heights and bins. Each choice is a link to the same page with
//! that changed and nothing else.

use domain::Comparison;
use domain::comparison::ChartData;
use domain::plot::scene::column::pictures;
use domain::plot::scene::{AxisKind, ColumnView, Height, Picture};
use leptos::prelude::*;

use super::asked::Asked;
use crate::address::Place;

/// Bins of a histogram, about.
const BINS: [(usize, &str); 3] = [(10, "10"), (25, "25"), (50, "50 bins")];

/// `view` is what is shown; what the address leaves open is decided in it.
#[component]
pub fn Controls(place: Place, comparison: Comparison, asked: Asked, view: ColumnView) -> impl IntoView {
    // Only what is chosen goes into an address: the axis that fits one column need not fit the next.
    let choice = |words: &'static str, is_chosen: bool, chosen: ColumnView| {
        let href = Asked { view: chosen, ..asked.clone() }.at_detail(&place);
        view! { <a href=href aria-current=is_chosen.then_some("true")>{words}</a> }
    };
    let now = asked.view;
    let offered = pictures(&comparison);
    let is_binned = offered.contains(&Picture::Ecdf);
    let has_log = matches!(&comparison.chart, Some(ChartData::Numeric(chart)) if chart.log.is_some());
    let has_values_along_it = is_binned && view.picture != Picture::OverTime;
    let axes = has_values_along_it.then(|| {
        let of = |axis: AxisKind, words| choice(words, view.axis == axis, ColumnView { axis, ..now });
        view! {
            <nav class="segments" aria-label="Axis">
                {of(AxisKind::Linear, "Linear")}
                {match has_log {
                    true => of(AxisKind::Log, "Log").into_any(),
                    false => view! {
                        <span class="unavailable" title="A logarithmic axis needs values that are all above 0.">"Log"</span>
                    }
                    .into_any(),
                }}
            </nav>
        }
    });
    let pictures = is_binned.then(|| {
        let of = |picture: Picture| choice(picture.words(), view.picture == picture, ColumnView { picture, ..now });
        view! { <nav class="segments" aria-label="Picture">{offered.iter().copied().map(of).collect_view()}</nav> }
    });
    let of_bars = !is_binned || view.picture == Picture::Histogram;
    let heights = (of_bars && !offered.is_empty()).then(|| {
        let of = |height: Height, words| choice(words, view.height == height, ColumnView { height, ..now });
        view! {
            <nav class="segments" aria-label="Height of bars">
                {of(Height::Share, "Shares")} {of(Height::Count, "Counts")}
            </nav>
        }
    });
    let bins = (is_binned && of_bars).then(|| {
        let of = |(bins, words): (usize, &'static str)| choice(words, view.bins == bins, ColumnView { bins, ..now });
        view! { <nav class="segments" aria-label="Bins">{BINS.map(of).into_iter().collect_view()}</nav> }
    });
    view! { <div class="chart-controls">{pictures} {axes} {heights} {bins}</div> }
}
