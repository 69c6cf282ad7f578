//! The label given the features moved: as a whole, or along columns.

use super::DETECTOR;
use crate::detectors::monitoring::performance_over_time::has_drifted;
use crate::detectors::words::{name, names, number, percent};
use crate::thresholds::{
    CERTAINTY, LABEL_MOVED, LABEL_MOVED_ITSELF, LABEL_SCALE_SPREAD, LABEL_SHIFT_ERRORS, RELATION_IMPORTANCE,
    RELATION_ONE_SIDED, RELATION_STRENGTH, SIGNIFICANCE,
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
    let judged = change.targets.iter().filter_map(|target| Some((target, what(target, change.scale)?)));
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
            let statement =
                format!("{} no longer depends on {} in {against} as it did in train.", name(label), names(&columns),);
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

fn what(target: &TargetRelation, scale: Option<LabelScale>) -> Option<What> {
    // Wrong labels in train make the other side look different, too.
    if target.class.is_some() && target.noise.p < SIGNIFICANCE {
        return None;
    }
    let moved = target.residual.p() < CERTAINTY && target.residual.value.abs() >= LABEL_MOVED;
    if moved {
        return match () {
            () if is_label_shift(target) || !moved_itself(target) => None,
            // The largest labels can't rise by much among those of train, which looks like another relation.
            () if target.class.is_none() && scale.is_some_and(is_converted) => Some(What::Definition),
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

/// Whether one factor or one offset fits rows with small and large labels.
fn is_converted(scale: LabelScale) -> bool {
    scale.factor_spread.min(scale.offset_spread) <= LABEL_SCALE_SPREAD
}

/// Whether the features moved as far as they do when only the shares of the label change. Also where what is expected
/// follows the label so little that nobody could see it.
fn is_label_shift(target: &TargetRelation) -> bool {
    target.errors_from_label_shift() * target.residual.value.signum() <= LABEL_SHIFT_ERRORS
}

/// Whether the label itself moved. A column that is wrong changes what is expected and leaves the label as it was.
fn moved_itself(target: &TargetRelation) -> bool {
    target.label.value * target.residual.value.signum() >= LABEL_MOVED_ITSELF * target.residual.value.abs()
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
            format!(
                "is about {} times the value of train in {against} rows with the same features",
                number(scale.factor)
            )
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::snapshot::SnapshotRole;
    use stats::label_relation::{Moved, Noise};

    fn moved(value: f64) -> Moved {
        Moved { value, error: 0.01 }
    }

    /// A target that follows the features to 40 %, and what moved: what the features explain and the rest.
    fn target(class: Option<&str>, expected: f64, residual: f64, columns: Vec<ColumnRelation>) -> TargetRelation {
        TargetRelation {
            follows_error: 0.0,
            class: class.map(str::to_owned),
            follows: 0.4,
            label: moved(expected + residual),
            expected: moved(expected),
            residual: moved(residual),
            columns,
            noise: Noise { p: 0.5, share: 0.0, smallest: 0.05, in_few_rows: false },
        }
    }

    fn column(name: &str, risen: f64, fallen: f64) -> ColumnRelation {
        ColumnRelation { column: name.into(), p: 1e-9, strength: 0.3, risen, fallen }
    }

    fn judged(targets: Vec<TargetRelation>, scale: Option<LabelScale>) -> Option<Finding> {
        let change = LabelChange {
            against: SnapshotRole::Serve,
            train_rows: 1_000,
            rows: 800,
            targets,
            scale,
            arrivals: Vec::new(),
        };
        changed("repaid", &Measurements::default(), &change)
    }

    fn cause(target: TargetRelation) -> Option<Cause> {
        judged(vec![target], None).and_then(|finding| finding.cause)
    }

    #[test]
    fn fewer_positives_with_the_same_features_are_a_new_definition() {
        assert_eq!(cause(target(Some("1"), 0.0, -0.08, Vec::new())), Some(Cause::LabelDefinitionChange));
        // In one region only: the label never rose.
        let region = target(Some("1"), 0.0, -0.01, vec![column("age", 0.0, 0.03)]);
        assert_eq!(cause(region), Some(Cause::LabelDefinitionChange));
    }

    #[test]
    fn other_shares_of_the_same_rows_and_a_broken_column_are_not() {
        // The features moved as 40 % of the label: rows were selected by it.
        assert_eq!(cause(target(Some("1"), 0.08, 0.12, Vec::new())), None);
        // What is expected moved, and the label did not.
        assert_eq!(cause(target(Some("1"), 0.1, -0.1, vec![column("age", 0.0, 0.1)])), None);
        let noisy = target(Some("1"), 0.0, -0.08, Vec::new());
        assert_eq!(cause(TargetRelation { noise: Noise { p: 1e-9, ..noisy.noise }, ..noisy }), None);
    }

    #[test]
    fn a_relation_that_turned_names_its_columns() {
        let found = judged(vec![target(None, 0.0, 0.0, vec![column("hour", 0.1, 0.12)])], None);
        let found = found.map(|finding| (finding.cause, finding.columns, finding.statement));
        let statement = "repaid no longer depends on hour in serve as it did in train.";
        let columns = vec!["hour".to_owned(), "repaid".to_owned()];
        assert_eq!(found, Some((Some(Cause::ConceptDrift), columns, statement.to_owned())));
    }

    #[test]
    fn a_quantity_that_was_multiplied_says_by_how_much() {
        let scale = LabelScale { factor: 1.25, factor_spread: 0.03, offset: 12.0, offset_spread: 0.5 };
        let found = judged(vec![target(None, 0.0, 0.1, Vec::new())], Some(scale)).map(|finding| finding.statement);
        let statement = "repaid is about 1.25 times the value of train in serve rows with the same features.";
        assert_eq!(found.as_deref(), Some(statement));
    }
}
