//! The keys that lead somewhere, and the dialog that lists them and turns them off.

use leptos::prelude::*;

use crate::address::Place;
use crate::islands::keyboard::{SHORTCUTS, SWITCH, ShortcutKeys};
use crate::visitor::CommandKey;

/// Keys, pressed one after the other, and the page that they lead to.
struct Shortcut {
    keys: &'static str,
    words: &'static str,
    href: String,
}

fn shortcuts(place: Option<&Place>) -> Vec<Shortcut> {
    let mut shortcuts = Vec::new();
    let mut add = |keys, words, href| shortcuts.push(Shortcut { keys, words, href });
    let is_shared = place.is_some_and(Place::is_read_only);
    if !is_shared {
        add("g i", "Investigations", "/".to_owned());
        add("g r", "Reference", "/reference".to_owned());
        add("n", "Start an investigation", "/investigations/new".to_owned());
    }
    if let Some(place) = place {
        add("g m", "Map of this investigation", place.map());
        add("g c", "Compare", place.compare(&[]));
        add("g e", "Evaluation", place.evaluation(&[]));
        if !is_shared {
            add("g f", "Inputs (files)", place.inputs());
        }
        add("g v", "Review", place.review());
        add("g p", "Report (print)", place.report());
    }
    shortcuts
}

/// The island looks up in it where keys lead.
#[component]
pub fn ShortcutsDialog(place: Option<Place>) -> impl IntoView {
    let keys: ShortcutKeys = use_context().unwrap_or_default();
    let leading = shortcuts(place.as_ref()).into_iter().map(|Shortcut { keys, words, href }| {
        view! { <div><dt><Keys keys/></dt><dd><a href=href data-keys=keys>{words}</a></dd></div> }
    });
    view! {
        <dialog class="shortcuts" id=SHORTCUTS closedby="any" aria-labelledby="shortcuts-title">
            <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
            <dl>
                <div><dt><kbd>{CommandKey::here().words()}</kbd></dt><dd>"Find anything"</dd></div>
                <div><dt><kbd>"/"</kbd></dt><dd>"Go to the search field of the page"</dd></div>
                <div><dt><kbd>"?"</kbd></dt><dd>"Show this list"</dd></div>
                {leading.collect_view()}
            </dl>
            <label class="check">
                <input type="checkbox" id=SWITCH autocomplete="off" checked=keys == ShortcutKeys::On/>
                "Use shortcuts of single keys. They never work in a field. " {CommandKey::here().words()} " works without them."
            </label>
            <form method="dialog"><button>"Close"</button></form>
        </dialog>
    }
}

#[component]
fn Keys(keys: &'static str) -> impl IntoView {
    let mut each = keys.split(' ');
    let first = each.next().map(|key| view! { <kbd>{key}</kbd> });
    view! { {first} {each.map(|key| view! { " then " <kbd>{key}</kbd> }).collect_view()} }
}
