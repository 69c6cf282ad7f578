//! The ways in: the first account, an invitation, signing in.

use domain::account::Invitation;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::address::query;
use crate::api::people::{Entrance, find_entrance, find_invitation};
use crate::components::{ProblemPanel, loaded};
use crate::error::AppError;

#[component]
pub fn SignInPage() -> impl IntoView {
    let (why, next) = use_query_map().with_untracked(|query| (query.get("why"), query.get("next")));
    loaded(find_entrance(), move |entrance| match entrance {
        Entrance::Open => view! { <WithoutAccounts/> }.into_any(),
        Entrance::SetUp => view! { <Redirected to="/set-up"/> }.into_any(),
        Entrance::SignIn { provider } => view! { <SignIn why next=next.unwrap_or_default() provider/> }.into_any(),
    })
}

#[component]
fn SignIn(why: Option<String>, next: String, provider: Option<String>) -> impl IntoView {
    let elsewhere = format!("/sign-in/with{}", query(&[("next", &next)]));
    let told = match why.as_deref() {
        Some("wrong") => Some(("bad", "The sign-in name or the password is not right.")),
        Some("wait") => Some(("bad", "Too many tries failed. Wait some minutes, then try again.")),
        Some("out") => Some(("", "You are signed out.")),
        _ => None,
    };
    view! {
        <Title text="Sign in"/>
        <section class="entrance card pad stack">
            <h1>"Sign in"</h1>
            {told.map(|(class, words)| view! { <p class=format!("notice {class}") role="status">{words}</p> })}
            {provider.map(|name| view! {
                <p><a class="button primary large" href=elsewhere rel="external">{format!("Sign in with {name}")}</a></p>
                <p class="muted small">"Or with a password:"</p>
            })}
            <form class="stack" method="post" action="/sign-in">
                <input type="hidden" name="next" value=next/>
                <div class="field">
                    <label for="login">"Sign-in name"</label>
                    <input id="login" name="login" required maxlength="200" autocomplete="username" autocapitalize="none" spellcheck="false"/>
                </div>
                <div class="field">
                    <label for="password">"Password"</label>
                    <input id="password" name="password" type="password" required maxlength="256" autocomplete="current-password"/>
                </div>
                <p><button class="primary large">"Sign in"</button></p>
            </form>
            <p class="muted small">"No account yet? An admin can invite you. A forgotten password: an admin can disable the account and invite you again."</p>
        </section>
    }
}

/// The first account of all.
#[component]
pub fn SetUpPage() -> impl IntoView {
    loaded(find_entrance(), |entrance| {
        match entrance {
        Entrance::Open => view! { <WithoutAccounts/> }.into_any(),
        Entrance::SignIn { .. } => view! { <Redirected to="/sign-in"/> }.into_any(),
        Entrance::SetUp => view! {
            <Title text="Set up"/>
            <section class="entrance card pad stack">
                <h1>"Set Mismatch up"</h1>
                <p class="muted">"Make the first account. It administers: it invites the others."</p>
                <form class="stack" method="post" action="/set-up">
                    <div class="field">
                        <label for="code">"Code"</label>
                        <input id="code" name="code" class="mono" required autocomplete="off" spellcheck="false" aria-describedby="code-hint"/>
                        <p class="hint" id="code-hint">"It stands in the output of the server, such as 7Q2M-0XKD-9AVE-3RPT. Each start makes a new one."</p>
                    </div>
                    <NewAccountFields/>
                    <p><button class="primary large">"Make the first account"</button></p>
                </form>
            </section>
        }
        .into_any(),
    }
    })
}

/// An account by invitation.
#[component]
pub fn JoinPage() -> impl IntoView {
    let secret = use_params_map().with_untracked(|params| params.get("secret")).unwrap_or_default();
    loaded(find_invitation(secret.clone()), move |Invitation { role, author, .. }| {
        view! {
            <Title text="Join"/>
            <section class="entrance card pad stack">
                <h1>"Join Mismatch"</h1>
                <p class="muted">{format!("{author} invited you. Your role: {role} ({}).", role.words())}</p>
                <form class="stack" method="post" action=format!("/join/{secret}")>
                    <NewAccountFields/>
                    <p><button class="primary large">"Make the account"</button></p>
                </form>
            </section>
        }
    })
}

#[component]
fn NewAccountFields() -> impl IntoView {
    view! {
        <div class="field">
            <label for="name">"Your name"</label>
            <input id="name" name="name" required maxlength="300" autocomplete="name"/>
            <p class="hint">"It stands on what you do."</p>
        </div>
        <div class="field">
            <label for="login">"Sign-in name"</label>
            <input id="login" name="login" required maxlength="200" autocomplete="username" autocapitalize="none" spellcheck="false"/>
            <p class="hint">"Your e-mail address, or another word."</p>
        </div>
        <div class="field">
            <label for="password">"Password"</label>
            <input id="password" name="password" type="password" required minlength="10" maxlength="256" autocomplete="new-password"/>
            <p class="hint">"At least 10 characters, and not easily guessed: four words that have nothing to do with each other are good."</p>
        </div>
    }
}

#[component]
fn WithoutAccounts() -> impl IntoView {
    let error = AppError::not_found(
        "This server has no accounts: whoever can reach it can use it. Start it with --accounts to have some.",
    );
    view! { <ProblemPanel error/> }
}

/// A page that has no use now, and the one that has.
#[component]
fn Redirected(to: &'static str) -> impl IntoView {
    view! {
        <Title text="Sign in"/>
        <section class="entrance card pad stack">
            <h1>"Not here"</h1>
            <p><a class="button primary" href=to>"Go on"</a></p>
        </section>
    }
}
