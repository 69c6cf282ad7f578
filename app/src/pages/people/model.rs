//! Who sees a model, and what each account may do with it: for admins.

use domain::account::{Account, Role};
use domain::model_access::{ModelAccess, Openness};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::people::{OneModel, find_model};
use crate::components::loaded;

/// The roles that somebody can have in a model.
const IN_MODEL: [Role; 2] = [Role::Viewer, Role::Editor];

#[component]
pub fn ModelPage() -> impl IntoView {
    let name = use_query_map().with_untracked(|query| query.get("name")).unwrap_or_default();
    loaded(find_model(name), |one| view! { <Model one/> })
}

#[component]
pub(crate) fn Model(one: OneModel) -> impl IntoView {
    let OneModel { access: ModelAccess { model, openness, members }, accounts } = one;
    let title = format!("Who sees {model}");
    let role_in = move |account: &Account| members.iter().find(|(id, _)| *id == account.id).map(|(_, role)| *role);
    let of_model = model.clone();
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            <p class="crumbs"><a href="/people">"People"</a></p>
            <h1>{title}</h1>
            <p class="lead">"Who sees a model sees its investigations and their data. Share links show what they show to anybody."</p>
        </header>
        <div class="stack wide-gap">
            <section class="card pad stack" aria-labelledby="openness">
                <h2 id="openness">"Who sees it"</h2>
                <form class="row" method="post" action="/people/model">
                    <input type="hidden" name="model" value=model.clone()/>
                    <label class="hidden" for="seen-by">"Who sees it"</label>
                    <select id="seen-by" class="auto" name="openness">
                        {Openness::ALL
                            .map(|one| view! { <option value=one.id() selected=one == openness>{one.words()}</option> })
                            .collect_view()}
                    </select>
                    <button>"Save"</button>
                </form>
            </section>
            <section class="card pad stack" aria-labelledby="roles">
                <h2 id="roles">"Roles in this model"</h2>
                <p class="muted">"Whoever has a role here is a member. The role holds instead of the one that they have everywhere."</p>
                <ul class="plain rows">
                    {accounts
                        .into_iter()
                        .filter(|account| account.disabled_at_ms.is_none())
                        .map(|account| {
                            let (model, chosen) = (of_model.clone(), role_in(&account));
                            view! { <Row model account chosen openness/> }
                        })
                        .collect_view()}
                </ul>
            </section>
        </div>
    }
}

#[component]
fn Row(model: String, account: Account, chosen: Option<Role>, openness: Openness) -> impl IntoView {
    let (id, name) = (account.id.clone(), account.name.to_string());
    let everywhere = match openness {
        Openness::Everybody => format!("as everywhere: {}", account.role),
        Openness::Members => "does not see it".to_owned(),
    };
    view! {
        <li class="row spread">
            <span class="row">
                <span class="avatar" aria-hidden="true">{account.initials()}</span>
                <span><strong>{name.clone()}</strong> " " <span class="muted">{account.login.to_string()}</span></span>
            </span>
            {match account.role {
                Role::Admin => view! { <span class="muted">"admin everywhere"</span> }.into_any(),
                Role::Viewer | Role::Editor => view! {
                    <form class="row" method="post" action="/people/model/member">
                        <input type="hidden" name="model" value=model/>
                        <input type="hidden" name="account" value=id.clone()/>
                        <label class="hidden" for=format!("role-{id}")>{format!("Role of {name} in this model")}</label>
                        <select id=format!("role-{id}") class="auto" name="role">
                            <option value="" selected=chosen.is_none()>{everywhere}</option>
                            {IN_MODEL
                                .map(|role| view! { <option value=role.id() selected=chosen == Some(role)>{role.id()}</option> })
                                .collect_view()}
                        </select>
                        <button aria-label=format!("Give {name} this role")>"Give"</button>
                    </form>
                }
                .into_any(),
            }}
        </li>
    }
}
