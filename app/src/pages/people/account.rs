//! One's own account: password, sessions, tokens.

use domain::account::{Account, Scope, Session, Token};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::people::{OwnAccount, find_own_account};
use crate::components::{Age, CopyBox, When, loaded};

#[component]
pub fn AccountPage() -> impl IntoView {
    let changed = use_query_map().with_untracked(|query| query.get("changed")).is_some();
    loaded(find_own_account(), move |own| view! { <Own own changed/> })
}

#[component]
pub(crate) fn Own(own: OwnAccount, changed: bool) -> impl IntoView {
    let OwnAccount { account, sessions, tokens, new_token, now_ms } = own;
    let Account { login, name, role, .. } = account;
    view! {
        <Title text="Your account"/>
        <header class="page-head">
            <h1>{name.to_string()}</h1>
            <p class="lead">{format!("{login}, {role}: {}", role.words())}</p>
            <form method="post" action="/sign-out"><button>"Sign out"</button></form>
        </header>
        <div class="stack wide-gap">
            <section class="card pad stack" aria-labelledby="password">
                <h2 id="password">"Password"</h2>
                {changed.then(|| view! { <p class="notice" role="status">"Your password is changed, and all your other sessions are ended."</p> })}
                <form class="stack" method="post" action="/account/password">
                    <input type="hidden" name="login" autocomplete="username" value=login.to_string()/>
                    <div class="fields">
                        <div class="field">
                            <label for="old">"Present password"</label>
                            <input id="old" name="old" type="password" required maxlength="256" autocomplete="current-password"/>
                        </div>
                        <div class="field">
                            <label for="new">"New password"</label>
                            <input id="new" name="new" type="password" required minlength="10" maxlength="256" autocomplete="new-password"/>
                        </div>
                    </div>
                    <p><button>"Change it"</button></p>
                </form>
            </section>
            <Sessions sessions now_ms/>
            <Tokens tokens new_token now_ms/>
        </div>
    }
}

#[component]
fn Sessions(sessions: Vec<Session>, now_ms: i64) -> impl IntoView {
    view! {
        <section class="card pad stack" aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <ul class="plain rows">
                {sessions
                    .into_iter()
                    .enumerate()
                    .map(|(place, Session { id, agent, created_at_ms, used_at_ms })| {
                        let agent = if agent.is_empty() { "A program".to_owned() } else { agent };
                        view! {
                            <li class="row spread">
                                <span class="grow-text">
                                    {agent.clone()} <br/>
                                    <span class="faint small">"since " <When ms=created_at_ms/> ", last used " <Age ms=used_at_ms now_ms/></span>
                                </span>
                                {match place {
                                    0 => view! { <span class="pill open">"this browser"</span> }.into_any(),
                                    _ => view! {
                                        <form method="post" action=format!("/account/sessions/{id}/end")>
                                            <button aria-label=format!("End the session of {agent}")>"End"</button>
                                        </form>
                                    }
                                    .into_any(),
                                }}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Tokens(tokens: Vec<Token>, new_token: Option<String>, now_ms: i64) -> impl IntoView {
    view! {
        <section class="card pad stack" aria-labelledby="tokens">
            <h2 id="tokens">"Tokens"</h2>
            <p class="muted">"A token lets a program use the API in your name: it sends the header " <code>"Authorization: Bearer TOKEN"</code> "."</p>
            {new_token.map(|secret| view! {
                <div class="notice stack">
                    <p>"Copy it now. It is shown for some minutes in this browser, and nowhere else."</p>
                    <CopyBox id="new-token".to_owned() label="The new token" text=secret rows=1/>
                </div>
            })}
            {(!tokens.is_empty()).then(|| view! {
                <ul class="plain rows">
                    {tokens.into_iter().map(|token| view! { <TokenRow token now_ms/> }).collect_view()}
                </ul>
            })}
            <form class="stack" method="post" action="/account/tokens">
                <div class="fields end">
                    <div class="field">
                        <label for="token-name">"What it is for"</label>
                        <input id="token-name" name="name" required maxlength="100" autocomplete="off"/>
                    </div>
                    <div class="field">
                        <label for="token-scope">"It may"</label>
                        <select id="token-scope" name="scope">
                            <option value=Scope::Read.id()>"read"</option>
                            <option value=Scope::Write.id()>"read and write"</option>
                        </select>
                    </div>
                    <div class="field">
                        <label for="token-days">"Days until it ends"</label>
                        <input id="token-days" name="days" type="number" min="1" max="365" value="90" required/>
                    </div>
                </div>
                <p><button>"Make a token"</button></p>
            </form>
        </section>
    }
}

#[component]
fn TokenRow(token: Token, now_ms: i64) -> impl IntoView {
    let Token { id, name, scope, expires_at_ms, used_at_ms, .. } = token;
    let ends = if expires_at_ms <= now_ms { "ended " } else { "ends " };
    view! {
        <li class="row spread">
            <span class="grow-text">
                <strong>{name.clone()}</strong> " " <span class="muted small">{scope.id()}</span> <br/>
                <span class="faint small">
                    {ends} <When ms=expires_at_ms/> ", "
                    {match used_at_ms {
                        Some(ms) => view! { "last used " <Age ms now_ms/> }.into_any(),
                        None => "never used".into_any(),
                    }}
                </span>
            </span>
            <form method="post" action=format!("/account/tokens/{id}/revoke")>
                <button aria-label=format!("Revoke the token {name}")>"Revoke"</button>
            </form>
        </li>
    }
}
