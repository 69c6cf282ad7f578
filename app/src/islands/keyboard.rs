//! The keys of every page: those that lead to another page, and those that open a dialog. Where keys lead is in the dialog
//! that lists them, which the server rendered.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::cookies::{cookie_of, keep_cookie};
use super::elements::by_id;
use super::palette;

/// The ids of the two dialogs.
pub const PALETTE: &str = "palette";
pub const SHORTCUTS: &str = "shortcuts";
/// The id of the checkbox that turns the keys off.
pub const SWITCH: &str = "shortcuts-on";

/// The key that begins a pair, and how long the other one may take, in milliseconds.
const LEAD: &str = "g";
const PATIENCE: u32 = 1500;

/// Whether single keys lead somewhere. Kept in a cookie, so that the server renders the checkbox as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShortcutKeys {
    #[default]
    On,
    Off,
}

impl ShortcutKeys {
    const COOKIE: &str = "shortcuts";

    /// Reads a `Cookie` header.
    pub fn from_cookies(cookies: &str) -> ShortcutKeys {
        if cookie_of(cookies, ShortcutKeys::COOKIE) == Some("off") { ShortcutKeys::Off } else { ShortcutKeys::On }
    }
}

#[island]
pub fn Keyboard() -> impl IntoView {
    Effect::new(|_| {
        // It lives as long as the page.
        let listener = Closure::<dyn Fn(Event)>::new(|event: Event| _ = hear(&event)).into_js_value();
        for kind in ["keydown", "click", "input", "change"] {
            // Without the listener the buttons lead to pages with the same content.
            let _ = document().add_event_listener_with_callback(kind, listener.unchecked_ref());
        }
    });
}

/// `None` where the event means nothing here.
fn hear(event: &Event) -> Option<()> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    match event.type_().as_str() {
        "keydown" => press(event.dyn_ref()?, &target),
        "input" => (target.id() == palette::WORDS).then(palette::search),
        "change" if target.id() == SWITCH => {
            let is_on = target.dyn_ref::<HtmlInputElement>()?.checked();
            keep_cookie(ShortcutKeys::COOKIE, if is_on { "on" } else { "off" });
            Some(())
        }
        "click" => {
            if let Some(opener) = target.closest("[data-opens]").ok()? {
                event.prevent_default();
                return open(&opener.get_attribute("data-opens")?);
            }
            // What is chosen may be on this very page, and then nothing else closes the dialog.
            target.closest("dialog a").ok()??.closest("dialog").ok()??.dyn_into::<HtmlDialogElement>().ok()?.close();
            Some(())
        }
        _ => None,
    }
}

fn press(event: &KeyboardEvent, target: &Element) -> Option<()> {
    let key = event.key();
    let has_command = event.ctrl_key() || event.meta_key();
    if has_command && key.eq_ignore_ascii_case("k") && !event.alt_key() && !event.shift_key() {
        event.prevent_default();
        return open(PALETTE);
    }
    // Until the next frame a browser leaves the focus in a dialog that was just closed.
    let is_in_closed = target.closest("dialog:not([open])").ok()?.is_some();
    if target.id() == palette::WORDS && !is_in_closed {
        return palette::press(event, &key);
    }
    let is_in_field = !is_in_closed && target.closest("input, select, textarea, [contenteditable]").ok()?.is_some();
    let is_meant = !has_command
        && !event.alt_key()
        && !event.is_composing()
        && !is_in_field
        && document().query_selector("dialog[open]").ok()?.is_none()
        && by_id::<HtmlInputElement>(SWITCH)?.checked();
    if is_meant { lead(event, &key) } else { None }
}

/// When the first key of a pair was pressed, on the clock of events; 0 without one.
static BEGUN: AtomicU32 = AtomicU32::new(0);

fn lead(event: &KeyboardEvent, key: &str) -> Option<()> {
    let now = event.time_stamp() as u32;
    let begun = BEGUN.swap(0, Ordering::Relaxed);
    let is_second = begun > 0 && now.wrapping_sub(begun) < PATIENCE;
    match key {
        "?" => open(SHORTCUTS)?,
        "/" => search_field()?.focus().ok()?,
        LEAD if !is_second => BEGUN.store(now.max(1), Ordering::Relaxed),
        // Nothing else can break out of the selector.
        key if key.len() == 1 && key.as_bytes()[0].is_ascii_alphanumeric() => {
            let first = if is_second { "g " } else { "" };
            let link = document().query_selector(&format!("[data-keys='{first}{key}']")).ok()??;
            link.dyn_into::<HtmlElement>().ok()?.click();
        }
        _ => return None,
    }
    event.prevent_default();
    Some(())
}

/// The first search field of the page that can be seen.
fn search_field() -> Option<HtmlElement> {
    let fields = document().query_selector_all("main input[type=search]").ok()?;
    let mut fields = (0..fields.length()).filter_map(|at| fields.item(at)?.dyn_into::<HtmlElement>().ok());
    fields.find(|field| field.offset_width() > 0)
}

fn open(id: &str) -> Option<()> {
    let dialog = by_id::<HtmlDialogElement>(id)?;
    if !dialog.open() {
        dialog.show_modal().ok()?;
    }
    if id == PALETTE { palette::begin() } else { Some(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_keys_are_on_unless_they_were_turned_off() {
        assert_eq!(ShortcutKeys::from_cookies(""), ShortcutKeys::On);
        assert_eq!(ShortcutKeys::from_cookies("theme=dark; shortcuts=off"), ShortcutKeys::Off);
        assert_eq!(ShortcutKeys::from_cookies("my_shortcuts=off; shortcuts=on"), ShortcutKeys::On);
    }
}
