//! A text to hand on, with a button that copies it.

use domain::markup::escaped;
use leptos::prelude::*;

use crate::islands::CopyButton;

/// The text can be selected and copied by hand as well. `id` is its own on the page.
#[component]
pub fn CopyBox(id: String, label: &'static str, text: String, rows: usize) -> impl IntoView {
    view! {
        <div class="copy-box">
            // What stands in a text area is not escaped when it is rendered as a child.
            <textarea id=id.clone() readonly rows=rows aria-label=label inner_html=escaped(&text)></textarea>
            <CopyButton of=id/>
        </div>
    }
}
