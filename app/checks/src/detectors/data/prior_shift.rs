//! D1.prior_shift: does the label occur as often as it did in training?

use crate::detectors::affine::{self, AffineMap};
use crate::detectors::classes::{ClassChange, class_changes, class_counts};
use crate::detectors::data::column_drift::held_to_floor;
use crate::detectors::report::Bands;
use crate::detectors::tilt::Selection;
use crate::detectors::words::{medians_in_words, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{DRIFT_KS, DRIFT_KS_POSSIBLE, LABEL_IN_ORDER, SIGNIFICANCE, SMALLEST_SAMPLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::{Measurements, TrainVariation};
use domain::need::{Need, Tables};
use domain::profile::ColumnProfile;
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::two_sample::{difference_p, ks_statistic};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D1.prior_shift"),
    item: Item::D1,
    title: "Label share",
    looks_for: "A label whose share in serving, validation or test rows differs from its share in training.",
    why_it_matters: "Scores are calibrated for the label share in training. If positives become twice as frequent, the same score means a different probability, and the old decision threshold is no longer optimal.",
    how_it_decides: "The share of each class is compared with training. A difference of {RATE_DIFFERENCE:%} of the rows or, for rare classes, a ratio of {RATE_RATIO} is a mismatch; from {RATE_DIFFERENCE_POSSIBLE:%} or {RATE_RATIO_POSSIBLE} it is possible. Fisher's exact test, corrected over the classes, must give q under {CERTAINTY} ({SIGNIFICANCE} for possible). A numeric label is compared by the Kolmogorov-Smirnov statistic ({DRIFT_KS}, possible from {DRIFT_KS_POSSIBLE}), its p is twice the smaller of this test and the Mann-Whitney test. If one factor explains the difference of all amounts, and training rows weighted along the label leave more than twice as much with p under {SIGNIFICANCE}, or the later amounts are amounts of training far more rarely than those of the weighted rows with p under {CERTAINTY}, the definition of the label changed and not the rows. If train has times, a mismatch must also be {DRIFT_OVER_TRAIN} times the largest difference between one chunk of train and the rest of train, unless that is {LABEL_IN_ORDER} or more.",
    try_next: "Check whether rows are now selected differently. If the change is real, recalibrate the scores and tune the threshold again.",
    causes: &[Cause::PriorShift, Cause::LabelDefinitionChange],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(label) = measurements.roles.label() else {
        return Judgement::missing(Need::column(ColumnRole::Label));
    };
    let Some(train) = measurements.profile(SnapshotRole::Train).and_then(|profile| profile.column(label)) else {
        return Judgement::missing(Need::labelled_train());
    };
    let others = [SnapshotRole::Serve, SnapshotRole::Test, SnapshotRole::Validation]
        .into_iter()
        .filter_map(|role| Some((role, measurements.profile(role)?.column(label)?)))
        .filter(|(_, column)| {
            column.non_null() as f64 >= SMALLEST_SAMPLE && train.non_null() as f64 >= SMALLEST_SAMPLE
        });
    let others: Vec<(SnapshotRole, &ColumnProfile)> = others.collect();
    if others.is_empty() {
        return Judgement::missing(
            Tables::one_of([SnapshotRole::Serve, SnapshotRole::Validation, SnapshotRole::Test])
                .with([ColumnRole::Label]),
        );
    }
    let compared: Vec<&str> = others.iter().map(|(role, _)| role.id()).collect();
    let summary = format!("Compared the share of {} in train with {}.", name(label), compared.join(", "));
    let floor = measurements.train_variation.get(label).filter(|floor| floor.effect < LABEL_IN_ORDER);
    let findings = others.iter().filter_map(|(role, column)| label_shift(label, train, *role, column, floor)).collect();
    Judgement::Judged { summary, findings }
}

fn label_shift(
    label: &str,
    train: &ColumnProfile,
    role: SnapshotRole,
    other: &ColumnProfile,
    floor: Option<&TrainVariation>,
) -> Option<Finding> {
    let (finding, moved) = match (class_counts(train), class_counts(other)) {
        (Some(reference), Some(current)) => {
            let changes = class_changes(&reference, &current);
            (class_shift(label, role, &changes)?, changes.first()?.change.difference().abs())
        }
        _ => {
            let finding = quantity_shift(label, role, train, other)?;
            let moved = finding.effect.value;
            (finding, moved)
        }
    };
    let factor = conversion(train, other, finding.verdict == Verdict::Mismatch);
    let finding = held_to_floor(finding, moved, floor);
    let mut finding = finding.with_n("train", train.non_null()).with_n(role.id(), other.non_null());
    // Train against serve keeps the plain id; another split's finding must not collide with it.
    if role != SnapshotRole::Serve {
        finding.id = Finding::id_of(&DETECTOR.id, &[label.to_owned(), role.id().to_owned()]);
    }
    let Some(factor) = factor else { return Some(finding.for_cause(Cause::PriorShift)) };
    let finding = finding.with_evidence(
        "one factor for all values",
        format!("{}; a selection of rows leaves more of the difference", number(factor)),
    );
    Some(finding.for_cause(Cause::LabelDefinitionChange))
}

/// The factor by which all amounts changed, if no weights along the training amounts give the later ones: then the amount
/// means something else, and the rows may be the same. Where the change is certain, this only says which of two explanations
/// is left; where it is not, amounts that training never had are certain by themselves.
fn conversion(train: &ColumnProfile, other: &ColumnProfile, is_certain: bool) -> Option<f64> {
    let (reference, current) = (&train.numeric.as_ref()?.sorted, &other.numeric.as_ref()?.sorted);
    let factor = AffineMap::fit_factor(reference, current)?;
    let left = factor.residual(reference, current);
    let explains = affine::explains(ks_statistic(reference, current)?, left, reference.len(), current.len());
    if !explains {
        return None;
    }
    let selection = Selection::closest(reference, current);
    let is_no_selection = selection.lacks_its_values() || is_certain && selection.is_excluded(left, SIGNIFICANCE);
    is_no_selection.then_some(factor.scale)
}

fn class_shift(label: &str, role: SnapshotRole, changes: &[ClassChange]) -> Option<Finding> {
    let moved = changes.first()?;
    let (verdict, effect) = moved.change.judge(moved.q);
    let statement = format!(
        "{} is “{}” in {} of {} rows, compared with {} of train rows.",
        name(label),
        moved.class,
        percent(moved.change.after()),
        role.id(),
        percent(moved.change.before()),
    );
    let finding = (verdict > Verdict::Clear)
        .then(|| DETECTOR.finding(verdict, &[label], statement, effect, Certainty::q(moved.q)))?
        .with_evidence("change of the share", moved.change.ratio_in_words());
    Some(changes.iter().take(10).fold(finding, |finding, class| {
        let shares = format!("{} → {}", percent(class.change.before()), percent(class.change.after()));
        finding.with_evidence(format!("share of “{}”", class.class), shares)
    }))
}

fn quantity_shift(label: &str, role: SnapshotRole, train: &ColumnProfile, other: &ColumnProfile) -> Option<Finding> {
    let (reference, current) = (&train.numeric.as_ref()?.sorted, &other.numeric.as_ref()?.sorted);
    let ks = ks_statistic(reference, current)?;
    let p = difference_p(reference, current)?;
    let verdict = Bands { possible: DRIFT_KS_POSSIBLE, mismatch: DRIFT_KS }.verdict(ks, p);
    let statement = format!(
        "The label {} is distributed differently in {} than in train: {}.",
        name(label),
        role.id(),
        medians_in_words(reference, current),
    );
    let effect = Effect::new("ks_statistic", ks, DRIFT_KS);
    (verdict > Verdict::Clear).then(|| DETECTOR.finding(verdict, &[label], statement, effect, Certainty::p(p)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{Values, draws, exponential, measured, numbers};

    fn cause(serve: Values) -> Option<Cause> {
        let mut measured = measured(&vec![("price", prices(1, 1.0))], &vec![("price", serve)]);
        measured.roles.set(ColumnRole::Label, Some("price".into()));
        judge(&measured).findings().first().and_then(|finding| finding.cause)
    }

    fn prices(seed: u64, factor: f64) -> Values {
        numbers(draws(seed, 2_500, |rng| factor * (20.0 + 30.0 * exponential(rng))))
    }

    #[test]
    fn amounts_times_a_factor_are_another_definition_and_more_large_ones_another_share() {
        assert_eq!(cause(prices(2, 1.5)), Some(Cause::LabelDefinitionChange));
        let all = draws(2, 3_000, |rng| 20.0 + 30.0 * exponential(rng));
        // Of the cheap ones every third is left.
        let kept = all.iter().enumerate().filter(|(row, price)| **price > 40.0 || row % 3 == 0);
        assert_eq!(cause(numbers(kept.map(|(_, price)| *price).collect::<Vec<f64>>())), Some(Cause::PriorShift));
        assert_eq!(cause(prices(2, 1.0)), None);
    }

    #[test]
    fn amounts_that_training_never_had_are_another_definition_in_few_rows_too() {
        // A price list of 40 prices; in another currency, or more of the dear ones.
        let list = |price: usize| 40.0 + (price * 37 % 41) as f64 * 5.0;
        let told = |seed, factor: f64, dear: usize| {
            let side = |seed, factor: f64, dear: usize| {
                let chosen =
                    draws(seed, 110, |rng| list(rng.below(40)).max(list(if dear > 0 { rng.below(40) } else { 0 })));
                vec![("price", numbers(chosen.into_iter().map(move |price| (price * factor * 100.0).round() / 100.0)))]
            };
            let mut measured = measured(&side(seed, 1.0, 0), &side(seed + 9, factor, dear));
            measured.roles.set(ColumnRole::Label, Some("price".into()));
            judge(&measured).findings().first().and_then(|finding| finding.cause)
        };
        assert_eq!(told(1, 1.2, 0), Some(Cause::LabelDefinitionChange));
        assert_eq!(told(1, 1.0, 1), Some(Cause::PriorShift));
        assert_eq!(told(1, 1.0, 0), None);
    }
}
