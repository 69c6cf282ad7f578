//! Reads the values of a chart under a pointer, a finger or a slider. The words are in the chart, which the server drew.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What holds words: a region of the plot, or a point.
const REGION: &str = ".hit";
const POINT: &str = ".dot";

/// The words and where they stand, as lengths of the style sheet.
#[derive(Clone, PartialEq)]
struct Tip {
    words: String,
    left: String,
    right: String,
    top: String,
}

/// `spots` is the number of regions with words; of a chart without regions, that of its points.
#[island]
pub fn ChartValues(title: String, spots: usize, children: Children) -> impl IntoView {
    let tip = RwSignal::new(None::<Tip>);
    let frame = NodeRef::<leptos::html::Div>::new();
    let show = move |spot: &Element| {
        let shown = frame.get_untracked().and_then(|frame| read(&frame, spot));
        tip.set(shown);
    };
    let under = move |event: leptos::ev::PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        match target.and_then(|element| element.closest(&format!("{REGION},{POINT}")).ok().flatten()) {
            Some(spot) => show(&spot),
            None => tip.set(None),
        }
    };
    let along = move |event: leptos::ev::Event| {
        let place = event_target_value(&event).parse().unwrap_or(0);
        let nth = |kind: &str| frame.get_untracked()?.query_selector_all(kind).ok()?.item(place);
        let spot = nth(REGION).or_else(|| nth(POINT));
        if let Some(spot) = spot.and_then(|spot| spot.dyn_into::<Element>().ok()) {
            show(&spot);
        }
    };
    let words = move || tip.get().map(|tip| tip.words).unwrap_or_default();
    view! {
        <div class="chart-values" node_ref=frame on:pointermove=under on:pointerdown=under
            on:pointerleave=move |_| tip.set(None)>
            {children()}
            {(spots > 0).then(|| view! {
                <input type="range" class="read-along" min="0" max=(spots - 1).to_string() value="0"
                    aria-label=format!("Values of the chart: {title}") aria-valuetext=words
                    on:input=along on:focus=move |event| along(event.into()) on:blur=move |_| tip.set(None)/>
            })}
            {move || tip.get().map(|tip| view! { <p class="tip" style:left=tip.left style:right=tip.right style:top=tip.top>{tip.words}</p> })}
        </div>
    }
}

/// The words of a spot, and a place next to it on the side that has more room.
fn read(frame: &HtmlElement, spot: &Element) -> Option<Tip> {
    let words = words_of(spot)?;
    let (outer, inner) = (frame.get_bounding_client_rect(), spot.get_bounding_client_rect());
    let (left, right) = (inner.right() - outer.left(), outer.right() - inner.left());
    let (auto, pixels) = ("auto".to_owned(), |length: f64| format!("{:.0}px", length + 6.0));
    let (left, right) = if left < right { (pixels(left), auto) } else { (auto, pixels(right)) };
    Some(Tip { words, left, right, top: format!("{:.0}px", (inner.top() - outer.top()).max(0.0)) })
}

/// The title of a spot becomes an attribute, so that the browser does not show it a second time.
fn words_of(spot: &Element) -> Option<String> {
    const KEPT: &str = "data-words";
    if let Some(words) = spot.get_attribute(KEPT) {
        return Some(words);
    }
    let title = spot.query_selector("title").ok()??;
    let words = title.text_content()?;
    spot.set_attribute(KEPT, &words).ok()?;
    title.remove();
    Some(words)
}
