//! Learning curves, with what was read off them.

use std::sync::Arc;

use domain::diagnosis::ReadCurve;
use domain::learning_curve::CurveMeasure;
use domain::plot::scene::learning_curve;
use leptos::prelude::*;

use super::scored::readable;
use crate::address::Place;
use crate::charts::files;

#[component]
pub fn Curves(place: Place, curves: Arc<Vec<ReadCurve>>) -> impl IntoView {
    (!curves.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="curves">
                <h2 id="curves">"Learning curves"</h2>
                {curves.iter().cloned().map(|curve| view! { <Curve place=place.clone() curve/> }).collect_view()}
            </section>
        }
    })
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
