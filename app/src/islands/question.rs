//! "What is different about these rows?": the question as it was asked, and its answer.

use domain::selection::{Condition, Selection, SelectionAnswer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address_bar::keep_in_step;
use super::ask::explain_selection;
use crate::address::Place;
use crate::charts::Answer;
use crate::charts::selection_answer::{condition_words, selection_words};

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
        if let Some(mut selection) = self.selection.get_untracked() {
            selection.conditions.push(condition);
            self.ask(selection);
        }
    }

    /// Takes one condition out; without any left the question is withdrawn.
    fn widen(self, index: usize) {
        let Some(mut selection) = self.selection.get_untracked() else { return };
        if index < selection.conditions.len() {
            selection.conditions.remove(index);
        }
        if selection.conditions.is_empty() { self.withdraw() } else { self.ask(selection) }
    }
}

/// The conditions as chips, and the answer below them.
#[component]
pub fn QuestionPanel(question: Question) -> impl IntoView {
    let chips = move || question.selection().map(|selection| chips(question, &selection));
    let answer = move || match question.progress.get() {
        Progress::NotAsked => ().into_any(),
        Progress::Asking => view! { <p class="note">"Comparing these rows with the others …"</p> }.into_any(),
        Progress::Failed(sentence) => view! { <p class="notice bad" role="alert">{sentence}</p> }.into_any(),
        Progress::Answered(answer) => {
            let narrow = Callback::new(move |condition| question.narrow(condition));
            view! { <Answer answer on_add=narrow/> }.into_any()
        }
    };
    view! { <section class="question" aria-live="polite">{chips}{answer}</section> }
}

fn chips(question: Question, selection: &Selection) -> impl IntoView + use<> {
    let conditions: Vec<_> = selection
        .conditions
        .iter()
        .enumerate()
        .map(|(index, condition)| {
            let words = condition_words(condition);
            let label = format!("Remove the condition {words}");
            view! {
                <span class="chip">
                    {words}
                    <button type="button" aria-label=label on:click=move |_| question.widen(index)>"×"</button>
                </span>
            }
        })
        .collect();
    view! {
        <p class="chips" title=selection_words(selection)>
            {conditions}
            <button type="button" class="link" on:click=move |_| question.withdraw()>"Clear"</button>
        </p>
    }
}
