//! Axes: a scale with its ticks and its name.

use super::super::scale::Scale;
use super::super::ticks::{self, Tick};
use serde::{Deserialize, Serialize};

use crate::snapshot::ColumnKind;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

    /// Names at the middles of equal parts, from left to right.
    pub fn names(labels: &[String], name: impl Into<String>) -> Axis {
        let parts = labels.len().max(1) as f64;
        let ticks = labels.iter().enumerate();
        let ticks = ticks.map(|(part, label)| Tick { position: (part as f64 + 0.5) / parts, label: label.clone() });
        Axis { ticks: ticks.collect(), scale: Scale::linear(0.0, parts), name: name.into() }
    }

    /// The same from the top down.
    pub fn names_down(labels: &[String], name: impl Into<String>) -> Axis {
        let mut axis = Axis::names(labels, name);
        for tick in &mut axis.ticks {
            tick.position = 1.0 - tick.position;
        }
        axis
    }

    /// An axis that is not drawn: the marks say their values themselves.
    pub fn none() -> Axis {
        Axis { ticks: Vec::new(), scale: Scale::linear(0.0, 1.0), name: String::new() }
    }
}
