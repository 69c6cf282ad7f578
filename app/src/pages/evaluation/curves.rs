//! Learning curves: those of all training runs in one chart, and each with what was read off it.

use std::sync::Arc;

use domain::diagnosis::ReadCurve;
use domain::learning_curve::CurveMeasure;
use domain::plot::scene::learning_curves::{self, Beside};
use domain::plot::scene::{CURVES, Ticked, learning_curve};
use leptos::prelude::*;

use super::drawn::{Choice, DrawnRuns, Ticks};
use super::scored::readable;
use crate::address::Place;
use crate::charts::files;

/// `kept` are the parameters of the page, and `ticked` the runs that it asks for.
#[component]
pub fn Curves(
    place: Place,
    curves: Arc<Vec<ReadCurve>>,
    ticked: Ticked,
    kept: Vec<(&'static str, String)>,
) -> impl IntoView {
    (!curves.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="curves">
                <h2 id="curves">"Learning curves"</h2>
                {beside(&place, &curves, &ticked, &kept)}
                {curves.iter().cloned().map(|curve| view! { <Curve place=place.clone() curve/> }).collect_view()}
            </section>
        }
    })
}

/// The losses and the scores of several runs, each in one chart; nothing where no two runs have the same series.
fn beside(place: &Place, curves: &[ReadCurve], ticked: &Ticked, kept: &[(&'static str, String)]) -> Option<AnyView> {
    let of = |measure| Some((measure, Beside::of(curves, measure, ticked).filter(|found| found.runs.len() > 1)?));
    let found: Vec<(CurveMeasure, Beside<'_>)> = learning_curve::MEASURES.into_iter().filter_map(of).collect();
    let mut choices: Vec<Choice> = Vec::new();
    for run in found.iter().flat_map(|(_, beside)| &beside.runs) {
        if choices.iter().all(|choice| choice.name != run.curve.name) {
            choices.push(Choice { name: run.curve.name.clone(), tone: run.tone });
        }
    }
    let legend = "Drawn in one chart".to_owned();
    let ticks = Ticks::of(place, CURVES, legend, kept).with(choices, Vec::new())?;
    let text = ticked.to_text();
    let chart = |(measure, beside): &(CurveMeasure, Beside<'_>)| {
        let pairs = vec![(CURVES, text.clone()), ("measure", learning_curve::words(*measure).to_owned())];
        let files = files(place.clone(), move || pairs.clone());
        Some(readable(learning_curves::scene(beside)?, ().into_any(), files))
    };
    let charts: Vec<AnyView> = found.iter().filter_map(chart).collect();
    let view = view! {
        <article class="card pad stack">
            <h3>"Run by run"</h3>
            <DrawnRuns ticks/>
            <div class="charts">{charts}</div>
        </article>
    };
    Some(view.into_any())
}

#[component]
fn Curve(place: Place, curve: ReadCurve) -> impl IntoView {
    let readings = curve.readings.clone();
    let charts: Vec<_> =
        learning_curve::MEASURES.into_iter().filter_map(|measure| chart(&place, &curve, measure)).collect();
    view! {
        <article class="card pad stack">
            <h3>{curve.curve.name.clone()}</h3>
            <ul class="readings">
                {readings
                    .into_iter()
                    .map(|reading| view! { <li>{reading.statement}</li> })
                    .collect_view()}
            </ul>
            <div class="charts">{charts}</div>
        </article>
    }
}

/// The losses or the scores, as far as the file has them.
fn chart(place: &Place, curve: &ReadCurve, measure: CurveMeasure) -> Option<AnyView> {
    let scene = learning_curve::scene(curve, measure)?;
    let name = curve.curve.name.clone();
    let pairs = move || vec![("run", name.clone()), ("measure", learning_curve::words(measure).to_owned())];
    Some(readable(scene, ().into_any(), files(place.clone(), pairs)))
}
