//! What waits for the reader.

use domain::clock::end_of_day;
use domain::markdown::to_html;
use domain::mine::{InvestigationName, Mention, Mine, OpenTask};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::address::Place;
use crate::api::people::{Waiting, find_mine};
use crate::components::{When, loaded};

#[component]
pub fn MinePage() -> impl IntoView {
    loaded(find_mine(), |waiting| view! { <Yours waiting/> })
}

#[component]
pub(super) fn Yours(waiting: Waiting) -> impl IntoView {
    let Waiting { name, mine, now_ms } = waiting;
    let Mine { cared_for, follow_ups, mentions } = mine;
    let nothing = cared_for.is_empty() && follow_ups.is_empty() && mentions.is_empty();
    view! {
        <Title text="Yours"/>
        <header class="page-head">
            <h1>"Yours"</h1>
            {match name {
                Some(name) => view! { <p class="lead">"What waits for " <strong>{name}</strong> "."</p> }.into_any(),
                None => view! {
                    <p class="lead">"Nobody knows your name here yet. Sign a note with it, and what others leave for you stands here."</p>
                }
                .into_any(),
            }}
        </header>
        {nothing.then(|| view! { <p>"Nothing waits for you."</p> })}
        {(!follow_ups.is_empty()).then(|| view! {
            <section class="stack section" aria-labelledby="tasks">
                <h2 id="tasks">"Follow-ups"</h2>
                <ul class="card pad plain follow-ups">
                    {follow_ups.into_iter().map(|task| view! { <Task task now_ms/> }).collect_view()}
                </ul>
            </section>
        })}
        {(!cared_for.is_empty()).then(|| view! {
            <section class="stack section" aria-labelledby="cared">
                <h2 id="cared">"Investigations that you care for"</h2>
                <ul class="card pad plain follow-ups">
                    {cared_for.into_iter().map(|of| view! { <li><Named of/></li> }).collect_view()}
                </ul>
            </section>
        })}
        {(!mentions.is_empty()).then(|| view! {
            <section class="stack section" aria-labelledby="mentions">
                <h2 id="mentions">"Notes that name you"</h2>
                <ul class="card pad plain notes">
                    {mentions.into_iter().map(|mention| view! { <Naming mention/> }).collect_view()}
                </ul>
            </section>
        })}
    }
}

#[component]
fn Named(of: InvestigationName) -> impl IntoView {
    view! { <a href=Place::Investigation(of.id).review()>{of.title}</a> }
}

#[component]
fn Task(task: OpenTask, now_ms: i64) -> impl IntoView {
    let OpenTask { investigation, task, due } = task;
    let is_late = due.as_deref().and_then(end_of_day).is_some_and(|end| end < now_ms);
    view! {
        <li>
            {task} <span class="faint small">" · " <Named of=investigation/></span>
            {due.map(|day| view! {
                <span class="faint small">" · due " <span class=is_late.then_some("late")>{day} {is_late.then_some(", overdue")}</span></span>
            })}
        </li>
    }
}

#[component]
fn Naming(mention: Mention) -> impl IntoView {
    let Mention { investigation, note, author, text, at_ms } = mention;
    let href = format!("{}#note-{note}", Place::Investigation(investigation.id.clone()).map());
    view! {
        <li>
            <p class="faint small">
                <strong>{author.to_string()}</strong> " in " <a href=href>{investigation.title}</a> ", " <When ms=at_ms/>
            </p>
            <div class="written" inner_html=to_html(&text)></div>
        </li>
    }
}
