//! The dialog of the search over everything: asks the server while somebody types, and moves through what it found.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::markup::percent_encoded;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::ask::page;
use super::elements::by_id;

/// The ids of the field, of what was found, of the list in it, and of the sentence about it.
pub const WORDS: &str = "palette-words";
const FOUND: &str = "palette-found";
const HITS: &str = "palette-hits";
const COUNT: &str = "palette-count";

const SELECTED: &str = "aria-selected";

/// Whether the server is asked: what is shown is then about earlier words.
static IS_ASKING: AtomicBool = AtomicBool::new(false);
/// Whether Enter was pressed meanwhile.
static IS_DECIDED: AtomicBool = AtomicBool::new(false);

/// The dialog was opened.
pub fn begin() -> Option<()> {
    by_id::<HtmlInputElement>(WORDS)?.select();
    search();
    Some(())
}

/// Asks for the words in the field, and again while they change: one question at a time, so that a slow server gets few.
pub fn search() {
    if IS_ASKING.swap(true, Ordering::Relaxed) {
        return;
    }
    spawn_local(async {
        ask().await;
        IS_ASKING.store(false, Ordering::Relaxed);
        if IS_DECIDED.swap(false, Ordering::Relaxed) {
            follow();
        }
    });
}

async fn ask() -> Option<()> {
    let field = by_id::<HtmlInputElement>(WORDS)?;
    let address = field.get_attribute("data-asks")?;
    loop {
        let words = field.value();
        let found = page(&format!("{address}{}", percent_encoded(&words))).await;
        if field.value() == words {
            return show(&field, &found);
        }
    }
}

fn show(field: &HtmlInputElement, found: &str) -> Option<()> {
    let place = by_id::<Element>(FOUND)?;
    place.set_inner_html(found);
    let hits = by_id::<Element>(HITS);
    // Without a list it is a sentence that says why.
    let count = hits.as_ref().and_then(|hits| hits.get_attribute("data-count")).or_else(|| place.text_content());
    by_id::<Element>(COUNT)?.set_text_content(count.as_deref());
    let first = hits.and_then(|hits| hits.first_element_child());
    let _ = field.set_attribute("aria-expanded", if first.is_some() { "true" } else { "false" });
    select(first?)
}

/// Keys in the field.
pub fn press(event: &KeyboardEvent, key: &str) -> Option<()> {
    let hits = by_id::<Element>(HITS)?;
    let selected = hits.query_selector("[aria-selected=true]").ok()?;
    let (first, last) = (hits.first_element_child(), hits.last_element_child());
    let to = match key {
        "ArrowDown" => selected.and_then(|hit| hit.next_element_sibling()).or(first),
        "ArrowUp" => selected.and_then(|hit| hit.previous_element_sibling()).or(last),
        "Home" => first,
        "End" => last,
        "Enter" if IS_ASKING.load(Ordering::Relaxed) => {
            IS_DECIDED.store(true, Ordering::Relaxed);
            event.prevent_default();
            return Some(());
        }
        "Enter" if selected.is_some() => {
            event.prevent_default();
            return follow();
        }
        _ => return None,
    };
    event.prevent_default();
    select(to?)
}

fn select(hit: Element) -> Option<()> {
    let place = by_id::<Element>(FOUND)?;
    if let Some(before) = place.query_selector("[aria-selected=true]").ok()? {
        let _ = before.set_attribute(SELECTED, "false");
    }
    let _ = hit.set_attribute(SELECTED, "true");
    let _ = by_id::<Element>(WORDS)?.set_attribute("aria-activedescendant", &hit.id());
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    hit.scroll_into_view_with_scroll_into_view_options(&nearest);
    Some(())
}

/// Goes to the hit that is selected.
fn follow() -> Option<()> {
    let selected = by_id::<Element>(HITS)?.query_selector("[aria-selected=true]").ok()??;
    selected.dyn_into::<HtmlElement>().ok()?.click();
    Some(())
}
