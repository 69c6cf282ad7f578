//! The last row of a form: who sends it, and the button.

use leptos::prelude::*;

#[component]
pub fn SignedRow(id: &'static str, action: &'static str) -> impl IntoView {
    view! {
        <div class="row">
            <label class="hidden" for=id>"Your name"</label>
            <input id=id class="grow" name="author" autocomplete="name" placeholder="Your name"/>
            <button>{action}</button>
        </div>
    }
}
