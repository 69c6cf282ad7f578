//! Links that keep what the page shows, and the question about marked rows that they lead to.

use domain::EvaluationRun;
use domain::evaluation::ClassOrder;
use domain::selection::{Condition, Selection, Side};
use domain::snapshot::ColumnKind;
use leptos::prelude::*;

use super::asked::{Asked, address_of};
use crate::address::Place;
use crate::api::selection::explain_selection;
use crate::charts::answer;

/// What the links of a chart are made of.
#[derive(Clone)]
pub struct Links {
    pub place: Place,
    pub run: EvaluationRun,
    pub baseline: Option<EvaluationRun>,
    pub asked: Asked,
    /// The id of the chart, to which they lead.
    pub anchor: &'static str,
    /// The kind of what the rows are marked by.
    pub kind: ColumnKind,
}

impl Links {
    pub fn pairs(&self, asked: &Asked) -> Vec<(&'static str, String)> {
        let own = address_of(&self.run, self.baseline.as_ref()).into_iter().chain(asked.settings.to_query());
        let order = ("order", asked.order.map(ClassOrder::id).unwrap_or_default().to_owned());
        let rows = ("where", asked.selection.as_ref().map(Selection::to_text).unwrap_or_default());
        own.chain([order, rows]).chain(asked.ticked()).collect()
    }

    /// The page without an anchor.
    pub fn page(&self, asked: &Asked) -> String {
        let pairs = self.pairs(asked);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.place.evaluation(&pairs)
    }

    pub fn to(&self, asked: &Asked) -> String {
        format!("{}#{}", self.page(asked), self.anchor)
    }

    pub fn with(&self, selection: Option<Selection>) -> String {
        self.to(&Asked { selection, ..self.asked.clone() })
    }

    /// The rows of this run, all of them.
    pub fn side(&self) -> Side {
        Side::Run { name: self.run.name.clone(), split: self.run.split.clone() }
    }

    /// What is marked of the rows of this run.
    pub fn marked(&self) -> Selection {
        let side = self.side();
        self.asked.selection.clone().filter(|selection| selection.side == side).unwrap_or(Selection::of(side))
    }
}

/// The question that the address asks, with its answer.
#[component]
pub fn Asking(links: Links, selection: Selection) -> impl IntoView {
    let place = links.place.clone();
    let words: Vec<String> = selection.conditions.iter().map(|condition| condition.words(links.kind)).collect();
    Suspend::new(async move {
        let answer = match explain_selection(place, selection.clone()).await {
            Ok(found) => answer(&found, &|condition: Condition, words: String| {
                let href = links.with(Some(selection.clone().narrowed(condition)));
                view! { <a class="only" href=href>{words}</a> }.into_any()
            }),
            Err(error) => view! { <p class="notice bad">{error.to_string()}</p> }.into_any(),
        };
        view! {
            <section class="question" id="answer">
                <p class="chips"><span class="chip">{words.join(" and ")}</span> " " <a href=links.with(None)>"Clear"</a></p>
                {answer}
            </section>
        }
    })
}
