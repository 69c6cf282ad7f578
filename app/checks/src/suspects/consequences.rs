//! What a cause brings about by its origin, and which explanations can't lead in a circle.

use super::absorption::{Limit, RULES, Rule, Scope, Target};
use crate::detectors::data::{joint_shift, prediction_shift};
use crate::detectors::monitoring::performance_over_time;
use crate::detectors::serving::predictions;
use crate::detectors::training::{label_definition, representation};
use crate::detectors::{deployment, serving};
use domain::Cause::{self, *};
use domain::{DetectorId, Finding, Origin};

/// A kind of consequence: what else is seen when something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consequence {
    /// Feature values of the same column that differ row by row, by no rule that was found.
    RowByRow,
    /// Alarms on several columns together.
    Together,
    /// Predictions that are distributed otherwise.
    Shift,
    /// Predictions that are missing, constant or impossible.
    Broken,
    /// A performance that changes over time.
    Performance,
    /// A label that is related to the features in another way.
    Relation,
    /// Predictions that differ from those of the training pipeline or of the released model on the same rows.
    Parity,
}

const ON_COLUMNS_TOGETHER: &[Target] =
    &[Target::Detector(&joint_shift::DETECTOR.id), Target::Detector(&representation::DETECTOR.id)];
const ON_SHIFT_OF_PREDICTIONS: &[Target] = &[Target::Detector(&prediction_shift::DETECTOR.id)];
const ON_BROKEN_PREDICTIONS: &[Target] = &[Target::Detector(&predictions::DETECTOR.id)];
const ON_PERFORMANCE: &[Target] = &[Target::Detector(&performance_over_time::DETECTOR.id)];
const ON_RELATION: &[Target] = &[Target::Detector(&label_definition::DETECTOR.id)];
const ON_PARITY: &[Target] = &[
    Target::Detector(&serving::paired_predictions::DETECTOR.id),
    Target::Detector(&deployment::paired_predictions::DETECTOR.id),
];

use Consequence::{Broken, Parity, Performance, Relation, RowByRow, Shift, Together};

impl Consequence {
    const ALL: [Consequence; 7] = [RowByRow, Together, Shift, Broken, Performance, Relation, Parity];

    fn targets(self) -> &'static [Target] {
        match self {
            RowByRow => &[Target::Cause(OfflineOnlineMismatch)],
            Together => ON_COLUMNS_TOGETHER,
            Shift => ON_SHIFT_OF_PREDICTIONS,
            Broken => ON_BROKEN_PREDICTIONS,
            Performance => ON_PERFORMANCE,
            Relation => ON_RELATION,
            Parity => ON_PARITY,
        }
    }

    fn scope(self) -> Scope {
        if self == RowByRow { Scope::SameColumns } else { Scope::Anywhere }
    }
}

/// What any cause of this origin brings about.
fn of_origin(origin: Origin) -> &'static [Consequence] {
    match origin {
        Origin::Pipeline => &[RowByRow, Together, Shift, Broken, Performance, Relation, Parity],
        Origin::World => &[RowByRow, Together, Shift],
        Origin::Labels => &[Together],
        Origin::Model | Origin::Platform => &[],
    }
}

/// What these causes bring about beyond the others of their origin.
const ALSO: &[(Cause, &[Consequence])] = &[
    // Inputs that are broken rather than changed break the predictions.
    (SentinelValues, &[Broken, Performance, Relation]),
    (NullSurge, &[Broken, Performance, Relation]),
    (ImpossibleValues, &[Broken, Performance, Relation]),
    (OutageWindow, &[Broken, Performance, Relation]),
    (LabelLeakage, &[Shift]),
    (NanPredictions, &[Shift]),
    (ConstantPredictions, &[Shift]),
    (ThresholdMisset, &[Shift, Performance]),
    (ScoreReversed, &[Shift, Performance]),
    (MixedVersions, &[Shift, Performance]),
    // A test set with rows of the training data promises more than serving keeps.
    (RowOverlap, &[Performance]),
    // Other libraries answer otherwise on the same features, and so does another model.
    (EnvironmentDifference, &[Shift, Parity]),
    (WrongModelVersion, &[Shift, Performance, Parity]),
];

/// What these causes don't bring about, although others of their origin do.
const NOT: &[(Cause, &[Consequence])] = &[
    // A new column is harmless where features are selected by name.
    (ColumnAdded, &Consequence::ALL),
    (ColumnMissing, &[RowByRow]),
    (StaleFeature, &[RowByRow]),
    // Rows that changed, or lie outside, are the same on both sides of a row.
    (OutOfRange, &[RowByRow]),
    (DistributionShift, &[RowByRow]),
    (PriorShift, &[RowByRow]),
    // It is a consequence itself: of two that differ row by row, neither is the better explanation.
    (OfflineOnlineMismatch, &[RowByRow, Broken, Performance, Parity]),
    (LabelNoise, &[Together]),
    (ConflictingLabels, &[Together]),
    // It explains thin groups only: see the table of rules.
    (ClassImbalance, &[Together]),
];

fn brings_about(cause: Cause, consequence: Consequence) -> bool {
    let listed = |list: &[(Cause, &[Consequence])]| {
        list.iter().any(|(other, consequences)| *other == cause && consequences.contains(&consequence))
    };
    listed(ALSO) || of_origin(cause.facts().origin).contains(&consequence) && !listed(NOT)
}

/// Every rule of this cause: what follows from its origin, and its rows in the table.
fn rules_of(cause: Cause) -> impl Iterator<Item = Rule> {
    let derived = Consequence::ALL.into_iter().filter(move |consequence| brings_about(cause, *consequence)).map(
        move |consequence| Rule {
            cause,
            scope: consequence.scope(),
            limit: Limit::None,
            absorbs: consequence.targets(),
        },
    );
    derived.chain(RULES.iter().filter(move |rule| rule.cause == cause).copied())
}

/// Where in the chain from data to predictions a detector looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// At single columns, or at anything else that is no consequence of them.
    Single,
    /// At several columns together.
    Together,
    /// At the predictions.
    Predictions,
}

impl Stage {
    /// The stage of the detector with this id.
    pub fn of(detector: &DetectorId) -> Stage {
        let is_one_of = |targets: &[Target]| {
            targets.iter().any(|target| matches!(target, Target::Detector(one) if *one == detector))
        };
        if is_one_of(ON_COLUMNS_TOGETHER) {
            Stage::Together
        } else if [ON_SHIFT_OF_PREDICTIONS, ON_BROKEN_PREDICTIONS, ON_PARITY].into_iter().any(is_one_of) {
            Stage::Predictions
        } else {
            Stage::Single
        }
    }
}

/// What the rules look at in a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm<'a> {
    pub cause: Cause,
    pub detector: &'a DetectorId,
}

impl<'a> Alarm<'a> {
    /// `None` for a finding that speaks for no cause.
    pub fn of(finding: &'a Finding) -> Option<Alarm<'a>> {
        Some(Alarm { cause: finding.cause?, detector: &finding.detector })
    }

    fn is_target(self, target: Target) -> bool {
        match target {
            Target::Cause(cause) => self.cause == cause,
            Target::Detector(detector) => self.detector == detector,
        }
    }

    /// Whether this is nearer to the source of a fault: of an earlier stage, or of the same stage and more specific.
    fn precedes(self, other: Alarm) -> bool {
        let rank = |alarm: Alarm| alarm.cause.facts().specificity.rank;
        let (here, there) = (Stage::of(self.detector), Stage::of(other.detector));
        here < there || here == there && rank(self) > rank(other)
    }
}

/// The rules by which one alarm may explain another; their scope and limit are still to be looked at.
///
/// Rules without a limit lead from the alarm that precedes to the other, so no chain of them leads back to its start. A
/// shift of what the model answers explains nothing upstream of it, and an alarm on columns together nothing that is said
/// of a single one.
pub fn rules_between<'a>(absorbing: Alarm<'a>, absorbed: Alarm<'a>) -> impl Iterator<Item = Rule> + use<'a> {
    let possible =
        absorbing.detector != absorbed.detector && Stage::of(absorbing.detector) <= Stage::of(absorbed.detector);
    let rules = possible.then(|| rules_of(absorbing.cause)).into_iter().flatten();
    rules.filter(move |rule| {
        rule.absorbs.iter().any(|target| absorbed.is_target(*target))
            && (rule.limit != Limit::None || absorbing.precedes(absorbed))
    })
}

#[cfg(test)]
mod tests;
