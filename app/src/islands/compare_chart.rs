//! The chart of one column: its picture, axis, bins and heights change in place, and a marked stretch of it can be asked
//! what is different about its rows.

use domain::Comparison;
use domain::comparison::{CategoryChart, ChartData};
use domain::plot::scene::column::{pictures, settled};
use domain::plot::scene::{AxisKind, ColumnView, Height, Picture};
use domain::selection::{Selection, SelectionAnswer};
use leptos::prelude::*;

use super::address_bar::keep_in_step;
use super::brush::{Brush, BrushControls, brush_overlay};
use super::choice::Choice;
use super::pick_categories::{PickCategories, pick_overlay};
use super::question::{Question, QuestionPanel};
use crate::address::Place;
use crate::charts::ColumnChart;
use crate::charts::brush::BrushAxis;

/// `view`, `selection` and `answer` are what the address asks for, read and answered by the server; `keep` holds the
/// parameters of the address that belong to the page around it, such as the order of its table.
#[island]
pub fn CompareChart(
    place: Place,
    comparison: Comparison,
    view: ColumnView,
    keep: Vec<(String, String)>,
    selection: Option<Selection>,
    answer: Option<SelectionAnswer>,
) -> impl IntoView {
    let view = settled(view, &comparison);
    let shown = RwSignal::new(view);
    let question = Question::new(place.clone(), selection.clone(), answer);
    let comparison = StoredValue::new(comparison);
    let drawn = place.clone();
    let brush = Brush::new(comparison, shown, selection.as_ref());
    let picked = RwSignal::new(Vec::<usize>::new());
    Effect::watch(move || shown.get(), move |view, _, _| keep_in_step(&view.to_query()), false);
    let overlay = move || match categories(comparison) {
        Some(chart) => pick_overlay(&chart, picked),
        None => brush_overlay(brush),
    };
    let controls = match categories(comparison) {
        Some(chart) => view! { <PickCategories comparison chart picked question/> }.into_any(),
        None if BrushAxis::of(&comparison.get_value(), view).is_some() => {
            view! { <BrushControls brush question/> }.into_any()
        }
        None => ().into_any(),
    };
    view! {
        <div class="compare-chart">
            <Controls place keep comparison shown/>
            {move || {
                let comparison = comparison.get_value();
                view! { <ColumnChart place=drawn.clone() comparison view=shown.get() overlay=overlay()/> }
            }}
            {controls}
            <QuestionPanel question/>
        </div>
    }
}

fn categories(comparison: StoredValue<Comparison>) -> Option<CategoryChart> {
    comparison.with_value(|comparison| match &comparison.chart {
        Some(ChartData::Categories(chart)) => Some(chart.clone()),
        _ => None,
    })
}

/// The choices of how to see it. Each is a link to the same view, so they work without a script as well.
#[component]
fn Controls(
    place: Place,
    keep: Vec<(String, String)>,
    comparison: StoredValue<Comparison>,
    shown: RwSignal<ColumnView>,
) -> impl IntoView {
    let address = StoredValue::new((place, keep, comparison.with_value(|comparison| comparison.column.clone())));
    let href =
        move |view: ColumnView| address.with_value(|(place, keep, column)| address_of(place, keep, column, view));
    let choice = move |words: &'static str, change: fn(ColumnView) -> ColumnView| {
        let target = move || change(shown.get());
        view! {
            <Choice words href=Signal::derive(move || href(target())) chosen=Signal::derive(move || target() == shown.get())
                on_choose=Callback::new(move |()| shown.update(|view| *view = change(*view)))/>
        }
    };
    let (offered, logarithmic) = comparison.with_value(|comparison| {
        let logarithmic = matches!(&comparison.chart, Some(ChartData::Numeric(chart)) if chart.log.is_some());
        (pictures(comparison), logarithmic)
    });
    let offers = move |picture: Picture| offered.contains(&picture);
    let binned = offers(Picture::Ecdf);
    let of_bins = move || binned && shown.get().picture == Picture::Histogram;
    view! {
        <div class="chart-controls">
            {binned.then(|| view! {
                <nav class="segments" aria-label="Picture">
                    {choice(Picture::Histogram.words(), |view| ColumnView { picture: Picture::Histogram, ..view })}
                    {choice(Picture::Ecdf.words(), |view| ColumnView { picture: Picture::Ecdf, ..view })}
                    {choice(Picture::Qq.words(), |view| ColumnView { picture: Picture::Qq, ..view })}
                    {offers(Picture::OverTime).then(|| {
                        choice(Picture::OverTime.words(), |view| ColumnView { picture: Picture::OverTime, ..view })
                    })}
                </nav>
            })}
            {logarithmic.then(|| view! {
                <nav class="segments" aria-label="Axis">
                    {choice("Linear", |view| ColumnView { axis: AxisKind::Linear, ..view })}
                    {choice("Log", |view| ColumnView { axis: AxisKind::Log, ..view })}
                </nav>
            })}
            <nav class="segments" aria-label="Height of bars" hidden=move || binned && !of_bins()>
                {choice("Shares", |view| ColumnView { height: Height::Share, ..view })}
                {choice("Counts", |view| ColumnView { height: Height::Count, ..view })}
            </nav>
            {binned.then(|| view! {
                <nav class="segments" aria-label="Bins" hidden=move || !of_bins()>
                    {choice("10", |view| ColumnView { bins: 10, ..view })}
                    {choice("25", |view| ColumnView { bins: 25, ..view })}
                    {choice("50 bins", |view| ColumnView { bins: 50, ..view })}
                </nav>
            })}
        </div>
    }
}

fn address_of(place: &Place, keep: &[(String, String)], column: &str, view: ColumnView) -> String {
    let parameters = view.to_query();
    let own = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    let kept = keep.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let pairs: Vec<(&str, &str)> = [("column", column)].into_iter().chain(own).chain(kept).collect();
    place.compare(&pairs)
}
