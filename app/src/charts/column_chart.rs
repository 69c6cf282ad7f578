//! The chart of one column, with its files.

use domain::Comparison;
use domain::plot::scene::{ColumnView, column};
use leptos::prelude::*;

use super::figure::{figure_under, files};
use crate::address::Place;

/// A column of both sides, as the address asks to see it. Without a place it has no files.
#[component]
pub fn ColumnChart(
    #[prop(into)] place: Option<Place>,
    comparison: Comparison,
    view: ColumnView,
    /// Marks drawn over the plot, such as the marked range.
    #[prop(optional)]
    overlay: Option<AnyView>,
    /// What lies over the plot and takes the pointer.
    #[prop(optional)]
    surface: Option<AnyView>,
) -> impl IntoView {
    let Some(scene) = column::scene(&comparison, view) else {
        return view! { <p class="empty">{column::no_chart(&comparison.column)}</p> }.into_any();
    };
    let column = comparison.column;
    let query = move || [("column", column.clone())].into_iter().chain(view.to_query()).collect();
    let files = place.map(|place| files(place, query));
    let or_nothing = |view: Option<AnyView>| view.unwrap_or_else(|| ().into_any());
    figure_under(or_nothing(surface), scene, or_nothing(overlay), files)
}
