//! What undoing a suspect does to the served rows.

use domain::fall::{Fall, Points, Recovered, Undone};
use domain::repair::{Repair, RepairedRow, RepairedRows};
use domain::{Diagnosis, Problem, Undo};

use super::super::undo::{Undo as Page, UndoProps};
use super::{HOSTILE, Html, opened, rendered, unknown_fall};
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

/// The page of an investigation whose fall was undone so, and whether its suspect can be undone.
fn with_answers(recovered: f64, change: fn(&mut Diagnosis)) -> Html {
    let mut opened = opened();
    let mut diagnosis = (*opened.diagnosis.take().unwrap()).clone();
    let suspect = diagnosis.suspects[0].clone();
    let own = diagnosis.findings.iter_mut().filter(|finding| suspect.findings.contains(&finding.id));
    own.for_each(|finding| finding.undo = vec![Undo::line("amount", 10.0, 0.0)]);
    let points = Points { points: recovered, low: recovered - 0.5, high: recovered + 0.5 };
    let undone = Undone::of_suspect(&suspect, Recovered { rows: 900, points });
    diagnosis.fall = Some(Fall { undone: Some(undone), ..unknown_fall() });
    change(&mut diagnosis);
    opened.diagnosis = Some(diagnosis.into());
    rendered(|| Page(UndoProps { opened, rank: 1, shown: Ok(rows()) }))
}

#[test]
fn what_answers_recover_is_told_with_its_verdict_and_others_can_be_given() {
    let page = with_answers(4.0, |_| ());
    assert!(page.text().contains("Confirmed: 4.0 points are recovered on 900 rows"), "{}", page.text());
    assert!(page.0.contains("notice good") && page.0.contains("name=\"part\" value=\"repaired\""), "{}", page.0);
    let refuted = with_answers(-1.0, |_| ());
    assert!(refuted.0.contains("notice bad") && refuted.text().contains("Refuted: "), "{}", refuted.text());
    // What was recovered for another suspect is not told of this one.
    let other = with_answers(4.0, |diagnosis| {
        diagnosis.fall.as_mut().unwrap().undone.as_mut().unwrap().suspect = Some("another".into());
    });
    assert!(!other.text().contains("are recovered on"), "{}", other.text());
}

#[test]
fn what_nothing_undoes_says_what_to_do_instead() {
    let page = page(Err(AppError::from(Problem::bad_input("Nothing in the data undoes this suspect."))));
    assert!(page.text().contains("Nothing in the data undoes this suspect."), "{}", page.text());
}
