//! A run with scores: everything that follows the threshold, and the charts on which the threshold is marked.

use domain::EvaluationRun;
use domain::plot::scene::{self, CURVES, DRAWN, Mark, Overlay, Scene, ThresholdSettings};
use leptos::prelude::*;

use super::asked::{Asked, address_of};
use super::drawn::{DrawnRuns, Others};
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
    others: Others,
    asked: Asked,
) -> impl IntoView {
    let charts = charts(&place, &runs, (&run, baseline.as_ref(), &others), asked.settings);
    let curves = asked.ticked().into_iter().filter(|(name, _)| *name == CURVES);
    let Asked { settings, selection, .. } = asked;
    // A file has no other runs unless its address says so; the address of the page may say the same.
    let own = address_of(&run, baseline.as_ref()).into_iter().skip(2).chain([(DRAWN, others.text)]);
    let keep = own.chain(curves).filter(|(_, value)| !value.is_empty());
    let keep: Vec<(String, String)> = keep.map(|(name, value)| (name.to_owned(), value)).collect();
    let ticks = others.ticks.map(|ticks| view! { <DrawnRuns ticks/> });
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
            {ticks}
            <div class="charts following">{charts}</div>
        }
    })
}

/// The charts that need no more than their marks in the browser.
fn charts(
    place: &Place,
    runs: &Overlay,
    (run, baseline, others): (&EvaluationRun, Option<&EvaluationRun>, &Others),
    settings: ThresholdSettings,
) -> Vec<AnyView> {
    let drawn = [(DRAWN, others.text.clone())];
    let pairs: Vec<_> = address_of(run, baseline).into_iter().chain(drawn).chain(settings.to_query()).collect();
    let files = files(place.clone(), move || pairs.clone());
    let threshold = settings.threshold.unwrap_or_else(|| runs.run.first_threshold());
    let point = runs.run.scores.at(threshold);
    let with = |scene: Scene, chosen: Vec<Mark>| {
        let overlay = marked(scene.id, &chosen);
        readable(scene, overlay, files)
    };
    let calibration = (!run.calibration.is_empty())
        .then(|| with(scene::calibration::scene(&others.with(run, baseline)), scene::calibration::chosen(threshold)));
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
