//! What undoing a suspect does to the served rows.

use domain::repair::{Repair, RepairedRow, RepairedRows};
use domain::{Problem, Undo};

use super::super::undo::{Undo as Page, UndoProps};
use super::{HOSTILE, Html, opened, rendered};
use crate::error::AppError;

fn page(shown: Result<RepairedRows, AppError>) -> Html {
    rendered(|| Page(UndoProps { opened: opened(), rank: 1, shown }))
}

fn rows() -> RepairedRows {
    let cell = |text: &str| vec![Some(text.to_owned())];
    let repair = Repair {
        suspect: "unit_scale(amount)".into(),
        undo: vec![Undo::line(HOSTILE, 1_000.0, 0.0)],
        left_out: Vec::new(),
    };
    RepairedRows {
        steps: repair.steps(),
        repair,
        examined: 5_000,
        total: 80_000,
        changed: 4_900,
        left_out: 100,
        columns: vec![HOSTILE.into()],
        first: vec![
            RepairedRow { row: 2, before: cell("12000"), after: Some(cell("12")) },
            RepairedRow { row: 1_003, before: vec![None], after: None },
        ],
    }
}

#[test]
fn rows_are_shown_before_and_after_with_what_was_done() {
    let page = page(Ok(rows()));
    let table = &page.texts_of("repaired")[0];
    for words in ["before", "after", "12000", "12", "missing", "left out", "1,003", HOSTILE] {
        assert!(table.contains(words), "{words}: {table}");
    }
    let all = page.text();
    for words in ["is divided by 1,000", "4,900 of 5,000 served rows change, and 100 are left out", "5,000 of 80,000"] {
        assert!(all.contains(words), "{words}: {all}");
    }
    assert!(page.0.contains("/suspects/1/repaired.csv"), "the file is one press away");
}

#[test]
fn what_nothing_undoes_says_what_to_do_instead() {
    let page = page(Err(AppError::from(Problem::bad_input("Nothing in the data undoes this suspect."))));
    assert!(page.text().contains("Nothing in the data undoes this suspect."), "{}", page.text());
}
