//! Until when something said by a person holds.

use leptos::prelude::*;

/// The fields `expires_days` and `expires_on` of a form; `of` tells their ids apart from those of other forms on the page.
#[component]
pub fn Expiry(of: String) -> impl IntoView {
    let (days, on) = (format!("{of}-days"), format!("{of}-on"));
    view! {
        <div class="field">
            <label for=days.clone()>"Until"</label>
            <select id=days.clone() name="expires_days">
                <option value="">"no end"</option>
                <option value="7">"in 7 days"</option>
                <option value="30">"in 30 days"</option>
                <option value="90">"in 90 days"</option>
            </select>
        </div>
        <div class="field">
            <label for=on.clone()>"or until this day"</label>
            <input id=on.clone() type="date" name="expires_on"/>
        </div>
    }
}
