//! A choice of a few: links that work without a script, and switch in place with one.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// One link of the choice. `href` shows the same when followed.
#[component]
pub fn Choice(
    words: &'static str,
    #[prop(into)] href: Signal<String>,
    #[prop(into)] chosen: Signal<bool>,
    on_choose: Callback<()>,
) -> impl IntoView {
    let click = move |event: MouseEvent| {
        // A click that opens a new tab or window stays the browser's.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            on_choose.run(());
        }
    };
    view! {
        <a href=move || href.get() aria-current=move || chosen.get().then_some("true") on:click=click>{words}</a>
    }
}
