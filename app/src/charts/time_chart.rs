//! The chart of a measure along time, with its files. The values of a chunk stand in the chart while the pointer is over it
//! or a finger on it: the style sheet shows them, so that no script is needed.

use std::fmt::Write;

use domain::markup::escaped;
use domain::over_time::{DeployedAt, TimeSeries};
use domain::plot::scene::{Hover, time_series};
use leptos::prelude::*;

use super::figure::{figure_under, files};
use super::path::percent;
use crate::address::Place;

#[component]
pub fn TimeChart(
    #[prop(into)] place: Option<Place>,
    series: TimeSeries,
    deployments: Vec<DeployedAt>,
) -> impl IntoView {
    let mut scene = time_series::scene(&series, &deployments);
    let told = readings(&std::mem::take(&mut scene.hovers));
    let id = series.id;
    let overlay = view! { <g inner_html=told></g> }.into_any();
    let files = place.map(|place| files(place, move || vec![("series", id.clone())]));
    view! { <div class="time-chart">{figure_under(().into_any(), scene, overlay, files)}</div> }
}

/// A strip for each chunk, with the words that it shows.
fn readings(hovers: &[Hover]) -> String {
    let mut out = String::new();
    for hover in hovers {
        let (x, width) = (percent(hover.low.0), percent(hover.high.0 - hover.low.0));
        let words = escaped(&hover.words);
        // Writing to a String can't fail.
        let _ = write!(
            out,
            "<g class=\"reading\"><rect class=\"hit\" x=\"{x}\" y=\"0%\" width=\"{width}\" height=\"100%\"></rect>\
             <foreignObject x=\"0%\" y=\"0\" width=\"100%\" height=\"56\"><p>{words}</p></foreignObject></g>"
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_files_stay_text() {
        let drawn = readings(&[Hover::strip(0.0, 0.5, "</p><script>alert(1)</script>".to_owned())]);
        assert!(!drawn.contains("<script") && drawn.contains("&lt;script&gt;"), "{drawn}");
    }
}
