//! What undoing a suspect recovers, by the model's answers to the repaired rows.

use checks::fall::first_undoable;
use domain::fall::{UndoVerdict, Undone};
use domain::{Roles, SnapshotRole, Suspect};
use leptos::prelude::*;

use super::super::map::undone_of;
use crate::api::investigations::Opened;

/// What undoing a suspect recovers, as far as it is known, and how to learn it.
#[derive(Debug, Clone)]
pub(super) struct Recovers {
    undone: Option<Undone>,
    /// Answers were given and are of no use.
    unusable: bool,
    /// Where answers go; `None` where nothing may be changed, or where they would be taken for another suspect's.
    form: Option<String>,
    /// The columns that answers need: id, prediction, score.
    columns: Vec<String>,
}

impl Recovers {
    pub(super) fn of(opened: &Opened, suspect: &Suspect) -> Self {
        let diagnosis = opened.diagnosis.as_deref();
        let undone = diagnosis.and_then(|diagnosis| diagnosis.fall.as_ref()?.undone.as_ref());
        let first = diagnosis.and_then(|diagnosis| first_undoable(&diagnosis.suspects, &diagnosis.findings));
        let is_first = first.is_some_and(|first| first.key() == suspect.key());
        let is_given = diagnosis
            .is_some_and(|diagnosis| diagnosis.inputs.iter().any(|input| input.role == SnapshotRole::Repaired));
        let roles = diagnosis.map(|diagnosis| &diagnosis.roles);
        let named = |role: fn(&Roles) -> Option<&str>| roles.and_then(role).map(str::to_owned);
        Self {
            unusable: is_first && is_given && undone.is_none(),
            undone: diagnosis.and_then(|diagnosis| undone_of(diagnosis, suspect)).cloned(),
            form: (is_first && opened.can_change())
                .then(|| format!("/investigations/{}/files", opened.investigation.id)),
            columns: [named(Roles::id), named(Roles::prediction), named(Roles::score)].into_iter().flatten().collect(),
        }
    }
}

#[component]
pub(super) fn WhatItRecovers(recovers: Recovers, rank: u32) -> impl IntoView {
    let Recovers { undone, unusable, form, columns } = recovers;
    let undone = undone.map(|undone| {
        let class = match undone.verdict {
            UndoVerdict::Confirmed => "notice good",
            UndoVerdict::Refuted => "notice bad",
            UndoVerdict::Undecided => "notice",
        };
        view! { <p class=class>{undone.sentence()}</p> }
    });
    let unusable = unusable.then(|| {
        view! {
            <p class="notice bad">
                "The answers that were added can't be compared with what was served. They need the id of the served rows and a column of \
                 predictions or scores, with the names that these have there; and the served rows need labels."
            </p>
        }
    });
    let form = form.map(|action| {
        let code = |name: String| view! { " " <code>{name}</code> };
        view! {
            <form class="stack" method="post" action=action enctype="multipart/form-data">
                <input type="hidden" name="part" value=SnapshotRole::Repaired.id()/>
                <div class="field">
                    <label for="answers">"The model's answers to the repaired rows"</label>
                    <input id="answers" type="file" name="files" required/>
                </div>
                <p class="muted small">
                    "Let the model predict the repaired rows, and save a table with the columns" {columns.into_iter().map(code).collect_view()} "."
                </p>
                <p><button>"See what it recovers"</button></p>
            </form>
        }
    });
    view! {
        <section class="stack" aria-labelledby="recovers">
            <h2 id="recovers">"What it recovers"</h2>
            {undone}
            {unusable}
            {form}
            <p class="muted small">
                "On the command line: " <code>{format!("mismatch undo --suspect {rank} --repaired-predictions FILE")}</code>
                ". The predictions of the training pipeline for the same rows, added as offline features, say the same of all suspects together."
            </p>
        </section>
    }
}
