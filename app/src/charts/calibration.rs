//! Calibration: how often it is true when the model says so, per bin of the score, with 95 % intervals.

use domain::evaluation::CalibrationBin;
use domain::plot::format;
use leptos::prelude::*;

use super::axis::Axis;
use super::frame::{Chart, Key, Shape, stretched};
use super::path::{self, from_top, percent};
use super::table::DataTable;

/// The reliability diagram of a run.
#[component]
pub fn Calibration(
    bins: Vec<CalibrationBin>,
    /// A threshold to be marked across it.
    #[prop(optional, into)]
    threshold: Option<Signal<f64>>,
) -> impl IntoView {
    let filled: Vec<&CalibrationBin> = bins.iter().filter(|bin| bin.n > 0).collect();
    let n: u64 = filled.iter().map(|bin| bin.n).sum();
    let line = path::line(filled.iter().map(|bin| (bin.mean_score, bin.rate)));
    let dots: Vec<_> = filled.iter().map(|bin| dot(bin)).collect();
    let marks = view! {
        {stretched(view! {
            <path class="diagonal" d=path::line([(0.0, 0.0), (1.0, 1.0)])></path>
            <path class="line model" d=line></path>
        })}
        {dots}
        <text class="mark-label" x="100%" y="0" dx="-6" dy="14" text-anchor="end">"perfectly calibrated"</text>
        {threshold.map(|at| view! {
            <line class="threshold" y1="0" y2="100%" x1=move || percent(at.get()) x2=move || percent(at.get())/>
        })}
    };
    Chart {
        title: "Calibration: observed share of positives against the score".to_owned(),
        summary: summary(&filled),
        keys: vec![Key {
            class: "model",
            text: format!("{} rows in {} bins, 95 % intervals", format::count(n), filled.len()),
        }],
        shape: Shape::Square,
        x: Axis::shares(1.0, "mean score of the bin"),
        y: Axis::shares(1.0, "share positive"),
        table: table(&bins),
    }
    .around(marks)
}

fn dot(bin: &CalibrationBin) -> impl IntoView + use<> {
    let x = percent(bin.mean_score);
    let title = format!(
        "scores {} to {}: mean {}, positive {} ({} to {}), {} rows",
        format::number(bin.low),
        format::number(bin.high),
        format::share(bin.mean_score),
        format::share(bin.rate),
        format::share(bin.rate_low),
        format::share(bin.rate_high),
        format::count(bin.n),
    );
    view! {
        <g>
            <title>{title}</title>
            <line class="interval" x1=x.clone() x2=x.clone() y1=from_top(bin.rate_low) y2=from_top(bin.rate_high)/>
            <circle class="dot model" cx=x cy=from_top(bin.rate) r="4"/>
        </g>
    }
}

fn summary(bins: &[&CalibrationBin]) -> String {
    let worst = bins.iter().max_by(|a, b| (a.rate - a.mean_score).abs().total_cmp(&(b.rate - b.mean_score).abs()));
    worst.map_or(String::new(), |bin| {
        format!("The widest gap: at score {}, {} are positive", format::share(bin.mean_score), format::share(bin.rate))
    })
}

fn table(bins: &[CalibrationBin]) -> DataTable {
    let rows = bins.iter().filter(|bin| bin.n > 0).map(|bin| {
        [
            format!("{} to {}", format::number(bin.low), format::number(bin.high)),
            format::count(bin.n),
            format::share(bin.mean_score),
            format::share(bin.rate),
            format!("{} to {}", format::share(bin.rate_low), format::share(bin.rate_high)),
        ]
    });
    DataTable::new(["scores", "rows", "mean score", "share positive", "95 % interval"]).with(rows)
}
