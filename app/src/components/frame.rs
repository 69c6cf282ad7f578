//! What surrounds every page: skip link, header with the navigation, footer.

use domain::Actor;
use domain::account::Role;
use domain::visitor::{SignedIn, Visitor};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::palette::{Palette, SearchButton};
use super::shortcuts::ShortcutsDialog;
use crate::address::Place;
use crate::islands::keyboard::SHORTCUTS;
use crate::islands::{Keyboard, ThemeToggle};
use crate::visitor::{Reader, Signature};

#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let searched_from = (path == "/search").then(|| use_query_map().with_untracked(Place::of_query)).flatten();
    let place = Place::from_path(&path).or(searched_from);
    let looks_only = (!Reader::may(Role::Editor)).then_some("looks-only");
    let is_shared = place.as_ref().is_some_and(Place::is_read_only);
    view! {
        <a class="skip" href="#content">"Skip to content"</a>
        <header class="top">
            <a class="brand" href="/" aria-label="Mismatch, start page">
                <span class="brand-mark" aria-hidden="true">"≠"</span>
                <span>"Mismatch"</span>
            </a>
            {(!is_shared).then(|| view! { <Navigation path/> })}
            {(is_shared || Reader::may(Role::Viewer)).then(|| view! { <SearchButton place=place.clone()/> })}
            {(!is_shared && Reader::here().may_somewhere(Role::Editor)).then(|| view! { <Start/> })}
            <ThemeToggle/>
            {(!is_shared).then(|| view! { <Person/> })}
        </header>
        <main id="content" tabindex="-1" class=looks_only>
            {children()}
        </main>
        <footer class="foot">
            <p>"Two things that should agree no longer do. Mismatch finds which two, and shows the evidence."</p>
            <p class="row">
                <button type="button" class="link scripted" aria-haspopup="dialog" data-opens=SHORTCUTS>"Keyboard shortcuts"</button>
                <a href="/reference">"How every check decides"</a>
                {(!is_shared && Reader::may(Role::Admin)).then(|| view! { <a href="/files">"Stored files"</a> })}
            </p>
        </footer>
        <Palette place=place.clone()/>
        <ShortcutsDialog place/>
        <Keyboard/>
    }
}

#[component]
fn Navigation(path: String) -> impl IntoView {
    let current = |here: bool| here.then_some("page");
    let in_reference = path.starts_with("/reference");
    let in_people = ["/people", "/people/model", "/audit"].contains(&path.as_str());
    let administers = matches!(Reader::here(), Visitor::SignedIn(_)) && Reader::may(Role::Admin);
    let signs = Signature::of(&Reader::here());
    let is_known = Reader::may(Role::Viewer)
        && matches!(signs, Signature::Account(Actor::Named(_)) | Signature::Given(Actor::Named(_)));
    let elsewhere =
        ["/yours", "/account", "/sign-in", "/set-up"].contains(&path.as_str()) || path.starts_with("/join/");
    let in_models = path == "/models" || path.starts_with("/models/") || path == "/weekly" || path == "/channels";
    let in_investigations =
        !in_reference && !in_people && !in_models && !elsewhere && path != "/investigations/new" && path != "/search";
    view! {
        <nav class="top-nav" aria-label="Main">
            {Reader::may(Role::Viewer).then(|| view! { <a href="/" aria-current=current(in_investigations)>"Investigations"</a> })}
            {Reader::may(Role::Viewer).then(|| view! { <a href="/models" aria-current=current(in_models)>"Models"</a> })}
            {is_known.then(|| view! { <a href="/yours" aria-current=current(path == "/yours")>"Yours"</a> })}
            {administers.then(|| view! { <a href="/people" aria-current=current(in_people)>"People"</a> })}
            <a href="/reference" aria-current=current(in_reference)>"Reference"</a>
        </nav>
    }
}

/// Who is signed in, or the way to it; nothing where there are no accounts.
#[component]
fn Person() -> impl IntoView {
    match Reader::here() {
        Visitor::Anybody(_) => ().into_any(),
        Visitor::Nobody => view! { <a class="button" href="/sign-in">"Sign in"</a> }.into_any(),
        Visitor::SignedIn(SignedIn { account, .. }) => {
            let words = format!("Your account: {}, {}", account.name, account.role);
            view! { <a class="avatar" href="/account" aria-label=words.clone() title=words>{account.initials()}</a> }
                .into_any()
        }
    }
}

#[component]
fn Start() -> impl IntoView {
    let is_here = use_location().pathname.get_untracked() == "/investigations/new";
    view! {
        <a class="button primary start" href="/investigations/new" aria-current=is_here.then_some("page")>
            "Start" <span class="where-wide">" an investigation"</span>
        </a>
    }
}
