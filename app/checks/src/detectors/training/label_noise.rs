//! T2.label_noise: do labels contradict confident predictions from the features?

use crate::detectors::words::{count, name, names, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, NOISE_BACKGROUND, NOISE_CLASS_ROWS, NOISE_CLASS_SHARE, NOISE_DECIDED, NOISE_PLATEAU, NOISE_RATE,
    NOISE_RATE_POSSIBLE, SIGNIFICANCE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::labels::{GivenTrust, LabelMeasures};
use domain::need::{Need, Tables};
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::distributions::binomial_upper;
use stats::intervals::{Share, wilson};
use stats::label_trust::{ClassTrust, LabelTrust};

mod sides;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T2.label_noise"),
    item: Item::T2,
    title: "Labels that contradict the features",
    looks_for: "Labels in train that disagree with the features more than the labels of serve, test or validation do, or that differ from confident predictions as often as from less confident ones.",
    why_it_matters: "Wrong labels (from a join, a default value or tired annotators) teach the model uncertainty that does not exist, and they make its test score look worse than it is.",
    how_it_decides: "Where later rows have labels: boosted trees fitted out of fold to train give the expected label of both sides. Wrong labels in train make them less decided than the later ones: the slope of a logistic regression of the label on the expected log odds, or for a quantity the mean square of the residuals of its rank, which a few rows raise. A mismatch: p under {CERTAINTY}, or under {SIGNIFICANCE} where the share of a class moved with p under {CERTAINTY} and what is expected did not (p of {SIGNIFICANCE} or more), and an estimated {NOISE_RATE:%} or more of the labels; possible from {NOISE_RATE_POSSIBLE:%} with p under {SIGNIFICANCE}, and if the two sides share rows. If the later labels disagree as often, the outcome depends on chance. Nothing is judged if {NOISE_BLIND:%} of wrong labels would not show. Otherwise ranks the rows of each predicted class by confidence. Uses the class probabilities in train, which are taken to be out of sample, or else gradient-boosted trees fitted out of fold on up to {NOISE_TRAINED_ON} rows. Errors on hard rows become rare as confidence grows; random wrong labels do not. A mismatch by given probabilities (possible by the trees alone) needs all of these: in the confident half of every class, {NOISE_RATE:%} or more of the labels disagree; the most confident quarter disagrees at least {NOISE_PLATEAU} times as often as the next quarter; the classifier is confident about {NOISE_DECIDED:%} or more of all rows; p is under {CERTAINTY} against a background of {NOISE_BACKGROUND:%}. Possible from {NOISE_RATE_POSSIBLE:%}, with p under {SIGNIFICANCE}. A class counts if it is predicted for at least {NOISE_CLASS_ROWS} rows and {NOISE_CLASS_SHARE:%} of all rows. Given probabilities are also summarised in the confident joint of Northcutt, Jiang and Chuang.",
    try_next: "Ask a second person to relabel the rows with the most confident contradictions. Look for what these rows have in common: a source, a date or an annotator.",
    causes: &[Cause::LabelNoise],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(label) = measurements.roles.label() else {
        return Judgement::missing(Need::column(ColumnRole::Label));
    };
    let Some(labels) = &measurements.labels else {
        return Judgement::missing(Need::labelled_train());
    };
    let Some(summary) = summary(labels) else {
        return Judgement::missing(
            Tables::all([SnapshotRole::Train]).rows(200).with([ColumnRole::Feature, ColumnRole::Score]),
        );
    };
    match &labels.change {
        // Where half of the labels could be wrong unseen, nothing was checked.
        Some(change) if labels.given.is_none() && sides::is_blind(change) => {
            Judgement::missing(Need::ClearerLabel { rows: change.train_rows })
        }
        _ => Judgement::Judged { summary, findings: found(label, labels, measurements).into_iter().collect() },
    }
}

/// What was compared; `None` when nothing could be.
fn summary(labels: &LabelMeasures) -> Option<String> {
    match (&labels.change, &labels.given, &labels.trust) {
        (Some(change), _, _) => Some(sides::summary(change)),
        (None, Some(given), _) => {
            Some(format!("Compared {} labels with the probabilities in {}.", given.trust.rows, names(&given.columns)))
        }
        (None, None, Some(trust)) => {
            Some(format!("Compared {} with out-of-fold predictions from the features.", count(trust.rows, "label")))
        }
        (None, None, None) => None,
    }
}

fn found(label: &str, labels: &LabelMeasures, measurements: &Measurements) -> Option<Finding> {
    let change = labels.change.as_ref();
    let against_other_side = change.and_then(|change| sides::more_than_other_side(label, measurements, change));
    // Another side that contradicts the features as often has labels that depend on chance, as those of train do.
    if against_other_side.is_some() || change.is_some_and(sides::would_be_seen) {
        return against_other_side;
    }
    // The model may have memorised the wrong labels, and its probabilities then hide them; the features still show them.
    let given = labels.given.as_ref();
    let by_given = given.and_then(|given| Some(by_probabilities(given, contradictions(label, &given.trust)?)));
    by_given.or_else(|| Some(at_most_possible(contradictions(label, labels.trust.as_ref()?)?)))
}

/// Without a second side, wrong labels and outcomes that depend on chance look the same to a classifier of our own.
fn at_most_possible(mut finding: Finding) -> Finding {
    finding.verdict = finding.verdict.min(Verdict::Possible);
    finding
}

/// Adds which probabilities were used, and the confident joint.
fn by_probabilities(given: &GivenTrust, finding: Finding) -> Finding {
    let used = format!("{}, taken to be out of sample", names(&given.columns));
    let finding = finding
        .with_evidence("probabilities used", used)
        .with_evidence("wrong labels by the confident joint", percent(given.joint.wrong));
    given.joint.counts.iter().zip(&given.classes).enumerate().fold(finding, |finding, (label, (counts, class))| {
        let others: Vec<String> = counts
            .iter()
            .zip(&given.classes)
            .enumerate()
            .filter(|(latent, _)| *latent != label)
            .map(|(_, (rows, other))| format!("{rows} “{other}”"))
            .collect();
        let all: u64 = counts.iter().sum();
        finding.with_evidence(
            format!("labelled “{class}”, {all} confident rows"),
            format!("confidently {}", others.join(", ")),
        )
    })
}

fn contradictions(label: &str, trust: &LabelTrust) -> Option<Finding> {
    let large =
        |class: &&ClassTrust| class.predicted as f64 >= NOISE_CLASS_ROWS.max(NOISE_CLASS_SHARE * trust.rows as f64);
    let classes: Vec<&ClassTrust> = trust.classes.iter().filter(large).collect();
    if classes.len() < 2 || trust.decided < NOISE_DECIDED || !is_flat(&classes) {
        return None;
    }
    // Random wrong labels occur in every class; if one class has none, the labels are not at fault.
    let lowest = classes.iter().map(|class| confident_half(class).value()).fold(f64::INFINITY, f64::min);
    let p = classes.iter().map(|class| chance_of(confident_half(class))).fold(0.0, f64::max);
    let verdict = match lowest {
        rate if rate >= NOISE_RATE && p < CERTAINTY => Verdict::Mismatch,
        rate if rate >= NOISE_RATE_POSSIBLE && p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let together = classes.iter().map(|class| confident_half(class));
    let all = wilson(together.fold(Share::new(0, 0), |all, half| Share::new(all.hits + half.hits, all.n + half.n)));
    let statement = format!("About {} of the labels in {} seem to be wrong.", percent(all.value), name(label),);
    let effect = Effect::new("confident_error_rate", all.value, NOISE_RATE).with_interval(all.low, all.high);
    let finding = DETECTOR.finding(verdict, &[label], statement, effect, Certainty::p(p));
    let finding = finding.for_cause(Cause::LabelNoise).with_n("train", trust.rows);
    Some(classes.iter().fold(finding, |finding, class| {
        let rates = [class.first_quarter, class.second_quarter, class.rest].map(|rows| percent(rows.value()));
        finding.with_evidence(
            format!(
                "predicted “{}”: labels that disagree in the most confident quarter, the next quarter, the rest",
                class.class
            ),
            rates.join(", "),
        )
    }))
}

fn confident_half(class: &ClassTrust) -> Share {
    let (first, second) = (class.first_quarter, class.second_quarter);
    Share::new(first.hits + second.hits, first.n + second.n)
}

/// Whether the most confident quarters disagree nearly as often as the next ones, over all classes.
fn is_flat(classes: &[&ClassTrust]) -> bool {
    let rate = |quarter: fn(&ClassTrust) -> Share| {
        let shares = classes.iter().map(|class| quarter(class));
        let (hits, rows) = shares.fold((0, 0), |sum, share| (sum.0 + share.hits, sum.1 + share.n));
        hits as f64 / rows.max(1) as f64
    };
    rate(|class| class.first_quarter) >= NOISE_PLATEAU * rate(|class| class.second_quarter)
}

/// The chance of this many disagreements or more from the background alone: the upper tail of the binomial distribution.
fn chance_of(share: Share) -> f64 {
    binomial_upper(share.hits, share.n, NOISE_BACKGROUND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stats::label_trust::ConfidentJoint;

    fn class(class: &str, predicted: u64, wrong: [u64; 3]) -> ClassTrust {
        let quarter = predicted / 4;
        ClassTrust {
            class: class.into(),
            predicted,
            confidence: 0.95,
            first_quarter: Share::new(wrong[0], quarter),
            second_quarter: Share::new(wrong[1], quarter),
            rest: Share::new(wrong[2], predicted - 2 * quarter),
        }
    }

    fn judged(decided: f64, classes: Vec<ClassTrust>) -> Vec<Finding> {
        let mut measurements = Measurements::default();
        measurements.roles.set(ColumnRole::Label, Some("late".into()));
        let rows = classes.iter().map(|class| class.predicted).sum();
        let trust = Some(LabelTrust { rows, wrong: 0, decided, classes });
        measurements.labels = Some(LabelMeasures { rows, trust, ..LabelMeasures::default() });
        judge(&measurements).findings()
    }

    #[test]
    fn one_label_in_ten_wrong_among_the_most_confident_rows_of_both_classes_is_noise() {
        let found = judged(0.8, vec![class("no", 1_600, [44, 56, 170]), class("yes", 400, [9, 13, 70])]);
        // Outcomes that depend on chance would look the same.
        assert_eq!(found[0].verdict, Verdict::Possible);
        // (44 + 56 + 9 + 13) of (800 + 200).
        assert!((found[0].effect.value - 0.122).abs() < 1e-12);
    }

    #[test]
    fn given_probabilities_are_used_first_and_the_features_if_they_show_nothing() {
        let trust = |wrong| LabelTrust {
            rows: 2_000,
            wrong: 0,
            decided: 0.8,
            classes: vec![class("no", 1_600, wrong), class("yes", 400, [9, 13, 70])],
        };
        let judged = |given: [u64; 3], features: [u64; 3]| {
            let mut measurements = Measurements::default();
            measurements.roles.set(ColumnRole::Label, Some("late".into()));
            let joint =
                ConfidentJoint { thresholds: vec![0.9, 0.8], counts: vec![vec![900, 100], vec![20, 180]], wrong: 0.1 };
            let given = GivenTrust {
                columns: vec!["p".into()],
                classes: vec!["no".into(), "yes".into()],
                trust: trust(given),
                joint,
            };
            let (trust, given) = (Some(trust(features)), Some(given));
            measurements.labels = Some(LabelMeasures { rows: 2_000, trust, given, ..LabelMeasures::default() });
            judge(&measurements).findings()
        };
        let given = judged([44, 56, 170], [0, 0, 0]);
        assert_eq!(given[0].verdict, Verdict::Mismatch);
        let values = |finding: &Finding| finding.evidence.iter().map(|line| line.value.clone()).collect::<Vec<_>>();
        let shown = values(&given[0]);
        assert!(shown.iter().any(|value| value == "p, taken to be out of sample"), "{shown:?}");
        assert!(shown.iter().any(|value| value == "confidently 100 “yes”"), "{shown:?}");
        let by_features = judged([0, 0, 0], [44, 56, 170]);
        assert_eq!(by_features[0].verdict, Verdict::Possible);
        assert!(!values(&by_features[0]).iter().any(|value| value.contains("out of sample")));
        assert!(judged([0, 0, 9], [0, 0, 9]).is_empty());
    }

    #[test]
    fn hard_rows_are_not_wrong_labels() {
        // Contradictions that become rare with confidence, a model that is seldom confident, and one class without errors.
        assert!(judged(0.8, vec![class("no", 2_000, [15, 55, 300]), class("yes", 2_000, [10, 52, 310])]).is_empty());
        assert!(judged(0.55, vec![class("no", 2_000, [60, 130, 400]), class("yes", 2_000, [65, 125, 400])]).is_empty());
        assert!(judged(0.9, vec![class("no", 1_000, [30, 30, 90]), class("yes", 1_000, [3, 4, 90])]).is_empty());
    }

    #[test]
    fn a_few_rows_are_not_certain() {
        let found = judged(0.8, vec![class("no", 120, [2, 2, 5]), class("yes", 120, [2, 2, 6])]);
        assert!(found.iter().all(|finding| finding.verdict == Verdict::Possible), "{found:?}");
    }
}
