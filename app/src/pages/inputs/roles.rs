//! Which column has which role, for all files at once.

use std::collections::BTreeSet;

use domain::investigation::Investigation;
use domain::snapshot::{ColumnRole, NamedRole};
use leptos::prelude::*;

use super::review::REVIEW;

use crate::components::AuthorField;

#[component]
pub fn ReviewForm(investigation: Investigation) -> impl IntoView {
    let names: BTreeSet<String> = investigation
        .inputs
        .iter()
        .flat_map(|input| &input.snapshot.columns)
        .map(|column| column.name.clone())
        .collect();
    let detected = investigation.detected_roles();
    let fields = ColumnRole::NAMED
        .iter()
        .map(|named| {
            let chosen = investigation.roles.column_with(named.role).map(str::to_owned);
            let detected = detected.column_with(named.role).map(str::to_owned);
            view! { <RoleField named chosen detected/> }
        })
        .collect_view();
    let ignored = investigation.roles.columns(ColumnRole::Ignore).to_vec();
    let threshold = investigation.threshold.map(|threshold| threshold.to_string());
    view! {
        <section class="card pad stack" aria-labelledby="roles">
            <h2 id="roles">"Columns"</h2>
            <p class="muted">"Leave a field empty to use the detected column. Every other column is a feature."</p>
            <form id=REVIEW class="stack wide-gap" method="post" action=format!("/investigations/{}/inputs", investigation.id)>
                <div class="fields">
                    {fields}
                    <div class="field">
                        <label for="threshold">"Threshold in use"</label>
                        <input id="threshold" name="threshold" inputmode="decimal" placeholder="from the predictions" value=threshold/>
                        <p class="hint">"scores at or above it are predicted positive"</p>
                    </div>
                </div>
                <details class="disclosure" open=!ignored.is_empty()>
                    <summary>"Exclude columns from all checks"</summary>
                    <ul class="plain names">
                        {names
                            .iter()
                            .map(|name| view! {
                                <li>
                                    <label class="check">
                                        <input type="checkbox" name=ColumnRole::Ignore.id() value=name.clone() checked=ignored.contains(name)/>
                                        <code>{name.clone()}</code>
                                    </label>
                                </li>
                            })
                            .collect_view()}
                    </ul>
                </details>
                <div class="row">
                    <AuthorField id="review-author"/>
                    <button class="primary">"Run the checks"</button>
                </div>
            </form>
            <datalist id="columns">{names.iter().map(|name| view! { <option value=name.clone()></option> }).collect_view()}</datalist>
        </section>
    }
}

#[component]
fn RoleField(named: &'static NamedRole, chosen: Option<String>, detected: Option<String>) -> impl IntoView {
    let id = format!("part-{}", named.role.id());
    let placeholder = detected.map_or("none detected".to_owned(), |name| format!("detected: {name}"));
    view! {
        <div class="field">
            <label for=id.clone()>{named.words}</label>
            <input id=id.clone() name=named.role.id() list="columns" autocomplete="off" placeholder=placeholder value=chosen/>
            <p class="hint">{named.hint}</p>
        </div>
    }
}
