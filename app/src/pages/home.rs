//! The start page.

use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <Title text="Investigations"/>
        <header class="page-head"><h1>"Investigations"</h1></header>
    }
}
