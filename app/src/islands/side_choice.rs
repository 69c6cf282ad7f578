//! Which side's rows are asked about.

use domain::selection::Side;
use leptos::prelude::*;

#[component]
pub fn SideChoice(side: RwSignal<Side>) -> impl IntoView {
    let choose = move |event| {
        side.set(match event_target_value(&event).as_str() {
            "train" => Side::Train,
            "serve" => Side::Serve,
            _ => Side::Both,
        });
    };
    view! {
        <label class="side-choice">
            "of "
            <select on:change=choose>
                <option value="both">"train and serve"</option>
                <option value="serve">"serve"</option>
                <option value="train">"train"</option>
            </select>
        </label>
    }
}
