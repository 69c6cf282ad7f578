//! Categories: one pair of level bars each, largest in train first.

use domain::comparison::CategoryChart;
use domain::plot::format;
use leptos::prelude::*;

use super::column_view::Height;
use super::frame::key_line;
use super::pair::Pair;
use super::path::percent;
use super::table::{DataTable, table_behind};

/// Bars drawn; the table behind the chart holds them all.
pub const SHOWN: usize = 20;

/// Pixels from one pair of bars to the next.
pub const PITCH: usize = 34;

pub fn chart(column: &str, data: &CategoryChart, height: Height, pair: Pair, overlay: AnyView) -> AnyView {
    let totals = [&data.reference, &data.current].map(|counts| counts.iter().sum::<u64>());
    let top = longest(data, height, totals);
    let shown = data.labels.len().min(SHOWN);
    let bars: Vec<_> = (0..shown).map(|index| bars(data, index, height, pair, totals, top)).collect();
    let hidden = data.labels.len() - shown;
    let title = match pair {
        Pair::TrainServe => format!("How often each value of {column} occurs in train and in serve"),
        Pair::RestSelected => format!("How often each value of {column} occurs in the selection and in the rest"),
    };
    view! {
        <figure class="chart">
            <figcaption>
                <span class="chart-title">{title.clone()}</span>
                {key_line(pair.keys(totals))}
            </figcaption>
            <svg class="plot labelled" role="img" aria-label=title height=(shown * PITCH).to_string()>
                {bars}
                {overlay}
            </svg>
            {(hidden > 0).then(|| view! { <p class="note">{format!("{hidden} rarer values are in the table below.")}</p> })}
            {table_behind(table(data, pair, totals))}
        </figure>
    }
    .into_any()
}

/// Pixels from the top at which the pair of bars of a category begins.
pub fn top_of(index: usize) -> usize {
    index * PITCH
}

fn size(count: u64, total: u64, height: Height) -> f64 {
    match height {
        Height::Share => count as f64 / total.max(1) as f64,
        Height::Count => count as f64,
    }
}

fn longest(data: &CategoryChart, height: Height, totals: [u64; 2]) -> f64 {
    let sizes = [&data.reference, &data.current].into_iter().zip(totals);
    let top = sizes.flat_map(|(counts, total)| counts.iter().map(move |count| size(*count, total, height)));
    top.fold(0.0, f64::max).max(f64::MIN_POSITIVE)
}

fn bars(
    data: &CategoryChart,
    index: usize,
    height: Height,
    pair: Pair,
    totals: [u64; 2],
    top: f64,
) -> impl IntoView + use<> {
    let label = data.labels[index].clone();
    let counts = [data.reference[index], data.current[index]];
    let sides: Vec<_> = (0..2)
        .map(|side| {
            let size = size(counts[side], totals[side], height);
            let text = if height == Height::Share { format::share(size) } else { format::count(counts[side]) };
            let y = top_of(index) + 4 + side * 13;
            // The bar leaves a fifth of the width to its number.
            let width = percent(size / top * 0.8);
            let class = pair.classes()[side];
            view! {
                <rect class=format!("bar {class}") x="0" y=y.to_string() width=width.clone() height="12"/>
                <text class="bar-value" x=width y=(y + 10).to_string() dx="5">{text}</text>
            }
        })
        .collect();
    let title = bar_title(&label, pair, counts, totals);
    view! {
        <g>
            <title>{title}</title>
            <rect class="hit" x="0" width="100%" y=top_of(index).to_string() height=PITCH.to_string()/>
            {sides}
            <text class="tick" x="-8" y=(top_of(index) + 21).to_string() text-anchor="end">{shown_label(&label)}</text>
        </g>
    }
}

fn shown_label(label: &str) -> String {
    if label.trim().is_empty() { "(blank)".to_owned() } else { format::shortened(label, 20) }
}

fn bar_title(label: &str, pair: Pair, counts: [u64; 2], totals: [u64; 2]) -> String {
    let [first, second] = pair.names();
    let part = |side: usize| {
        format!(
            "{} ({} rows)",
            format::share(counts[side] as f64 / totals[side].max(1) as f64),
            format::count(counts[side])
        )
    };
    format!("{label}: {first} {}, {second} {}", part(0), part(1))
}

fn table(data: &CategoryChart, pair: Pair, totals: [u64; 2]) -> DataTable {
    let [first, second] = pair.names();
    let heads = [
        "value".to_owned(),
        format!("{first} rows"),
        format!("{second} rows"),
        format!("{first} share"),
        format!("{second} share"),
    ];
    let rows = data.labels.iter().zip(data.reference.iter().zip(&data.current)).map(|(label, (reference, current))| {
        [
            label.clone(),
            format::count(*reference),
            format::count(*current),
            format::share(*reference as f64 / totals[0].max(1) as f64),
            format::share(*current as f64 / totals[1].max(1) as f64),
        ]
    });
    DataTable::new(heads.each_ref().map(String::as_str)).with(rows)
}
