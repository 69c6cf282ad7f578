//! Score histogram: how the scores of the two classes are spread, and what the threshold cuts off.

use domain::evaluation::ScoreTable;
use domain::plot::format;
use domain::plot::scale::Scale;
use leptos::prelude::*;

use super::axis::Axis;
use super::frame::{Chart, Key, Shape, stretched};
use super::path::{self, percent};
use super::table::DataTable;

/// The horizontal scale, shared with the slider under the chart.
pub fn scale(scores: &ScoreTable) -> Scale {
    Scale::linear(scores.score_min, scores.score_max)
}

/// `classes` are the words for the negative and the positive class; `threshold` moves.
pub fn chart(scores: &ScoreTable, classes: [String; 2], threshold: Signal<f64>) -> AnyView {
    let scale = scale(scores);
    let sides = [&scores.histogram_negative, &scores.histogram_positive];
    let shares = sides.map(|counts| shares(counts));
    let top = shares.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max) * 1.05;
    let edges: Vec<f64> = (0..=sides[0].len()).map(|edge| edge as f64 / sides[0].len().max(1) as f64).collect();
    let [negative, positive] =
        shares.map(|shares| path::steps(&edges, &shares.iter().map(|share| share / top).collect::<Vec<_>>()));
    let hovers: Vec<_> = (0..sides[0].len()).map(|bin| hover(scores, &classes, &scale, &edges, bin)).collect();
    let at = move || percent(scale.position(threshold.get()).clamp(0.0, 1.0));
    let marks = view! {
        {stretched(view! {
            <path class="area negative" d=negative></path>
            <path class="area positive" d=positive></path>
        })}
        {hovers}
        <line class="threshold" y1="0" y2="100%" x1=at x2=at/>
        <text class="mark-label" x=at y="0" dx="6" dy="12">
            {move || format!("≥ {} is predicted positive", format::number(threshold.get()))}
        </text>
    };
    let key = |class: &'static str, name: &str, n: u64| Key { class, text: format!("{name} {}", format::count(n)) };
    Chart {
        title: "Scores of the two classes".to_owned(),
        summary: format!(
            "Scores run from {} to {}",
            format::number(scores.score_min),
            format::number(scores.score_max)
        ),
        keys: vec![key("negative", &classes[0], scores.negatives), key("positive", &classes[1], scores.positives)],
        shape: Shape::Wide,
        x: Axis::numbers(scale, "score"),
        y: Axis::shares(top, "share of the class per bin"),
        table: table(scores, &classes, &scale, &edges),
    }
    .around(marks)
}

fn shares(counts: &[u64]) -> Vec<f64> {
    let total = counts.iter().sum::<u64>().max(1) as f64;
    counts.iter().map(|count| *count as f64 / total).collect()
}

fn hover(
    scores: &ScoreTable,
    classes: &[String; 2],
    scale: &Scale,
    edges: &[f64],
    bin: usize,
) -> impl IntoView + use<> {
    let text = format!(
        "scores {} to {}: {} {}, {} {}",
        format::number(scale.value_at(edges[bin])),
        format::number(scale.value_at(edges[bin + 1])),
        format::count(scores.histogram_negative[bin]),
        classes[0],
        format::count(scores.histogram_positive.get(bin).copied().unwrap_or(0)),
        classes[1],
    );
    view! {
        <rect class="hit" x=percent(edges[bin]) width=percent(edges[bin + 1] - edges[bin]) y="0" height="100%">
            <title>{text}</title>
        </rect>
    }
}

fn table(scores: &ScoreTable, classes: &[String; 2], scale: &Scale, edges: &[f64]) -> DataTable {
    let counts = scores.histogram_negative.iter().zip(&scores.histogram_positive).enumerate();
    let rows = counts.map(|(bin, (negative, positive))| {
        [
            format::number(scale.value_at(edges[bin])),
            format::number(scale.value_at(edges[bin + 1])),
            format::count(*negative),
            format::count(*positive),
        ]
    });
    DataTable::new(["from", "to", &classes[0], &classes[1]]).with(rows)
}
