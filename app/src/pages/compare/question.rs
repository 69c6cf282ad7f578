//! "What is different about these rows?": what is selected, as conditions that can be taken out one by one, the answer,
//! and the ways to the rows themselves.

use std::sync::Arc;

use domain::Diagnosis;
use domain::evidence::Pinned;
use domain::selection::{Condition, Selection, SelectionAnswer, Side, Subject};
use domain::snapshot::{ColumnKind, ColumnRole};
use leptos::prelude::*;

use super::asked::Asked;
use crate::address::Place;
use crate::charts::answer;
use crate::error::AppError;

/// Sides whose rows can be asked about on this page.
const SIDES: [(Side, &str); 3] = [(Side::Both, "train and serve"), (Side::Serve, "serve"), (Side::Train, "train")];

#[component]
pub fn Question(
    place: Place,
    diagnosis: Arc<Diagnosis>,
    asked: Asked,
    selection: Selection,
    answered: Result<Arc<SelectionAnswer>, AppError>,
) -> impl IntoView {
    let kinds = kinds(&diagnosis, &selection);
    view! {
        <section class="card pad stack question-card" id="selection" aria-labelledby="question-title">
            <h2 id="question-title">"What is different about these rows?"</h2>
            <Conditions place=place.clone() asked=asked.clone() selection=selection.clone() kinds/>
            <Answered place asked selection answered/>
        </section>
    }
}

/// The kind of each condition's column, also where there is no answer.
fn kinds(diagnosis: &Diagnosis, selection: &Selection) -> Vec<ColumnKind> {
    let of = |subject: &Subject| match subject {
        Subject::Role(ColumnRole::Time) => ColumnKind::Datetime,
        Subject::Role(_) => ColumnKind::Numeric,
        Subject::Column(name) => {
            let compared = diagnosis.comparisons.iter().find(|comparison| comparison.column == *name);
            compared.map_or(ColumnKind::Numeric, |comparison| comparison.kind)
        }
    };
    selection.conditions.iter().map(|condition| of(&condition.subject)).collect()
}

/// The conditions, each with the link that takes it out, and whose rows they are about.
#[component]
fn Conditions(place: Place, asked: Asked, selection: Selection, kinds: Vec<ColumnKind>) -> impl IntoView {
    let chips: Vec<_> = selection
        .conditions
        .iter()
        .zip(kinds)
        .map(|(condition, kind)| {
            let words = condition.words(kind);
            let label = format!("Remove the condition {words}");
            let without = asked.with_selection(selection.clone().without(&condition.subject)).at_detail(&place);
            view! {
                <li class="chip selected">
                    {words} " " <a class="remove" href=without aria-label=label>"×"</a>
                </li>
            }
        })
        .collect();
    let clear = asked.with_selection(None).at_detail(&place);
    let sides: Vec<_> = SIDES
        .into_iter()
        .map(|(side, words)| {
            let is_chosen = side == selection.side;
            let href = asked.with_selection(Some(Selection { side, ..selection.clone() })).at_detail(&place);
            view! { <a href=href aria-current=is_chosen.then_some("true")>{words}</a> }
        })
        .collect();
    view! {
        <div class="row">
            <ul class="chips" aria-label="Conditions">{chips}</ul>
            <a href=clear>"Clear the selection"</a>
        </div>
        <nav class="segments" aria-label="Rows of">{sides}</nav>
    }
}

#[component]
fn Answered(
    place: Place,
    asked: Asked,
    selection: Selection,
    answered: Result<Arc<SelectionAnswer>, AppError>,
) -> impl IntoView {
    let found = match answered {
        Ok(found) => found,
        Err(error) => return view! { <p class="notice bad">{error.to_string()}</p> }.into_any(),
    };
    let narrow = |condition: Condition, words: String| {
        let href = asked.with_selection(Some(selection.clone().narrowed(condition))).at_detail(&place);
        view! { <a class="only" href=href>{words}</a> }.into_any()
    };
    let columns = answer(&found, &narrow);
    let text = selection.to_text();
    let pin = place.pin(&Pinned::Rows { rows: text.clone() }.to_query());
    let rows = place.rows(&[("where", &text)]).zip(place.rows_file(&[("where", &text)]));
    view! {
        {columns}
        {rows.map(|(page, file)| view! {
            <p class="row">
                <a class="button" href=page>"Show these rows"</a>
                <a href=file download>"Download as CSV"</a>
                <a class="pin" href=pin>"Pin as evidence"</a>
            </p>
        })}
    }
    .into_any()
}
