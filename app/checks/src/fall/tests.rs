use domain::measurements::fall_rows::{Cells, FallSide, Labelled};
use domain::{Undo, Verdict};
use stats::rng::Rng;

use super::*;
use domain::Cause;
use domain::fall::{FallWindow, ShareOf};
use domain::finding::{Certainty, Effect};

/// A system that says yes where the value, as it sees it, is over a half; what is true follows the value in nine of ten rows.
struct Served {
    rows: usize,
    factor: f64,
    sentinel: f64,
    turned: f64,
}

const AS_BEFORE: Served = Served { rows: 6_000, factor: 1.0, sentinel: 0.0, turned: 0.0 };

impl Served {
    fn draw(&self, seed: u64) -> FallSide {
        let mut rng = Rng::new(seed);
        let values: Vec<f64> = (0..self.rows).map(|_| rng.next_f64()).collect();
        let noise: Vec<f64> = (0..self.rows).map(|_| rng.next_f64()).collect();
        let seen: Vec<f64> = values
            .iter()
            .map(|value| if rng.next_f64() < self.sentinel { -999.0 } else { value * self.factor })
            .collect();
        let wrong = 0.1 + self.turned;
        let labels = values.iter().map(|value| u32::from((*value > 0.5) != (rng.next_f64() < wrong))).collect();
        let predictions = seen.iter().map(|value| u32::from(*value > 0.5)).collect();
        FallSide {
            rows: self.rows as u64,
            columns: vec![Cells::Numbers(seen), Cells::Numbers(noise)],
            answers: FallAnswers::Classes { names: vec!["no".into(), "yes".into()], labels, predictions },
            times: Vec::new(),
        }
    }
}

fn measured(after: &Served) -> Measurements {
    let rows = FallRows {
        compared_with: RowsOf::Test,
        features: vec!["value".into(), "noise".into()],
        before: AS_BEFORE.draw(1),
        after: after.draw(2),
        labelled: None,
        offline: None,
        repaired: None,
    };
    Measurements { fall_rows: Some(rows), ..Measurements::default() }
}

fn accused(cause: Cause, column: &str, undo: Option<Undo>) -> (Vec<Finding>, Vec<Suspect>) {
    let detector = crate::detectors::all().find(|one| one.id.as_str() == "F2.unit_scale").expect("it is there");
    let effect = Effect::new("ks_statistic", 0.9, 0.1);
    let finding = detector.finding(Verdict::Mismatch, &[column], "It broke.".into(), effect, Certainty::exact());
    let finding = undo.into_iter().fold(finding.for_cause(cause), Finding::undone_by);
    let suspects = crate::suspects::explain(std::slice::from_ref(&finding), &Measurements::default(), &[]);
    (vec![finding], suspects)
}

fn of(fall: &Fall, mechanism: Mechanism) -> f64 {
    fall.parts.iter().find(|part| part.mechanism == mechanism).map_or(0.0, |part| part.points.points)
}

#[test]
fn a_factor_that_is_undone_carries_the_fall_and_its_suspect_the_points() {
    let (findings, mut suspects) = accused(Cause::UnitScale, "value", Some(Undo::line("value", 0.001, 0.0)));
    let fall = split(&measured(&Served { factor: 0.001, ..AS_BEFORE }), &findings, &mut suspects).expect("a fall");
    // Everything is answered no: half of the rows are wrong instead of a tenth.
    assert!(fall.is_split(), "{fall:?}");
    assert!((of(&fall, Mechanism::Scoring) - 40.0).abs() < 2.5 && fall.repaired == ["value"], "{fall:?}");
    assert!(suspects[0].points.is_some_and(|points| (points.points - 40.0).abs() < 2.5), "{:?}", suspects[0].points);
    let total: f64 = fall.steps(&suspects).iter().map(|step| step.points.points).sum();
    assert!((total - fall.fall.map_or(0.0, |points| points.points)).abs() < 1e-9);
}

/// The alarm that the accuracy fell, which accuses nobody.
fn fallen() -> Finding {
    let detector = crate::detectors::all().find(|one| one.id.as_str() == "E1.performance_drop").expect("it is there");
    let effect = Effect::new("accuracy_drop", 0.4, 0.05);
    detector.finding(Verdict::Mismatch, &[], "Accuracy fell.".into(), effect, Certainty::exact())
}

#[test]
fn an_alarm_that_it_fell_is_told_under_the_suspect_that_carries_the_fall() {
    let (mut findings, mut suspects) = accused(Cause::UnitScale, "value", Some(Undo::line("value", 0.001, 0.0)));
    findings.push(fallen());
    let fall = split(&measured(&Served { factor: 0.001, ..AS_BEFORE }), &findings, &mut suspects);
    fold(fall.as_ref(), &findings, &mut suspects);
    assert_eq!(suspects[0].explains, [findings[1].id.as_str()]);
    fold(fall.as_ref(), &findings, &mut suspects);
    assert_eq!(suspects[0].explains.len(), 1, "told once");
}

#[test]
fn a_fall_that_no_suspect_carries_stays_an_alarm() {
    let (mut findings, mut suspects) = accused(Cause::UnitScale, "noise", Some(Undo::line("noise", 0.001, 0.0)));
    findings.push(fallen());
    let fall = split(&measured(&Served { turned: 0.2, ..AS_BEFORE }), &findings, &mut suspects);
    fold(fall.as_ref(), &findings, &mut suspects);
    assert!(suspects[0].explains.is_empty(), "{:?}", suspects[0].points);
    fold(None, &findings, &mut suspects);
    assert!(suspects[0].explains.is_empty());
}

#[test]
fn a_factor_that_came_in_the_middle_of_serving_is_seen_to_come() {
    let mut measured = measured(&AS_BEFORE);
    let rows = measured.fall_rows.as_mut().expect("rows");
    let broken = Served { factor: 0.001, ..AS_BEFORE }.draw(3);
    // The first half of the time as before, then the factor.
    let half = AS_BEFORE.rows / 2;
    for (column, later) in rows.after.columns.iter_mut().zip(&broken.columns) {
        let (Cells::Numbers(values), Cells::Numbers(later)) = (column, later) else { panic!("numbers") };
        values[half..].copy_from_slice(&later[half..]);
    }
    let (FallAnswers::Classes { labels, predictions, .. }, FallAnswers::Classes { labels: l, predictions: p, .. }) =
        (&mut rows.after.answers, &broken.answers)
    else {
        panic!("classes")
    };
    labels[half..].copy_from_slice(&l[half..]);
    predictions[half..].copy_from_slice(&p[half..]);
    rows.after.times = (0..AS_BEFORE.rows as i64).map(|row| Some(row * 60_000)).collect();
    let fall = split(&measured, &[], &mut []).expect("a fall");
    assert_eq!(fall.over_time.len(), 12);
    let [early, late] = [&fall.over_time[..6], &fall.over_time[6..]]
        .map(|windows| windows.iter().map(|window| window.fall.points).sum::<f64>() / 6.0);
    assert!(early.abs() < 2.0 && (late - 40.0).abs() < 3.0, "{early} {late}");
    let parts = |window: &FallWindow| window.parts.iter().map(|part| part.points).sum::<f64>();
    let grown = parts(&fall.over_time[11]) - parts(&fall.over_time[0]);
    assert!(grown > 25.0, "{:?}", fall.over_time);
    assert!(fall.over_time.iter().all(|window| window.rows == 500), "{:?}", fall.over_time);
    let changed = fall.changed.expect("it changed");
    assert_eq!(changed.from_ms, fall.over_time[6].from_ms, "{changed:?}");
    assert!(changed.after - changed.before > 15.0, "{changed:?}");
}

#[test]
fn a_factor_that_was_there_all_the_time_has_no_date() {
    let mut measured = measured(&Served { factor: 0.001, ..AS_BEFORE });
    let rows = measured.fall_rows.as_mut().expect("rows");
    rows.after.times = (0..AS_BEFORE.rows as i64).map(|row| Some(row * 60_000)).collect();
    let (findings, mut suspects) = accused(Cause::UnitScale, "value", Some(Undo::line("value", 0.001, 0.0)));
    let fall = split(&measured, &findings, &mut suspects).expect("a fall");
    assert_eq!((fall.over_time.len(), fall.changed), (12, None));
}

#[test]
fn a_factor_that_was_fitted_while_the_rows_changed_is_the_conversion_near_it() {
    let mut rng = Rng::new(21);
    let trained: Vec<f64> = (0..4_000).map(|_| (2.0 * rng.next_f64()).exp()).collect();
    let inside = vec![true; trained.len()];
    let back = |served: &[f64], scale: f64| {
        WayBack::learn(&domain::UndoBy::Line { scale, offset: 0.0 }, &trained, served, &inside).expect("a line")
    };
    // Large values came more often: both sides differ whatever the factor, and the fit is off by a third.
    let larger: Vec<f64> = (0..4_000).map(|_| 1_000.0 * (2.0 * rng.next_f64().sqrt()).exp()).collect();
    assert!((back(&larger, 1_330.0).of(1_000.0) - 1.0).abs() < 1e-9);
    // A factor of its own, which leaves nothing different.
    let mut other = Rng::new(5);
    let same: Vec<f64> = (0..4_000).map(|_| 7.3 * (2.0 * other.next_f64()).exp()).collect();
    assert!((back(&same, 7.3).of(7.3) - 1.0).abs() < 1e-9);
}

#[test]
fn rows_with_a_sentinel_are_set_apart_and_labels_that_turned_are_the_concept() {
    let (findings, mut suspects) = accused(Cause::SentinelValues, "value", None);
    let after = Served { sentinel: 0.4, turned: 0.1, ..AS_BEFORE };
    let fall = split(&measured(&after), &findings, &mut suspects).expect("a fall");
    // Before 10 % are wrong. With sentinels alone 0.6 x 10 + 0.4 x 50 = 26 %, with turned labels alone 20 %, with both 32 %.
    assert!((of(&fall, Mechanism::Scoring) - 14.0).abs() < 2.5, "{fall:?}");
    assert!((of(&fall, Mechanism::Concept) - 8.0).abs() < 2.5, "{fall:?}");
    assert_eq!(fall.left_out, ["value"]);
    assert!(matches!(&fall.parts[0].by[0].of, ShareOf::Suspect { key } if key == "sentinel_values(value)"), "{fall:?}");
}

#[test]
fn a_column_that_was_mostly_missing_before_is_not_broken_by_some_more_of_it() {
    let (findings, mut suspects) = accused(Cause::NullSurge, "noise", None);
    let mut measured = measured(&Served { turned: 0.15, ..AS_BEFORE });
    let rows = measured.fall_rows.as_mut().expect("rows");
    for (side, present) in [(&mut rows.before, 5), (&mut rows.after, 9)] {
        let Cells::Numbers(values) = &mut side.columns[1] else { panic!("numbers") };
        values.iter_mut().enumerate().filter(|(row, _)| row % present != 0).for_each(|(_, value)| *value = f64::NAN);
    }
    let kept = split(&measured, &findings, &mut suspects).expect("a fall");
    assert!(kept.left_out.is_empty() && (of(&kept, Mechanism::Concept) - 15.0).abs() < 3.0, "{kept:?}");
}

#[test]
fn a_column_that_broke_unseen_is_left_out() {
    let fall = split(&measured(&Served { factor: 0.001, ..AS_BEFORE }), &[], &mut []).expect("a fall");
    assert_eq!(fall.left_out, ["value"]);
    assert!((of(&fall, Mechanism::Scoring) - 40.0).abs() < 3.5, "{fall:?}");
    assert!(fall.parts[0].by.is_empty(), "nobody is accused of it: {fall:?}");
}

#[test]
fn a_placeholder_that_is_only_seen_as_out_of_range_sets_its_rows_apart() {
    let (findings, mut suspects) = accused(Cause::OutOfRange, "value", None);
    let fall = split(&measured(&Served { sentinel: 0.4, ..AS_BEFORE }), &findings, &mut suspects).expect("a fall");
    assert_eq!(fall.left_out, ["value"]);
    assert!((of(&fall, Mechanism::Scoring) - 16.0).abs() < 2.5, "{fall:?}");
}

#[test]
fn an_offset_that_the_labels_contradict_is_not_undone() {
    // The value is said to be moved, but the labels still follow it as it is.
    let (findings, mut suspects) = accused(Cause::OffsetShift, "value", Some(Undo::line("value", 1.0, 0.3)));
    let fall = split(&measured(&Served { turned: 0.2, ..AS_BEFORE }), &findings, &mut suspects).expect("a fall");
    assert!(fall.repaired.is_empty(), "{fall:?}");
    assert!((of(&fall, Mechanism::Concept) - 20.0).abs() < 2.5 && suspects[0].points.is_none(), "{fall:?}");
}

#[test]
fn sides_with_nothing_in_common_are_refused_and_the_columns_named() {
    let mut measured = measured(&Served { turned: 0.2, ..AS_BEFORE });
    let mut rng = Rng::new(9);
    if let Some(rows) = &mut measured.fall_rows {
        let mut drawn = |from: f64| Cells::Numbers((0..6_000).map(|_| from + (1.0 - from) * rng.next_f64()).collect());
        rows.features = ["a", "b", "c", "d"].map(String::from).to_vec();
        rows.before.columns = vec![drawn(0.0), drawn(0.0), drawn(0.0), drawn(0.0)];
        // Each alone has a fifth in common with before, all together hardly anything.
        rows.after.columns = vec![drawn(0.8), drawn(0.8), drawn(0.8), drawn(0.8)];
    }
    let fall = split(&measured, &[], &mut []).expect("a fall");
    assert!(
        matches!(fall.refusals.as_slice(), [Refusal::NoOverlap { columns, .. }] if columns.len() == 3),
        "{:?}",
        fall.refusals
    );
}

#[test]
fn what_can_not_be_known_is_refused_with_the_reason() {
    let refusals = |after: &Served| split(&measured(after), &[], &mut []).map(|fall| fall.refusals);
    assert!(matches!(refusals(&AS_BEFORE).as_deref(), Some([Refusal::WithinChance { .. }])));
    let few = Served { rows: 900, turned: 0.2, ..AS_BEFORE };
    assert!(matches!(refusals(&few).as_deref(), Some([Refusal::TooFewRows { rows: 900, .. }])), "{:?}", refusals(&few));
    assert!(matches!(refusals(&Served { turned: -0.09, ..AS_BEFORE }).as_deref(), Some([Refusal::NotFallen])));
    let mut chosen = measured(&Served { turned: 0.2, ..AS_BEFORE });
    if let Some(rows) = &mut chosen.fall_rows {
        rows.labelled =
            Some(vec![Labelled { rows: 4_000, labelled: 4_000 }, Labelled { rows: 4_000, labelled: 2_000 }]);
    }
    let refused = split(&chosen, &[], &mut []).map(|fall| fall.refusals);
    assert!(matches!(refused.as_deref(), Some([Refusal::LabelsFollowPredictions { .. }])), "{refused:?}");
    assert_eq!(split(&Measurements::default(), &[], &mut []), None);
}

#[test]
fn who_costs_most_comes_first_and_weaknesses_stay_last() {
    let (_, found) = accused(Cause::UnitScale, "value", None);
    let with = |column: &str, points: Option<f64>, standing: bool| Suspect {
        columns: vec![column.into()],
        points: points.map(|points| Points { points, low: points - 0.5, high: points + 0.5 }),
        standing,
        ..found[0].clone()
    };
    let mut suspects = vec![with("a", None, false), with("b", Some(1.0), false), with("c", Some(4.0), false)];
    suspects.extend([with("d", Some(0.2), false), with("e", None, true)]);
    put_costly_first(&mut suspects);
    let order: Vec<(&str, u32)> = suspects.iter().map(|one| (one.columns[0].as_str(), one.rank)).collect();
    assert_eq!(order, [("c", 1), ("b", 2), ("a", 3), ("d", 4), ("e", 5)]);
}

#[test]
fn a_changed_concept_names_the_columns_that_the_label_follows_in_another_way() {
    let (_, mut suspects) = accused(Cause::ConceptDrift, "label", None);
    let fall = split(&measured(&Served { turned: 0.3, ..AS_BEFORE }), &[], &mut suspects).expect("a fall");
    let concept = fall.parts.iter().find(|part| part.mechanism == Mechanism::Concept).expect("labels turned");
    let columns: Vec<&str> = concept.columns().map(|(name, _)| name).collect();
    assert_eq!(columns, ["value"], "{fall:?}");
    let (_, points) = concept.columns().next().expect("one column");
    assert!((points.points - 30.0).abs() < 4.0, "it is all of the part: {concept:?}");
    assert!(suspects[0].statement.ends_with("because the label follows value in another way."), "{suspects:?}");
    assert!(matches!(&concept.by[0].of, ShareOf::Suspect { key } if key == "concept_drift(label)"), "{concept:?}");
}
