//! Relations between joined rows and the causes that they name.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use domain::snapshot::Roles;

/// A column of 1000 joined rows of which some changed, with one relation that holds for some of those.
pub fn column(name: &str, changed: u64, relation: Option<(Relation, u64)>) -> JoinedColumn {
    JoinedColumn {
        column: name.into(),
        kind: JoinedKind::Numbers,
        rows: 1000,
        changed,
        missing_serve: 0,
        missing_offline: 0,
        typical_change: Some(0.5),
        patterns: relation.map(|(relation, rows)| RowPattern { relation, rows, of: changed }).into_iter().collect(),
        pairs: Vec::new(),
    }
}

pub fn measured(columns: Vec<JoinedColumn>) -> Measurements {
    let join = RowJoin {
        id: "id".into(),
        matched: 1000,
        only_serve: 0,
        only_offline: 0,
        left_out: 0,
        sampled: false,
        in_time_order: true,
        columns,
        answers_differ_on_equal_features: None,
    };
    let roles = Roles::from([
        (ColumnRole::Prediction, "answer"),
        (ColumnRole::Score, "score"),
        (ColumnRole::Time, "at"),
        (ColumnRole::Version, "version"),
    ]);
    Measurements { roles, row_join: Some(join), ..Measurements::default() }
}

fn told(column: JoinedColumn) -> Option<(Verdict, Option<Cause>)> {
    judge(&measured(vec![column])).findings().first().map(|finding| (finding.verdict, finding.cause))
}

#[test]
fn the_relation_names_the_cause() {
    let cases = [
        (Relation::Rounded { decimals: -2 }, 990, Cause::RoundingLoss),
        (Relation::CutOff { decimals: 0 }, 1000, Cause::RoundingLoss),
        (Relation::RowsBack { rows: 45 }, 955, Cause::StaleFeature),
        (Relation::EarlierValue { later: 0 }, 700, Cause::StaleFeature),
        (Relation::EarlierValue { later: 480 }, 510, Cause::OfflineOnlineMismatch),
        (Relation::Offset { by: 3.0 }, 1000, Cause::OffsetShift),
        (Relation::ClockOffset { hours: -5 }, 1000, Cause::OffsetShift),
        (Relation::Factor { by: 1000.0 }, 1000, Cause::UnitScale),
        (Relation::Factor { by: -1.0 }, 1000, Cause::OfflineOnlineMismatch),
        (Relation::OneValue { value: "0".into() }, 990, Cause::ImputationDifference),
        (Relation::OneValue { value: "-999".into() }, 990, Cause::SentinelValues),
        (Relation::OneOfflineValue { value: "0".into() }, 990, Cause::ImputationDifference),
        (Relation::Recoded { values: 4 }, 1000, Cause::EncodingOrder),
        (Relation::Affine { scale: 1.2, offset: -0.3 }, 1000, Cause::NormalisationMismatch),
        (Relation::Affine { scale: 1.8, offset: 32.0 }, 1000, Cause::UnitScale),
        (Relation::OtherColumn { column: "y".into() }, 1000, Cause::ColumnSwap),
        (Relation::Offset { by: 3.0 }, 500, Cause::OfflineOnlineMismatch),
    ];
    for (relation, rows, cause) in cases {
        let found = told(column("x", 1000, Some((relation.clone(), rows))));
        assert_eq!(found, Some((Verdict::Mismatch, Some(cause))), "{relation:?}");
    }
}

#[test]
fn a_coding_that_holds_everywhere_explains_more_than_an_offset_that_does_not() {
    let with = |rows: u64, values: u32| {
        let mut column = column("x", 1000, Some((Relation::Offset { by: -2.0 }, rows)));
        column.patterns.push(RowPattern { relation: Relation::Recoded { values }, rows: 1000, of: 1000 });
        told(column).unwrap().1.unwrap()
    };
    assert_eq!(with(940, 4), Cause::EncodingOrder);
    assert_eq!(with(1000, 4), Cause::OffsetShift, "every row moves by 2");
    assert_eq!(with(940, 400), Cause::OffsetShift, "with few rows per value, any change is a coding");
}

#[test]
fn few_rows_or_slight_changes_are_no_mismatch() {
    assert_eq!(told(column("x", 1, None)), None);
    assert_eq!(told(column("x", 5, None)), Some((Verdict::Possible, Some(Cause::OfflineOnlineMismatch))));
    let slight = JoinedColumn { typical_change: Some(0.001), ..column("x", 1000, None) };
    assert_eq!(told(slight).unwrap().0, Verdict::Possible);
}

#[test]
fn a_line_that_holds_everywhere_explains_more_than_an_offset_of_the_most_frequent_value() {
    let line = |rows| RowPattern { relation: Relation::Affine { scale: 0.9, offset: -0.1 }, rows, of: 1000 };
    let with = |rows| {
        let mut column = column("x", 1000, Some((Relation::Offset { by: -0.06 }, 920)));
        column.patterns.push(line(rows));
        told(column).unwrap().1.unwrap()
    };
    assert_eq!(with(1000), Cause::NormalisationMismatch);
    assert_eq!(with(920), Cause::OffsetShift);
}

#[test]
fn in_few_rows_a_relation_is_named_that_they_repeat() {
    let of = |changed: u64, relation: Relation| told(column("x", changed, Some((relation, changed))));
    let possible = |cause| Some((Verdict::Possible, Some(cause)));
    assert_eq!(of(9, Relation::RowsBack { rows: 45 }), possible(Cause::StaleFeature));
    assert_eq!(of(9, Relation::Offset { by: 3.0 }), possible(Cause::OffsetShift));
    assert_eq!(of(4, Relation::Offset { by: 3.0 }), possible(Cause::OfflineOnlineMismatch), "four rows");
    // Nine changes of nine values are a coding whatever happened.
    assert_eq!(of(9, Relation::Recoded { values: 9 }), possible(Cause::OfflineOnlineMismatch));
    assert_eq!(of(15, Relation::Recoded { values: 3 }), possible(Cause::EncodingOrder));
}

#[test]
fn gaps_on_one_side_are_told_by_the_side() {
    let gone = JoinedColumn { missing_serve: 100, ..column("x", 10, None) };
    assert_eq!(told(gone), Some((Verdict::Mismatch, Some(Cause::NullSurge))));
    let filled = Some((Relation::OneValue { value: "3.5".into() }, 100));
    let mut filled = JoinedColumn { missing_offline: 100, ..column("x", 0, filled) };
    filled.patterns[0].of = 100;
    assert_eq!(told(filled), Some((Verdict::Mismatch, Some(Cause::ImputationDifference))));
}

#[test]
fn times_taken_at_two_moments_are_at_most_possible() {
    let times = JoinedColumn { kind: JoinedKind::Times, typical_change: None, ..column("at", 1000, None) };
    assert_eq!(told(times.clone()).unwrap().0, Verdict::Possible);
    let zone = RowPattern { relation: Relation::TimeZone { by_ms: 18_000_000 }, rows: 1000, of: 1000 };
    let moved = judge(&measured(vec![JoinedColumn { patterns: vec![zone], ..times }])).findings();
    assert_eq!((moved[0].verdict, moved[0].cause), (Verdict::Mismatch, Some(Cause::OffsetShift)));
    assert!(moved[0].statement.contains("5 h late"), "{}", moved[0].statement);
}

#[test]
fn answers_are_not_features_and_without_a_join_there_is_no_evidence() {
    let only_answers = judge(&measured(vec![column("score", 1000, None)]));
    assert!(matches!(only_answers, Judgement::NoEvidence { .. }));
    assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { .. }));
}
