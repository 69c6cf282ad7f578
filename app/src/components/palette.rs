//! The way to everything: the button in the header, and the dialog that it opens where scripts run. Without them it leads
//! to the page with the same search.

use leptos::prelude::*;

use crate::address::Place;
use crate::islands::keyboard::PALETTE;
use crate::visitor::CommandKey;

#[component]
pub fn SearchButton(place: Option<Place>) -> impl IntoView {
    view! {
        <form class="search-button" method="get" action=Place::search_of(place.as_ref())>
            {place.as_ref().and_then(Place::in_query).map(|id| view! { <input type="hidden" name="in" value=id/> })}
            <button aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K" data-opens=PALETTE>
                "Search" <kbd class="scripted" aria-hidden="true">{CommandKey::here().words()}</kbd>
            </button>
        </form>
    }
}

/// The island fills it with what the server finds; Enter without a chosen hit sends the form.
#[component]
pub fn Palette(place: Option<Place>) -> impl IntoView {
    view! {
        <dialog class="palette" id=PALETTE closedby="any" aria-label="Find anything">
            <form method="get" action=Place::search_of(place.as_ref()) role="search" aria-label="Anything">
                {place.as_ref().and_then(Place::in_query).map(|id| view! { <input type="hidden" name="in" value=id/> })}
                <input id="palette-words" name="q" type="text" maxlength="200" autocomplete="off" autofocus
                    spellcheck="false" role="combobox" aria-expanded="false" aria-controls="palette-hits"
                    aria-autocomplete="list" aria-label="Words" placeholder="a page, a column, a finding, a check"
                    data-asks=Place::palette_of(place.as_ref())/>
            </form>
            <div id="palette-found"><div id="palette-hits" role="listbox" aria-label="Results" hidden></div></div>
            <div class="palette-foot">
                <p class="muted small" id="palette-count" role="status"></p>
                <p class="muted small" aria-hidden="true"><kbd>"↑"</kbd> <kbd>"↓"</kbd> " to choose, " <kbd>"Enter"</kbd> " to open"</p>
                <form method="dialog"><button class="small">"Close"</button></form>
            </div>
        </dialog>
    }
}
