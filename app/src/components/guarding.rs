//! What would have caught it: rules that training keeps and serving breaks, as files for a team's own tools.

use domain::Guard;
use domain::guard::{AlertLimit, GuardRule};
use domain::number::{counted, number};
use domain::observation::Breach;
use leptos::prelude::*;

use crate::address::Place;

/// Rules and limits that are seen at once.
const SEEN: usize = 6;

/// How many there are and what they see; then the files. `finding` narrows the files to one finding.
#[component]
pub fn Guarding(place: Place, guard: Guard, finding: Option<String>) -> impl IntoView {
    let rules: Vec<GuardRule> = guard.catching().cloned().collect();
    let limits = guard.alerts;
    let more = (rules.len() + limits.len()).saturating_sub(SEEN);
    let shown_limits = SEEN.saturating_sub(rules.len().min(SEEN));
    let formats = ::guards::all().map(|format| {
        let address = place.guard_file(format.id, finding.as_deref());
        view! { <li><a href=address download title=format.words>{format.tool}</a></li> }
    });
    view! {
        {(!rules.is_empty() || !limits.is_empty()).then(|| view! {
            <ul class="plain guard-rules">
                {rules.into_iter().take(SEEN).map(|rule| view! { <Rule rule/> }).collect_view()}
                {limits.into_iter().take(shown_limits).map(|limit| view! { <Limit limit/> }).collect_view()}
            </ul>
        })}
        {(more > 0).then(|| view! { <p class="faint small">{format!("{} more in the files", counted(more as u64, "rule"))}</p> })}
        <ul class="plain guard-files" aria-label="Files for other tools">
            <li class="faint">"Download for"</li>
            {formats.collect_view()}
        </ul>
    }
}

#[component]
fn Rule(rule: GuardRule) -> impl IntoView {
    let GuardRule { column, rule, proof, .. } = rule;
    view! {
        <li>
            <span>{column.map(|column| view! { <code>{column}</code> " " })} {rule.words()}</span>
            <span class="faint small">
                {format!("train: {}", proof.on_train)} {proof.on_serve.map(|seen| format!(" · serve: {seen}"))}
            </span>
        </li>
    }
}

#[component]
fn Limit(limit: AlertLimit) -> impl IntoView {
    let unit = limit.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    let side = match limit.breach {
        Breach::Above => "at most",
        Breach::Below => "at least",
        Breach::Absent => "there at all, limit",
    };
    view! {
        <li>
            <span><code>{limit.signal}</code> {format!(" {side} {}{unit}", number(limit.limit))}</span>
            <span class="faint small">{format!("before: {} · after: {}", number(limit.before), number(limit.after))}</span>
        </li>
    }
}

/// Of one finding, folded; nothing where no rule sees it.
#[component]
pub fn GuardsOfFinding(place: Place, guard: Guard, finding: String) -> impl IntoView {
    let count = guard.rules.len() + guard.alerts.len();
    (count > 0).then(|| {
        let summary = format!("{} would have caught it", counted(count as u64, "rule"));
        view! {
            <details class="disclosure guards">
                <summary>{summary}</summary>
                <Guarding place guard finding=Some(finding)/>
            </details>
        }
    })
}
