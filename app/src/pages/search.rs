//! Everything that can be gone to, found by words: the page that works without a script, and what the dialog in every
//! page's header shows of it.

use domain::reachable::Reachable;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::address::Place;
use crate::api::search::reach;
use crate::components::loaded;
use crate::search::{Hit, Hits, hits, words};

#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let text = query.get("q").unwrap_or_default();
    let shared = use_params_map().with_untracked(Place::from_params);
    let place = shared.or_else(|| Place::of_query(&query));
    let asked = words(&text);
    loaded(reach(place.clone(), asked.join(" ")), move |reachable| {
        let found = hits(place.as_ref(), &reachable, &asked);
        view! { <Found place text found/> }
    })
}

#[component]
pub(super) fn Found(place: Option<Place>, text: String, found: Hits) -> impl IntoView {
    let count = found.count_words();
    view! {
        <Title text="Search"/>
        <header class="page-head">
            <h1>"Search"</h1>
            <form class="search-everything" method="get" action=Place::search_of(place.as_ref()) role="search" aria-label="Anything">
                {place.as_ref().and_then(Place::in_query).map(|id| view! { <input type="hidden" name="in" value=id/> })}
                <input type="search" name="q" value=text maxlength="200" autocomplete="off" autofocus
                    aria-label="Words" placeholder="a page, a column, a finding, a check"/>
                <button>"Search"</button>
            </form>
            <p class="muted small" role="status">{count}</p>
        </header>
        <ul class="plain card hits">
            {found
                .shown
                .into_iter()
                .map(|hit| {
                    let href = hit.href.clone();
                    view! { <li><a href=href><Words hit/></a></li> }
                })
                .collect_view()}
        </ul>
    }
}

/// What the dialog shows for `text`: a list of options, of which one can be chosen.
#[component]
pub fn HitOptions(place: Option<Place>, reachable: Reachable, text: String) -> impl IntoView {
    let found = hits(place.as_ref(), &reachable, &words(&text));
    let count = found.count_words();
    let options = found.shown.into_iter().enumerate().map(|(at, hit)| {
        let href = hit.href.clone();
        view! {
            <a role="option" id=format!("hit-{at}") aria-selected="false" tabindex="-1" href=href><Words hit/></a>
        }
    });
    let is_empty = options.len() == 0;
    view! {
        <div class="hits" id="palette-hits" role="listbox" aria-label="Results" data-count=count hidden=is_empty>
            {options.collect_view()}
        </div>
    }
}

#[component]
fn Words(hit: Hit) -> impl IntoView {
    view! {
        <span class="hit-kind">{hit.kind.words()}</span>
        " "
        <span class="hit-title">{hit.title}</span>
        " "
        <span class="hit-about">{hit.about}</span>
    }
}
