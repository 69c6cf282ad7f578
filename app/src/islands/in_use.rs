//! Whether somebody is doing something on the page that loading it again would take away.

use js_sys::Reflect;
use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::{Element, Node, NodeList};

/// What is open, pressed or written into.
const IN_USE: &str =
    "dialog[open], a:active, button:active, summary:active, label:active, input:focus, select:focus, textarea:focus";
/// Fields whose text, or whose tick, may not have been sent yet.
const TEXTS: &str = "textarea, input:not([type=checkbox], [type=radio], [type=range])";
const TICKS: &str = "input[type=checkbox], input[type=radio]";
/// What may be chosen in a field; where nothing was at first, its first choice is.
const CHOICES: &str =
    "select:has(option[selected]) option, select:not(:has(option[selected])) option:not(:first-of-type)";

pub fn is_in_use() -> bool {
    let is_there = document().query_selector(IN_USE).ok().flatten().is_some();
    is_there
        || any(TEXTS, |field| differs(field, "value", "defaultValue"))
        || any(TICKS, |field| differs(field, "checked", "defaultChecked"))
}

/// The same of a part of the page.
pub fn is_in_use_within(part: &Element) -> bool {
    let is_there = part.query_selector(IN_USE).ok().flatten().is_some();
    is_there
        || any_within(part, TEXTS, |field| differs(field, "value", "defaultValue"))
        || any_within(part, TICKS, |field| differs(field, "checked", "defaultChecked"))
        || any_within(part, CHOICES, |field| differs(field, "selected", "defaultSelected"))
}

fn any_within(part: &Element, selector: &str, is_changed: impl Fn(&Node) -> bool) -> bool {
    part.query_selector_all(selector).is_ok_and(|fields| any_of(&fields, is_changed))
}

fn any(selector: &str, is_changed: impl Fn(&Node) -> bool) -> bool {
    document().query_selector_all(selector).is_ok_and(|fields| any_of(&fields, is_changed))
}

fn any_of(fields: &NodeList, is_changed: impl Fn(&Node) -> bool) -> bool {
    (0..fields.length()).filter_map(|at| fields.item(at)).any(|field| is_changed(&field))
}

/// Whether a property is not what the page was sent with.
fn differs(field: &Node, now: &str, first: &str) -> bool {
    let get = |name: &str| Reflect::get(field, &JsValue::from_str(name)).ok();
    get(now) != get(first)
}
