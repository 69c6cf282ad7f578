//! What others do to the investigation that is open: it appears in place, and says who else is here.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, DomParser, Element, EventSource, MessageEvent, SupportedType};

use super::ask;
use super::in_use::is_in_use_within;

/// How long after the page is there it listens.
const AFTER: Duration = Duration::from_secs(3);

/// Parts of the page that are replaced: each has a name of its own.
const PARTS: &str = "[data-live]";

/// What the server says of the investigation now.
#[derive(Deserialize)]
struct Now {
    /// How many times it was changed.
    changes: i64,
    /// The names of the others who have it open.
    here: Vec<String>,
}

/// `address` tells what is now; `changes` is the count with which the page was made.
#[island]
pub fn Live(address: String, changes: i64) -> impl IntoView {
    let here = RwSignal::new(Vec::<String>::new());
    let is_behind = RwSignal::new(false);
    Effect::new(move || {
        let seen = StoredValue::new(changes);
        let tell = move |now: Now| {
            here.try_set(now.here);
            if seen.try_get_value().is_some_and(|seen| seen != now.changes) {
                seen.try_set_value(now.changes);
                spawn_local(async move {
                    if !show_anew().await {
                        is_behind.try_set(true);
                    }
                });
            }
        };
        let listening = StoredValue::new_local(None::<Listening>);
        let address = address.clone();
        let listens = move || listening.try_set_value(listen(&address, tell));
        let begins = listens.clone();
        // What the page was made with is new; until then, what it needs itself goes first.
        let begins = set_timeout_with_handle(move || drop(begins()), AFTER);
        // A page that nobody looks at keeps no connection: browsers have six for a server.
        let hides = window_event_listener_untyped("visibilitychange", move |_| {
            listening.update_value(|listening| *listening = None);
            if !document().hidden() {
                listens();
            }
        });
        on_cleanup(move || {
            hides.remove();
            if let Ok(begins) = begins {
                begins.clear();
            }
        });
    });
    let others = move || here.with(|names| names.join(", "));
    view! {
        <div class="live small">
            <p hidden=move || here.with(Vec::is_empty)>"Also here: " <strong>{others}</strong></p>
            <p role="status" hidden=move || !is_behind.get()>"This page was changed meanwhile. " <a href="">"Show it"</a></p>
        </div>
    }
}

/// Asks for the open page once more and shows its parts; whether all that differs could be shown.
pub(super) async fn show_anew() -> bool {
    shown(&ask::page(&window().location().href().unwrap_or_default()).await)
}

/// A connection that is open as long as this lives.
struct Listening {
    source: EventSource,
    /// Called by the source.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Hands on what is told. A connection that breaks or ends is opened again by the browser; what it finds then is new or is not.
fn listen(address: &str, tell: impl Fn(Now) + 'static) -> Option<Listening> {
    if document().hidden() {
        return None;
    }
    let source = EventSource::new(address).ok()?;
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let now = event.data().as_string().and_then(|text| serde_json::from_str::<Now>(&text).ok());
        if let Some(now) = now {
            tell(now);
        }
    });
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    Some(Listening { source, _on_message: on_message })
}

/// Puts the parts of the new page in the place of the old ones; whether all that differs could be shown. What somebody writes
/// into stays, and so does what has a script of its own.
fn shown(page: &str) -> bool {
    let parsed = DomParser::new().and_then(|parser| parser.parse_from_string(page, SupportedType::TextHtml));
    let Ok(parsed) = parsed else { return false };
    let (old, new) = (parts(&document()), parts(&parsed));
    let mut all = old.len() == new.len();
    for part in old {
        let name = part.get_attribute("data-live");
        match new.iter().find(|other| other.get_attribute("data-live") == name) {
            Some(other) if other.outer_html() == part.outer_html() => {}
            Some(other) if is_plain(&part) && is_plain(other) && !is_in_use_within(&part) => {
                all &= part.replace_with_with_node_1(other).is_ok();
            }
            _ => all = false,
        }
    }
    all
}

fn parts(page: &Document) -> Vec<Element> {
    let Ok(found) = page.query_selector_all(PARTS) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok()).collect()
}

/// Without an island in it, which would be dead after it was replaced, and without what somebody opened.
fn is_plain(part: &Element) -> bool {
    part.query_selector("leptos-island, details[open]").ok().flatten().is_none()
}
