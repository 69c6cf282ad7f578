//! T3.touched_test_set: does train contain rows of an earlier test set?

use crate::detectors::rates::RateChange;
use crate::detectors::words::{of, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, SIGNIFICANCE, TOUCHED_IN_USE, TOUCHED_ROWS, TOUCHED_ROWS_POSSIBLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::fingerprints::TouchedTest;
use domain::need::{Need, Tables};
use domain::plot::format::time;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::wilson;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T3.touched_test_set"),
    item: Item::T3,
    title: "Test set used for training",
    looks_for: "Training rows that were test rows in an earlier diagnosis, of this or another investigation. Mismatch keeps hashes of up to 2,048 rows of every test set without a time limit; it does not keep the rows.",
    why_it_matters: "Once the model was trained on a test set, the test measures memory. File names change and time passes, and nobody remembers which rows were held out.",
    how_it_decides: "Searches the stored rows of each known test set among the train rows; a row must be equal in every feature and in the label. {TOUCHED_ROWS:%} is a mismatch (p under {CERTAINTY}), from {TOUCHED_ROWS_POSSIBLE:%} on possible (p under {SIGNIFICANCE}); the test compares it with the share of train rows that repeat each other. It is never more than possible for a test set of another model, or if less than {TOUCHED_IN_USE:%} of the set is in the current test set: training on an old test set is allowed once there is a new one.",
    try_next: "Remove these rows from training. Otherwise stop using the old test set and every metric measured on it since, and hold out new rows.",
    causes: &[Cause::RowOverlap],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.profile(SnapshotRole::Train).is_none() {
        return Judgement::missing(Tables::all([SnapshotRole::Train]));
    }
    let known = &measurements.touched_tests;
    if known.is_empty() {
        return Judgement::missing(Need::EarlierTestSet);
    }
    let sets = match known.len() {
        1 => "1 test set".to_owned(),
        more => format!("{more} test sets"),
    };
    let summary = format!("Searched the train rows for rows of {sets} of earlier diagnoses.");
    Judgement::Judged { summary, findings: known.iter().filter_map(touched).collect() }
}

fn touched(test: &TouchedTest) -> Option<Finding> {
    let share = wilson(test.in_train);
    // The searched share of the train rows holds only the same share of the test rows.
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
    let meaning = match (test.same_model, replaced) {
        (false, _) => "it was the test set of another model",
        (true, true) => "the current test set has other rows, so only metrics measured on the old test set are invalid",
        (true, false) => "metrics measured on this test set are invalid",
    };
    let statement = format!(
        "About {} of the test set “{}” from the investigation “{}” ({} UTC) is now in train.",
        percent(estimate),
        test.file,
        test.title,
        time(test.at_ms),
    );
    let columns: Vec<&str> = test.columns.iter().map(String::as_str).collect();
    let effect = Effect::new("touched_rows", estimate, TOUCHED_ROWS).with_interval(share.low, share.high);
    let mut finding = DETECTOR.finding(verdict, &columns, statement, effect, Certainty::p(by_nature.p));
    finding.id = Finding::id_of(&DETECTOR.id, &[test.title.clone(), test.file.clone(), test.at_ms.to_string()]);
    let finding = finding
        .for_cause(Cause::RowOverlap)
        .with_n("train", test.repeated.n)
        .with_n("known test rows", test.in_train.n)
        .with_evidence("investigation", test.title.clone())
        .with_evidence("test set", test.file.clone())
        .with_evidence("first diagnosed with it", time(test.at_ms))
        .with_evidence("what it means", meaning)
        .with_evidence("stored test rows found in train", of(test.in_train.hits, test.in_train.n))
        .with_evidence("train rows that repeat each other", percent(by_nature.before()))
        .with_evidence("train rows searched", percent(test.looked_at));
    Some(match test.in_test {
        Some(in_test) => finding.with_evidence("share of its rows in the current test set", percent(in_test.value())),
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
    fn a_test_set_used_for_training_is_named_with_its_date() {
        let found = judged(test_set());
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Mismatch, Some(Cause::RowOverlap)));
        for part in ["holdout.csv", "Spring incident", "2024-04-01", "90 %"] {
            assert!(found[0].statement.contains(part), "{}", found[0].statement);
        }
        // A tenth of train was searched and had 20 of 1,000 rows: a fifth of the set.
        let sampled = TouchedTest { in_train: Share::new(20, 1_000), looked_at: 0.1, ..test_set() };
        assert!((judged(sampled)[0].effect.value - 0.2).abs() < 1e-12);
    }

    #[test]
    fn another_model_and_a_new_test_set_are_possible_and_rows_that_repeat_are_clear() {
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
