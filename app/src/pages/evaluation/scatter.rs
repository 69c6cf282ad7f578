//! Predicted against true values, on which rows are marked by either: with a pointer or the keyboard by the true value, with
//! the form by both, and what is different about them.

use domain::EvaluationRun;
use domain::evaluation::RegressionChart;
use domain::plot::scene::regression;
use domain::selection::{Selection, Subject, Test};
use domain::snapshot::{ColumnKind, ColumnRole};
use leptos::prelude::*;

use super::asked::{Asked, TYPED};
use super::links::{Asking, Links};
use crate::address::Place;
use crate::charts::brush::BrushAxis;
use crate::charts::path::{from_top, percent};
use crate::charts::{Files, figure_under};
use crate::islands::Brush;

/// The id of the chart on the page.
const ANCHOR: &str = "scatter";

#[component]
pub fn Scatter(
    place: Place,
    run: EvaluationRun,
    baseline: Option<EvaluationRun>,
    asked: Asked,
    files: Files,
) -> impl IntoView {
    let chart = run.regression.clone()?;
    let links = Links { place, run, baseline, asked, anchor: ANCHOR, kind: ColumnKind::Numeric };
    let marked = links.marked();
    let scene = regression::scene(&chart, links.run.n);
    let question = (!marked.conditions.is_empty()).then_some(marked.clone());
    Some(view! {
        <div class="scatter" id=ANCHOR>
            {figure_under(surface(&links, &chart), scene, marked_area(&chart, &marked), Some(files))}
            <div class="stack">
                <Marking links=links.clone() marked/>
                {question.map(|selection| view! { <Asking links selection/> })}
            </div>
        </div>
    })
}

fn surface(links: &Links, chart: &RegressionChart) -> AnyView {
    let address = links.page(&Asked { selection: None, ..links.asked.clone() });
    let axis = BrushAxis::of_errors(chart);
    let (marked, around) = (links.marked().to_text(), links.marked().text_around(&axis.subject));
    let label = "Rows by their true value".to_owned();
    view! { <Brush axis marked around address anchor=ANCHOR.to_owned() label/> }.into_any()
}

/// The range that is asked of the column with this role.
fn range(selection: &Selection, role: ColumnRole) -> Option<(f64, f64)> {
    match selection.test_of(&Subject::Role(role)) {
        Some(Test::Range { from, to, .. }) => Some((*from, *to)),
        _ => None,
    }
}

/// A strip of true values, one of predicted values, or where both cross.
fn marked_area(chart: &RegressionChart, selection: &Selection) -> AnyView {
    let scale = regression::scale(chart);
    let ends =
        |role| range(selection, role).map(|(from, to)| [from, to].map(|end| scale.position(end).clamp(0.0, 1.0)));
    let (truth, predicted) = (ends(ColumnRole::Label), ends(ColumnRole::Prediction));
    if truth.is_none() && predicted.is_none() {
        return ().into_any();
    }
    let [left, right] = truth.unwrap_or([0.0, 1.0]);
    let [low, high] = predicted.unwrap_or([0.0, 1.0]);
    view! {
        <rect class="brush" x=percent(left) width=percent(right - left) y=from_top(high) height=percent(high - low)/>
    }
    .into_any()
}

/// How to mark, and the form for exact ends of both values.
#[component]
fn Marking(links: Links, marked: Selection) -> impl IntoView {
    let others = TYPED.iter().try_fold(marked.clone(), |left, (role, ..)| left.without(&Subject::Role(*role)));
    let kept = links.pairs(&Asked { selection: others, ..links.asked.clone() });
    let kept = kept.into_iter().filter(|(_, value)| !value.is_empty());
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    let action = format!("{}#{ANCHOR}", links.place.evaluation(&[]));
    let ends = |(role, words, from, to): (ColumnRole, &'static str, &'static str, &'static str)| {
        let written = |end: f64| if end == f64::MIN || end == f64::MAX { String::new() } else { end.to_string() };
        let (low, high) =
            range(&marked, role).map_or_else(Default::default, |(low, high)| (written(low), written(high)));
        let label = |end: &str| format!("{words} {end}");
        view! {
            <fieldset>
                <legend>{words}</legend>
                <label>"From " <input name=from inputmode="decimal" value=low autocomplete="off" aria-label=label("from")/></label>
                <label>"to " <input name=to inputmode="decimal" value=high autocomplete="off" aria-label=label("to")/></label>
            </fieldset>
        }
    };
    view! {
        <div class="marking">
            <p class="readout">
                "Drag over the chart to select rows by their true value, or type ranges. \
                 With the keyboard: arrow keys move, Shift extends, Enter selects."
            </p>
            <form class="ends" method="get" action=action aria-label="Select rows by true and predicted value">
                {kept}
                {TYPED.map(ends).into_iter().collect_view()}
                <button type="submit">"Select these rows"</button>
            </form>
        </div>
    }
}
