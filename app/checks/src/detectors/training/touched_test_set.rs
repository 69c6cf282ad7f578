//! T3.touched_test_set: does train hold rows of a test set of the past?

use crate::detectors::rates::RateChange;
use crate::detectors::words::{chance, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, SIGNIFICANCE, TOUCHED_IN_USE, TOUCHED_ROWS, TOUCHED_ROWS_POSSIBLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::fingerprints::TouchedTest;
use domain::plot::format::time;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: "T3.touched_test_set",
    item: Item::T3,
    title: "A test set that was learnt from",
    looks_for: "Training rows that were test rows in an earlier diagnosis, of this or another investigation. Hashes of up to 2,048 rows of every test set are kept for ever; the rows themselves are not.",
    why_it_matters: "Once learnt from, a test set measures memory. Files get new names and months go by, and nobody remembers which rows were set apart.",
    how_it_decides: "The kept rows of each known test set, equal in every feature and the label, looked up among the train rows: from 1 % on a mismatch, from 0.2 % possible, if that is certainly more (p under 0.0001, possible 0.01) than train rows repeat among themselves. Never more than possible when it was another model's test set, or when today's test rows are others: training on an old test set is no fault once there is a new one.",
    try_next: "Keep those rows out of training, or retire the old test set and every figure measured on it since, and set new rows apart.",
    causes: &[Cause::RowOverlap],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.profile(SnapshotRole::Train).is_none() {
        return Judgement::missing("a train snapshot");
    }
    let known = &measurements.touched_tests;
    if known.is_empty() {
        return Judgement::missing("an earlier diagnosis with a test set of the same columns");
    }
    let sets = match known.len() {
        1 => "1 test set".to_owned(),
        more => format!("{more} test sets"),
    };
    let summary = format!("Looked for the rows of {sets} of earlier diagnoses among the train rows.");
    Judgement::Judged { summary, findings: known.iter().filter_map(touched).collect() }
}

fn touched(test: &TouchedTest) -> Option<Finding> {
    let share = wilson(test.in_train);
    // What was looked at holds only that part of the rows.
    let estimate = (share.value / test.looked_at.max(f64::MIN_POSITIVE)).min(1.0);
    let by_nature = RateChange::new(test.repeated, test.in_train);
    let more = test.in_train.hits > 0 && by_nature.difference() > 0.0;
    let verdict = match estimate {
        share if more && share >= TOUCHED_ROWS && by_nature.p < CERTAINTY => Verdict::Mismatch,
        share if more && share >= TOUCHED_ROWS_POSSIBLE && by_nature.p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let replaced = test.in_test.is_some_and(|in_test| in_test.value() < TOUCHED_IN_USE);
    let verdict = if replaced || !test.same_model { verdict.min(Verdict::Possible) } else { verdict };
    let caution = match (test.same_model, replaced) {
        (false, _) => " It was another model's test set.",
        (true, true) => " Today's test rows are others: only figures measured on the old ones are void.",
        (true, false) => "",
    };
    let sampled = if test.looked_at < 1.0 {
        format!(" ({} of the train rows were looked at)", percent(test.looked_at))
    } else {
        String::new()
    };
    let statement = format!(
        "About {} of the test set “{}” of the investigation “{}” ({} UTC) are now among the train rows{sampled}: {} of {} kept rows; train rows repeat each other in {} (p {}).{caution}",
        percent(estimate),
        test.file,
        test.title,
        time(test.at_ms),
        test.in_train.hits,
        test.in_train.n,
        percent(by_nature.before()),
        chance(by_nature.p),
    );
    let columns: Vec<&str> = test.columns.iter().map(String::as_str).collect();
    let effect = Effect::new("touched_rows", estimate, TOUCHED_ROWS).with_interval(share.low, share.high);
    let mut finding = DETECTOR.finding(verdict, &columns, statement, effect, Certainty::p(by_nature.p));
    finding.id = Finding::id_of(DETECTOR.id, &[test.title.clone(), test.file.clone(), test.at_ms.to_string()]);
    let finding = finding
        .for_cause(Cause::RowOverlap)
        .with_n("train", test.repeated.n)
        .with_n("known test rows", test.in_train.n)
        .with_evidence("investigation", test.title.clone())
        .with_evidence("test set", test.file.clone())
        .with_evidence("first diagnosed with it", time(test.at_ms));
    Some(match test.in_test {
        Some(in_test) => finding.with_evidence("of its rows among today's test rows", percent(in_test.value())),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{numbers, profile};
    use stats::intervals::Share;

    fn test_set() -> TouchedTest {
        TouchedTest {
            title: "Spring incident".into(),
            file: "holdout.csv".into(),
            at_ms: 1_711_929_600_000,
            same_model: true,
            columns: vec!["a".into(), "b".into()],
            in_train: Share::new(900, 1_000),
            repeated: Share::new(0, 5_000),
            looked_at: 1.0,
            in_test: None,
        }
    }

    fn judged(test: TouchedTest) -> Vec<Finding> {
        let mut measurements = Measurements { touched_tests: vec![test], ..Measurements::default() };
        measurements.profiles.insert(SnapshotRole::Train, profile(&vec![("a", numbers([1.0, 2.0]))]));
        judge(&measurements).findings()
    }

    #[test]
    fn a_test_set_that_was_learnt_from_is_named_with_its_date() {
        let found = judged(test_set());
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::RowOverlap)));
        for told in ["holdout.csv", "Spring incident", "2024-04-01", "90 %"] {
            assert!(found[0].statement.contains(told), "{}", found[0].statement);
        }
        // A tenth of train was looked at, and 20 of 1,000 rows were in it: a fifth of the set.
        let sampled = TouchedTest { in_train: Share::new(20, 1_000), looked_at: 0.1, ..test_set() };
        assert!((judged(sampled)[0].effect.value - 0.2).abs() < 1e-12);
    }

    #[test]
    fn another_model_and_a_new_test_set_are_possible_and_rows_that_repeat_are_nothing() {
        let verdict = |test| judged(test).first().map(|finding| finding.verdict);
        assert_eq!(verdict(TouchedTest { same_model: false, ..test_set() }), Some(Verdict::Possible));
        let replaced = TouchedTest { in_test: Some(Share::new(0, 1_000)), ..test_set() };
        assert_eq!(verdict(replaced), Some(Verdict::Possible));
        let in_use = TouchedTest { in_test: Some(Share::new(800, 1_000)), ..test_set() };
        assert_eq!(verdict(in_use), Some(Verdict::Mismatch));
        let coarse = TouchedTest { repeated: Share::new(4_600, 5_000), ..test_set() };
        assert_eq!(verdict(coarse), None);
        assert_eq!(verdict(TouchedTest { in_train: Share::new(0, 1_000), ..test_set() }), None);
    }

    #[test]
    fn without_a_history_there_is_no_evidence() {
        let mut measurements = Measurements::default();
        measurements.profiles.insert(SnapshotRole::Train, profile(&vec![("a", numbers([1.0, 2.0]))]));
        assert!(matches!(judge(&measurements), Judgement::NoEvidence { .. }));
    }
}
