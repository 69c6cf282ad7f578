//! Where a fall can't be split, and why.

use domain::fall::{Points, Refusal, SideOfFall};
use domain::measurements::Measurements;
use domain::measurements::fall_rows::{FallAnswers, FallRows, Labelled};
use domain::{Cause, ColumnRole, SnapshotRole, Suspect};
use stats::contingency::{chi_square, total_variation};
use stats::fall::Overlap;

use super::inputs::Inputs;
use crate::detectors::evaluation::runs::{before_serving, serving};
use crate::thresholds::{
    CERTAINTY, FALL_APART, FALL_AUC, FALL_CLASSES, FALL_ERRORS, FALL_LABELLED_APART, FALL_OVERLAP, FALL_ROWS,
};

/// Columns named at most where both sides have nothing in common.
const NAMED: usize = 3;
/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What both sides lack; `None` where nothing was to be compared.
pub fn without_rows(measurements: &Measurements) -> Option<Refusal> {
    let served = measurements.profile(SnapshotRole::Serve)?;
    let has = |role: ColumnRole| {
        let mut columns = measurements.roles.columns(role).iter();
        columns.any(|name| served.columns.iter().any(|column| column.name == *name && column.non_null() > 0))
    };
    match (before_serving(measurements), serving(measurements)) {
        (None, None) => None,
        (Some(before), Some(after)) if before.task != after.task => Some(Refusal::OtherTask),
        (Some(_), Some(_)) => Some(Refusal::NoInputs),
        (Some(_), None) if !has(ColumnRole::Label) => Some(Refusal::NoLabels { side: SideOfFall::After }),
        (Some(_), None) => Some(Refusal::NoPredictions { side: SideOfFall::After }),
        (None, Some(_)) => Some(Refusal::NoPredictions { side: SideOfFall::Before }),
    }
}

/// What is wrong with the rows.
pub fn of_rows(rows: &FallRows, suspects: &[Suspect]) -> Vec<Refusal> {
    let too_few = [(SideOfFall::Before, rows.before.rows), (SideOfFall::After, rows.after.rows)].into_iter();
    let mut reasons: Vec<Refusal> = too_few
        .filter(|(_, rows)| (*rows as f64) < FALL_ROWS)
        .map(|(side, rows)| Refusal::TooFewRows { side, rows, needed: FALL_ROWS as u64 })
        .collect();
    if let FallAnswers::Classes { names, .. } = &rows.before.answers {
        reasons.extend(too_many_classes(names.len()));
    }
    reasons.extend(rows.labelled.as_deref().and_then(labels_follow_predictions));
    if suspects.iter().any(|suspect| suspect.cause == Cause::LabelsNotRipe && !suspect.standing) {
        reasons.push(Refusal::LabelsNotRipe);
    }
    reasons
}

pub fn too_many_classes(classes: usize) -> Option<Refusal> {
    (classes as f64 > FALL_CLASSES)
        .then_some(Refusal::TooManyClasses { classes: classes as u64, most: FALL_CLASSES as u64 })
}

/// Whether the share of served rows with a label depends on the prediction, by more than chance gives.
fn labels_follow_predictions(labelled: &[Labelled]) -> Option<Refusal> {
    let known: Vec<&Labelled> = labelled.iter().filter(|one| one.rows > 0).collect();
    let (with, without): (Vec<u64>, Vec<u64>) = known.iter().map(|one| (one.labelled, one.rows - one.labelled)).unzip();
    let p = chi_square(&with, &without)?.p;
    let shares = || known.iter().map(|one| one.labelled as f64 / one.rows as f64);
    let (low, high) = (shares().fold(1.0, f64::min), shares().fold(0.0, f64::max));
    (high - low >= FALL_LABELLED_APART && p < CERTAINTY)
        .then_some(Refusal::LabelsFollowPredictions { labelled_if_positive: high, labelled_if_negative: low })
}

/// A difference that chance gives, or none for the worse.
pub fn of_total(fall: Points) -> Option<Refusal> {
    let error = (fall.high - fall.low) / (2.0 * Z);
    let errors = if error > 0.0 { fall.points / error } else { 0.0 };
    if errors.abs() < FALL_ERRORS {
        Some(Refusal::WithinChance { errors, needed: FALL_ERRORS })
    } else if errors < 0.0 {
        Some(Refusal::NotFallen)
    } else {
        None
    }
}

/// Inputs that are told apart nearly always: what the one side does says nothing of the other.
pub fn no_overlap(overlap: &Overlap, inputs: &Inputs) -> Option<Refusal> {
    let effective = overlap.effective[0].min(overlap.effective[1]);
    if overlap.auc < FALL_AUC && effective >= FALL_OVERLAP {
        return None;
    }
    let counts = |bins: &[u8]| {
        let mut counts = vec![0_u64; stats::boosted_trees::BINS];
        bins.iter().for_each(|bin| counts[*bin as usize] += 1);
        counts
    };
    let pairs = inputs.before.features.iter().zip(&inputs.after.features).zip(&inputs.names);
    let mut apart: Vec<(f64, &String)> = pairs
        .filter_map(|((before, after), name)| Some((total_variation(&counts(before), &counts(after))?, name)))
        .filter(|(distance, _)| *distance >= FALL_APART)
        .collect();
    apart.sort_by(|a, b| b.0.total_cmp(&a.0));
    let columns = apart.into_iter().take(NAMED).map(|(_, name)| name.clone()).collect();
    Some(Refusal::NoOverlap { auc: overlap.auc, columns })
}
