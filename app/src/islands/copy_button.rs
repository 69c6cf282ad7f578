//! Copies a text that stands on the page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

/// `of` is the id of the element whose text is copied.
#[island]
pub fn CopyButton(of: String) -> impl IntoView {
    let said = RwSignal::new("");
    let copy = move |_| {
        let text = document().get_element_by_id(&of).and_then(|element| element.text_content()).unwrap_or_default();
        spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            said.set(match written {
                Ok(_) => "Copied.",
                Err(_) => "The browser did not allow copying. Select the text and copy it by hand.",
            });
        });
    };
    view! {
        <button type="button" class="scripted" on:click=copy>"Copy"</button>
        <span role="status">{said}</span>
    }
}
