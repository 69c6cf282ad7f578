//! D4.label_leakage_missing: do the missing values of a column predict the label?

use crate::detectors::data::label_leakage::chance_of;
use crate::detectors::words::{count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, LEAK_MISSING, LEAK_MISSING_POSSIBLE};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::leakage::{LabelLink, LeakageMeasures};
use domain::need::Need;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Task, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D4.label_leakage_missing"),
    item: Item::D4,
    title: "Missing values that predict the label",
    looks_for: "A feature whose missing values are associated with the label.",
    why_it_matters: "A date of default is missing exactly for customers who did not default. A model learns from the missing value, but in serving the date is missing in every row.",
    how_it_decides: "The strength of the association between missing values and the label runs from zero (none) to one (perfect). It is a mismatch from {LEAK_MISSING} and possible from {LEAK_MISSING_POSSIBLE}, with p under {CERTAINTY}.",
    try_next: "Find out when the column is filled in. If this happens after the outcome, remove the column and any indicator of its missing values.",
    causes: &[Cause::LabelLeakage],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.roles.label().is_none() {
        return Judgement::missing(Need::column(ColumnRole::Label));
    }
    let Some(measured) = &measurements.leakage else {
        return Judgement::missing(Need::labelled_train());
    };
    let with_gaps = measured.columns.iter().filter(|link| link.missing.is_some()).count();
    let findings = measured.columns.iter().filter_map(|link| telling_gap(link, measured)).collect();
    let summary = format!("Compared the missing values of {} with the label.", count(with_gaps as u64, "feature"));
    Judgement::Judged { summary, findings }
}

fn telling_gap(link: &LabelLink, measured: &LeakageMeasures) -> Option<Finding> {
    let gap = link.missing.as_ref()?;
    let p = chance_of(gap.strength, measured);
    let verdict = match gap.strength {
        strength if strength >= LEAK_MISSING && p < CERTAINTY => Verdict::Mismatch,
        strength if strength >= LEAK_MISSING_POSSIBLE && p < CERTAINTY => Verdict::Possible,
        _ => return None,
    };
    let statement = format!(
        "{} is missing in {} of train rows, and this predicts the label with strength {} of 1.",
        name(&link.column),
        percent(gap.train_share),
        number(gap.strength),
    );
    let effect = Effect::new("label_association", gap.strength, LEAK_MISSING);
    let finding = DETECTOR
        .finding(verdict, &[&link.column], statement, effect, Certainty::p(p))
        .with_evidence("missing in train rows", percent(gap.train_share))
        .with_evidence("association of missing values with the label, 0 none to 1 perfect", number(gap.strength));
    let finding = match gap.serve_share {
        Some(share) => finding.with_evidence("missing in serve rows", percent(share)),
        None => finding,
    };
    Some(finding.for_cause(Cause::LabelLeakage).with_n("train", measured.rows))
}

#[cfg(test)]
mod tests {
    use super::super::label_leakage::tests::{link, measured};
    use super::*;
    use domain::measurements::leakage::PatternLink;

    #[test]
    fn a_gap_that_predicts_the_label_is_a_leak_from_eight_tenths_on() {
        let gap = |column: &str, strength| LabelLink {
            missing: Some(PatternLink { value: None, train_share: 0.7, serve_share: None, strength }),
            ..link(column, 0.0, None)
        };
        let found = judge(&measured(vec![gap("closed at", 0.93), gap("phone", 0.65), gap("note", 0.2)])).findings();
        let verdicts: Vec<(&str, Verdict)> =
            found.iter().map(|finding| (finding.columns[0].as_str(), finding.verdict)).collect();
        assert_eq!(verdicts, [("closed at", Verdict::Mismatch), ("phone", Verdict::Possible)]);
    }
}
