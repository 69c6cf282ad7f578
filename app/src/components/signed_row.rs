//! The last row of a form: who sends it, and the button.

use leptos::prelude::*;

use super::AuthorField;

#[component]
pub fn SignedRow(#[prop(into)] id: String, action: &'static str) -> impl IntoView {
    view! {
        <div class="row">
            <AuthorField id/>
            <button>{action}</button>
        </div>
    }
}
