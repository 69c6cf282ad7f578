//! Everybody with an account, and the invitations: for admins.

use domain::account::{Account, Invitation, Role};
use leptos::prelude::*;
use leptos_meta::Title;

use super::RoleChoice;
use crate::address::access_page as address;
use crate::api::people::{Everybody, ModelLine, find_everybody};
use crate::components::{CopyBox, When, loaded};
use crate::visitor::Origin;

#[component]
pub fn PeoplePage() -> impl IntoView {
    loaded(find_everybody(), |everybody| view! { <All everybody/> })
}

#[component]
pub(crate) fn All(everybody: Everybody) -> impl IntoView {
    let Everybody { accounts, invitations, new_invitation, models } = everybody;
    view! {
        <Title text="People"/>
        <header class="page-head">
            <h1>"People"</h1>
            <p class="lead">"Who has an account, and what each may do. What was done with accounts stands in the " <a href="/audit">"audit log"</a> "."</p>
        </header>
        <div class="stack wide-gap">
            <section class="card pad stack" aria-labelledby="accounts">
                <h2 id="accounts">"Accounts"</h2>
                <ul class="plain rows">
                    {accounts.into_iter().map(|account| view! { <Row account/> }).collect_view()}
                </ul>
            </section>
            <section class="card pad stack" aria-labelledby="invitations">
                <h2 id="invitations">"Invitations"</h2>
                <p class="muted">"An invitation is a link. Whoever opens it first makes an account with the role; it lives for a week."</p>
                {new_invitation.map(|secret| view! {
                    <div class="notice stack">
                        <p>"Send this link. It is shown for some minutes in this browser, and nowhere else."</p>
                        <CopyBox id="new-invitation".to_owned() label="The link of the new invitation" text=Origin::here().of(&format!("/join/{secret}")) rows=2/>
                    </div>
                })}
                {(!invitations.is_empty()).then(|| view! {
                    <ul class="plain rows">
                        {invitations.into_iter().map(|invitation| view! { <Invited invitation/> }).collect_view()}
                    </ul>
                })}
                <form class="row" method="post" action="/people/invitations">
                    <RoleChoice id="invite-role".to_owned() label="Role of the new account".to_owned() chosen=Role::Editor/>
                    <button class="primary">"Invite"</button>
                </form>
            </section>
            <section class="card pad stack" aria-labelledby="models">
                <h2 id="models">"Models"</h2>
                <p class="muted">"A model can be for its members only, and somebody can have another role in it than elsewhere."</p>
                {match models.is_empty() {
                    true => view! { <p>"No investigation names a model yet."</p> }.into_any(),
                    false => view! {
                        <ul class="plain rows">
                            {models.into_iter().map(|line| view! { <Model line/> }).collect_view()}
                        </ul>
                    }
                    .into_any(),
                }}
            </section>
        </div>
    }
}

#[component]
fn Row(account: Account) -> impl IntoView {
    let initials = account.initials();
    let Account { id, login, name, role, created_at_ms, disabled_at_ms } = account;
    let name = name.to_string();
    let is_disabled = disabled_at_ms.is_some();
    let (verb, words) = if is_disabled { ("enable", "Enable") } else { ("disable", "Disable") };
    view! {
        <li class="row spread" class:disabled=is_disabled>
            <span class="row">
                <span class="avatar" aria-hidden="true">{initials}</span>
                <span>
                    <strong>{name.clone()}</strong> " " <span class="muted">{login.to_string()}</span> <br/>
                    <span class="faint small">
                        "since " <When ms=created_at_ms/>
                        {disabled_at_ms.map(|ms| view! { ", disabled " <When ms/> })}
                    </span>
                </span>
            </span>
            <span class="row">
                <form class="row" method="post" action=format!("/people/{id}/role")>
                    <RoleChoice id=format!("role-{id}") label=format!("Role of {name}") chosen=role/>
                    <button aria-label=format!("Give {name} this role")>"Give"</button>
                </form>
                <form method="post" action=format!("/people/{id}/{verb}")>
                    <button aria-label=format!("{words} the account of {name}")>{words}</button>
                </form>
                {is_disabled.then(|| view! {
                    <details class="disclosure small">
                        <summary>"Erase the name"</summary>
                        <form class="stack" method="post" action=format!("/people/{id}/erase")>
                            <p class="muted">"Another name without a meaning will stand on everything that this person said and did. The audit log keeps the name."</p>
                            <label class="check"><input type="checkbox" name="sure" value="1" required/> <span>"I am sure"</span></label>
                            <button aria-label=format!("Erase the name of {name}")>"Erase"</button>
                        </form>
                    </details>
                })}
            </span>
        </li>
    }
}

#[component]
fn Model(line: ModelLine) -> impl IntoView {
    let ModelLine { model, openness, members } = line;
    let members = match members {
        0 => String::new(),
        1 => ", 1 member".to_owned(),
        many => format!(", {many} members"),
    };
    view! {
        <li class="row spread">
            <span>
                <strong>{model.clone()}</strong> <br/>
                <span class="faint small">{format!("seen by {}{members}", openness.words())}</span>
            </span>
            <a class="button" href=address(&model) aria-label=format!("Who sees {model}")>"Who sees it"</a>
        </li>
    }
}

#[component]
fn Invited(invitation: Invitation) -> impl IntoView {
    let Invitation { id, role, author, created_at_ms, expires_at_ms, .. } = invitation;
    view! {
        <li class="row spread">
            <span>
                {format!("As {role}, by {author}")} <br/>
                <span class="faint small">"made " <When ms=created_at_ms/> ", ends " <When ms=expires_at_ms/></span>
            </span>
            <form method="post" action=format!("/people/invitations/{id}/revoke")>
                <button aria-label=format!("Take back the invitation as {role} by {author}")>"Take back"</button>
            </form>
        </li>
    }
}
