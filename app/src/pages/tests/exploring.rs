//! Two columns at once, two runs row by row, and stored files.

use domain::deleted::{StoredFile, UsedBy};
use domain::evaluation::{Split, Task};
use domain::selection::{
    AnswerChange, Association, AssociationBy, FlippedRow, Flips, JoinedBy, Outcome, Outcomes, PairAnswer, PairAxis,
    PairCells, PairSide, RunName,
};
use domain::snapshot::{ColumnKind, SnapshotRole};
use leptos_router::params::ParamsMap;

use super::super::flips::{Changed, ChangedProps};
use super::super::pair::{Asked, Pair, PairProps};
use super::super::stored::{Stored, StoredProps};
use super::{HOSTILE, Html, opened, rendered};
use crate::error::AppError;

fn pair(marked: Option<Vec<Vec<u64>>>) -> Html {
    let side = |role, rows: [[u64; 2]; 2], marked| PairSide {
        role,
        examined: 100,
        total: 100,
        missing: 0,
        rows: rows.iter().map(|row| row.to_vec()).collect(),
        marked,
        association: Some(Association { by: AssociationBy::CramersV, value: 0.5, low: None, high: None }),
    };
    let axis = |column: &str, kind, cells| PairAxis { column: column.to_owned(), kind, cells };
    let answer = PairAnswer {
        x: axis("amount", ColumnKind::Numeric, PairCells::Edges(vec![0.0, 5.0, 10.0])),
        y: axis(HOSTILE, ColumnKind::Categorical, PairCells::Values { values: vec![HOSTILE.to_owned()], others: true }),
        sides: vec![
            side(SnapshotRole::Train, [[50, 0], [25, 25]], None),
            side(SnapshotRole::Serve, [[0, 100], [0, 0]], marked.clone()),
        ],
    };
    let query = [("x", "amount"), ("y", HOSTILE), ("where", if marked.is_some() { "serve;c.amount~m" } else { "" })];
    let query: ParamsMap = query.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    rendered(|| Pair(PairProps { opened: opened(), asked: Asked::from_query(&query), answer: Ok(answer) }))
}

#[test]
fn the_cells_that_differ_most_come_first_with_the_way_to_their_rows() {
    let page = pair(None);
    let text = page.text();
    assert!(text.contains("Train: Cramér's V 0.5; Serve: Cramér's V 0.5."), "{text}");
    let first = page.0.rsplit("<tbody>").next().unwrap().split("</tr>").next().unwrap().to_owned();
    assert!(first.contains("5 to 10") && first.contains("100 %") && first.contains("where=both"), "{first}");
    assert_eq!(page.0.matches("class=\"tile ").count(), 4, "a cell with rows is a tile");
    assert!(!text.contains("marked:"));
}

#[test]
fn marked_rows_stay_marked_and_can_be_let_go() {
    let page = pair(Some(vec![vec![0, 7], vec![0, 0]]));
    assert!(page.text().contains("marked:") && page.text().contains("Mark none"), "{}", page.text());
    assert!(page.text().contains("7 marked rows"), "{}", page.text());
}

fn flips(features_from: Option<String>) -> Flips {
    let run = |name: &str| RunName { name: name.to_owned(), split: Split::Test };
    Flips {
        first: run(HOSTILE),
        second: run("v2.csv"),
        task: Task::Binary,
        joined_by: JoinedBy::Id(HOSTILE.into()),
        rows: 1_000,
        left_out: 3,
        sampled: true,
        outcomes: Outcomes::Classes { both_right: 800, won: 20, lost: 70, both_wrong: 110 },
        changed: 90,
        difference: -0.05,
        low: -0.07,
        high: -0.032,
        p: 1e-6,
        changes: vec![AnswerChange { label: HOSTILE.into(), first: "yes".into(), second: "no".into(), rows: 70 }],
        special: Vec::new(),
        features_from,
        listed: vec![FlippedRow {
            id: HOSTILE.into(),
            label: "yes".into(),
            first: "yes".into(),
            second: "no".into(),
            outcome: Outcome::Lost,
        }],
    }
}

#[test]
fn what_was_lost_is_said_and_its_rows_are_listed() {
    let page = |flips| rendered(|| Changed(ChangedProps { opened: opened(), answer: Ok(flips) }));
    let told = page(flips(Some("test.csv".into())));
    for words in
        ["90 changed their answer: 20 won and 70 lost", "right in both", "1 of 90 are shown", "larger than its sample"]
    {
        assert!(told.text().contains(words), "{words}: {}", told.text());
    }
    assert!(told.section("special").contains("test.csv"), "{}", told.text());
    let without = page(flips(None));
    assert!(without.section("special").contains("Not compared"), "{}", without.text());
    let refused = rendered(|| {
        Changed(ChangedProps { opened: opened(), answer: Err(AppError::not_found("The rows can't be matched.")) })
    });
    assert!(refused.texts_of("notice")[0].contains("can't be matched"));
}

#[test]
fn only_what_nothing_uses_can_be_deleted() {
    let opened = opened();
    let file = |used_by: Vec<UsedBy>| StoredFile {
        snapshot: opened.investigation.inputs[0].snapshot.clone(),
        used_by,
        models: Vec::new(),
    };
    let user = UsedBy { id: "1".into(), title: HOSTILE.into() };
    let page = rendered(|| Stored(StoredProps { files: vec![file(vec![user.clone()]), file(Vec::new())] }));
    assert_eq!(page.elements("button"), ["Delete"]);
    assert!(page.text().contains("1 of them used by nothing") && page.text().contains(HOSTILE), "{}", page.text());
    let many = rendered(|| Stored(StoredProps { files: vec![file(vec![user; 5])] }));
    assert!(many.text().contains("and 2 more"), "{}", many.text());
}
