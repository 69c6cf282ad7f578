//! The form that finds columns: by name, kind, verdict and findings. A plain form, so that the address has all of it.

use domain::Verdict;
use leptos::prelude::*;

use super::asked::Asked;
use super::filter::{Filter, Found, Group, KINDS};
use crate::address::Place;
use domain::number;

/// `shown` of `all` columns pass the filter.
#[component]
pub fn Search(place: Place, asked: Asked, shown: usize, all: usize) -> impl IntoView {
    let Filter { name, kind, verdict, found, group } = asked.filter.clone();
    let clear = Asked { filter: Filter::default(), page: 1, ..asked.clone() }.href(&place);
    let options = |chosen: &'static str, all: Vec<(&'static str, &'static str)>| {
        all.into_iter()
            .map(|(id, words)| view! { <option value=id selected=id == chosen>{words}</option> })
            .collect_view()
    };
    let kinds = [("", "any kind")].into_iter().chain(KINDS.map(|kind| (kind.word(), kind.word())));
    let verdicts = [("", "any verdict")].into_iter().chain(Verdict::ALL.map(|one| (one.word(), one.word())));
    let groups = [("", "all columns")].into_iter().chain(Group::ALL.map(|one| (one.id(), one.words())));
    let count = match shown == all {
        true => number::counted(all as u64, "column"),
        false => format!("{} of {}", number::count(shown as u64), number::counted(all as u64, "column")),
    };
    view! {
        <form class="search" method="get" action=place.compare(&[]) role="search" aria-label="Columns">
            {asked.fields(&["q", "kind", "verdict", "found", "group", "page"])}
            <input type="search" name="q" value=name placeholder="Column name" aria-label="Column name" autocomplete="off"/>
            <select name="group" aria-label="Columns">{options(group.map_or("", Group::id), groups.collect())}</select>
            <select name="kind" aria-label="Kind">{options(kind.map_or("", |kind| kind.word()), kinds.collect())}</select>
            <select name="verdict" aria-label="Verdict">{options(verdict.map_or("", Verdict::word), verdicts.collect())}</select>
            <select name="found" aria-label="Findings">
                {options(found.id(), Found::ALL.map(|one| (one.id(), one.words())).to_vec())}
            </select>
            <button type="submit">"Find"</button>
            {(!asked.filter.is_empty()).then(|| view! { <a href=clear>"Clear the search"</a> })}
            <span class="muted">{count}</span>
        </form>
    }
}
