//! A run with scores: everything that follows the threshold, and the charts on which the threshold is marked.

use domain::EvaluationRun;
use domain::plot::scene::{self, Mark, Overlay, Scene, ThresholdSettings};
use leptos::prelude::*;

use super::asked::{Asked, address_of};
use super::question::{Answered, Page, Question};
use crate::address::Place;
use crate::api::selection::explain_selection;
use crate::charts::{Files, figure, files, marked};
use crate::islands::ThresholdExplorer;

#[component]
pub fn Scored(
    place: Place,
    runs: Overlay,
    run: EvaluationRun,
    baseline: Option<EvaluationRun>,
    asked: Asked,
) -> impl IntoView {
    let Asked { settings, selection, .. } = asked;
    let charts = charts(&place, &runs, &run, baseline.as_ref(), settings);
    let against = address_of(&run, baseline.as_ref()).into_iter().skip(2);
    let keep: Vec<(String, String)> = against.map(|(name, value)| (name.to_owned(), value)).collect();
    let scored = runs.run;
    let pairs = address_of(&run, None).into_iter().chain(settings.to_query());
    let pairs = pairs.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value));
    let page = Page { place: place.clone(), pairs: pairs.chain(keep.clone()).collect() };
    Suspend::new(async move {
        let answered = match selection {
            Some(selection) => {
                let answer = explain_selection(place.clone(), selection.clone()).await;
                Some(Answered { selection, answer })
            }
            None => None,
        };
        let rows = answered.as_ref().map(|answered| answered.selection.to_text()).unwrap_or_default();
        view! {
            <ThresholdExplorer place run=scored settings rows keep>
                <Question page answered/>
            </ThresholdExplorer>
            <div class="charts following">{charts}</div>
        }
    })
}

/// The charts that need no more than their marks in the browser.
fn charts(
    place: &Place,
    runs: &Overlay,
    run: &EvaluationRun,
    baseline: Option<&EvaluationRun>,
    settings: ThresholdSettings,
) -> Vec<AnyView> {
    let pairs: Vec<_> = address_of(run, baseline).into_iter().chain(settings.to_query()).collect();
    let files = files(place.clone(), move || pairs.clone());
    let threshold = settings.threshold.unwrap_or_else(|| runs.run.first_threshold());
    let point = runs.run.scores.at(threshold);
    let with = |scene: Scene, chosen: Vec<Mark>| {
        let overlay = marked(scene.id, &chosen);
        readable(scene, overlay, files)
    };
    let calibration = (!run.calibration.is_empty())
        .then(|| with(scene::calibration::scene(run, baseline), scene::calibration::chosen(threshold)));
    let of_scores = [
        with(scene::roc::scene(runs), scene::roc::chosen(&point)),
        with(scene::precision_recall::scene(runs), scene::precision_recall::chosen(&point)),
        with(scene::gains::scene(runs), scene::gains::chosen(&point)),
    ];
    of_scores.into_iter().chain(calibration).collect()
}

/// A chart of which a pointer, a finger and the keyboard read the values, through the page's `ChartReader`.
pub fn readable(scene: Scene, overlay: AnyView, files: Files) -> AnyView {
    let label = format!("Values of the chart: {}", scene.title);
    let last = scene.readable_spots().checked_sub(1);
    let slider = last.map(|last| {
        view! {
            <input type="range" class="read-along" min="0" max=last.to_string() value="0" aria-label=label/>
        }
    });
    view! {
        <div class="chart-values">
            {figure(scene, overlay, files)}
            {slider}
            <p class="tip" hidden></p>
        </div>
    }
    .into_any()
}
