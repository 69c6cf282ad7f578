//! D4.identifier_leak: does the name or the place of a row tell its label?

use crate::detectors::data::label_leakage::chance_of;
use crate::detectors::words::{chance, count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, LEAK_ORDER, LEAK_ORDER_BEYOND, LEAK_ORDER_POSSIBLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::leakage::{LeakageMeasures, OrderLink, RowName};
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "D4.identifier_leak",
    item: Item::D4,
    title: "A label that follows the identifier",
    looks_for: "Train rows whose identifier, running number, time or place in the file tells the label: ids dealt out class by class, one source per class, a file that holds first all of one class.",
    why_it_matters: "New rows get new identifiers and later times, so the relation cannot hold. A model that sees the column learns it by heart, and a split by order or by time gets one class only.",
    how_it_decides: "Strength against the label, 0 to 1: of the numbers (for two classes |2 AUC - 1|), or of the letters an identifier begins with (Cramér's V). An identifier is a mismatch from 0.9 on, possible from 0.6, p under 0.0001, if it is 0.2 stronger than the mere place in the file. The place and the time are possible from 0.9 on, never more: files are sorted and labels do change with time.",
    try_next: "Keep the column out of the features and shuffle the rows before splitting; ask how the identifiers were dealt out.",
    causes: &[Cause::LabelLeakage],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(label) = measurements.roles.label.as_deref() else {
        return Judgement::missing("the name of the label column");
    };
    let Some(measured) = &measurements.leakage else {
        return Judgement::missing("a train snapshot with its label column");
    };
    let place = measured.order.iter().find(|link| link.what == RowName::Place).map_or(0.0, |link| link.strength);
    let findings = measured.order.iter().filter_map(|link| leak(link, place, label, measured)).collect();
    let summary = format!(
        "Held {} against the label that only name or order rows.",
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
    let (column, told) = match &link.what {
        RowName::Place => (None, "The place of a row in the train file".to_owned()),
        RowName::Time(column) => (Some(column), format!("The time in {}", name(column))),
        RowName::Number(column) => (Some(column), format!("The number in {}, which only names a row,", name(column))),
        RowName::Beginning(column) => (Some(column), format!("The letters that {} begins with", name(column))),
    };
    let statement = format!(
        "{told} tells {}: strength {} of 1 (p {}); {}.",
        name(label),
        number(link.strength),
        chance(p),
        if names_rows { "rows to come get other ones" } else { "a split in that order gets one class" },
    );
    let columns: Vec<&str> = column.iter().map(|column| column.as_str()).collect();
    let effect = Effect::new("label_association", link.strength, LEAK_ORDER);
    let finding = DETECTOR
        .finding(verdict, &columns, statement, effect, Certainty::p(p))
        .for_cause(Cause::LabelLeakage)
        .with_n("train", link.rows)
        .with_evidence("strength of the place in the file", number(place));
    Some(match link.beyond_train {
        Some(share) => finding.with_evidence("serve rows beyond every train value", percent(share)),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(place: f64, what: RowName, strength: f64, rows: u64) -> Vec<Finding> {
        let link = |what, strength| OrderLink { what, strength, rows, beyond_train: Some(1.0) };
        let mut measurements = Measurements::default();
        measurements.roles.label = Some("late".into());
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
    fn ids_dealt_out_by_class_are_a_leak_and_a_sorted_file_is_possible() {
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
    fn labels_that_change_with_time_and_a_handful_of_rows_are_no_leak() {
        assert!(judged(0.3, RowName::Time("at".into()), 0.35, 10_000).is_empty());
        assert!(judged(0.3, RowName::Number("id".into()), 0.35, 10_000).is_empty());
        assert!(judged(0.1, RowName::Number("id".into()), 1.0, 6).is_empty());
        assert_eq!(judged(0.1, RowName::Time("at".into()), 0.95, 500)[0].verdict, Verdict::Possible);
    }
}
