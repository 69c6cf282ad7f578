//! The examples, each with a button that opens it.

use domain::Example;
use leptos::prelude::*;

#[component]
pub fn Examples() -> impl IntoView {
    let example = |example: Example| {
        view! {
            <li class="card pad stack">
                <p><strong>{example.name()}</strong></p>
                <p class="muted small">{example.story()}</p>
                <form method="post" action=format!("/examples/{}", example.id())>
                    <button aria-label=format!("Open the example {}", example.name())>"Open it"</button>
                </form>
            </li>
        }
    };
    view! {
        <section class="stack section" aria-labelledby="examples-title">
            <h2 id="examples-title">"Examples on public data"</h2>
            <p class="muted">"In each of them one thing was done on purpose. Opening one starts a new investigation with its files."</p>
            <ul class="plain examples">{Example::ALL.map(example).into_iter().collect_view()}</ul>
        </section>
    }
}
