#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::ColumnRole;
use polars::prelude::{NamedFrom, TimeUnit};

use super::*;

/// Hourly rows whose score steps evenly through 0.05 … 0.95 and whose label is 1 as often as it says; `flip` turns labels
/// round, `shift` moves scores.
fn sample(rows: usize, with_label: bool, flip: impl Fn(usize) -> bool, shift: impl Fn(usize) -> f64) -> Sample {
    let score = |row: usize| ((row % 10) as f64 * 0.1 + 0.05 + shift(row)).clamp(0.01, 0.99);
    // Of twenty rows with the same score, 1, 3 … 19 are positive.
    let truth = |row: usize| ((row / 10) % 20 < 2 * (row % 10) + 1) != flip(row);
    let mut columns = vec![
        Series::new("at".into(), (0..rows as i64).map(|row| row * 3_600_000).collect::<Vec<_>>())
            .into_datetime(TimeUnit::Milliseconds, None),
        Series::new("p".into(), (0..rows).map(score).collect::<Vec<_>>()),
        Series::new("answer".into(), (0..rows).map(|row| i64::from(score(row) >= 0.5)).collect::<Vec<_>>()),
    ];
    if with_label {
        columns.push(Series::new("label".into(), (0..rows).map(|row| i64::from(truth(row))).collect::<Vec<_>>()));
    }
    Sample::new(columns, rows).unwrap()
}

fn roles() -> Roles {
    Roles::from([
        (ColumnRole::Time, "at"),
        (ColumnRole::Label, "label"),
        (ColumnRole::Prediction, "answer"),
        (ColumnRole::Score, "p"),
    ])
}

fn followed(before: &Sample, serve: &Sample) -> PerformanceOverTime {
    let order = InOrder::of(serve.column("at").unwrap()).unwrap().0;
    let reference =
        (SnapshotRole::Test, Answers::find(&before.frame, &roles(), None).unwrap(), rows_of(before, &roles()));
    let mut found = PerformanceOverTime::default();
    measured(&mut found, serve, &roles(), &order, Some(&reference), Stated::default());
    let (_, Answers::Classes(classes), rows) = &reference else { unreachable!("two classes") };
    estimated(&mut found, serve, &roles(), &order, (classes, rows), None);
    found
}

fn figure(found: &[FigureOverTime], figure: Figure) -> &FigureOverTime {
    found.iter().find(|over_time| over_time.figure == figure).unwrap()
}

#[test]
fn calibrated_scores_promise_what_labels_measure() {
    let (before, serve) = (sample(2_000, true, |_| false, |_| 0.0), sample(4_000, true, |_| false, |_| 0.0));
    let found = followed(&before, &serve);
    assert_eq!((found.labelled_rows, found.scored_rows), (4_000, 4_000));
    // Scores 0.05 … 0.45 answered no are right in 95 … 55 of a hundred, and so the other way round: 0.75.
    for list in [&found.measured, &found.estimated] {
        let accuracy = figure(list, Figure::Accuracy);
        assert_eq!((accuracy.served.len(), accuracy.reference.len()), (20, 10));
        for chunk in accuracy.served.iter().chain(&accuracy.reference) {
            assert!((chunk.point.value - 0.75).abs() < 1e-9 && chunk.rows == 200, "{chunk:?}");
        }
    }
    let (real, promised) = (figure(&found.measured, Figure::RocAuc), figure(&found.estimated, Figure::RocAuc));
    assert!((real.served[0].point.value - promised.served[0].point.value).abs() < 1e-9, "{real:?} {promised:?}");
    assert!((real.served[0].point.error / promised.served[0].point.error - 1.0).abs() < 0.15);
}

#[test]
fn a_new_relation_shows_in_labels_and_not_in_scores_and_harder_rows_in_both() {
    let before = sample(2_000, true, |_| false, |_| 0.0);
    let turned = followed(&before, &sample(4_000, true, |row| row >= 2_000 && row % 3 == 0, |_| 0.0));
    let last = |found: &[FigureOverTime]| figure(found, Figure::Accuracy).served.last().unwrap().point.value;
    assert!(last(&turned.measured) < 0.65 && (last(&turned.estimated) - 0.75).abs() < 1e-9);
    // Scores drawn half the way to the middle: rows about which the model knows less.
    let towards_middle = |row: usize| if row >= 2_000 { (0.5 - ((row % 10) as f64 * 0.1 + 0.05)) / 2.0 } else { 0.0 };
    let unlabelled = followed(&before, &sample(4_000, false, |_| false, towards_middle));
    assert!(unlabelled.measured.is_empty() && unlabelled.labelled_rows == 0);
    assert!(last(&unlabelled.estimated) < 0.67, "{}", last(&unlabelled.estimated));
}

#[test]
fn a_mere_shift_of_the_classes_does_not_move_the_accuracy() {
    // Recall 0.9 of class 0 and 0.5 of class 1; served rows hold class 1 four times as often.
    let rows = |ones_of_ten: usize| {
        let truth: Vec<i64> = (0..2_000).map(|row| i64::from(row % 10 < ones_of_ten)).collect();
        let wrong =
            |row: usize| if truth[row] == 1 { (row / 10).is_multiple_of(2) } else { (row / 10).is_multiple_of(10) };
        let answer: Vec<i64> = (0..2_000).map(|row| if wrong(row) { 1 - truth[row] } else { truth[row] }).collect();
        let at =
            Series::new("at".into(), (0..2_000_i64).collect::<Vec<_>>()).into_datetime(TimeUnit::Milliseconds, None);
        let columns = vec![at, Series::new("label".into(), &truth), Series::new("answer".into(), answer)];
        Sample::new(columns, 2_000).unwrap()
    };
    let (before, serve) = (rows(1), rows(4));
    let order = InOrder::of(serve.column("at").unwrap()).unwrap().0;
    let reference =
        (SnapshotRole::Train, Answers::find(&before.frame, &roles(), None).unwrap(), rows_of(&before, &roles()));
    let mut found = PerformanceOverTime::default();
    measured(&mut found, &serve, &roles(), &order, Some(&reference), Stated::default());
    let accuracy = figure(&found.measured, Figure::Accuracy);
    for chunk in accuracy.served.iter().chain(&accuracy.reference) {
        assert!((chunk.point.value - 0.86).abs() < 1e-9, "{chunk:?}");
    }
}

#[test]
fn too_few_rows_and_rows_without_answers_have_no_course() {
    let before = sample(2_000, true, |_| false, |_| 0.0);
    let found = followed(&before, &sample(170, true, |_| false, |_| 0.0));
    assert!(found.measured.is_empty() && found.estimated.is_empty());
    let order = InOrder::of(before.column("at").unwrap()).unwrap().0;
    let mut found = PerformanceOverTime::default();
    let mut unlabelled = roles();
    unlabelled.set(ColumnRole::Label, None);
    measured(&mut found, &before, &unlabelled, &order, None, Stated::default());
    assert_eq!(found, PerformanceOverTime::default());
}
