//! The four verdicts: always a glyph and a word, and a colour only on top of them.

use domain::Verdict;
use leptos::prelude::*;

/// Glyph and word.
#[component]
pub fn VerdictBadge(verdict: Verdict) -> impl IntoView {
    view! {
        <span class=format!("verdict {}", verdict.class())>
            <span class="glyph" aria-hidden="true">{verdict.glyph()}</span>
            {verdict.word()}
        </span>
    }
}

/// The glyph alone, for where the word does not fit: the word is still there for a screen reader, with `subject` before it.
#[component]
pub fn VerdictMark(verdict: Verdict, #[prop(into)] subject: String) -> impl IntoView {
    let words = format!("{subject}: {}", verdict.word());
    view! {
        <span class=format!("verdict mark {}", verdict.class()) title=words.clone()>
            <span class="glyph" aria-hidden="true">{verdict.glyph()}</span>
            <span class="hidden">{words.clone()}</span>
        </span>
    }
}

/// What the four glyphs mean.
#[component]
pub fn VerdictLegend() -> impl IntoView {
    view! {
        <ul class="legend" aria-label="Verdicts">
            {Verdict::ALL.map(|verdict| view! { <li><VerdictBadge verdict/></li> }).collect_view()}
        </ul>
    }
}
