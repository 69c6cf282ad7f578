//! What narrows the list, and its pages: a plain form, so that every list has an address.

use domain::listing::{Shown, Sort};
use domain::{Layer, number};
use leptos::prelude::*;

use super::asked::{Asked, PAGE};

#[component]
pub fn Filter(asked: Asked, owners: Vec<String>) -> impl IntoView {
    let (search, owner, layer) = (asked.search.clone(), asked.owner.clone(), asked.layer);
    let narrows = asked.narrows();
    // A name that nobody has any more is still what is asked for.
    let unknown = (!owner.is_empty() && !owners.contains(&owner)).then(|| owner.clone());
    let owners: Vec<String> = unknown.into_iter().chain(owners).collect();
    view! {
        <form class="filter" method="get" action="/" role="search" aria-label="Investigations">
            <div class="field wide">
                <label for="search">"Search"</label>
                <input id="search" type="search" name="search" maxlength="300" value=search placeholder="title, model, cause, notes"/>
            </div>
            <div class="field">
                <label for="state">"State"</label>
                <select id="state" name="state">
                    {Shown::ALL
                        .map(|one| view! { <option value=one.id() selected=one == asked.shown>{one.words()}</option> })
                        .collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="layer">"Differs in"</label>
                <select id="layer" name="layer">
                    <option value="">"any layer"</option>
                    {Layer::ALL
                        .map(|one| view! { <option value=one.id() selected=Some(one) == layer>{one.text().title}</option> })
                        .collect_view()}
                </select>
            </div>
            {(!owners.is_empty()).then(|| view! {
                <div class="field">
                    <label for="owner">"Owner"</label>
                    <select id="owner" name="owner">
                        <option value="">"anybody"</option>
                        {owners
                            .into_iter()
                            .map(|one| view! { <option value=one.clone() selected=one == owner>{one.clone()}</option> })
                            .collect_view()}
                    </select>
                </div>
            })}
            <div class="field">
                <label for="sort">"Sort by"</label>
                <select id="sort" name="sort">
                    {Sort::ALL
                        .map(|one| view! { <option value=one.id() selected=one == asked.sort>{one.words()}</option> })
                        .collect_view()}
                </select>
            </div>
            <div class="row">
                <button>"Show"</button>
                {narrows.then(|| view! { <a class="button" href="/">"Reset"</a> })}
            </div>
        </form>
    }
}

/// How many were found, and which of them are on this page.
#[component]
pub fn Count(asked: Asked, total: u64) -> impl IntoView {
    let all = number::counted(total, "investigation");
    let first = asked.page * PAGE + 1;
    let last = (first + PAGE - 1).min(total);
    let words = match total {
        0 => "No investigation matches.".to_owned(),
        total if total <= PAGE && asked.page == 0 => all,
        _ if first > total => format!("{all}. This page is empty."),
        _ => format!("{} to {} of {all}", number::count(first), number::count(last)),
    };
    view! { <p class="muted small" role="status">{words}</p> }
}

#[component]
pub fn Pages(asked: Asked, total: u64) -> impl IntoView {
    let pages = total.div_ceil(PAGE);
    let last = pages.saturating_sub(1);
    let page = asked.page;
    let previous = (page > 0).then(|| asked.address((page - 1).min(last)));
    let next = (page < last).then(|| asked.address(page + 1));
    (pages > 1 || page > 0).then(|| view! {
        <nav class="row pages" aria-label="Pages">
            {previous.map(|href| view! { <a class="button" rel="prev" href=href>"Previous"</a> })}
            <span class="muted small">{format!("Page {} of {}", number::count(page + 1), number::count(pages.max(1)))}</span>
            {next.map(|href| view! { <a class="button" rel="next" href=href>"Next"</a> })}
        </nav>
    })
}
