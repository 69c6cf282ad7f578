//! The four verdicts and the sign of a standing weakness: always a glyph and a word, and a colour only on top of them.

use domain::Mark;
use leptos::prelude::*;

/// Glyph and word.
#[component]
pub fn VerdictBadge(#[prop(into)] verdict: Mark) -> impl IntoView {
    view! {
        <span class=format!("verdict {}", verdict.class()) title=verdict.meaning()>
            <span class="glyph" aria-hidden="true">{verdict.glyph()}</span>
            {verdict.word()}
        </span>
    }
}

/// The glyph alone, for where the word does not fit: the word is still there for a screen reader, with `subject` before it.
#[component]
pub fn VerdictMark(#[prop(into)] verdict: Mark, #[prop(into)] subject: String) -> impl IntoView {
    let words = format!("{subject}: {}", verdict.word());
    view! {
        <span class=format!("verdict mark {}", verdict.class()) title=words.clone()>
            <span class="glyph" aria-hidden="true">{verdict.glyph()}</span>
            <span class="hidden">{words.clone()}</span>
        </span>
    }
}

/// What the glyphs mean.
#[component]
pub fn VerdictLegend() -> impl IntoView {
    view! {
        <ul class="legend" aria-label="Verdicts">
            {Mark::ALL.map(|verdict| view! { <li><VerdictBadge verdict/></li> }).collect_view()}
        </ul>
    }
}
