//! Who signs a form: asked once, then shown, and changed on request.

use domain::Actor;
use leptos::prelude::*;

use crate::visitor::Signature;

/// The field `author`. Where the reader's name is known, it is filled in and folded; `signed` then tells the server that a name
/// which is removed stays away.
#[component]
pub fn AuthorField(#[prop(into)] id: String) -> impl IntoView {
    match use_context::<Signature>() {
        Some(Signature::Account(name)) => {
            view! { <p class="signature small">"as " <strong>{name.to_string()}</strong></p> }.into_any()
        }
        Some(Signature::Given(name @ Actor::Named(_))) => {
            let name = name.to_string();
            view! {
                <details class="signature">
                    <summary>"as " <strong>{name.clone()}</strong> " " <span class="change">"change"</span></summary>
                    <input type="hidden" name="signed" value="1"/>
                    <label class="hidden" for=id.clone()>"Your name"</label>
                    <input id=id name="author" maxlength="300" autocomplete="name" placeholder="Your name" value=name/>
                </details>
            }
            .into_any()
        }
        _ => view! {
            <label class="hidden" for=id.clone()>"Your name"</label>
            <input id=id class="grow" name="author" maxlength="300" autocomplete="name" placeholder="Your name"/>
        }
        .into_any(),
    }
}
