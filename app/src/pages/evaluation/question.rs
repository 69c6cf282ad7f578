//! "What is different about these rows?", asked about a cell of the matrix: the conditions, each with the link that takes
//! it out, and the answer. Where scripts run, the island puts what the server renders here in place.

use std::sync::Arc;

use domain::evidence::Pinned;
use domain::selection::{Condition, Selection, SelectionAnswer};
use domain::snapshot::ColumnKind;
use leptos::prelude::*;

use crate::address::Place;
use crate::charts::answer;
use crate::error::AppError;
use crate::islands::question::{ANSWER, QUESTION};

/// A question about rows, with its answer.
pub struct Answered {
    pub selection: Selection,
    pub answer: Result<Arc<SelectionAnswer>, AppError>,
}

/// The page that the links lead to: `pairs` are the parameters of its address but the rows.
#[derive(Clone)]
pub struct Page {
    pub place: Place,
    pub pairs: Vec<(String, String)>,
}

impl Page {
    /// Its address with other rows, and how they are written in it.
    fn with(&self, rows: Option<&Selection>) -> (String, String) {
        let rows = rows.map(Selection::to_text).unwrap_or_default();
        let own = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs: Vec<(&str, &str)> = own.chain([("where", rows.as_str())]).collect();
        (format!("{}#{QUESTION}", self.place.evaluation(&pairs)), rows)
    }
}

/// The place of the question on the page; empty until one is asked.
#[component]
pub fn Question(page: Page, answered: Option<Answered>) -> impl IntoView {
    let asks = page.place.question();
    view! {
        <section class="question" id=QUESTION aria-label="Selected rows" aria-live="polite" data-asks=asks>
            <p class="note asking">"Comparing these rows with the others …"</p>
            <div class="stack" id=ANSWER>{answered.map(|answered| view! { <Answer page answered/> })}</div>
        </section>
    }
}

/// What is put in that place.
#[component]
pub fn Answer(page: Page, answered: Answered) -> impl IntoView {
    let Answered { selection, answer: found } = answered;
    let kinds = found.as_ref().map(|found| found.condition_kinds.clone()).unwrap_or_default();
    let chips = selection.conditions.iter().enumerate().map(|(index, condition)| {
        let words = condition.words(kinds.get(index).copied().unwrap_or(ColumnKind::Numeric));
        let label = format!("Remove the condition {words}");
        let (href, rows) = page.with(selection.clone().without(&condition.subject).as_ref());
        view! { <span class="chip">{words} " " <a class="remove" href=href data-where=rows aria-label=label>"×"</a></span> }
    });
    let chips = chips.collect_view();
    let (clear, _) = page.with(None);
    let narrow = |condition: Condition, words: String| {
        let (href, rows) = page.with(Some(&selection.clone().narrowed(condition)));
        view! { <a class="only" href=href data-where=rows>{words}</a> }.into_any()
    };
    let is_found = found.is_ok() && !page.place.is_read_only();
    let pin = is_found.then(|| page.place.pin(&Pinned::Rows { rows: selection.to_text() }.to_query()));
    let found = match found {
        Ok(found) => answer(&found, &narrow),
        Err(error) => view! { <p class="notice bad" role="alert">{error.to_string()}</p> }.into_any(),
    };
    view! {
        <p class="chips">{chips} <a href=clear data-where="">"Clear"</a></p>
        {found}
        {pin.map(|href| view! { <p class="small"><a class="pin" href=href>"Pin as evidence"</a></p> })}
    }
}
