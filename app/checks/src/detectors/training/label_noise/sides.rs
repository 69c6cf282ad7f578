//! Labels of train that disagree with the features more than those of the other side.

use super::DETECTOR;
use crate::detectors::words::{count, name, percent};
use crate::thresholds::{CERTAINTY, NOISE_BLIND, NOISE_RATE, NOISE_RATE_POSSIBLE, SIGNIFICANCE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::labels::LabelChange;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Verdict};
use stats::label_relation::{Noise, TargetRelation};

/// What was compared, and how many wrong labels would have been seen.
pub(super) fn summary(change: &LabelChange) -> String {
    let compared = format!(
        "Compared {} and {} with what the features lead to expect.",
        count(change.train_rows, "train label"),
        count(change.rows, &format!("{} label", change.against.id()))
    );
    match middle(change).map(|noise| noise.smallest) {
        Some(smallest) if smallest < NOISE_BLIND => {
            format!("{compared} Wrong labels would show from about {} of train on.", percent(smallest))
        }
        _ => format!("{compared} The features say too little about the label to show wrong ones."),
    }
}

/// The certainty of the class of middling certainty: wrong labels at random touch them all. A wrong label is wrong for two of the
/// classes, the one it says and the one it should say, so the share of wrong labels is half of the sum of the classes' shares.
fn middle(change: &LabelChange) -> Option<Noise> {
    let mut noises: Vec<Noise> = change.targets.iter().map(|target| target.noise).collect();
    noises.sort_unstable_by(|a, b| a.p.total_cmp(&b.p));
    let middle = noises.get(noises.len() / 2).copied()?;
    let of_labels = |of: fn(&Noise) -> f64| match noises.as_slice() {
        [one] => of(one),
        classes => (classes.iter().map(of).sum::<f64>() / 2.0).min(1.0),
    };
    Some(Noise { share: of_labels(|noise| noise.share), smallest: of_labels(|noise| noise.smallest), ..middle })
}

/// Whether wrong labels of a rate that matters would have been seen.
pub(super) fn would_be_seen(change: &LabelChange) -> bool {
    middle(change).is_some_and(|noise| noise.smallest <= 2.0 * NOISE_RATE)
}

/// Whether no share of wrong labels would have been seen.
pub(super) fn is_blind(change: &LabelChange) -> bool {
    middle(change).is_none_or(|noise| noise.smallest >= NOISE_BLIND && noise.p >= SIGNIFICANCE)
}

pub(super) fn more_than_other_side(label: &str, measurements: &Measurements, change: &LabelChange) -> Option<Finding> {
    let noise = middle(change).filter(|noise| noise.in_few_rows || is_of_classes(change))?;
    let is_certain = noise.p < CERTAINTY || noise.p < SIGNIFICANCE && only_labels_moved(change);
    let judged = match noise.share {
        share if share >= NOISE_RATE && is_certain => Verdict::Mismatch,
        share if share >= NOISE_RATE_POSSIBLE && noise.p < SIGNIFICANCE => Verdict::Possible,
        _ => return None,
    };
    let verdict = if shares_rows(measurements, change.against) { judged.min(Verdict::Possible) } else { judged };
    let statement = format!(
        "About {} of the labels {} in train seem to be wrong: they disagree with the features, and those in {} do not.",
        percent(noise.share),
        name(label),
        change.against.id(),
    );
    let effect = Effect::new("wrong_share", noise.share, NOISE_RATE);
    let finding = DETECTOR.finding(verdict, &[label], statement, effect, Certainty::p(noise.p));
    let finding = finding.for_cause(Cause::LabelNoise).with_n("train", change.train_rows);
    let finding = finding.with_n(change.against.id(), change.rows);
    Some(finding.with_evidence("smallest share that would be seen", percent(noise.smallest)))
}

/// Whether a share of the labels certainly moved and what the features lead to expect did not: then something happened to
/// the labels, and how decided they are only says what. Other shares of the classes alone don't make them less decided.
fn only_labels_moved(change: &LabelChange) -> bool {
    let moved = |target: &TargetRelation| target.label.p() < CERTAINTY && target.expected.p() >= SIGNIFICANCE;
    is_of_classes(change) && change.targets.iter().any(moved)
}

fn is_of_classes(change: &LabelChange) -> bool {
    change.targets.iter().all(|target| target.class.is_some())
}

/// Rows of a test set that are also in train agree with trees that have seen them.
fn shares_rows(measurements: &Measurements, against: SnapshotRole) -> bool {
    let pairs = measurements.split_overlaps.iter();
    pairs.filter(|pair| pair.earlier == SnapshotRole::Train && pair.later == against).any(|pair| {
        let rows = pair.rows.as_ref().is_some_and(|rows| rows.shared.hits > 0);
        rows || pair.entities.as_ref().is_some_and(|entities| entities.shared.hits > 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::measurements::overlap::{RowOverlap, SplitOverlap};
    use stats::intervals::Share;
    use stats::label_relation::Moved;

    fn change(against: SnapshotRole, class: Option<&str>, noise: Noise) -> LabelChange {
        let nothing = Moved { value: 0.0, error: 0.01 };
        let target = TargetRelation {
            follows_error: 0.0,
            class: class.map(str::to_owned),
            follows: 0.4,
            label: nothing,
            expected: nothing,
            residual: nothing,
            columns: Vec::new(),
            noise,
        };
        LabelChange { against, train_rows: 1_000, rows: 800, targets: vec![target], scale: None, arrivals: Vec::new() }
    }

    fn verdict(measurements: &Measurements, change: &LabelChange) -> Option<Verdict> {
        more_than_other_side("late", measurements, change).map(|finding| finding.verdict)
    }

    #[test]
    fn more_disagreement_in_train_than_elsewhere_is_noise() {
        let noise = Noise { p: 1e-7, share: 0.1, smallest: 0.04, in_few_rows: true };
        let none = Measurements::default();
        for class in [Some("1"), None] {
            assert_eq!(verdict(&none, &change(SnapshotRole::Serve, class, noise)), Some(Verdict::Mismatch));
        }
        // All residuals of a quantity grew alike: another spread, not other labels.
        let wide = Noise { in_few_rows: false, ..noise };
        assert_eq!(verdict(&none, &change(SnapshotRole::Serve, None, wide)), None);
        let small = Noise { share: 0.02, ..noise };
        assert_eq!(verdict(&none, &change(SnapshotRole::Serve, Some("1"), small)), None);
    }

    #[test]
    fn where_only_the_share_of_labels_certainly_moved_less_doubt_names_the_noise() {
        let noise = Noise { p: 1e-3, share: 0.1, smallest: 0.04, in_few_rows: true };
        let moved = |label: f64, expected: f64, class| {
            let mut change = change(SnapshotRole::Serve, class, noise);
            change.targets[0].label = Moved { value: label, error: 0.01 };
            change.targets[0].expected = Moved { value: expected, error: 0.01 };
            verdict(&Measurements::default(), &change)
        };
        assert_eq!(moved(0.08, 0.0, Some("1")), Some(Verdict::Mismatch));
        assert_eq!(moved(0.08, 0.06, Some("1")), Some(Verdict::Possible), "the rows moved too");
        assert_eq!(moved(0.02, 0.0, Some("1")), Some(Verdict::Possible));
        assert_eq!(moved(0.08, 0.0, None), Some(Verdict::Possible), "an amount");
    }

    #[test]
    fn a_wrong_label_is_wrong_for_two_classes() {
        // A quarter of the labels of ten classes: each class gets and loses a fortieth of all rows.
        let noise = Noise { p: 1e-7, share: 0.05, smallest: 0.04, in_few_rows: true };
        let mut many = change(SnapshotRole::Serve, Some("1"), noise);
        many.targets = vec![many.targets[0].clone(); 10];
        let found = more_than_other_side("digit", &Measurements::default(), &many).map(|finding| finding.effect.value);
        assert!(found.is_some_and(|share| (share - 0.25).abs() < 1e-12), "{found:?}");
        assert!(summary(&many).ends_with("from about 20 % of train on."), "{}", summary(&many));
        assert!(!would_be_seen(&many) && would_be_seen(&change(SnapshotRole::Serve, Some("1"), noise)));
    }

    #[test]
    fn a_test_set_that_shares_rows_with_train_is_not_a_clean_side() {
        let noise = Noise { p: 1e-7, share: 0.1, smallest: 0.04, in_few_rows: true };
        let rows = RowOverlap { shared: Share::new(40, 800), repeated: Share::new(0, 1_000), looked_at: 1.0 };
        let pair = SplitOverlap {
            earlier: SnapshotRole::Train,
            later: SnapshotRole::Test,
            rows: Some(rows),
            entities: None,
            times: None,
        };
        let shared = Measurements { split_overlaps: vec![pair], ..Measurements::default() };
        let test = change(SnapshotRole::Test, Some("1"), noise);
        assert_eq!(verdict(&shared, &test), Some(Verdict::Possible));
        assert_eq!(verdict(&Measurements::default(), &test), Some(Verdict::Mismatch));
    }

    #[test]
    fn the_summary_says_how_strong_noise_would_have_to_be() {
        let noise = |smallest| Noise { p: 0.5, share: 0.0, smallest, in_few_rows: false };
        let seen = summary(&change(SnapshotRole::Serve, Some("1"), noise(0.08)));
        assert!(seen.ends_with("Wrong labels would show from about 8 % of train on."), "{seen}");
        let blind = summary(&change(SnapshotRole::Serve, Some("1"), noise(0.9)));
        assert!(blind.ends_with("The features say too little about the label to show wrong ones."), "{blind}");
    }
}
