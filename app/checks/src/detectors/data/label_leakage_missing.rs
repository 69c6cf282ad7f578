//! D4.label_leakage_missing: does the gap in a column tell the label?

use crate::detectors::data::label_leakage::chance_of;
use crate::detectors::words::{chance, count, name, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{CERTAINTY, LEAK_MISSING, LEAK_MISSING_POSSIBLE};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::leakage::{LabelLink, LeakageMeasures};
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: "D4.label_leakage_missing",
    item: Item::D4,
    title: "Missing values that tell the label",
    looks_for: "A feature whose being missing goes with the label.",
    why_it_matters: "A date of default is missing exactly for those who did not default. A model learns the gap, and at serving every row has it.",
    how_it_decides: "Whether the value is missing, held against the label: strength 0.8 of 1 is a mismatch, from 0.6 possible, with p under 0.0001.",
    try_next: "Ask when the column is filled in. If that is after the outcome, leave the column out, its gaps included.",
    causes: &[Cause::LabelLeakage],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    if measurements.roles.label.is_none() {
        return Judgement::missing("the name of the label column");
    }
    let Some(measured) = &measurements.leakage else {
        return Judgement::missing("a train snapshot with its label column");
    };
    let with_gaps = measured.columns.iter().filter(|link| link.missing.is_some()).count();
    let findings = measured.columns.iter().filter_map(|link| telling_gap(link, measured)).collect();
    let summary = format!("Held the gaps of {} against the label.", count(with_gaps as u64, "feature"));
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
        "{} is missing in {} of train rows, and that goes with the label with strength {} of 1 (p {}).",
        name(&link.column),
        percent(gap.train_share),
        number(gap.strength),
        chance(p),
    );
    let effect = Effect::new("label_association", gap.strength, LEAK_MISSING);
    let finding = DETECTOR.finding(verdict, &[&link.column], statement, effect, Certainty::p(p));
    Some(finding.for_cause(Cause::LabelLeakage).with_n("train", measured.rows))
}

#[cfg(test)]
mod tests {
    use super::super::label_leakage::tests::{link, measured};
    use super::*;
    use domain::measurements::leakage::PatternLink;

    #[test]
    fn a_gap_that_tells_the_label_is_a_leak_from_eight_tenths_on() {
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
