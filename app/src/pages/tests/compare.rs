//! The comparison of columns.

use std::sync::Arc;

use domain::selection::{Condition, Contrast, RowsOfTable, Selection, SelectionAnswer, Side, Test, UpperEnd};
use domain::snapshot::ColumnKind;
use domain::{Problem, SnapshotRole};
use leptos_router::params::ParamsMap;

use super::super::compare::asked::Asked;
use super::super::compare::{Compare, CompareProps};
use super::{HOSTILE, Html, diagnosis, hostile, opened, rendered, shared};
use crate::api::investigations::Opened;
use crate::error::AppError;

type Answered = Option<Result<Arc<SelectionAnswer>, AppError>>;

fn at(opened: Opened, pairs: &[(&'static str, &str)], answered: Answered) -> Html {
    let query: ParamsMap = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    rendered(|| Compare(CompareProps { opened, asked: Asked::from_query(&query), answered }))
}

fn page(opened: Opened, column: &str) -> Html {
    at(opened, &[("column", column)], None)
}

/// Cheap cars.
fn selection() -> Selection {
    let test = Test::Range { from: 0.0, to: 100.0, upper: UpperEnd::Excluded };
    Selection::of(Side::Both).narrowed(Condition::on_column("car_value", test))
}

fn answer() -> SelectionAnswer {
    let column = |column: &str, kind, effect, contrast| domain::selection::ColumnDifference {
        column: column.to_owned(),
        kind,
        effect_name: "ks_statistic".into(),
        effect,
        q: Some(1e-5),
        statement: String::new(),
        contrast,
        nulls_selected: 0,
        nulls_rest: 0,
        chart: None,
    };
    let plan = Contrast::Share { value: "gold".into(), selected: 0.825, rest: 0.25 };
    let time = Contrast::Median { selected: 951_782_490_000.0, rest: 0.0 };
    SelectionAnswer {
        selected: 1_006,
        rest: 8_994,
        examined: 10_000,
        total: 10_000,
        tables: vec![
            RowsOfTable { role: SnapshotRole::Train, selected: 604, examined: 6_000 },
            RowsOfTable { role: SnapshotRole::Serve, selected: 402, examined: 4_000 },
        ],
        condition_kinds: vec![ColumnKind::Numeric],
        columns: vec![
            column("plan", ColumnKind::Categorical, 0.5, Some(plan)),
            column("seen_at", ColumnKind::Datetime, 0.3, Some(time)),
            column("height", ColumnKind::Numeric, 0.01, None),
        ],
    }
}

#[test]
fn every_column_is_in_a_table_and_the_chosen_one_in_detail() {
    let opened = opened();
    let diagnosis = diagnosis(&opened);
    let page = page(opened, "car_value");
    let tables = page.texts_of("comparison").concat();
    for comparison in diagnosis.comparisons.iter() {
        assert!(tables.contains(&comparison.column), "{}: {tables}", comparison.column);
    }
    let detail = page.section("detail-title");
    let finding = diagnosis.findings.iter().find(|finding| finding.columns == ["car_value"]).unwrap();
    assert!(detail.contains("car_value") && detail.contains(&finding.statement), "{detail}");
    assert!(page.0.contains("<svg"), "the chart is there without a script");
}

#[test]
fn what_the_model_says_stands_apart_from_what_it_is_told() {
    let page = page(opened(), "");
    let [others, features] = &page.texts_of("comparison")[..] else { panic!("two tables: {}", page.text()) };
    assert!(others.contains("approved") && others.contains("event_time"), "{others}");
    assert!(features.contains("car_value") && !features.contains("approved"), "{features}");
}

#[test]
fn a_search_narrows_the_tables_and_says_how_far() {
    let names = |pairs: &[(&'static str, &str)]| at(opened(), pairs, None).texts_of("comparison").concat();
    let found = names(&[("q", "VALUE car")]);
    assert!(found.contains("car_value") && !found.contains("salary_range"), "{found}");
    let categorical = names(&[("kind", "categorical"), ("group", "features")]);
    assert!(categorical.contains("salary_range") && !categorical.contains("car_value"), "{categorical}");
    let with_findings = names(&[("found", "cause")]);
    assert!(with_findings.contains("car_value") && !with_findings.contains("salary_range"), "{with_findings}");
    let page = at(opened(), &[("q", "value")], None);
    assert!(page.text().contains("1 of 4 columns"), "{}", page.text());
    assert!(at(opened(), &[("q", "nothing like it")], None).text().contains("No column fits this search."));
}

/// The addresses on the page that lead to the comparison itself, but for the tabs and what clears something.
fn leading_back(page: &Html) -> Vec<&str> {
    page.0
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|to| to.contains("/compare?"))
        .collect()
}

#[test]
fn every_way_on_the_page_keeps_the_selection() {
    let text = selection().to_text();
    let pairs = [("column", "car_value"), ("where", text.as_str()), ("sort", "name"), ("q", "a"), ("view", "ecdf")];
    let page = at(opened(), &pairs, Some(Ok(Arc::new(answer()))));
    let ways = leading_back(&page);
    assert!(ways.len() > 15, "{ways:?}");
    let clearing = ways.iter().filter(|way| !way.contains("where=")).count();
    // This range, its condition, and the whole selection can be cleared; everything else keeps it.
    assert_eq!(clearing, 3, "{ways:?}");
    assert!(page.0.contains("name=\"where\""), "the forms keep it too");
}

#[test]
fn the_answer_is_in_shares_dates_and_sentences_and_leaves_out_what_does_not_differ() {
    let text = selection().to_text();
    let page = at(opened(), &[("where", &text)], Some(Ok(Arc::new(answer()))));
    let question = page.section("question-title");
    for words in [
        "car_value 0 to 100",
        "1,006 of 10,000 rows are selected: 604 of 6,000 train rows and 402 of 4,000 serve rows.",
        "They are compared with the other 8,994 rows.",
        "plan = gold: 82.5 % of these rows, 25 % of the others",
        "seen_at median: 2000-02-29 00:01 in these rows, 1970-01-01 in the others",
        "1 other column does not differ: height.",
    ] {
        assert!(question.contains(words), "{words}: {question}");
    }
    assert!(!question.contains("no difference"), "{question}");
    assert!(page.0.contains("/rows.csv?where="), "the rows can be had");
}

#[test]
fn through_a_link_no_rows_are_handed_out() {
    let text = selection().to_text();
    let page = at(shared(), &[("where", &text)], Some(Ok(Arc::new(answer()))));
    assert!(page.section("question-title").contains("1,006 of 10,000 rows"));
    assert!(!page.0.contains("/rows"), "{}", page.0);
}

#[test]
fn a_selection_without_an_answer_can_still_be_changed() {
    let text = selection().to_text();
    let nothing = Some(Err(AppError(Problem::bad_input("No row of the side is in the selection."))));
    let page = at(opened(), &[("where", &text)], nothing);
    let question = page.section("question-title");
    assert!(question.contains("No row of the side") && question.contains("Clear the selection"), "{question}");
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
    assert!(page.texts_of("comparison").concat().contains(HOSTILE));
}
