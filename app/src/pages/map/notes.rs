//! What people wrote, with what others answered.

use domain::investigation::Note;
use domain::markdown::to_html;
use leptos::prelude::*;

use crate::components::{SignedRow, When};

#[component]
pub fn Notes(id: String, notes: Vec<Note>, can_write: bool) -> impl IntoView {
    let action = format!("/investigations/{id}/notes");
    let none = notes.is_empty();
    let list = view! { <Threads notes action=action.clone() can_write/> };
    if can_write {
        view! {
            <section class="stack" aria-labelledby="notes">
                <h2 id="notes">"Notes"</h2>
                <div class="card pad stack">
                    <div data-live="notes">{list}</div>
                    <form class="stack" method="post" action=action>
                        <div class="field">
                            <label for="note-text">"Note"</label>
                            <textarea id="note-text" name="text" required rows="2" maxlength="20000" aria-describedby="note-hint"></textarea>
                            <p class="hint" id="note-hint">"Markdown: **bold**, `column`, lists, tables, addresses. @Name leaves it for somebody."</p>
                        </div>
                        <SignedRow id="note-author" action="Add note"/>
                    </form>
                </div>
            </section>
        }
        .into_any()
    } else {
        // There even without a note, so that the first one has a place.
        view! {
            <div data-live="notes">
                {(!none).then(|| view! {
                    <section class="stack" aria-labelledby="notes">
                        <h2 id="notes">"Notes"</h2>
                        <div class="card pad stack">{list}</div>
                    </section>
                })}
            </div>
        }
        .into_any()
    }
}

/// Each note with its answers below it.
#[component]
fn Threads(notes: Vec<Note>, action: String, can_write: bool) -> impl IntoView {
    let (firsts, answers): (Vec<Note>, Vec<Note>) = notes.into_iter().partition(|note| note.reply_to.is_none());
    let thread = move |note: Note| {
        let of_note = answers.iter().filter(|answer| answer.reply_to.as_ref() == Some(&note.id));
        let below: Vec<_> = of_note.cloned().map(|note| view! { <li><One note/></li> }).collect();
        let anchor = format!("note-{}", note.id);
        let answer = can_write.then(|| view! { <Answer action=action.clone() id=note.id.clone()/> });
        view! {
            <li id=anchor>
                <One note/>
                {(!below.is_empty()).then(|| view! { <ul class="plain notes answers">{below}</ul> })}
                {answer}
            </li>
        }
    };
    (!firsts.is_empty()).then(|| view! { <ul class="plain notes">{firsts.into_iter().map(thread).collect_view()}</ul> })
}

/// Its HTML is made from Markdown by the domain, which lets nothing but marks of text and links through.
#[component]
fn One(note: Note) -> impl IntoView {
    view! {
        <p class="faint small"><strong>{note.author.to_string()}</strong> ", " <When ms=note.at_ms/></p>
        <div class="written" inner_html=to_html(&note.text)></div>
    }
}

#[component]
fn Answer(action: String, id: String) -> impl IntoView {
    let field = format!("answer-{id}");
    view! {
        <details class="disclosure small">
            <summary>"Answer"</summary>
            <form class="stack" method="post" action=action>
                <input type="hidden" name="reply_to" value=id.clone()/>
                <label class="hidden" for=field.clone()>"Answer"</label>
                <textarea id=field name="text" required rows="2" maxlength="20000"></textarea>
                <SignedRow id=format!("answer-author-{id}") action="Send the answer"/>
            </form>
        </details>
    }
}
