//! The comparison of columns.

use std::sync::Arc;

use leptos_router::params::ParamsMap;

use super::super::compare::asked::Asked;
use super::super::compare::{Compare, CompareProps};
use super::{HOSTILE, Html, diagnosis, hostile, opened, rendered};
use crate::api::investigations::Opened;

fn page(opened: Opened, column: &str) -> Html {
    let query: ParamsMap = [("column", column.to_owned())].into_iter().collect();
    rendered(|| Compare(CompareProps { opened, asked: Asked::from_query(&query) }))
}

#[test]
fn every_column_is_in_the_table_and_the_chosen_one_in_detail() {
    let opened = opened();
    let diagnosis = diagnosis(&opened);
    let page = page(opened, "car_value");
    let table = &page.texts_of("comparison")[0];
    for comparison in diagnosis.comparisons.iter() {
        assert!(table.contains(&comparison.column), "{}: {table}", comparison.column);
    }
    let detail = page.section("detail-title");
    let finding = diagnosis.findings.iter().find(|finding| finding.columns == ["car_value"]).unwrap();
    assert!(detail.contains("car_value") && detail.contains(&finding.statement), "{detail}");
    assert!(page.0.contains("<svg"), "the chart is there without a script");
}

#[test]
fn a_column_that_is_not_there_is_said() {
    let page = page(opened(), "no such column");
    assert!(page.texts_of("notice")[0].contains("no such column"), "{}", page.text());
}

#[test]
fn without_two_sides_it_says_what_to_add() {
    let mut opened = opened();
    let mut one_sided = (*diagnosis(&opened)).clone();
    one_sided.comparisons = Arc::default();
    opened.diagnosis = Some(Arc::new(one_sided));
    assert!(page(opened, "").texts_of("notice")[0].contains("Add a train and a serve file"));
}

#[test]
fn names_from_strangers_are_text() {
    let page = page(hostile(), HOSTILE);
    assert!(page.section("detail-title").contains(HOSTILE), "{}", page.text());
    assert!(page.texts_of("comparison")[0].contains(HOSTILE));
}
