//! Every column on both sides in one table, and one of them in detail.

pub(super) mod asked;
mod controls;
mod detail;
mod filter;
mod marking;
mod order;
mod question;
mod search;
mod table;

use std::sync::Arc;

use domain::selection::SelectionAnswer;
use domain::{ColumnRole, Diagnosis, SnapshotRole};
use leptos::prelude::*;

use super::map::of_place;
use crate::api::investigations::Opened;
use crate::api::selection::explain_selection;
use crate::charts::DriftStrips;
use crate::components::{InvestigationHead, Tab};
use crate::error::AppError;
use domain::number;

use asked::Asked;
use detail::Detail;
use order::rows;
use search::Search;
use table::{Explanation, tables};

#[component]
pub fn ComparePage() -> impl IntoView {
    let asked = Asked::from_address();
    of_place(|opened| {
        Suspend::new(async move {
            let answered = match asked.selection.clone() {
                Some(selection) => Some(explain_selection(opened.place.clone(), selection).await),
                None => None,
            };
            view! { <Compare opened asked answered/> }
        })
        .into_any()
    })
}

/// What is different about the marked rows, or why there is no answer.
type Answered = Result<Arc<SelectionAnswer>, AppError>;

#[component]
pub(super) fn Compare(opened: Opened, asked: Asked, answered: Option<Answered>) -> impl IntoView {
    let diagnosis = opened.diagnosis.clone();
    let columns = diagnosis.as_ref().map_or(0, |diagnosis| diagnosis.comparisons.len());
    let heading = match columns {
        0 => "Compare".to_owned(),
        n => format!("Compare {}", number::counted(n as u64, "column")),
    };
    let sizes = opened.investigation.inputs.clone();
    view! {
        <InvestigationHead opened=opened.clone() tab=Tab::Compare heading>
            <ul class="chips" aria-label="Sides">
                {sizes
                    .into_iter()
                    .filter(|input| matches!(input.role, SnapshotRole::Train | SnapshotRole::Serve))
                    .map(|input| view! {
                        <li class="chip">
                            <span class=format!("swatch {}", input.role.id()) aria-hidden="true"></span>
                            <strong>{input.role.words()}</strong>
                            <span class="name">{input.snapshot.name}</span>
                            <span class="faint nowrap">{number::counted(input.snapshot.rows, "row")}</span>
                        </li>
                    })
                    .collect_view()}
            </ul>
        </InvestigationHead>
        {match diagnosis {
            Some(diagnosis) if columns > 0 => view! { <Both opened diagnosis asked answered/> }.into_any(),
            _ => view! {
                <p class="notice">
                    "There is nothing to compare. Add a train and a serve file that have columns with the same names."
                </p>
            }
            .into_any(),
        }}
    }
}

#[component]
fn Both(opened: Opened, diagnosis: Arc<Diagnosis>, asked: Asked, answered: Option<Answered>) -> impl IntoView {
    let rows = rows(&diagnosis, asked.sort);
    let all = rows.len();
    let named = asked.column.as_ref().and_then(|name| rows.iter().find(|row| row.comparison.column == *name));
    let named = named.map(|row| row.comparison.clone());
    let unknown = asked.column.clone().filter(|_| named.is_none());
    let rows = asked.filter.kept(rows);
    let count = rows.len();
    // Features first, as in the tables.
    let first = rows.iter().find(|row| row.comparison.role == ColumnRole::Feature).or(rows.first());
    let detailed = named.or(first.map(|row| row.comparison.clone()));
    let current = detailed.as_ref().map(|comparison| comparison.column.clone());
    let place = opened.place.clone();
    view! {
        {unknown.map(|name| view! {
            <p class="notice">"Train and serve do not both have a column " <code>{name}</code> ". The first column of the table is shown."</p>
        })}
        <div class="compare">
            <div class="stack">
                <Search place=place.clone() asked=asked.clone() shown=count all/>
                <Explanation/>
                {(count == 0).then(|| view! { <p class="card pad muted">"No column fits this search."</p> })}
                {(count > 0).then(|| tables(&place, rows, &asked, current.as_deref()))}
                <OneSided opened/>
                {(!diagnosis.over_time.columns.is_empty()).then(|| view! {
                    <details class="disclosure">
                        <summary>"Columns along time"</summary>
                        <div class="card pad"><DriftStrips place=place.clone() diagnosis=diagnosis.clone()/></div>
                    </details>
                })}
            </div>
            {detailed.map(|comparison| view! { <Detail place diagnosis=diagnosis.clone() comparison asked answered/> })}
        </div>
    }
}

/// Columns that only one side has.
#[component]
fn OneSided(opened: Opened) -> impl IntoView {
    // Of several windows of served rows, the columns of all.
    let columns = |role: SnapshotRole| {
        let inputs = opened.investigation.inputs.iter().filter(|input| input.role == role);
        let mut names: Vec<String> = Vec::new();
        for column in inputs.flat_map(|input| &input.snapshot.columns) {
            if !names.contains(&column.name) {
                names.push(column.name.clone());
            }
        }
        (!names.is_empty()).then_some(names)
    };
    let (train, serve) = columns(SnapshotRole::Train).zip(columns(SnapshotRole::Serve)).unwrap_or_default();
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|name| !those.contains(name)).cloned().collect()
    };
    view! {
        <Names words="Only in train: " names=only(&train, &serve)/>
        <Names words="Only in serve: " names=only(&serve, &train)/>
    }
}

#[component]
fn Names(words: &'static str, names: Vec<String>) -> impl IntoView {
    (!names.is_empty()).then(|| view! { <p class="muted small">{words} <code>{names.join(", ")}</code></p> })
}
