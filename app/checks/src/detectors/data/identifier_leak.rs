//! D4.identifier_leak: does the identifier or the position of a row predict its label?

use crate::detectors::data::label_leakage::chance_of;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, LEAK_ORDER, LEAK_ORDER_BEYOND, LEAK_ORDER_POSSIBLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::leakage::{LeakageMeasures, OrderLink, RowName};
use domain::need::Need;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D4.identifier_leak"),
    item: Item::D4,
    title: "Identifier that predicts the label",
    looks_for: "Train rows whose identifier, row number, time or position in the file predicts the label: ids that were assigned class by class, one source per class, or a file sorted by class.",
    why_it_matters: "New rows get new identifiers and later times, so the association does not hold for them. A model that gets this column memorizes it, and a split by position or by time contains only one class.",
    how_it_decides: "The strength of the association with the label runs from zero (none) to one (perfect). Numbers are measured by the ROC AUC (distance from random guessing, scaled to this range), the first letters of an identifier by Cramér's V. An identifier is a mismatch from {LEAK_ORDER}, possible from {LEAK_ORDER_POSSIBLE}, with p under {CERTAINTY}, if its strength is at least {LEAK_ORDER_BEYOND} above the strength of the row position. The row position and the time are at most possible, from {LEAK_ORDER}: files are often sorted, and labels change with time.",
    try_next: "Remove the column from the features and shuffle the rows before splitting. Find out how the identifiers were assigned.",
    causes: &[Cause::LabelLeakage],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(label) = measurements.roles.label() else {
        return Judgement::missing(Need::column(ColumnRole::Label));
    };
    let Some(measured) = &measurements.leakage else {
        return Judgement::missing(Need::labelled_train());
    };
    let place = measured.order.iter().find(|link| link.what == RowName::Place).map_or(0.0, |link| link.strength);
    let findings = measured.order.iter().filter_map(|link| leak(link, place, label, measured)).collect();
    let summary = format!(
        "Compared the label with {} that only identify or order rows.",
        count(measured.order.len() as u64, "sequence")
    );
    Judgement::Judged { summary, findings }
}

fn leak(link: &OrderLink, place: f64, label: &str, measured: &LeakageMeasures) -> Option<Finding> {
    let p = chance_of(link.strength, measured);
    if p >= CERTAINTY {
        return None;
    }
    let names_rows = matches!(link.what, RowName::Number(_) | RowName::Beginning(_));
    let by_itself = link.strength - place >= LEAK_ORDER_BEYOND;
    let verdict = match link.strength {
        strength if names_rows && by_itself && strength >= LEAK_ORDER => Verdict::Mismatch,
        strength if names_rows && by_itself && strength >= LEAK_ORDER_POSSIBLE => Verdict::Possible,
        strength if !names_rows && strength >= LEAK_ORDER => Verdict::Possible,
        _ => return None,
    };
    let (column, what) = match &link.what {
        RowName::Place => (None, "The row position in the train file".to_owned()),
        RowName::Time(column) => (Some(column), format!("The time in {}", name(column))),
        RowName::Number(column) => (Some(column), format!("The row identifier {}", name(column))),
        RowName::Beginning(column) => {
            (Some(column), format!("The first letters of the row identifier {}", name(column)))
        }
    };
    let statement = format!("{what} predicts {} with strength {} of 1.", name(label), number(link.strength));
    let consequence =
        if names_rows { "new rows get new identifiers" } else { "a split in this order contains only one class" };
    let columns: Vec<&str> = column.iter().map(|column| column.as_str()).collect();
    let effect = Effect::new("label_association", link.strength, LEAK_ORDER);
    let finding = DETECTOR
        .finding(verdict, &columns, statement, effect, Certainty::p(p))
        .for_cause(Cause::LabelLeakage)
        .with_n("train", link.rows)
        .with_evidence("what follows", consequence)
        .with_evidence("strength of the row position in the file", number(place));
    Some(match link.beyond_train {
        Some(share) => finding.with_evidence("serve rows outside the range of train", percent(share)),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(place: f64, what: RowName, strength: f64, rows: u64) -> Vec<Finding> {
        let link = |what, strength| OrderLink { what, strength, rows, beyond_train: Some(1.0) };
        let mut measurements = Measurements::default();
        measurements.roles.set(ColumnRole::Label, Some("late".into()));
        measurements.leakage = Some(LeakageMeasures {
            rows,
            classes: 2,
            rarest: rows / 5,
            columns: Vec::new(),
            order: vec![link(RowName::Place, place), link(what, strength)],
        });
        judge(&measurements).findings()
    }

    #[test]
    fn ids_assigned_by_class_are_a_leak_and_a_sorted_file_is_possible() {
        let id = || RowName::Number("row_id".into());
        let found = judged(0.02, id(), 1.0, 1_000);
        assert_eq!((found.len(), found[0].verdict), (1, Verdict::Mismatch));
        assert_eq!(
            (found[0].columns.as_slice(), found[0].cause),
            (&["row_id".to_owned()][..], Some(Cause::LabelLeakage))
        );
        // The file is sorted by the label and the ids were counted up along it.
        let sorted = judged(1.0, id(), 1.0, 1_000);
        assert_eq!(sorted.iter().map(|finding| finding.verdict).collect::<Vec<_>>(), [Verdict::Possible]);
        assert!(sorted[0].columns.is_empty());
        let letters = judged(0.0, RowName::Beginning("ref".into()), 0.7, 1_000);
        assert_eq!(letters[0].verdict, Verdict::Possible);
    }

    #[test]
    fn labels_that_change_with_time_and_a_handful_of_rows_are_not_a_leak() {
        assert!(judged(0.3, RowName::Time("at".into()), 0.35, 10_000).is_empty());
        assert!(judged(0.3, RowName::Number("id".into()), 0.35, 10_000).is_empty());
        assert!(judged(0.1, RowName::Number("id".into()), 1.0, 6).is_empty());
        assert_eq!(judged(0.1, RowName::Time("at".into()), 0.95, 500)[0].verdict, Verdict::Possible);
    }
}
