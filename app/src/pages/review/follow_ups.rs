//! What remains to be done.

use domain::Actor;
use domain::clock::end_of_day;
use domain::incident::FollowUp;
use leptos::prelude::*;

use crate::api::investigations::Opened;
use crate::components::{SignedRow, When};

#[component]
pub fn FollowUps(opened: Opened) -> impl IntoView {
    let (can_say, action) = (opened.can_say(), format!("{}/follow-ups", opened.place.map()));
    let (all, now_ms) = (opened.investigation.follow_ups.clone(), opened.now_ms);
    let (done, open): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.done_at_ms.is_some());
    let none = open.is_empty() && done.is_empty();
    let of_one = action.clone();
    let list = move |list: Vec<FollowUp>| {
        let one = |one: FollowUp| view! { <One action=format!("{of_one}/{}", one.id) one now_ms can_say/> };
        (!list.is_empty())
            .then(|| view! { <ul class="plain follow-ups">{list.into_iter().map(one).collect_view()}</ul> })
    };
    (can_say || !none).then(|| {
        view! {
            <section class="stack section" aria-labelledby="follow-ups" data-live="follow-ups">
                <h2 id="follow-ups">"Follow-ups"</h2>
                <div class="card pad stack">
                    {none.then(|| view! { <p class="muted">"Nothing remains to be done yet."</p> })}
                    {list(open)}
                    {list(done)}
                    {can_say.then(|| view! {
                        <details class="disclosure">
                            <summary>"Add a follow-up"</summary>
                            <form class="stack" method="post" action=action>
                                <input type="hidden" name="back" value="review"/>
                                <div class="field">
                                    <label for="task">"What remains to be done?"</label>
                                    <input id="task" name="task" required maxlength="300" autocomplete="off"/>
                                </div>
                                <div class="fields">
                                    <div class="field">
                                        <label for="task-owner">"Who does it (optional)"</label>
                                        <input id="task-owner" name="owner" maxlength="300" autocomplete="off"/>
                                    </div>
                                    <div class="field">
                                        <label for="task-due">"Due (optional)"</label>
                                        <input id="task-due" type="date" name="due"/>
                                    </div>
                                </div>
                                <SignedRow id="task-author" action="Add the follow-up"/>
                            </form>
                        </details>
                    })}
                </div>
            </section>
        }
    })
}

#[component]
fn One(action: String, one: FollowUp, now_ms: i64, can_say: bool) -> impl IntoView {
    let FollowUp { task, owner, due, done_at_ms, .. } = one;
    let is_late = done_at_ms.is_none() && due.as_deref().and_then(end_of_day).is_some_and(|end| end < now_ms);
    let owner = (owner != Actor::Anonymous).then(|| owner.to_string());
    let (glyph, words) = if done_at_ms.is_some() { ("☑", "done") } else { ("☐", "to do") };
    view! {
        <li class="row spread">
            <span class=done_at_ms.is_some().then_some("faint")>
                <span aria-hidden="true">{glyph}</span> <span class="hidden">{words} ": "</span> " " {task}
                <span class="faint small">
                    {owner.map(|owner| format!(" · {owner}"))}
                    {due.map(|day| view! { " · due " <span class=is_late.then_some("late")>{day} {is_late.then_some(", overdue")}</span> })}
                    {done_at_ms.map(|ms| view! { " · done " <When ms/> })}
                </span>
            </span>
            {can_say.then(|| view! {
                <form method="post" action=action>
                    <input type="hidden" name="back" value="review"/>
                    <button class="small" name="done" value=if done_at_ms.is_some() { "" } else { "1" }>
                        {if done_at_ms.is_some() { "Open it again" } else { "Done" }}
                    </button>
                </form>
            })}
        </li>
    }
}
