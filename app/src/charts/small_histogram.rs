//! The small histogram in a row of a table: both sides laid over each other, no axes.

use domain::comparison::{CategoryChart, ChartData, NumericChart};
use domain::plot::scene::{AxisKind, histogram, shares};
use leptos::prelude::*;

use super::path;

/// Bins of a small histogram, and pairs of bars where values are categories.
const BINS: usize = 30;
const BARS: usize = 8;

/// The two sides that are set against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pair {
    /// Train is always blue, serve always orange.
    #[default]
    TrainServe,
    /// Rows that were marked, against all others.
    RestSelected,
}

impl Pair {
    /// The CSS classes of the reference and of the current side.
    fn classes(self) -> [&'static str; 2] {
        match self {
            Pair::TrainServe => ["train", "serve"],
            Pair::RestSelected => ["rest", "selected"],
        }
    }

    fn names(self) -> [&'static str; 2] {
        match self {
            Pair::TrainServe => ["train", "serve"],
            Pair::RestSelected => ["the rest", "the selection"],
        }
    }
}

/// What is drawn: the outlines of the reference and of the current side.
#[derive(Debug, Clone, PartialEq)]
pub struct SmallShape {
    outlines: [String; 2],
}

impl SmallShape {
    /// `None` when there is nothing to draw. A column whose values span decades is drawn on a logarithmic axis, where
    /// it was measured on one, since its linear histogram would be a single bar.
    pub fn of(chart: Option<&ChartData>) -> Option<SmallShape> {
        let outlines = match chart? {
            ChartData::Numeric(chart) => numeric(chart),
            ChartData::Categories(chart) => categories(chart),
        };
        Some(SmallShape { outlines })
    }
}

/// Draws it; without a shape, an empty place of the same size.
#[component]
pub fn SmallHistogram(
    shape: Option<SmallShape>,
    /// What it shows, for those who can't see it: the column's name.
    label: String,
    #[prop(optional)] pair: Pair,
) -> impl IntoView {
    let [first, second] = pair.classes();
    let [reference, current] = pair.names();
    match shape {
        None => view! { <span class="small-histogram empty">"–"</span> }.into_any(),
        Some(SmallShape { outlines: [below, above] }) => view! {
            <svg class="small-histogram" role="img" viewBox="0 0 1000 1000" preserveAspectRatio="none"
                aria-label=format!("{label}: {reference} against {current}")>
                <path class=format!("area {first}") d=below></path>
                <path class=format!("area {second}") d=above></path>
                <path class="base" d="M0,1000H1000"></path>
            </svg>
        }
        .into_any(),
    }
}

fn numeric(chart: &NumericChart) -> [String; 2] {
    let bins = histogram::bins(chart, AxisKind::Fitting).regrouped(BINS);
    let edges: Vec<f64> = (0..=bins.len()).map(|edge| edge as f64 / bins.len().max(1) as f64).collect();
    outlines(&edges, [&bins.reference, &bins.current])
}

fn outlines(edges: &[f64], sides: [&Vec<u64>; 2]) -> [String; 2] {
    let shares = sides.map(|counts| shares(counts));
    let top = shares.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max);
    shares.map(|shares| path::steps(edges, &shares.iter().map(|share| share / top * 0.97).collect::<Vec<_>>()))
}

/// Pairs of bars side by side: the categories most frequent in either side, in the chart's order.
fn categories(chart: &CategoryChart) -> [String; 2] {
    let shown = chart.labels.len().min(BARS);
    let totals = [&chart.reference, &chart.current].map(|counts| counts.iter().sum::<u64>().max(1) as f64);
    let share = |side: usize, index: usize| {
        let counts = if side == 0 { &chart.reference } else { &chart.current };
        counts.get(index).copied().unwrap_or(0) as f64 / totals[side]
    };
    let top = (0..shown).flat_map(|index| [share(0, index), share(1, index)]).fold(f64::MIN_POSITIVE, f64::max);
    [0, 1].map(|side| {
        (0..shown)
            .map(|index| {
                let from = (index as f64 + 0.1 + 0.4 * side as f64) / shown as f64;
                path::steps(&[from, from + 0.4 / shown as f64], &[share(side, index) / top * 0.97])
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_a_category_stand_side_by_side() {
        let chart = CategoryChart { labels: vec!["a".into()], reference: vec![4], current: vec![2] };
        let shape = SmallShape::of(Some(&ChartData::Categories(chart)));
        let [train, serve] = shape.map(|shape| shape.outlines).unwrap_or_default();
        assert!(train.starts_with("M100,1000L100,30L500,30"), "{train}");
        assert!(serve.starts_with("M500,1000L500,30L900,30"), "{serve}");
    }

    #[test]
    fn no_chart_is_no_shape() {
        assert_eq!(SmallShape::of(None), None);
    }
}
