//! How the chart of a column is seen: its picture, axis, heights and bins. Each choice is a link to the same page with
//! that changed and nothing else.

use domain::Comparison;
use domain::comparison::ChartData;
use domain::plot::scene::column::pictures;
use domain::plot::scene::{AxisKind, ColumnView, Height, Picture, histogram};
use leptos::prelude::*;

use super::asked::Asked;
use crate::address::Place;

/// Fewer bins than were measured.
const FEWER_BINS: [usize; 2] = [10, 15];

/// `view` is what is shown; what the address leaves open is decided in it.
#[component]
pub fn Controls(place: Place, comparison: Comparison, asked: Asked, view: ColumnView) -> impl IntoView {
    // Only what is chosen goes into an address: the axis that fits one column need not fit the next.
    let choice = |words: &str, is_chosen: bool, chosen: ColumnView| {
        let words = words.to_owned();
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
    let measured = match &comparison.chart {
        Some(ChartData::Numeric(chart)) => histogram::bins(chart, view.axis).len(),
        _ => 0,
    };
    let bins = (of_bars && measured > FEWER_BINS[0]).then(|| {
        let fewer: Vec<usize> = FEWER_BINS.into_iter().filter(|bins| *bins < measured).collect();
        let is_fewer = fewer.contains(&view.bins);
        let all = ColumnView { bins: ColumnView::DEFAULT_BINS, ..now };
        view! {
            <nav class="segments" aria-label="Bins">
                {fewer
                    .into_iter()
                    .map(|bins| choice(&bins.to_string(), view.bins == bins, ColumnView { bins, ..now }))
                    .collect_view()}
                {choice(&format!("{measured} bins"), !is_fewer, all)}
            </nav>
        }
    });
    view! { <div class="chart-controls">{pictures} {axes} {heights} {bins}</div> }
}
