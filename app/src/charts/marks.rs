//! The marks of a scene as SVG: lines and areas in a square that is stretched over the plot, the rest at its size.

use domain::plot::scene::{Align, Hover, Mark, Place, Tone};
use leptos::prelude::*;

use super::path::{self, from_top, percent};

/// Marks, and under a pointer their words.
pub fn view(marks: &[Mark], hovers: &[Hover]) -> AnyView {
    let paths: Vec<AnyView> = marks.iter().filter_map(stretched).collect();
    let hovers: Vec<AnyView> = hovers.iter().map(hover).collect();
    let others: Vec<AnyView> = marks.iter().flat_map(unstretched).collect();
    let square = (!paths.is_empty()).then(|| {
        view! { <svg class="stretched" viewBox="0 0 1000 1000" preserveAspectRatio="none">{paths}</svg> }
    });
    view! { {square} {hovers} {others} }.into_any()
}

fn stretched(mark: &Mark) -> Option<AnyView> {
    let (kind, tone, d) = match mark {
        Mark::Line { tone, places } => ("line", tone, path::line(places.iter().copied())),
        Mark::Step { tone, edges, heights } => ("area", tone, path::steps(edges, heights)),
        Mark::Band { tone, lower, upper } => ("band", tone, path::band(lower, upper)),
        Mark::Points { tone, places, words, .. } if is_cloud(places, words) => {
            ("dots", tone, path::dots(places.iter().copied()))
        }
        _ => return None,
    };
    Some(view! { <path class=class(kind, *tone) d=d></path> }.into_any())
}

/// Many points that say nothing one by one.
fn is_cloud(places: &[Place], words: &[String]) -> bool {
    words.is_empty() && places.len() > 1
}

fn unstretched(mark: &Mark) -> Vec<AnyView> {
    match mark {
        Mark::Bar { tone, low, high, value } => {
            let middle = (low.1 + high.1) / 2.0;
            vec![
                rect(class("bar", *tone), *low, *high, String::new()),
                text("bar-value".to_owned(), (high.0, middle), Align::Start, (5.0, 4.0), value.clone()),
            ]
        }
        Mark::Points { tone, places, size, words } if !is_cloud(places, words) => {
            let words = words.iter().cloned().chain(std::iter::repeat(String::new()));
            places.iter().zip(words).map(|(place, words)| point(*tone, *place, *size, words)).collect()
        }
        Mark::Rule { tone, from, to } => {
            let [(x1, y1), (x2, y2)] = [from, to].map(|place| (percent(place.0), from_top(place.1)));
            vec![view! { <line class=class("rule", *tone) x1=x1 x2=x2 y1=y1 y2=y2/> }.into_any()]
        }
        Mark::Text { tone, at, align, shift, words } => {
            vec![text(class("mark-label", *tone), *at, *align, *shift, words.clone())]
        }
        _ => Vec::new(),
    }
}

fn class(kind: &str, tone: Tone) -> String {
    format!("{kind} {}", tone.class())
}

fn hover(hover: &Hover) -> AnyView {
    rect("hit".to_owned(), hover.low, hover.high, hover.words.clone())
}

fn rect(class: String, low: Place, high: Place, words: String) -> AnyView {
    let title = (!words.is_empty()).then(|| view! { <title>{words}</title> });
    view! {
        <rect class=class x=percent(low.0) y=from_top(high.1) width=percent(high.0 - low.0) height=percent(high.1 - low.1)>
            {title}
        </rect>
    }
    .into_any()
}

fn point(tone: Tone, place: Place, size: f64, words: String) -> AnyView {
    let title = (!words.is_empty()).then(|| view! { <title>{words}</title> });
    view! {
        <circle class=class("dot", tone) cx=percent(place.0) cy=from_top(place.1) r=size.to_string()>{title}</circle>
    }
    .into_any()
}

fn text(class: String, at: Place, align: Align, shift: (f64, f64), words: String) -> AnyView {
    view! {
        <text class=class x=percent(at.0) y=from_top(at.1) dx=shift.0.to_string() dy=shift.1.to_string()
            text-anchor=align.anchor()>{words}</text>
    }
    .into_any()
}
