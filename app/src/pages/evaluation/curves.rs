//! Learning curves, with what was read off them.

use std::sync::Arc;

use domain::diagnosis::ReadCurve;
use leptos::prelude::*;

use crate::charts::LearningCurveChart;

#[component]
pub fn Curves(curves: Arc<Vec<ReadCurve>>) -> impl IntoView {
    (!curves.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="curves">
                <h2 id="curves">"Learning curves"</h2>
                {curves.iter().cloned().map(|curve| view! { <Curve curve/> }).collect_view()}
            </section>
        }
    })
}

#[component]
fn Curve(curve: ReadCurve) -> impl IntoView {
    let readings = curve.readings.clone();
    view! {
        <article class="card pad stack">
            <h3>{curve.curve.name.clone()}</h3>
            <ul class="readings">
                {readings
                    .into_iter()
                    .map(|reading| view! { <li>{reading.statement}</li> })
                    .collect_view()}
            </ul>
            <LearningCurveChart curve/>
        </article>
    }
}
