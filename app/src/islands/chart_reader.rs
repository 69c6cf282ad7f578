//! Reads the values of the charts of a page under a pointer, a finger or a slider. The words are in the charts, which the
//! server drew; one island serves them all.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, PointerEvent};

/// What holds words: a region of the plot, or a point.
const REGION: &str = ".hit";
const POINT: &str = ".dot";
/// Of a spot: its words, and that they are shown.
const WORDS: &str = "data-words";
const SHOWN: &str = "data-shown";

#[island]
pub fn ChartReader() -> impl IntoView {
    Effect::new(|_| {
        // As long as the page is there, so are its charts: the listener is never taken away.
        let listener = Closure::<dyn Fn(Event)>::new(|event: Event| _ = read(&event)).into_js_value();
        for kind in ["pointermove", "pointerdown", "input", "focusin", "focusout"] {
            // Without the listener the browser shows the words itself, as titles.
            let _ = document().add_event_listener_with_callback(kind, listener.unchecked_ref());
        }
    });
}

/// Shows what the event is over; `None` when that is not a chart with words.
fn read(event: &Event) -> Option<()> {
    hide();
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let chart = target.closest(".chart-values").ok()??;
    let (spot, pointer) = match target.dyn_ref::<HtmlInputElement>() {
        Some(_) if event.type_() == "focusout" => return None,
        Some(slider) => (nth(&chart, slider.value().parse().ok()?)?, None),
        None => {
            (target.closest(".hit, .dot").ok()??, event.dyn_ref::<PointerEvent>().map(|pointer| pointer.client_y()))
        }
    };
    let words = words_of(&spot)?;
    let _ = spot.set_attribute(SHOWN, "");
    if let Some(slider) = target.dyn_ref::<HtmlInputElement>() {
        let _ = slider.set_attribute("aria-valuetext", &words);
    }
    let tip = chart.query_selector(".tip").ok()??.dyn_into::<HtmlElement>().ok()?;
    tip.set_text_content(Some(&words));
    let (outer, inner) = (chart.get_bounding_client_rect(), spot.get_bounding_client_rect());
    let (left, right) = (inner.right() - outer.left(), outer.right() - inner.left());
    let (side, other, distance) = if left < right { ("left", "right", left) } else { ("right", "left", right) };
    let top = pointer.map_or(inner.top(), f64::from) - outer.top();
    let style = tip.style();
    for (name, value) in [(side, pixels(distance + 8.0)), (other, "auto".to_owned()), ("top", pixels(top.max(0.0)))] {
        let _ = style.set_property(name, &value);
    }
    tip.remove_attribute("hidden").ok()
}

fn pixels(length: f64) -> String {
    format!("{}px", length as i32)
}

fn hide() {
    for (shown, attribute) in [(".tip:not([hidden])", "hidden"), ("[data-shown]", SHOWN)] {
        let Ok(Some(element)) = document().query_selector(shown) else { continue };
        let _ = if attribute == SHOWN { element.remove_attribute(SHOWN) } else { element.set_attribute(attribute, "") };
    }
}

/// The place-th region of a chart, or point where it has no regions.
fn nth(chart: &Element, place: u32) -> Option<Element> {
    let nth = |kind: &str| chart.query_selector_all(kind).ok()?.item(place)?.dyn_into().ok();
    nth(REGION).or_else(|| nth(POINT))
}

/// The title of a spot becomes an attribute, so that the browser does not show it a second time.
fn words_of(spot: &Element) -> Option<String> {
    if let Some(words) = spot.get_attribute(WORDS) {
        return Some(words);
    }
    let title = spot.query_selector("title").ok()??;
    let words = title.text_content()?;
    spot.set_attribute(WORDS, &words).ok()?;
    title.remove();
    Some(words)
}
