//! The form of a rule: sentences with gaps, and what the rule would have done.

use domain::Item;
use domain::alert::{ANY_MISMATCH, CHECK, FALL, METRIC, NO_ARRIVALS, PastAlert, PastAlerts, RuleFields, SUSPECT};
use domain::incident::Severity;
use leptos::prelude::*;

use crate::address::{alerts_page, model_page};
use crate::components::{AuthorField, When};

/// Previewed alerts that are listed.
const LISTED: usize = 20;

#[component]
pub fn RuleForm(
    model: String,
    fields: RuleFields,
    preview: Option<Result<PastAlerts, String>>,
    days: u32,
) -> impl IntoView {
    let or = |value: &str, default: &'static str| if value.is_empty() { default.to_owned() } else { value.to_owned() };
    let severity = Severity::from_id(&fields.severity).unwrap_or(Severity::High);
    view! {
        <section class="card pad stack" aria-labelledby="new-rule">
            <h2 id="new-rule">"New rule"</h2>
            <form class="stack" method="post" action=format!("{}/alert-rules", model_page(&model))>
                <Kinds fields=fields.clone()/>
                <div class="fields">
                    <div class="field">
                        <label for="rule-windows">"Windows in a row"</label>
                        <input id="rule-windows" name="windows" type="number" min="1" max="30" value=or(&fields.windows, "1")/>
                        <p class="hint">"a window that says nothing of it neither counts nor ends it"</p>
                    </div>
                    <div class="field">
                        <label for="rule-severity">"Severity"</label>
                        <select id="rule-severity" name="severity">
                            {Severity::ALL
                                .map(|one| view! { <option value=one.id() selected=one == severity>{one.words()}</option> })
                                .collect_view()}
                        </select>
                    </div>
                    <div class="field">
                        <label for="rule-raise">"Raise after"</label>
                        <input id="rule-raise" name="raise_after" type="number" min="1" max="30" value=fields.raise_after.clone()/>
                        <p class="hint">"further windows in which it lasts; empty for never"</p>
                    </div>
                </div>
                <div class="row">
                    <button formmethod="get" formaction=format!("{}#preview", alerts_page(&model))>{format!("Preview on the last {days} days")}</button>
                    <AuthorField id="rule-author"/>
                    <button class="primary">"Add the rule"</button>
                </div>
            </form>
            <div id="preview" aria-live="polite">
                {preview.map(|preview| match preview {
                    Ok(preview) => view! { <Previewed preview days/> }.into_any(),
                    Err(words) => view! { <p class="bad">{words}</p> }.into_any(),
                })}
            </div>
        </section>
    }
}

/// What it watches, one sentence each.
#[component]
fn Kinds(fields: RuleFields) -> impl IntoView {
    let or = |value: &str, default: &'static str| if value.is_empty() { default.to_owned() } else { value.to_owned() };
    let chosen = or(&fields.kind, ANY_MISMATCH);
    let item = Item::from_code(&fields.item).unwrap_or(Item::D1);
    view! {
        <fieldset class="stack tight kinds">
            <legend>"Notify when"</legend>
            <Kind kind=ANY_MISMATCH chosen=chosen.clone() words="any layer has a mismatch"/>
            <Kind kind=CHECK chosen=chosen.clone() words="what an item checks is off:">
                <select class="auto" name="item" aria-label="Item">
                    {Item::ALL
                        .iter()
                        .map(|one| view! {
                            <option value=one.code() selected=*one == item>{format!("{} {}", one.code(), one.question())}</option>
                        })
                        .collect_view()}
                </select>
                <input class="short" name="column" aria-label="Column" placeholder="any column" maxlength="300" autocomplete="off" value=fields.column.clone()/>
                <select class="auto" name="level" aria-label="How strong">
                    <option value="mismatch">"a mismatch"</option>
                    <option value="possible" selected=fields.level == "possible">"a mismatch or a possible one"</option>
                </select>
                <input type="hidden" name="detector" value=fields.detector.clone()/>
            </Kind>
            <Kind kind=SUSPECT chosen=chosen.clone() words="a suspect is probable by at least">
                <input class="number" name="probability" type="number" min="1" max="100" aria-label="Percent" value=or(&fields.probability, "50")/>
                " %"
            </Kind>
            <Kind kind=FALL chosen=chosen.clone() words="the performance certainly fell, by at least">
                <input class="number" name="points" type="number" min="0.1" step="any" aria-label="Points" value=or(&fields.points, "2")/>
                " points"
            </Kind>
            <Kind kind=METRIC chosen=chosen.clone() words="a metric is certainly beyond a limit:">
                <input class="short" name="metric" aria-label="Metric" maxlength="300" autocomplete="off" value=or(&fields.metric, "accuracy")/>
                <select class="auto" name="bound" aria-label="Side">
                    <option value="below">"below"</option>
                    <option value="above" selected=fields.bound == "above">"above"</option>
                </select>
                <input class="number" name="limit" type="number" step="any" aria-label="Limit" value=or(&fields.limit, "0.8")/>
            </Kind>
            <Kind kind=NO_ARRIVALS chosen words="no served rows have arrived for">
                <input class="number" name="hours" type="number" min="1" max="2160" aria-label="Hours" value=or(&fields.hours, "26")/>
                " hours"
            </Kind>
        </fieldset>
    }
}

#[component]
fn Kind(
    kind: &'static str,
    chosen: String,
    words: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let id = format!("kind-{kind}");
    view! {
        <div class="kind">
            <input type="radio" id=id.clone() name="kind" value=kind checked=chosen == kind/>
            <div class="row">
                <label for=id>{words}</label>
                {children.map(|children| children())}
            </div>
        </div>
    }
}

#[component]
fn Previewed(preview: PastAlerts, days: u32) -> impl IntoView {
    let words = preview.words(days);
    let more = preview.alerts.len().saturating_sub(LISTED);
    view! {
        <div class="notice stack">
            <p><strong>{words}</strong></p>
            {(!preview.alerts.is_empty()).then(|| view! {
                <ul class="plain rows">
                    {preview.alerts.into_iter().rev().take(LISTED).map(|alert| view! { <Would alert/> }).collect_view()}
                </ul>
            })}
            {(more > 0).then(|| view! { <p class="faint small">{format!("… and {more} earlier ones")}</p> })}
        </div>
    }
}

#[component]
fn Would(alert: PastAlert) -> impl IntoView {
    view! {
        <li>
            <When ms=alert.fired_at_ms/> ": " {alert.statement} " "
            <span class="faint small">
                {match alert.ended_at_ms {
                    Some(ms) => view! { "over with " <When ms/> }.into_any(),
                    None => view! { "lasts" }.into_any(),
                }}
                {alert.is_raised.then_some(", raised")}
            </span>
        </li>
    }
}
