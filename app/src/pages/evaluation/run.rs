//! One run in detail: thresholds, matrix, calibration or residuals, classes and weak slices.

use domain::EvaluationRun;
use domain::number;
use domain::plot::scene::{DRAWN, Overlay, calibration};
use leptos::prelude::*;

use super::asked::{Asked, address_of};
use super::classes::{Classes, Slices};
use super::drawn::{DrawnRuns, Others};
use super::matrix::Matrix;
use super::regression::Regression;
use super::scored::{Scored, readable};
use crate::address::Place;
use crate::charts::files;

/// `has_prediction` says whether a column of predictions is known, so that rows can be selected by it.
#[component]
pub fn Run(
    place: Place,
    run: EvaluationRun,
    baseline: Option<EvaluationRun>,
    others: Others,
    asked: Asked,
    has_prediction: bool,
) -> impl IntoView {
    let left_out = (run.rows_left_out > 0).then(|| {
        format!("{} without a label, prediction or score are excluded.", number::counted(run.rows_left_out, "row"))
    });
    let compared = baseline.as_ref().map(|one| format!("Compared with {} of {}.", one.split, one.name));
    // Scores of another class say nothing about this one.
    let alike = baseline.filter(|one| one.task == run.task && one.positive == run.positive);
    let (per_class, slices) = (run.per_class.clone(), run.slices.clone());
    let side = run.clone();
    let overlay = Overlay::of(&others.with(&run, alike.as_ref()));
    view! {
        <section class="card pad stack wide-gap" aria-labelledby="run">
            <div>
                <h2 id="run">{run.split.to_string()} " of " {run.name.clone()}</h2>
                <p class="muted">
                    {number::counted(run.n, "row")}
                    {run.positive.clone().map(|class| view! { ", positive class " <code>{class}</code> })} ". "
                    {left_out} " " {compared}
                </p>
            </div>
            {match overlay {
                Some(runs) => view! { <Scored place=place.clone() runs run baseline=alike others asked/> }.into_any(),
                None => view! { <Fixed place=place.clone() run baseline=alike others asked has_prediction/> }.into_any(),
            }}
            <Classes per_class/>
            <Slices place run=side slices/>
        </section>
    }
}

/// A run without scores of a positive class: what it predicted is what there is.
#[component]
fn Fixed(
    place: Place,
    run: EvaluationRun,
    baseline: Option<EvaluationRun>,
    others: Others,
    asked: Asked,
    has_prediction: bool,
) -> impl IntoView {
    let drawn = [(DRAWN, others.text.clone())];
    let pairs: Vec<_> = address_of(&run, baseline.as_ref()).into_iter().chain(drawn).collect();
    let files = files(place.clone(), move || pairs.clone());
    let ticks = others.ticks.clone().map(|ticks| view! { <DrawnRuns ticks/> });
    let calibration = (!run.calibration.is_empty()).then(|| {
        let scene = calibration::scene(&others.with(&run, baseline.as_ref()));
        view! { <div class="charts">{readable(scene, ().into_any(), files)}</div> }
    });
    let of_classes = run.confusion_matrix.is_some();
    view! {
        {of_classes.then(|| view! {
            <Matrix place=place.clone() run=run.clone() baseline=baseline.clone() asked=asked.clone() has_prediction/>
        })}
        {ticks}
        {calibration}
        {run.regression.is_some().then(|| view! { <Regression place run baseline others asked files/> })}
    }
}
