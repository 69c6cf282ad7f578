//! The rules of a model, each with the ways to silence and to remove it.

use domain::alert::ModelRule;
use domain::number;
use leptos::prelude::*;

use crate::address::model_page;
use crate::components::{AuthorField, When};

#[component]
pub fn Rules(rules: Vec<ModelRule>, model: String, can_change: bool, now_ms: i64) -> impl IntoView {
    let is_empty = rules.is_empty();
    view! {
        <section class="stack" aria-labelledby="rules">
            <h2 id="rules">"Rules"</h2>
            {match is_empty {
                true => view! { <p class="card pad muted">"There is no rule, so no alert can fire."</p> }.into_any(),
                false => view! {
                    <ul class="plain rows card pad">
                        {rules
                            .into_iter()
                            .map(|rule| view! { <Line rule model=model.clone() can_change now_ms/> })
                            .collect_view()}
                    </ul>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn Line(rule: ModelRule, model: String, can_change: bool, now_ms: i64) -> impl IntoView {
    let silence = rule.silence.clone().filter(|silence| silence.until_ms > now_ms);
    let lasts = match rule.windows {
        1 => String::new(),
        many => format!(", in {} one after the other", number::counted(u64::from(many), "window")),
    };
    let raised = rule
        .raise_after
        .map(|windows| format!(", raised when it lasts for {} more", number::counted(u64::from(windows), "window")));
    // One text: an empty part of a sentence would leave a space.
    let what = format!("{lasts}: {}{}.", rule.severity.words(), raised.unwrap_or_default());
    view! {
        <li class="stack tight">
            <p>"When " <strong>{rule.watched.words()}</strong> {what}</p>
            <p class="faint small">"Since " <When ms=rule.created_at_ms/> " by " {rule.created_by.to_string()}</p>
            {silence.clone().map(|silence| view! {
                <p class="notice small">
                    "Silenced by " {silence.author.to_string()} " until " <When ms=silence.until_ms/> ": " {silence.reason}
                </p>
            })}
            {can_change.then(|| view! { <Actions rule model is_silenced=silence.is_some()/> })}
        </li>
    }
}

#[component]
fn Actions(rule: ModelRule, model: String, is_silenced: bool) -> impl IntoView {
    let at = format!("{}/alert-rules/{}", model_page(&model), rule.id);
    let what = rule.watched.words();
    let id = rule.id;
    view! {
        <div class="row actions">
            {match is_silenced {
                true => view! {
                    <form method="post" action=format!("{at}/end-silence")>
                        <button aria-label=format!("End the silence of the rule: {what}")>"End the silence"</button>
                    </form>
                }
                .into_any(),
                false => view! {
                    <details class="disclosure">
                        <summary aria-label=format!("Silence the rule: {what}")>"Silence"</summary>
                        <form class="row" method="post" action=format!("{at}/silence")>
                            <label class="hidden" for=format!("why-{id}")>"Why"</label>
                            <input id=format!("why-{id}") name="note" required placeholder="why" maxlength="500" autocomplete="off"/>
                            <label class="hidden" for=format!("until-{id}")>"Last day of the silence"</label>
                            <input id=format!("until-{id}") type="date" name="expires_on" required/>
                            <AuthorField id=format!("silence-{id}")/>
                            <button aria-label=format!("Tell nobody of the rule: {what}")>"Silence"</button>
                        </form>
                    </details>
                }
                .into_any(),
            }}
            <details class="disclosure">
                <summary aria-label=format!("Remove the rule: {what}")>"Remove"</summary>
                <form class="row" method="post" action=format!("{at}/remove")>
                    <span class="muted small">"Its alerts stay in the list, and are over."</span>
                    <button aria-label=format!("Remove the rule for good: {what}")>"Remove it"</button>
                </form>
            </details>
        </div>
    }
}
