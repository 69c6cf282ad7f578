//! Axes: a scale with its ticks and its name.

use domain::plot::scale::Scale;
use domain::plot::ticks::{self, Tick};
use domain::snapshot::ColumnKind;
use leptos::prelude::*;

use super::path::{from_top, percent};

#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub scale: Scale,
    pub ticks: Vec<Tick>,
    /// What is measured along it, with its unit.
    pub name: String,
}

impl Axis {
    pub fn numbers(scale: Scale, name: impl Into<String>) -> Axis {
        Axis { ticks: ticks::numbers(&scale, 6), scale, name: name.into() }
    }

    /// From 0 to `top`, in percent.
    pub fn shares(top: f64, name: impl Into<String>) -> Axis {
        let scale = Scale::linear(0.0, top);
        Axis { ticks: ticks::shares(&scale, 4), scale, name: name.into() }
    }

    pub fn counts(top: f64, name: impl Into<String>) -> Axis {
        let scale = Scale::linear(0.0, top);
        Axis { ticks: ticks::numbers(&scale, 4), scale, name: name.into() }
    }

    pub fn times(scale: Scale) -> Axis {
        Axis { ticks: ticks::times(&scale, 6), scale, name: "time (UTC)".to_owned() }
    }

    /// The axis for the values of a column: numbers, moments, or lengths of text.
    pub fn of_values(scale: Scale, column: &str, kind: ColumnKind) -> Axis {
        match kind {
            ColumnKind::Datetime => Axis { name: format!("{column} (UTC)"), ..Axis::times(scale) },
            ColumnKind::Text => Axis::numbers(scale, format!("length of {column}, in characters")),
            _ => Axis::numbers(scale, column),
        }
    }
}

/// Upright grid lines and labels under the plot.
pub fn across(axis: &Axis) -> impl IntoView + use<> {
    let marks: Vec<_> = axis
        .ticks
        .iter()
        .map(|tick| {
            let x = percent(tick.position);
            view! {
                <line class="grid" x1=x.clone() x2=x.clone() y1="0" y2="100%"/>
                <text class="tick" x=x y="100%" dy="16" text-anchor="middle">{tick.label.clone()}</text>
            }
        })
        .collect();
    view! {
        <g class="axis">
            {marks}
            <text class="axis-name" x="100%" y="100%" dy="34" text-anchor="end">{axis.name.clone()}</text>
        </g>
    }
}

/// Level grid lines and labels left of the plot.
pub fn upwards(axis: &Axis) -> impl IntoView + use<> {
    let marks: Vec<_> = axis
        .ticks
        .iter()
        .map(|tick| {
            let y = from_top(tick.position);
            view! {
                <line class="grid" x1="0" x2="100%" y1=y.clone() y2=y.clone()/>
                <text class="tick" x="-8" y=y dy="4" text-anchor="end">{tick.label.clone()}</text>
            }
        })
        .collect();
    view! {
        <g class="axis">
            {marks}
            <text class="axis-name" x="-44" y="0" dy="-10">{axis.name.clone()}</text>
        </g>
    }
}
