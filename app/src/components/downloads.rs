//! Charts to take away: the picture and the numbers behind it.

use leptos::prelude::*;

use crate::address::Place;

/// `figures` are the charts' names with the words for them; `of` says of which column, or of which run and split.
#[component]
pub fn Downloads(
    place: Place,
    figures: &'static [(&'static str, &'static str)],
    of: Vec<(&'static str, String)>,
) -> impl IntoView {
    let of: Vec<(&str, &str)> = of.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let links = figures.iter().map(|(name, words)| {
        let svg = place.figure(&format!("{name}.svg"), &of);
        let csv = place.figure(&format!("{name}.csv"), &of);
        view! {
            <li>
                {*words} " " <a href=svg download>"SVG" <span class="hidden">" of " {*words}</span></a> " "
                <a href=csv download>"CSV" <span class="hidden">" of " {*words}</span></a>
            </li>
        }
    });
    view! {
        <div class="row small downloads">
            <span class="muted">"Download"</span>
            <ul class="plain row">{links.collect_view()}</ul>
        </div>
    }
}
