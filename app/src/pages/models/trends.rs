//! How a model did from window to window: the layers as a strip, the main metric, the worst effect, and any item.

use domain::model::{Arrival, TrendPoint};
use domain::over_time::{BandKind, TimePoint, TimeSeries, Unit};
use domain::{Item, Layer, Mark, number};
use leptos::prelude::*;

use super::is_share;
use crate::address::{Place, model_page};
use crate::api::models::ItemTrend;
use crate::charts::TimeChart;
use crate::clock::Moment;
use crate::components::{VerdictLegend, VerdictMark};

/// Windows of the strip.
const IN_STRIP: usize = 30;

#[component]
pub fn Trends(model: String, windows: Vec<Arrival>, trend: ItemTrend) -> impl IntoView {
    // In the order of time.
    let judged: Vec<Arrival> = windows.into_iter().rev().filter(|arrival| arrival.window.is_some()).collect();
    let (metric, worst) = (metric_series(&judged), worst_series(&judged));
    let has_any = !judged.is_empty();
    has_any.then(|| {
        view! {
            <section class="stack" aria-labelledby="trend">
                <h2 id="trend">"From window to window"</h2>
                <Strip judged/>
                {metric.map(line)}
                {worst.map(line)}
                <OfItem model trend/>
            </section>
        }
    })
}

/// The chart of a series. It is in no diagnosis, and so has no files.
fn line(series: TimeSeries) -> impl IntoView {
    let place: Option<Place> = None;
    view! { <TimeChart place series deployments=Vec::new()/> }
}

/// A row for each layer, a tile for each window.
#[component]
fn Strip(judged: Vec<Arrival>) -> impl IntoView {
    let shown = &judged[judged.len().saturating_sub(IN_STRIP)..];
    let heads = shown
        .iter()
        .map(|arrival| {
            let at = Moment::from_ms(arrival.at_ms);
            let words = format!("Rows of {}", at.words());
            view! {
                <th scope="col" class="centred">
                    <a href=format!("#arrival-{}", arrival.id) title=words.clone() aria-label=words>{short(at)}</a>
                </th>
            }
        })
        .collect_view();
    let row = |layer: Layer| {
        let marks: Vec<Mark> = shown.iter().filter_map(|arrival| Some(arrival.window.as_ref()?.mark(layer))).collect();
        view! {
            <tr>
                <th scope="row">{layer.text().title}</th>
                {marks
                    .into_iter()
                    .map(|mark| view! { <td class="centred tile"><VerdictMark verdict=mark subject=layer.text().title/></td> })
                    .collect_view()}
            </tr>
        }
    };
    view! {
        <VerdictLegend/>
        <div class="table-scroll" tabindex="0" role="region" aria-label="Layers from window to window">
            <table class="table dense tiles">
                <caption>{format!("The seven layers in {}, the newest on the right. A date leads to what arrived.", number::counted(shown.len() as u64, "window"))}</caption>
                <thead><tr><th scope="col">"Layer"</th>{heads}</tr></thead>
                <tbody>{Layer::ALL.map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The day without its year: `4 May`.
fn short(at: Moment) -> String {
    let (date, year) = (at.date(), format!(" {}", at.year));
    date.strip_suffix(&year).unwrap_or(&date).to_owned()
}

/// A point for each window that has a value; `None` for less than two of them, which are no line.
fn series(id: &str, name: String, unit: Unit, served: Vec<TimePoint>) -> Option<TimeSeries> {
    (served.len() > 1).then(|| TimeSeries {
        id: id.to_owned(),
        name,
        unit,
        band: BandKind::None,
        items: Vec::new(),
        columns: Vec::new(),
        findings: Vec::new(),
        before: Vec::new(),
        served,
        reference: None,
        rules: Vec::new(),
        limit: None,
        since: None,
    })
}

fn at(at_ms: i64, rows: u64, value: f64) -> TimePoint {
    TimePoint { from_ms: at_ms, to_ms: at_ms, rows, value, low: None, high: None }
}

fn metric_series(judged: &[Arrival]) -> Option<TimeSeries> {
    let figures =
        || judged.iter().filter_map(|arrival| Some((arrival.at_ms, arrival.window.as_ref()?.figure.clone()?)));
    // The metric of the last window: a model may have got another task.
    let (_, last) = figures().next_back()?;
    let of_it = figures().filter(|(_, figure)| figure.metric == last.metric);
    let points = of_it
        .map(|(at_ms, figure)| TimePoint { low: figure.low, high: figure.high, ..at(at_ms, figure.rows, figure.value) })
        .collect();
    let unit = if is_share(&last.metric) { Unit::Share } else { Unit::Number { name: String::new() } };
    let found = series("metric", metric_name(&last.metric), unit, points)?;
    let has_band = found.served.iter().all(|point| point.low.is_some() && point.high.is_some());
    Some(TimeSeries { band: if has_band { BandKind::Interval95 } else { BandKind::None }, ..found })
}

/// At the beginning of a sentence.
fn metric_name(metric: &str) -> String {
    let mut letters = metric.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn worst_series(judged: &[Arrival]) -> Option<TimeSeries> {
    let points = judged.iter().filter_map(|arrival| {
        let worst = arrival.window.as_ref()?.worst.as_ref()?;
        Some(at(arrival.at_ms, arrival.snapshot.rows, worst.over_limit))
    });
    let unit = Unit::Number { name: "times its limit".to_owned() };
    let found = series("worst", "Worst effect, in multiples of its limit,".to_owned(), unit, points.collect())?;
    Some(TimeSeries { limit: Some(1.0), ..found })
}

/// The trend of an item that the reader chooses, as a whole or of one of its columns.
#[component]
fn OfItem(model: String, trend: ItemTrend) -> impl IntoView {
    let ItemTrend { item, column, columns, points } = trend;
    let of = if column.is_empty() { item.code().to_owned() } else { format!("{} of {column}", item.code()) };
    let chart = item_series(&of, &points);
    let has_chart = chart.is_some();
    let columns_list = (!columns.is_empty()).then(|| view! {
        <datalist id="trend-columns">{columns.into_iter().map(|name| view! { <option value=name></option> }).collect_view()}</datalist>
    });
    view! {
        <form class="row" method="get" action=format!("{}#trend", model_page(&model))>
            <label for="trend-item">"Trend of"</label>
            <select id="trend-item" class="auto" name="item">
                {Layer::ALL
                    .map(|layer| view! {
                        <optgroup label=layer.text().title>
                            {layer
                                .items()
                                .map(|one: Item| view! {
                                    <option value=one.code() selected=one == item>{format!("{}: {}", one.code(), one.question())}</option>
                                })
                                .collect_view()}
                        </optgroup>
                    })
                    .collect_view()}
            </select>
            <label for="trend-column">"in column"</label>
            <input id="trend-column" class="auto" name="column" list="trend-columns" autocomplete="off" placeholder="all together" value=column/>
            <button>"Show"</button>
        </form>
        {columns_list}
        {chart.map(line)}
        {(!has_chart).then(|| view! {
            <p class="muted">{format!("{of}: fewer than two windows have an effect of it. A check that found nothing has no line.")}</p>
        })}
    }
}

fn item_series(of: &str, points: &[TrendPoint]) -> Option<TimeSeries> {
    let measured = points.iter().filter_map(|point| Some(at(point.at_ms, 0, point.over_limit?)));
    let unit = Unit::Number { name: "times its limit".to_owned() };
    let found = series("item", format!("Effect of {of}, in multiples of its limit,"), unit, measured.collect())?;
    Some(TimeSeries { limit: Some(1.0), ..found })
}
