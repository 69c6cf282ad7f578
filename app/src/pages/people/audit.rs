//! The audit log: what happened to accounts, and what was refused. Nobody can edit it.

use domain::audit::AuditLine;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::people::{AuditPage, find_audit_page};
use crate::components::{When, loaded};

#[component]
pub fn AuditLogPage() -> impl IntoView {
    let before = use_query_map().with_untracked(|query| query.get("before")).and_then(|before| before.parse().ok());
    loaded(find_audit_page(before), |page| view! { <Log page/> })
}

#[component]
pub(crate) fn Log(page: AuditPage) -> impl IntoView {
    let AuditPage { lines, broken_at, before } = page;
    let chain = match broken_at {
        None => view! { <p class="notice">"Every line fits the one before it: none was changed or taken out."</p> }
            .into_any(),
        Some(line) => view! {
            <p class="notice bad" role="alert">
                {format!("From line {line} on the log does not fit: a line was changed or taken out in the database.")}
            </p>
        }
        .into_any(),
    };
    view! {
        <Title text="Audit log"/>
        <header class="page-head">
            <p class="crumbs"><a href="/people">"People"</a></p>
            <h1>"Audit log"</h1>
            <p class="lead">"What happened to accounts, what was refused and what was deleted, the newest first. Mismatch only ever adds to it."</p>
        </header>
        {chain}
        <div class="table-scroll card" tabindex="0" role="region" aria-label="Lines of the audit log">
            <table class="table">
                <thead><tr><th scope="col">"Line"</th><th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"What"</th><th scope="col">"From"</th></tr></thead>
                <tbody>
                    {lines.into_iter().map(|line| view! { <Line line/> }).collect_view()}
                </tbody>
            </table>
        </div>
        {before.map(|before| view! { <p><a class="button" href=format!("/audit?before={before}")>"Older lines"</a></p> })}
    }
}

#[component]
fn Line(line: AuditLine) -> impl IntoView {
    let AuditLine { seq, at_ms, actor, from, what } = line;
    view! {
        <tr>
            <td class="number">{seq}</td>
            <td class="nowrap"><When ms=at_ms/></td>
            <td>{actor.to_string()}</td>
            <td>{what.words()}</td>
            <td class="mono">{from}</td>
        </tr>
    }
}
