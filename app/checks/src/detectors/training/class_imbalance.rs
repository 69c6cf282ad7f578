//! T1.class_imbalance: do the classes of the label have the same shares in train as in the other splits?

use crate::detectors::classes::{MOST_CLASSES, class_changes, class_counts};
use crate::detectors::words::{name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{IMBALANCE_MINORITY, SIGNIFICANCE, SMALLEST_SAMPLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, Tables};
use domain::profile::ColumnProfile;
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::{Share, wilson};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T1.class_imbalance"),
    item: Item::T1,
    title: "Balance of the classes",
    looks_for: "A class whose share in train differs from its share in validation or test (the training rows were resampled or selected), and a class so rare that a model may never learn it.",
    why_it_matters: "A model trained on resampled rows gives scores for class shares that do not exist. If one row in a thousand is positive, a model that always predicts negative has 99.9 % accuracy.",
    how_it_decides: "Compares each class's share in train with its share in validation and test. A mismatch: a difference of {RATE_DIFFERENCE:%} of the rows or, for rare classes, a ratio of {RATE_RATIO}, with q under {CERTAINTY} (Fisher's exact test, corrected over the classes). Possible: {RATE_DIFFERENCE_POSSIBLE:%} or a ratio of {RATE_RATIO_POSSIBLE}, with q under {SIGNIFICANCE}. A class with a share under {IMBALANCE_MINORITY:%} (upper end of Wilson's interval) is possible, never a mismatch, because a rare class can be correct; where later rows have labels and no class differs with q under {SIGNIFICANCE}, it is a standing weakness.",
    try_next: "If the training rows were resampled, leave the test set as it is and correct the scores for the natural class shares. Judge the model by precision and recall, not by accuracy.",
    causes: &[Cause::ClassImbalance],
    tasks: Task::CLASSES,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(label) = measurements.roles.label() else {
        return Judgement::missing(Need::column(ColumnRole::Label));
    };
    let Some(train) = measurements.profile(SnapshotRole::Train).and_then(|profile| profile.column(label)) else {
        return Judgement::missing(Need::labelled_train());
    };
    let Some(classes) = class_counts(train) else {
        return Judgement::missing(
            Tables::all([SnapshotRole::Train]).with([ColumnRole::Label]).classes(2, MOST_CLASSES as u32),
        );
    };
    let splits = [SnapshotRole::Validation, SnapshotRole::Test]
        .into_iter()
        .filter_map(|role| Some((role, measurements.profile(role)?.column(label)?)))
        .filter(|(_, column)| column.non_null() as f64 >= SMALLEST_SAMPLE);
    let mut findings: Vec<Finding> =
        splits.filter_map(|(role, other)| other_shares(label, train, role, other)).collect();
    let rare = rare_class(label, &classes);
    // A class that is as rare in the rows that follow did not become rare.
    findings.extend(
        rare.map(|finding| if stays_rare(measurements, label, train) { finding.as_standing() } else { finding }),
    );
    Judgement::Judged {
        summary: format!("Compared the shares of the {} classes of {}.", classes.len(), name(label)),
        findings,
    }
}

fn other_shares(label: &str, train: &ColumnProfile, role: SnapshotRole, other: &ColumnProfile) -> Option<Finding> {
    let changes = class_changes(&class_counts(train)?, &class_counts(other)?);
    let shown = changes.first()?;
    let (verdict, effect) = shown.change.judge(shown.q);
    let statement = format!(
        "{} is “{}” in {} of the train rows but in {} of the {} rows.",
        name(label),
        shown.class,
        percent(shown.change.before()),
        percent(shown.change.after()),
        role.id(),
    );
    (verdict > Verdict::Clear).then(|| {
        let mut finding = DETECTOR.finding(verdict, &[label], statement, effect, Certainty::q(shown.q));
        finding.id = Finding::id_of(&DETECTOR.id, &[label.to_owned(), role.id().to_owned()]);
        finding
            .for_cause(Cause::ClassImbalance)
            .with_n("train", train.non_null())
            .with_n(role.id(), other.non_null())
            .with_evidence("likely reason", "the training rows were resampled or selected")
    })
}

/// Whether later rows have labels, and none of them other shares of the classes than train, as far as can be seen.
fn stays_rare(measurements: &Measurements, label: &str, train: &ColumnProfile) -> bool {
    let later = [SnapshotRole::Serve, SnapshotRole::Validation, SnapshotRole::Test]
        .into_iter()
        .filter_map(|role| measurements.profile(role)?.column(label))
        .filter(|column| column.non_null() as f64 >= SMALLEST_SAMPLE);
    let changes = |other| {
        let counts = class_counts(train).zip(class_counts(other));
        counts.is_some_and(|(train, other)| class_changes(&train, &other).iter().any(|class| class.q < SIGNIFICANCE))
    };
    let changed: Vec<bool> = later.map(changes).collect();
    !changed.is_empty() && !changed.contains(&true)
}

fn rare_class(label: &str, classes: &[(String, u64)]) -> Option<Finding> {
    let rows: u64 = classes.iter().map(|(_, count)| count).sum();
    let (class, count) = classes.iter().min_by_key(|(_, count)| *count)?;
    let share = wilson(Share::new(*count, rows));
    if classes.len() < 2 || share.high >= IMBALANCE_MINORITY {
        return None;
    }
    let ratio = (rows - count) as f64 / (*count).max(1) as f64;
    let statement = format!(
        "Only {} of the train rows are “{class}”, so accuracy does not show how well the model predicts it.",
        percent(share.value)
    );
    let effect = Effect::new("imbalance_ratio", ratio, 1.0 / IMBALANCE_MINORITY);
    let finding = DETECTOR.finding(Verdict::Possible, &[label], statement, effect, Certainty::exact());
    let counted = format!("{count} of {rows}");
    Some(
        finding
            .for_cause(Cause::ClassImbalance)
            .with_n("train", rows)
            .with_evidence("train rows of the class", counted),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Profile;
    use domain::profile::CategoryProfile;
    use domain::snapshot::ColumnKind;

    fn split(counts: &[(&str, u64)]) -> Profile {
        let rows = counts.iter().map(|(_, count)| count).sum();
        let counts = counts.iter().map(|(class, count)| ((*class).to_owned(), *count)).collect();
        let column = ColumnProfile {
            name: "late".into(),
            position: 0,
            kind: ColumnKind::Categorical,
            stored_type: "String".into(),
            rows,
            nulls: 0,
            null_spellings: Vec::new(),
            distinct: 2,
            numeric: None,
            categories: Some(CategoryProfile { counts, other: 0 }),
            text: None,
            time: None,
        };
        Profile { key: String::new(), rows, sampled_rows: rows, duplicate_rows: 0, columns: vec![column] }
    }

    fn measured(splits: &[(SnapshotRole, Profile)]) -> Measurements {
        let mut measurements = Measurements::default();
        measurements.roles.set(ColumnRole::Label, Some("late".into()));
        measurements.profiles = splits.iter().cloned().collect();
        measurements
    }

    #[test]
    fn resampled_training_rows_differ_from_the_test_rows() {
        let train = split(&[("no", 500), ("yes", 500)]);
        let found = judge(&measured(&[
            (SnapshotRole::Train, train.clone()),
            (SnapshotRole::Test, split(&[("no", 560), ("yes", 140)])),
        ]))
        .findings();
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Mismatch));
        assert!(found[0].statement.contains("50 %") && found[0].statement.contains("20 %"), "{}", found[0].statement);
        let alike = [(SnapshotRole::Train, train), (SnapshotRole::Test, split(&[("no", 341), ("yes", 359)]))];
        assert!(judge(&measured(&alike)).findings().is_empty());
    }

    #[test]
    fn a_class_of_one_in_a_thousand_is_possible_and_one_in_twenty_is_clear() {
        let rare = judge(&measured(&[(SnapshotRole::Train, split(&[("no", 9_990), ("yes", 10)]))])).findings();
        assert_eq!(rare[0].verdict, Verdict::Possible);
        let common = judge(&measured(&[(SnapshotRole::Train, split(&[("no", 9_500), ("yes", 500)]))])).findings();
        assert!(common.is_empty());
    }

    #[test]
    fn a_class_that_is_as_rare_later_stood_before() {
        let rare = |of: u64| split(&[("no", 9_990), ("yes", of)]);
        let told = |later: Profile| {
            let found = judge(&measured(&[(SnapshotRole::Train, rare(10)), (SnapshotRole::Serve, later)])).findings();
            found.iter().map(|finding| finding.standing).collect::<Vec<bool>>()
        };
        assert_eq!(told(rare(9)), [true]);
        assert_eq!(told(rare(90)), [false], "train lost rows of it");
        let alone = judge(&measured(&[(SnapshotRole::Train, rare(10))])).findings();
        assert!(!alone[0].standing, "nothing says what is usual");
    }
}
