//! What surrounds every page: skip link, header with the navigation, the answer to a form that failed, footer.

use leptos::prelude::*;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_router::hooks::use_location;

use crate::error::AppError;

#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let location = use_location();
    let path = location.pathname.get_untracked();
    let failed = location.query.with_untracked(|query| query.get("__err"));
    view! {
        <a class="skip" href="#content">"Skip to content"</a>
        <header class="top">
            <a class="brand" href="/" aria-label="Mismatch, to the start page">
                <span class="brand-mark" aria-hidden="true">"≠"</span>
                <span>"Mismatch"</span>
            </a>
            {(!path.starts_with("/s/")).then(|| view! { <Navigation path=path.clone()/> })}
        </header>
        <main id="content" tabindex="-1">
            {failed.map(|encoded| view! { <FailedForm encoded/> })}
            {children()}
        </main>
        <footer class="foot">
            <p>"Two things that should agree no longer do. Mismatch finds which two, and shows the proof."</p>
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

/// A form that failed without script sends its page back with the problem in the address.
#[component]
fn FailedForm(encoded: String) -> impl IntoView {
    let error: AppError = ServerFnUrlError::decode_err(&encoded);
    view! {
        <div class="notice bad" role="alert">
            <p><strong>"That did not go through. "</strong> {error.to_string()}</p>
        </div>
    }
}
