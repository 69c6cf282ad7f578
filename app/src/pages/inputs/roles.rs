//! Which column plays which part, for all files at once.

use std::collections::BTreeSet;

use domain::investigation::Investigation;
use domain::snapshot::{ColumnRole, Roles};
use leptos::prelude::*;

use super::review::REVIEW;

/// A part a column can play: its role, and what it is for.
struct Part {
    role: ColumnRole,
    words: &'static str,
    hint: &'static str,
    chosen: fn(&Roles) -> &Option<String>,
}

const PARTS: [Part; 8] = [
    Part { role: ColumnRole::Label, words: "Label", hint: "the true value", chosen: |roles| &roles.label },
    Part {
        role: ColumnRole::Prediction,
        words: "Prediction",
        hint: "the model's prediction",
        chosen: |roles| &roles.prediction,
    },
    Part {
        role: ColumnRole::Score,
        words: "Score",
        hint: "probability of the positive class",
        chosen: |roles| &roles.score,
    },
    Part { role: ColumnRole::Id, words: "Id", hint: "joins the same row in two files", chosen: |roles| &roles.id },
    Part { role: ColumnRole::Time, words: "Time", hint: "when the row was created", chosen: |roles| &roles.time },
    Part { role: ColumnRole::Group, words: "Group", hint: "the entity a row is about", chosen: |roles| &roles.group },
    Part {
        role: ColumnRole::Split,
        words: "Split",
        hint: "train, validation or test, in one file",
        chosen: |roles| &roles.split,
    },
    Part {
        role: ColumnRole::Version,
        words: "Version",
        hint: "which model made the prediction",
        chosen: |roles| &roles.version,
    },
];

#[component]
pub fn ReviewForm(investigation: Investigation) -> impl IntoView {
    let names: BTreeSet<String> = investigation
        .inputs
        .iter()
        .flat_map(|input| &input.snapshot.columns)
        .map(|column| column.name.clone())
        .collect();
    let parts = PARTS
        .iter()
        .map(|part| {
            let chosen = (part.chosen)(&investigation.roles).clone();
            let guess = guessed(&investigation, part.role);
            view! { <PartField part chosen guess/> }
        })
        .collect_view();
    let ignored = investigation.roles.ignore.clone();
    let threshold = investigation.threshold.map(|threshold| threshold.to_string());
    view! {
        <section class="card pad stack" aria-labelledby="roles">
            <h2 id="roles">"Columns"</h2>
            <p class="muted">"Leave a field empty to use the detected column. Every other column is a feature."</p>
            <form id=REVIEW class="stack wide-gap" method="post" action=format!("/investigations/{}/inputs", investigation.id)>
                <div class="fields">
                    {parts}
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
                                        <input type="checkbox" name="ignore" value=name.clone() checked=ignored.contains(name)/>
                                        <code>{name.clone()}</code>
                                    </label>
                                </li>
                            })
                            .collect_view()}
                    </ul>
                </details>
                <div class="row">
                    <label class="hidden" for="review-author">"Your name"</label>
                    <input id="review-author" class="auto" name="author" autocomplete="name" placeholder="Your name"/>
                    <button class="primary">"Run the checks"</button>
                </div>
            </form>
            <datalist id="columns">{names.iter().map(|name| view! { <option value=name.clone()></option> }).collect_view()}</datalist>
        </section>
    }
}

/// What the readers guessed, from the first input that has such a column.
fn guessed(investigation: &Investigation, role: ColumnRole) -> Option<String> {
    let mut columns = investigation.inputs.iter().flat_map(|input| &input.snapshot.columns);
    columns.find(|column| column.role == role).map(|column| column.name.clone())
}

#[component]
fn PartField(part: &'static Part, chosen: Option<String>, guess: Option<String>) -> impl IntoView {
    let id = format!("part-{}", part.role.id());
    let placeholder = guess.map_or("none detected".to_owned(), |name| format!("detected: {name}"));
    view! {
        <div class="field">
            <label for=id.clone()>{part.words}</label>
            <input id=id.clone() name=part.role.id() list="columns" autocomplete="off" placeholder=placeholder value=chosen/>
            <p class="hint">{part.hint}</p>
        </div>
    }
}
