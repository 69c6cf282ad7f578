//! "What is different about these rows?" asked in place: the server renders the question and its answer, and the address
//! follows.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::address_bar::keep_in_step;
use super::ask::page;
use super::elements::by_id;

/// The ids of the question's place on the page, and of what is replaced in it.
pub const QUESTION: &str = "question";
pub const ANSWER: &str = "question-answer";

/// Asks about rows, written as in addresses; without any, takes the question back. An answer to an older question is
/// dropped when it arrives late.
pub fn ask(rows: RwSignal<String>, text: String) {
    rows.set(text.clone());
    keep_in_step(&[("where", text.clone())]);
    let Some(place) = by_id::<Element>(QUESTION) else { return };
    // The attribute's name and value are ours and valid.
    let _ = place.set_attribute("aria-busy", "true");
    spawn_local(async move {
        let address = place.get_attribute("data-asks").unwrap_or_default();
        let asked = window().location().search().unwrap_or_default();
        let found = if text.is_empty() { String::new() } else { page(&format!("{address}{asked}")).await };
        if rows.try_get_untracked().as_ref() == Some(&text) {
            if let Some(answer) = by_id::<Element>(ANSWER) {
                answer.set_inner_html(&found);
            }
            let _ = place.remove_attribute("aria-busy");
        }
    });
}

/// A click on a link of the question asks in place. One that opens a new tab or window stays the browser's.
pub fn follow(rows: RwSignal<String>, event: &MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("[data-where]").ok().flatten());
    if let Some(text) = link.and_then(|link| link.get_attribute("data-where"))
        && !(event.ctrl_key() || event.meta_key() || event.shift_key())
    {
        event.prevent_default();
        ask(rows, text);
    }
}
