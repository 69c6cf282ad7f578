//! The label given the features moved: as a whole, or along columns.

use super::DETECTOR;
use crate::detectors::monitoring::performance_over_time::has_drifted;
use crate::detectors::words::{name, names, number, percent};
use crate::thresholds::{
    CERTAINTY, LABEL_MOVED, LABEL_SCALE_SPREAD, LABEL_SHIFT_ERRORS, RELATION_IMPORTANCE, RELATION_ONE_SIDED,
    RELATION_STRENGTH, SIGNIFICANCE,
};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::labels::LabelChange;
use domain::{Cause, Finding, Verdict};
use stats::label_relation::{ColumnRelation, TargetRelation};
use stats::label_scale::LabelScale;

/// What happened to the label of rows with the same features.
enum What {
    /// It moved in one direction, in all rows or in some.
    Definition,
    /// It rose for some values of the columns and fell for others.
    Relation,
}

pub(super) fn changed(label: &str, measurements: &Measurements, change: &LabelChange) -> Option<Finding> {
    let judged = change.targets.iter().filter_map(|target| Some((target, what(target)?)));
    let (target, what) = judged.max_by(|a, b| importance(a.0).total_cmp(&importance(b.0)))?;
    let verdict = if inputs_are_steady(measurements) { Verdict::Mismatch } else { Verdict::Possible };
    let columns: Vec<&str> = strong(target).map(|column| column.column.as_str()).collect();
    let against = change.against.id();
    let finding = match what {
        What::Definition => {
            let size = target.residual.value.abs();
            let statement = definition_in_words(label, against, target, change.scale, &columns);
            let effect = Effect::new("label_moved", size, LABEL_MOVED)
                .with_interval(size - 2.0 * target.residual.error, size + 2.0 * target.residual.error);
            let p = strong(target).map(|column| column.p).fold(target.residual.p(), f64::min);
            let finding = DETECTOR.finding(verdict, &[label], statement, effect, Certainty::p(p));
            finding.for_cause(Cause::LabelDefinitionChange)
        }
        What::Relation => {
            let strongest = strong(target).next()?;
            let statement = format!(
                "{} no longer depends on {} in {against} as it did in train.",
                name(label),
                names(&columns),
            );
            let effect = Effect::new("relation_strength", strongest.strength, RELATION_STRENGTH);
            let on: Vec<&str> = columns.iter().copied().chain([label]).collect();
            let finding = DETECTOR.finding(verdict, &on, statement, effect, Certainty::p(strongest.p));
            finding.for_cause(Cause::ConceptDrift)
        }
    };
    let finding = finding
        .with_n("train", change.train_rows)
        .with_n(against, change.rows)
        .with_evidence("change of the label that the features do not explain", signed(target.residual.value))
        .with_evidence("change that the features explain", signed(target.expected.value));
    Some(strong(target).fold(finding, |finding, column| {
        finding.with_evidence(
            format!("change along {}, in standard deviations of the label", column.column),
            number(column.strength),
        )
    }))
}

/// For the choice among classes: how certain the strongest sign is.
fn importance(target: &TargetRelation) -> f64 {
    let column = target.columns.first().map_or(0.0, |column| column.strength);
    column.max(target.residual.value.abs())
}

fn what(target: &TargetRelation) -> Option<What> {
    // Wrong labels in train make the other side look different, too.
    if target.class.is_some() && target.noise.p < SIGNIFICANCE {
        return None;
    }
    let moved = target.label.p() < CERTAINTY
        && target.residual.p() < CERTAINTY
        && target.residual.value.abs() >= LABEL_MOVED;
    if moved {
        return match () {
            () if is_label_shift(target) => None,
            () if strong(target).any(|column| !is_one_sided(column)) => Some(What::Relation),
            () => Some(What::Definition),
        };
    }
    match strong(target).next() {
        Some(column) if is_one_sided(column) => Some(What::Definition),
        Some(_) => Some(What::Relation),
        None => None,
    }
}

/// Whether the features moved as far as they do when only the shares of the label change: what is expected then follows the
/// label as it does in train. Also where it follows so little that nobody could see it.
fn is_label_shift(target: &TargetRelation) -> bool {
    let due = target.follows * target.label.value;
    let error = target.expected.error.hypot(target.follows * target.label.error);
    let short = (due - target.expected.value) * due.signum();
    short <= LABEL_SHIFT_ERRORS * error
}

fn strong(target: &TargetRelation) -> impl Iterator<Item = &ColumnRelation> {
    let first = target.columns.first().is_some_and(|column| column.p < CERTAINTY);
    target.columns.iter().filter(move |column| first && column.strength >= RELATION_STRENGTH)
}

fn is_one_sided(column: &ColumnRelation) -> bool {
    column.risen.min(column.fallen) <= RELATION_ONE_SIDED * column.risen.max(column.fallen)
}

/// No feature that matters has drifted; a column that changed changes what is expected of the label.
fn inputs_are_steady(measurements: &Measurements) -> bool {
    let matters = |column: &str| {
        measurements.importance.is_empty()
            || measurements.importance.get(column).is_some_and(|strength| *strength >= RELATION_IMPORTANCE)
    };
    !measurements.comparisons.iter().any(|comparison| {
        comparison.role == domain::ColumnRole::Feature && matters(&comparison.column) && has_drifted(comparison)
    })
}

fn definition_in_words(
    label: &str,
    against: &str,
    target: &TargetRelation,
    scale: Option<LabelScale>,
    columns: &[&str],
) -> String {
    let more = target.residual.value > 0.0;
    let what = match (&target.class, scale) {
        (Some(class), _) => format!(
            "is “{class}” for {} {} of the {against} rows than rows with the same features in train",
            percent(target.residual.value.abs()),
            if more { "more" } else { "fewer" },
        ),
        (None, Some(scale)) if scale.factor_spread <= LABEL_SCALE_SPREAD => {
            format!("is about {} times the value of train in {against} rows with the same features", number(scale.factor))
        }
        (None, Some(scale)) if scale.offset_spread <= LABEL_SCALE_SPREAD => format!(
            "is about {} {} in {against} rows than in train rows with the same features",
            number(scale.offset.abs()),
            if more { "higher" } else { "lower" },
        ),
        (None, _) => format!(
            "is {} in {against} rows than in train rows with the same features",
            if more { "higher" } else { "lower" },
        ),
    };
    let where_it_moved =
        if columns.is_empty() { String::new() } else { format!(", most of all along {}", names(columns)) };
    format!("{} {what}{where_it_moved}.", name(label))
}

fn signed(value: f64) -> String {
    format!("{}{}", if value > 0.0 { "+" } else { "" }, number(value))
}
