//! The charts of a finding: along time, of its column, and of the learning curve or the run of predictions that it is about.

use std::sync::Arc;

use domain::over_time::TimeSeries;
use domain::plot::scene::of_finding::{Drawn, compared, of_model, pictures};
use domain::plot::scene::{ColumnView, Picture, column};
use domain::{Comparison, Diagnosis, Finding};
use leptos::prelude::*;

use crate::address::Place;
use crate::charts::{ColumnChart, TimeChart, figure_under, files};

/// Series that a finding shows at most.
const MOST_SERIES: usize = 2;

/// All of them; none where a finding has no chart of its own. Without a place, which an example has not, they have no files.
#[component]
pub fn FindingCharts(place: Option<Place>, diagnosis: Arc<Diagnosis>, finding: Finding) -> impl IntoView {
    let along: Vec<TimeSeries> = diagnosis.over_time.of_finding(&finding.id).take(MOST_SERIES).cloned().collect();
    let deployments = diagnosis.over_time.deployments.clone();
    let timed = place.clone();
    let along = along.into_iter().map(|series| {
        view! { <TimeChart place=timed.clone() series deployments=deployments.clone()/> }
    });
    let of_model = of_model(&diagnosis, &finding).map(|Drawn { scene, query }| {
        let files = place.clone().map(|place| files(place, move || query.clone()));
        figure_under(().into_any(), scene, ().into_any(), files)
    });
    let of_column = compared(&diagnosis, &finding).cloned().map(|comparison| {
        view! { <OfColumn place comparison pictures=pictures(&finding)/> }
    });
    let has_charts = along.len() > 0 || of_model.is_some() || of_column.is_some();
    has_charts.then(|| view! { <div class="pictures stack">{along.collect_view()} {of_model} {of_column}</div> })
}

#[component]
fn OfColumn(place: Option<Place>, comparison: Comparison, pictures: Vec<Picture>) -> impl IntoView {
    let has = column::pictures(&comparison);
    pictures
        .into_iter()
        .filter(|picture| has.contains(picture))
        .map(|picture| {
            let view = ColumnView { picture, ..ColumnView::default() };
            view! { <ColumnChart place=place.clone() comparison=comparison.clone() view/> }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use domain::plot::scene::of_finding::{OF_CALIBRATION, OF_CURVES, OF_ERRORS, OF_SCORES};

    #[test]
    fn the_detectors_named_here_exist() {
        for id in OF_SCORES.into_iter().chain([OF_CURVES, OF_CALIBRATION, OF_ERRORS]) {
            assert!(checks::detectors::all().any(|detector| detector.id.as_str() == id), "{id}");
        }
    }
}
