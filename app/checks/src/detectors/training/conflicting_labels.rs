//! T2.conflicting_labels: do rows with the same features have different labels?

use crate::detectors::words::{count, name, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CONFLICT_REPEATED, CONFLICT_SHARE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::labels::RepeatedFeatures;
use domain::need::{Need, Tables};
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::intervals::{Share, wilson};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T2.conflicting_labels"),
    item: Item::T2,
    title: "Same features, different labels",
    looks_for: "Train rows that are equal in every feature but have different classes.",
    why_it_matters: "No model can be right about both rows. If rows normally do not repeat, conflicts come from a join that duplicated rows or from rows that were labelled twice.",
    how_it_decides: "The share of labelled train rows that have the same features as another row and a different label. A mismatch: {CONFLICT_SHARE:%} or more (lower end of Wilson's interval). If more than {CONFLICT_REPEATED:%} of the rows repeat without a conflict, the features are too coarse to identify single rows; then conflicts are possible from {CONFLICT_REPEATED:%} on, and never a mismatch. In both cases, more of the repeated rows must conflict than if they had drawn their labels from the shares of the classes (lower end of Wilson's interval). A label that is a number with many values is not judged: equal features do not mean equal amounts.",
    try_next: "Look at the conflicting rows. If two rows describe one event, remove the older one. If they describe two events, add a feature that distinguishes them.",
    causes: &[Cause::ConflictingLabels],
    tasks: Task::CLASSES,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(label) = measurements.roles.label() else {
        return Judgement::missing(Need::column(ColumnRole::Label));
    };
    let Some(repeated) = measurements.labels.as_ref().and_then(|labels| labels.repeated) else {
        return Judgement::missing(
            Tables::all([SnapshotRole::Train]).with([ColumnRole::Label]).with([ColumnRole::Feature]).classes(2, 10),
        );
    };
    let summary =
        format!("Searched {} for equal features with different labels.", count(repeated.rows, "labelled train row"));
    Judgement::Judged { summary, findings: conflict(label, repeated).into_iter().collect() }
}

fn conflict(label: &str, rows: RepeatedFeatures) -> Option<Finding> {
    let share = wilson(Share::new(rows.conflicting, rows.rows));
    let coarse = rows.repeated as f64 - rows.conflicting as f64 > CONFLICT_REPEATED * rows.rows as f64;
    // Where the label depends on chance, equal rows differ too.
    if rows.repeated == 0
        || wilson(Share::new(rows.conflicting, rows.repeated)).low <= rows.by_chance / rows.repeated as f64
    {
        return None;
    }
    let verdict = match coarse {
        false if share.low >= CONFLICT_SHARE => Verdict::Mismatch,
        true if share.low >= CONFLICT_REPEATED => Verdict::Possible,
        _ => return None,
    };
    let statement = format!(
        "{} of the train rows have the same features as another row but a different label ({}).",
        percent(share.value),
        name(label),
    );
    let effect = Effect::new("conflicting_share", share.value, CONFLICT_SHARE).with_interval(share.low, share.high);
    let finding = DETECTOR
        .finding(verdict, &[label], statement, effect, Certainty::exact())
        .for_cause(Cause::ConflictingLabels)
        .with_n("train", rows.rows);
    let finding = finding.with_evidence("same features, different label", count(rows.conflicting, "row"));
    let finding = finding.with_evidence("same features as another row, with any label", count(rows.repeated, "row"));
    Some(finding.with_evidence("conflicts expected by chance", count(rows.by_chance.round() as u64, "row")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::measurements::labels::LabelMeasures;

    fn judged(rows: u64, repeated: u64, conflicting: u64, by_chance: f64) -> Vec<Finding> {
        let mut measurements = Measurements::default();
        measurements.roles.set(ColumnRole::Label, Some("late".into()));
        let repeated = Some(RepeatedFeatures { rows, repeated, conflicting, by_chance });
        measurements.labels = Some(LabelMeasures { rows, repeated, ..LabelMeasures::default() });
        judge(&measurements).findings()
    }

    #[test]
    fn conflicts_count_where_rows_do_not_repeat_by_nature() {
        assert_eq!(judged(1_000, 60, 50, 20.0)[0].verdict, Verdict::Mismatch);
        assert!(judged(1_000, 60, 4, 0.0).is_empty());
        // Two yes/no features: every row repeats, and most groups have both labels.
        assert_eq!(judged(1_000, 1_000, 800, 400.0)[0].verdict, Verdict::Possible);
        assert!(judged(1_000, 700, 50, 0.0).is_empty());
    }

    #[test]
    fn equal_rows_with_labels_drawn_by_chance_are_not_in_conflict() {
        // Pairs with an even chance of each class differ in half of the cases.
        assert!(judged(1_000, 60, 32, 30.0).is_empty());
        assert!(judged(1_000, 1_000, 820, 810.0).is_empty());
    }
}
