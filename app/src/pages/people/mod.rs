//! The pages about people: the ways in, one's own account, everybody's, who sees which model, and the audit log.

mod account;
mod audit;
mod entrance;
mod everybody;
mod model;

pub use account::AccountPage;
pub use audit::AuditLogPage;
pub use entrance::{JoinPage, SetUpPage, SignInPage};
pub use everybody::PeoplePage;
pub use model::ModelPage;

use domain::account::Role;
use leptos::prelude::*;

/// A choice of a role. `id` is its own on the page.
#[component]
fn RoleChoice(id: String, label: String, chosen: Role) -> impl IntoView {
    view! {
        <label class="hidden" for=id.clone()>{label}</label>
        <select id=id class="auto" name="role">
            {Role::ALL
                .map(|role| view! { <option value=role.id() selected=role == chosen>{format!("{role}: {}", role.words())}</option> })
                .collect_view()}
        </select>
    }
}
