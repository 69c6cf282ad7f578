//! The rows of a selection.

use domain::selection::{Condition, SelectedColumn, SelectedRow, SelectedRows, Selection, Side, Test};
use domain::snapshot::{ColumnKind, SnapshotRole};
use leptos_router::params::ParamsMap;

use super::super::rows::{Asked, Rows, RowsProps};
use super::{HOSTILE, Html, opened, rendered};
use crate::error::AppError;

fn page(pairs: &[(&'static str, &str)], rows: SelectedRows) -> Html {
    let without = Selection::of(Side::Serve).narrowed(Condition::on_column(HOSTILE, Test::Missing)).to_text();
    let pairs = pairs.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let query: ParamsMap = pairs.chain([("where", without)]).collect();
    rendered(|| Rows(RowsProps { opened: opened(), asked: Asked::from_query(&query), listed: Ok(rows) }))
}

/// Two of 250 rows, with two of 70 columns.
fn rows() -> SelectedRows {
    let row = |cell: Option<&str>| SelectedRow {
        table: SnapshotRole::Serve,
        cells: vec![cell.map(str::to_owned), Some("7".into())],
    };
    SelectedRows {
        selected: 250,
        examined: 1_000,
        total: 5_000,
        skipped: 100,
        columns: vec![
            SelectedColumn { name: HOSTILE.into(), kind: ColumnKind::Categorical },
            SelectedColumn { name: "amount".into(), kind: ColumnKind::Numeric },
        ],
        all_columns: 70,
        rows: vec![row(None), row(Some(HOSTILE))],
    }
}

#[test]
fn rows_are_shown_with_what_is_missing_and_what_is_left_out() {
    let page = page(&[("page", "2")], rows());
    let table = &page.texts_of("selected-rows")[0];
    assert!(table.contains("missing") && table.contains(HOSTILE) && table.contains("serve"), "{table}");
    for words in
        ["250 selected rows", "a sample of 1,000 of 5,000 rows", "2 of 70 columns are shown", "101 to 102 of 250"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
}

#[test]
fn a_second_click_on_a_column_turns_its_order_round() {
    let to = |pairs: &[(&'static str, &str)]| {
        let page = page(pairs, rows());
        let head = page.0.split("<thead>").nth(1).unwrap().split("</thead>").next().unwrap().to_owned();
        head.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
    };
    assert!(to(&[]).ends_with("sort=amount"), "{}", to(&[]));
    assert!(to(&[("sort", "amount")]).ends_with("order=descending"));
    assert!(to(&[("sort", "amount"), ("order", "descending")]).ends_with("sort=amount"));
}

#[test]
fn without_a_selection_it_says_where_to_make_one() {
    let problem = AppError::not_found("This address has no selection.");
    let asked = Asked::from_query(&ParamsMap::new());
    let page = rendered(|| Rows(RowsProps { opened: opened(), asked, listed: Err(problem) }));
    assert!(page.texts_of("notice")[0].contains("no selection"), "{}", page.text());
}
