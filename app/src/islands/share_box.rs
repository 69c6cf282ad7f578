//! An address to hand on, with a button that copies it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copying {
    NotYet,
    Copied,
    Refused,
}

/// `link` may be a path; it is shown with the page's own origin once the script runs, since the server can't know
/// under which name it was reached.
#[island]
pub fn ShareBox(link: String) -> impl IntoView {
    let shown = RwSignal::new(link.clone());
    let copying = RwSignal::new(Copying::NotYet);
    Effect::new(move || {
        let origin = window().location().origin().unwrap_or_default();
        if link.starts_with('/') {
            shown.set(format!("{origin}{link}"));
        }
    });
    let copy = move |_| {
        let text = shown.get_untracked();
        spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            copying.set(if written.is_ok() { Copying::Copied } else { Copying::Refused });
        });
    };
    let said = move || match copying.get() {
        Copying::NotYet => "",
        Copying::Copied => "Copied.",
        Copying::Refused => "The browser did not allow copying. Select the link and copy it by hand.",
    };
    view! {
        <div class="share-box">
            <input type="text" readonly aria-label="Link" value=move || shown.get() prop:value=move || shown.get()/>
            <button type="button" on:click=copy>"Copy"</button>
            <span role="status">{said}</span>
        </div>
    }
}
