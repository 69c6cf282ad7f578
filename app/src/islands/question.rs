//! "What is different about these rows?": the question as it was asked, and its answer.

use domain::selection::{Condition, Selection, SelectionAnswer, Subject};
use domain::snapshot::ColumnKind;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address_bar::keep_in_step;
use super::ask::explain_selection;
use crate::address::Place;
use crate::charts::answer;
use crate::charts::selection_answer::condition_words;

/// How far an answer is.
#[derive(Debug, Clone, PartialEq)]
enum Progress {
    NotAsked,
    Asking,
    Answered(SelectionAnswer),
    /// The sentence that says why there is no answer.
    Failed(String),
}

/// A question that can be asked, narrowed and withdrawn.
#[derive(Clone, Copy)]
pub struct Question {
    place: StoredValue<Place>,
    selection: RwSignal<Option<Selection>>,
    progress: RwSignal<Progress>,
}

impl Question {
    /// Begins with what the server already answered for the address, if it held a question.
    pub fn new(place: Place, selection: Option<Selection>, answer: Option<SelectionAnswer>) -> Question {
        let progress = answer.map_or(Progress::NotAsked, Progress::Answered);
        Question {
            place: StoredValue::new(place),
            selection: RwSignal::new(selection),
            progress: RwSignal::new(progress),
        }
    }

    pub fn selection(&self) -> Option<Selection> {
        self.selection.get()
    }

    /// Asks the server; an answer to an older question is dropped when it arrives late.
    pub fn ask(self, selection: Selection) {
        self.selection.set(Some(selection.clone()));
        self.progress.set(Progress::Asking);
        keep_in_step(&[("where", selection.to_text())]);
        spawn_local(async move {
            let answer = explain_selection(&self.place.get_value(), &selection).await;
            let is_current = self.selection.try_get_untracked().flatten().as_ref() == Some(&selection);
            if is_current {
                self.progress.set(answer.map_or_else(Progress::Failed, Progress::Answered));
            }
        });
    }

    pub fn withdraw(self) {
        self.selection.set(None);
        self.progress.set(Progress::NotAsked);
        keep_in_step(&[("where", String::new())]);
    }

    fn narrow(self, condition: Condition) {
        if let Some(selection) = self.selection.get_untracked() {
            self.ask(selection.narrowed(condition));
        }
    }

    /// Takes one condition out; without any left the question is withdrawn.
    fn widen(self, subject: &Subject) {
        match self.selection.get_untracked().and_then(|selection| selection.without(subject)) {
            Some(left) => self.ask(left),
            None => self.withdraw(),
        }
    }

    /// The kinds of the columns of the conditions, once the answer is there.
    fn kinds(self) -> Vec<ColumnKind> {
        match self.progress.get() {
            Progress::Answered(answer) => answer.condition_kinds,
            _ => Vec::new(),
        }
    }
}

/// The conditions as chips, and the answer below them.
#[component]
pub fn QuestionPanel(question: Question) -> impl IntoView {
    let chips = move || question.selection().map(|selection| chips(question, &selection));
    let answered = move || match question.progress.get() {
        Progress::NotAsked => ().into_any(),
        Progress::Asking => view! { <p class="note">"Comparing these rows with the others …"</p> }.into_any(),
        Progress::Failed(sentence) => view! { <p class="notice bad" role="alert">{sentence}</p> }.into_any(),
        Progress::Answered(found) => answer(&found, &move |condition: Condition, words| {
            view! {
                <button type="button" class="only" on:click=move |_| question.narrow(condition.clone())>{words}</button>
            }
            .into_any()
        }),
    };
    view! { <section class="question" aria-live="polite">{chips}{answered}</section> }
}

fn chips(question: Question, selection: &Selection) -> impl IntoView + use<> {
    let kinds = question.kinds();
    let conditions: Vec<_> = selection
        .conditions
        .iter()
        .enumerate()
        .map(|(index, condition)| {
            let words = condition_words(condition, kinds.get(index).copied().unwrap_or(ColumnKind::Numeric));
            let label = format!("Remove the condition {words}");
            let subject = condition.subject.clone();
            view! {
                <span class="chip">
                    {words}
                    <button type="button" aria-label=label on:click=move |_| question.widen(&subject)>"×"</button>
                </span>
            }
        })
        .collect();
    view! {
        <p class="chips">
            {conditions}
            <button type="button" class="link" on:click=move |_| question.withdraw()>"Clear"</button>
        </p>
    }
}
