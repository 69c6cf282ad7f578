//! Dragging pieces of evidence to another place. Their forms move them too, by keyboard and without a script.

use leptos::ev::{dragend, dragover, dragstart, drop, pointerdown};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Element, Event, RequestInit, UrlSearchParams};

use super::elements::by_id;
use super::live::show_anew;

/// The list, and the attribute of a piece that says where its new place is sent.
const LIST: &str = "pieces";
const PLACE: &str = "data-place";

#[island]
pub fn Sorting() -> impl IntoView {
    let dragged = StoredValue::new_local(None::<Element>);
    Effect::new(move || {
        // Only the handle drags, so that text in a piece can still be marked.
        let pressed = window_event_listener(pointerdown, |event| {
            let on_handle = target(&event).is_some_and(|at| at.closest(".handle").ok().flatten().is_some());
            if let Some(piece) = target(&event).and_then(|at| piece_of(&at)) {
                // The attribute's name and value are ours and valid.
                let _ = piece.set_attribute("draggable", if on_handle { "true" } else { "false" });
            }
        });
        let started = window_event_listener(dragstart, move |event: DragEvent| {
            dragged.set_value(target(&event).filter(|at| at.has_attribute(PLACE)));
        });
        let over = window_event_listener(dragover, move |event: DragEvent| {
            let Some(moved) = dragged.get_value() else { return };
            let Some(other) = target(&event).and_then(|at| piece_of(&at)) else { return };
            event.prevent_default();
            if other == moved {
                return;
            }
            // It takes the place of what it is dragged over, whether the pieces stand below each other or side by side.
            let comes_from_before = place_of(&moved) < place_of(&other);
            // Where it can't be shown there, it stays where it is.
            let _ = if comes_from_before { other.after_with_node_1(&moved) } else { other.before_with_node_1(&moved) };
        });
        let dropped = window_event_listener(drop, move |event: DragEvent| {
            if let Some(moved) = dragged.get_value() {
                event.prevent_default();
                send(&moved);
            }
        });
        let ended = window_event_listener(dragend, move |_| dragged.set_value(None));
        on_cleanup(move || {
            for listening in [pressed, started, over, dropped, ended] {
                listening.remove();
            }
        });
    });
    view! { <p class="hidden" id="sorting">"Evidence can be dragged to another place by its handle."</p> }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn piece_of(at: &Element) -> Option<Element> {
    at.closest(&format!("#{LIST} > [{PLACE}]")).ok().flatten()
}

/// From 0.
fn place_of(piece: &Element) -> Option<u32> {
    let children = by_id::<Element>(LIST)?.children();
    (0..children.length()).find(|index| children.item(*index).as_ref() == Some(piece))
}

/// Sends the place that the piece has on the page now, and puts the evidence as it is kept in its place: the numbers are
/// others, and what somebody does elsewhere on the page goes on.
fn send(moved: &Element) {
    let (Some(place), Some(address)) = (place_of(moved), moved.get_attribute(PLACE)) else { return };
    spawn_local(async move {
        // Sent or not, the page shows the order that is kept; what is in use is shown by the next change.
        let _ = sent(&address, place).await;
        let _ = show_anew().await;
    });
}

async fn sent(address: &str, place: u32) -> Result<(), JsValue> {
    let fields = UrlSearchParams::new()?;
    fields.append("to", &place.to_string());
    fields.append("back", "review");
    let form = RequestInit::new();
    form.set_method("POST");
    form.set_body(&fields);
    JsFuture::from(window().fetch_with_str_and_init(address, &form)).await?;
    Ok(())
}
