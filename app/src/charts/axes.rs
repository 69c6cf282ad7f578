//! Axes: grid lines, labels and names.

use domain::plot::scene::Axis;
use leptos::prelude::*;

use super::path::{from_top, percent};

/// Both axes of a plot and its base line.
pub fn both(x: &Axis, y: &Axis) -> AnyView {
    let upright: Vec<_> = x
        .ticks
        .iter()
        .map(|tick| {
            let at = percent(tick.position);
            view! {
                <line class="grid" x1=at.clone() x2=at.clone() y1="0" y2="100%"/>
                <text class="tick" x=at y="100%" dy="16" text-anchor="middle">{tick.label.clone()}</text>
            }
        })
        .collect();
    let level: Vec<_> = y
        .ticks
        .iter()
        .map(|tick| {
            let at = from_top(tick.position);
            view! {
                <line class="grid" x1="0" x2="100%" y1=at.clone() y2=at.clone()/>
                <text class="tick" x="-8" y=at dy="4" text-anchor="end">{tick.label.clone()}</text>
            }
        })
        .collect();
    view! {
        <g class="axis">
            {level}
            <text class="axis-name" x="-44" y="0" dy="-10">{y.name.clone()}</text>
        </g>
        <g class="axis">
            {upright}
            <text class="axis-name" x="100%" y="100%" dy="34" text-anchor="end">{x.name.clone()}</text>
        </g>
        <line class="base" x1="0" x2="100%" y1="100%" y2="100%"/>
    }
    .into_any()
}

/// Names left of rows.
pub fn names(y: &Axis) -> AnyView {
    let names: Vec<_> = y
        .ticks
        .iter()
        .map(|tick| {
            let at = from_top(tick.position);
            view! { <text class="tick" x="-8" y=at dy="4" text-anchor="end">{tick.label.clone()}</text> }
        })
        .collect();
    names.into_any()
}
