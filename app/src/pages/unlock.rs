//! The password of a share link.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::address::Place;

/// The same for every address, whether or not there is such a link.
#[component]
pub fn UnlockPage() -> impl IntoView {
    let place = use_params_map().with_untracked(Place::from_params);
    let action = place.map(|place| format!("{}/unlock", place.map())).unwrap_or_default();
    view! {
        <Title text="Password"/>
        <section class="entrance card pad stack">
            <h1>"This link has a password"</h1>
            <p class="muted">"Whoever sent you the link knows it."</p>
            <form class="stack" method="post" action=action>
                <div class="field">
                    <label for="password">"Password"</label>
                    <input id="password" name="password" type="password" required maxlength="256" autocomplete="off"/>
                </div>
                <p><button class="primary large">"Open it"</button></p>
            </form>
        </section>
    }
}
