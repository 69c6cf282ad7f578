//! What is known of an item along time.

use std::sync::Arc;

use domain::over_time::TimeSeries;
use domain::{Diagnosis, Item};
use leptos::prelude::*;

use crate::address::Place;
use crate::charts::{DriftStrips, TimeChart};
use domain::number;

/// Charts that are open; the others are folded.
const OPEN: usize = 2;

/// Charts on one page; each has its file.
const MOST: usize = 12;

#[component]
pub fn OverTime(place: Place, diagnosis: Arc<Diagnosis>, item: Item) -> impl IntoView {
    // A finding of this item shows its own chart below; that of another item stands on another page or further up.
    let is_below = |series: &&TimeSeries| {
        diagnosis.findings.iter().any(|finding| finding.item == item && series.findings.contains(&finding.id))
    };
    let of_item = diagnosis.over_time.series.iter().filter(|series| series.items.contains(&item));
    let series: Vec<TimeSeries> = of_item.filter(|series| !is_below(series)).take(MOST).cloned().collect();
    let (first, rest) = series.split_at(series.len().min(OPEN));
    let charts = |series: &[TimeSeries]| {
        let deployments = diagnosis.over_time.deployments.clone();
        let chart = |one: &TimeSeries| {
            view! { <TimeChart place=place.clone() series=one.clone() deployments=deployments.clone()/> }
        };
        series.iter().map(chart).collect_view()
    };
    let folded = (!rest.is_empty()).then(|| {
        view! {
            <details class="disclosure">
                <summary>{format!("{} over time", number::counted(rest.len() as u64, "more chart"))}</summary>
                <div class="charts-over-time">{charts(rest)}</div>
            </details>
        }
    });
    let strips =
        (item == Item::M1).then(|| view! { <DriftStrips place=place.clone() diagnosis=Arc::clone(&diagnosis)/> });
    view! {
        {strips}
        {(!first.is_empty()).then(|| view! { <div class="charts-over-time">{charts(first)}</div> })}
        {folded}
    }
}
