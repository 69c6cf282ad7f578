//! What surrounds every page: skip link, header with the navigation, footer.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::islands::ThemeToggle;

#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    view! {
        <a class="skip" href="#content">"Skip to content"</a>
        <header class="top">
            <a class="brand" href="/" aria-label="Mismatch, start page">
                <span class="brand-mark" aria-hidden="true">"≠"</span>
                <span>"Mismatch"</span>
            </a>
            {(!path.starts_with("/s/")).then(|| view! { <Navigation path=path.clone()/> })}
            <ThemeToggle/>
        </header>
        <main id="content" tabindex="-1">
            {children()}
        </main>
        <footer class="foot">
            <p>"Two things that should agree no longer do. Mismatch finds which two, and shows the evidence."</p>
            <p><a href="/reference">"How every check decides"</a></p>
        </footer>
    }
}

#[component]
fn Navigation(path: String) -> impl IntoView {
    let current = |here: bool| here.then_some("page");
    let in_new = path == "/investigations/new";
    let in_reference = path.starts_with("/reference");
    let in_investigations = !in_new && !in_reference;
    view! {
        <nav class="top-nav" aria-label="Main">
            <a href="/" aria-current=current(in_investigations)>"Investigations"</a>
            <a href="/reference" aria-current=current(in_reference)>"Reference"</a>
        </nav>
        <a class="button primary" href="/investigations/new" aria-current=current(in_new)>"Start an investigation"</a>
    }
}
