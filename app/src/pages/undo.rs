//! Undoing a suspect: what is done to the served rows, the first of them before and after, and the way to all of them as a file.

mod recovers;

use domain::number;
use domain::repair::{RepairedRow, RepairedRows};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::map::of_place;
use crate::api::investigations::Opened;
use crate::api::repair::show_repaired;
use crate::components::{InvestigationHead, Tab};
use crate::error::AppError;
use recovers::{Recovers, WhatItRecovers};

#[component]
pub fn UndoPage() -> impl IntoView {
    let rank =
        use_query_map().with_untracked(|query| query.get("suspect").and_then(|rank| rank.parse().ok())).unwrap_or(1);
    of_place(move |opened| {
        Suspend::new(async move {
            let shown = show_repaired(opened.investigation.id.clone(), rank).await;
            view! { <Undo opened rank shown/> }
        })
        .into_any()
    })
}

#[component]
pub(super) fn Undo(opened: Opened, rank: u32, shown: Result<RepairedRows, AppError>) -> impl IntoView {
    let place = opened.place.clone();
    let suspects = opened.diagnosis.as_ref().map(|diagnosis| diagnosis.suspects.clone()).unwrap_or_default();
    let suspect = suspects.into_iter().find(|suspect| suspect.rank == rank);
    let statement = suspect.as_ref().map(|suspect| suspect.statement.clone());
    let recovers = suspect.map(|suspect| Recovers::of(&opened, &suspect));
    let (back, file) = (place.map(), place.repaired_file(rank));
    let heading = "Undo it and see".to_owned();
    view! {
        <InvestigationHead opened tab=Tab::Map heading>
            {statement.map(|statement| view! { <p>{statement}</p> })}
            <p><a href=back>"Back to the map"</a></p>
        </InvestigationHead>
        {match shown {
            Ok(rows) => view! { <Shown rows file rank recovers/> }.into_any(),
            Err(error) => view! { <p class="notice bad">{error.to_string()}</p> }.into_any(),
        }}
    }
}

#[component]
fn Shown(rows: RepairedRows, file: Option<String>, rank: u32, recovers: Option<Recovers>) -> impl IntoView {
    let extent = match rows.left_out {
        0 => format!("{} of {} change.", number::count(rows.changed), number::counted(rows.examined, "served row")),
        left_out => format!(
            "{} of {} change, and {} are left out.",
            number::count(rows.changed),
            number::counted(rows.examined, "served row"),
            number::count(left_out)
        ),
    };
    let sampled = (rows.examined < rows.total).then(|| {
        let (examined, total) = (number::count(rows.examined), number::count(rows.total));
        view! {
            <p class="notice">
                {format!("These are the rows of a sample of {examined} of {total}. For all rows, run ")}
                <code>{format!("mismatch undo --suspect {rank} --out repaired.parquet")}</code>
                " with the files of this investigation."
            </p>
        }
    });
    let heads: Vec<_> = rows
        .columns
        .iter()
        .map(|column| {
            view! {
                <th scope="col"><code>{column.clone()}</code> " before"</th>
                <th scope="col">"after"</th>
            }
        })
        .collect();
    let lines: Vec<_> = rows.first.iter().map(line).collect();
    view! {
        <section class="stack" aria-labelledby="undone">
            <h2 id="undone">"What is done"</h2>
            <ul>{rows.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ul>
            <p>{extent}</p>
            {sampled}
            <p class="row">
                {file.map(|file| view! { <a class="button" href=file download>"Download the rows as CSV"</a> })}
            </p>
            {recovers.map(|recovers| view! { <WhatItRecovers recovers rank/> })}
            <h2>"The first rows that change"</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Rows before and after">
                <table class="table dense repaired">
                    <thead><tr><th scope="col" class="num">"Row"</th>{heads}</tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </section>
    }
}

fn line(row: &RepairedRow) -> impl IntoView + use<> {
    let cells: Vec<_> = match &row.after {
        None => {
            row.before.iter().map(|before| view! { {cell(before.as_deref())} <td>"left out"</td> }.into_any()).collect()
        }
        Some(after) => row
            .before
            .iter()
            .zip(after)
            .map(|(before, after)| view! { {cell(before.as_deref())} {cell(after.as_deref())} }.into_any())
            .collect(),
    };
    let left_out = (row.after.is_none() && row.before.is_empty()).then(|| view! { <td>"left out"</td> });
    view! { <tr><td class="num">{number::count(row.row)}</td>{cells}{left_out}</tr> }
}

fn cell(value: Option<&str>) -> impl IntoView + use<> {
    match value {
        Some(value) => view! { <td title=value.to_owned()>{value.to_owned()}</td> }.into_any(),
        None => view! { <td><span class="missing">"missing"</span></td> }.into_any(),
    }
}
