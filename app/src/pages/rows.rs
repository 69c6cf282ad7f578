//! The rows of a selection: a page of them at a time, sorted by a column, and the way to all of them as a file.

use domain::Problem;
use domain::number;
use domain::selection::{MOST_ROWS, RowOrder, RowsAsked, SelectedRow, SelectedRows, Selection, Side, Subject};
use domain::snapshot::ColumnKind;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::map::of_place;
use crate::address::Place;
use crate::api::investigations::Opened;
use crate::api::selection::list_rows;
use crate::components::{InvestigationHead, Tab};
use crate::error::AppError;

/// Rows of a page, and columns shown on it. The file has more of both.
const PAGE: usize = 100;
const COLUMNS: usize = 50;

/// What the address asks to see.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub selection: Option<Selection>,
    pub sort: String,
    pub order: RowOrder,
    /// From 1.
    pub page: usize,
}

impl Asked {
    pub fn from_query(query: &ParamsMap) -> Asked {
        Asked {
            selection: query.get("where").and_then(|text| Selection::from_text(&text)),
            sort: query.get("sort").unwrap_or_default(),
            order: RowOrder::from_id(&query.get("order").unwrap_or_default()),
            page: query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1),
        }
    }

    fn pairs(&self) -> [(&'static str, String); 4] {
        let order = if self.order == RowOrder::Ascending { "" } else { self.order.id() };
        [
            ("where", self.selection.as_ref().map(Selection::to_text).unwrap_or_default()),
            ("sort", self.sort.clone()),
            ("order", order.to_owned()),
            ("page", if self.page > 1 { self.page.to_string() } else { String::new() }),
        ]
    }

    fn href(&self, place: &Place) -> Option<String> {
        let pairs = self.pairs();
        place.rows(&pairs.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    fn window(&self) -> RowsAsked {
        RowsAsked {
            sort: (!self.sort.is_empty()).then(|| self.sort.clone()),
            order: self.order,
            skip: (self.page - 1).saturating_mul(PAGE),
            rows: PAGE,
            columns: COLUMNS,
        }
    }
}

#[component]
pub fn RowsPage() -> impl IntoView {
    let asked = use_query_map().with_untracked(Asked::from_query);
    of_place(|opened| {
        Suspend::new(async move {
            let listed = listed(&opened, &asked).await;
            view! { <Rows opened asked listed/> }
        })
        .into_any()
    })
}

async fn listed(opened: &Opened, asked: &Asked) -> Result<SelectedRows, AppError> {
    let selection = asked.selection.clone().ok_or_else(|| {
        AppError::from(Problem::bad_input(
            "This address has no selection. Select rows on a chart of the comparison first.",
        ))
    })?;
    list_rows(opened.investigation.id.clone(), selection, asked.window()).await
}

#[component]
pub(super) fn Rows(opened: Opened, asked: Asked, listed: Result<SelectedRows, AppError>) -> impl IntoView {
    let place = opened.place.clone();
    let heading = match &listed {
        Ok(rows) => number::counted(rows.selected, "selected row"),
        Err(_) => "Selected rows".to_owned(),
    };
    let conditions = asked.selection.as_ref().map(|selection| conditions(selection, listed.as_ref().ok()));
    let text = asked.selection.as_ref().map(Selection::to_text).unwrap_or_default();
    let back = format!("{}#selection", place.compare(&[("where", &text)]));
    view! {
        <InvestigationHead opened tab=Tab::Compare heading>
            {conditions}
            <p><a href=back>"Back to what is different about these rows"</a></p>
        </InvestigationHead>
        {match listed {
            Ok(rows) => view! { <Listed place asked rows/> }.into_any(),
            Err(error) => view! { <p class="notice bad">{error.to_string()}</p> }.into_any(),
        }}
    }
}

/// What the rows have in common.
fn conditions(selection: &Selection, rows: Option<&SelectedRows>) -> impl IntoView + use<> {
    let kind = |subject: &Subject| match subject {
        Subject::Column(name) => rows.and_then(|rows| rows.columns.iter().find(|column| column.name == *name)),
        Subject::Role(_) => None,
    };
    let side = match &selection.side {
        Side::Train => "train".to_owned(),
        Side::Serve => "serve".to_owned(),
        Side::Both => "train and serve".to_owned(),
        Side::Run { name, split } => format!("{name} ({split})"),
    };
    let chips: Vec<_> = selection
        .conditions
        .iter()
        .map(|condition| {
            let kind = kind(&condition.subject).map_or(ColumnKind::Numeric, |column| column.kind);
            view! { <li class="chip selected">{condition.words(kind)}</li> }
        })
        .collect();
    view! { <ul class="chips" aria-label="Conditions"><li class="chip">"rows of " {side}</li>{chips}</ul> }
}

#[component]
fn Listed(place: Place, asked: Asked, rows: SelectedRows) -> impl IntoView {
    let text = asked.selection.as_ref().map(Selection::to_text).unwrap_or_default();
    let order = asked.order.id();
    let file = place.rows_file(&[("where", &text), ("sort", &asked.sort), ("order", order)]);
    let in_file = match rows.selected > MOST_ROWS as u64 {
        true => format!("Download the first {} as CSV", number::counted(MOST_ROWS as u64, "row")),
        false => "Download as CSV".to_owned(),
    };
    let sampled = (rows.examined < rows.total).then(|| {
        let (examined, total) = (number::count(rows.examined), number::count(rows.total));
        format!("These are the selected rows of a sample of {examined} of {total} rows.")
    });
    let narrower = (rows.all_columns > rows.columns.len() as u64).then(|| {
        let (shown, all) = (rows.columns.len(), number::counted(rows.all_columns, "column"));
        format!("{shown} of {all} are shown, those of the conditions first. The file has more.")
    });
    let subjects: Vec<Subject> =
        asked.selection.iter().flat_map(|selection| &selection.conditions).map(|one| one.subject.clone()).collect();
    let is_asked = |name: &str| subjects.contains(&Subject::Column(name.to_owned()));
    let heads: Vec<_> = rows.columns.iter().map(|column| head(&place, &asked, &column.name)).collect();
    let classes: Vec<&str> = rows
        .columns
        .iter()
        .map(|column| match (is_asked(&column.name), column.kind == ColumnKind::Numeric) {
            (true, true) => "asked num",
            (true, false) => "asked",
            (false, true) => "num",
            (false, false) => "",
        })
        .collect();
    let lines: Vec<_> = rows.rows.iter().map(|row| line(row, &classes)).collect();
    view! {
        <div class="stack">
            {sampled.map(|words| view! { <p class="notice">{words}</p> })}
            <p class="row">
                {file.map(|file| view! { <a class="button" href=file download>{in_file}</a> })}
                {narrower.map(|words| view! { <span class="muted">{words}</span> })}
            </p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Selected rows">
                <table class="table dense selected-rows">
                    <thead><tr><th scope="col">"table"</th>{heads}</tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            <Pages place asked rows/>
        </div>
    }
}

/// Sorts by its column; a second time, the other way round.
fn head(place: &Place, asked: &Asked, column: &str) -> impl IntoView + use<> {
    let is_chosen = asked.sort == column;
    let order = match (is_chosen, asked.order) {
        (true, RowOrder::Ascending) => RowOrder::Descending,
        _ => RowOrder::Ascending,
    };
    let (aria, arrow) = match asked.order {
        RowOrder::Ascending => ("ascending", " ↑"),
        RowOrder::Descending => ("descending", " ↓"),
    };
    let href = Asked { sort: column.to_owned(), order, page: 1, ..asked.clone() }.href(place);
    view! {
        <th scope="col" aria-sort=is_chosen.then_some(aria)>
            <a href=href><code>{column.to_owned()}</code> {is_chosen.then(|| view! { <span aria-hidden="true">{arrow}</span> })}</a>
        </th>
    }
}

fn line(row: &SelectedRow, classes: &[&'static str]) -> impl IntoView + use<> {
    let cells: Vec<_> = row
        .cells
        .iter()
        .zip(classes)
        .map(|(cell, class)| match cell {
            Some(value) => view! { <td class=*class title=value.clone()>{value.clone()}</td> }.into_any(),
            None => view! { <td class=*class><span class="missing">"missing"</span></td> }.into_any(),
        })
        .collect();
    view! { <tr><td><span class=format!("key {}", row.table.id())>{row.table.id()}</span></td>{cells}</tr> }
}

#[component]
fn Pages(place: Place, asked: Asked, rows: SelectedRows) -> impl IntoView {
    let (first, last) = (rows.skipped + 1, rows.skipped + rows.rows.len() as u64);
    let to = |page: usize| Asked { page, ..asked.clone() }.href(&place);
    let previous = (asked.page > 1).then(|| to(asked.page - 1));
    let next = (last < rows.selected && !rows.rows.is_empty()).then(|| to(asked.page + 1));
    let words = match rows.rows.is_empty() {
        true => "No row here.".to_owned(),
        false => format!("{} to {} of {}", number::count(first), number::count(last), number::count(rows.selected)),
    };
    view! {
        <nav class="row" aria-label="Pages of rows">
            {previous.map(|href| view! { <a class="button small" rel="prev" href=href>"Previous"</a> })}
            <span class="muted">{words}</span>
            {next.map(|href| view! { <a class="button small" rel="next" href=href>"Next"</a> })}
        </nav>
    }
}
