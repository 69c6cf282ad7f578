//! D4.label_leakage: does one column predict the label too well?

use crate::detectors::words::{count, name, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, LEAK_COPY, LEAK_COPY_POSSIBLE, LEAK_COPY_VALUES, LEAK_DOMINANCE, LEAK_STRENGTH, SIGNIFICANCE,
};
use domain::DetectorId;
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::measurements::leakage::{LabelLink, LeakageMeasures};
use domain::need::Need;
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::distributions::normal_two_sided;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("D4.label_leakage"),
    item: Item::D4,
    title: "Feature that copies the label",
    looks_for: "A single feature that predicts the label almost perfectly: a code with about as many values as the label has classes, or a number that is far better than every other feature.",
    why_it_matters: "Such a column is usually the label under another name, or it is filled in after the outcome. The test score is excellent but not real: in serving the column is empty or wrong.",
    how_it_decides: "The strength of the association of each feature with the label runs from zero (none) to one (perfect). It is the distance of the ROC AUC from random guessing, scaled to this range, or Cramér's V. A column with at most {LEAK_COPY_VALUES} value more than the label has classes is a copy from {LEAK_COPY}, possible from {LEAK_COPY_POSSIBLE}. Any other column is a mismatch from {LEAK_STRENGTH}, if its distance to a perfect prediction is at most {LEAK_DOMINANCE:%} of that of the next best feature. Several columns this strong mean that the problem is easy. A mismatch needs p under {CERTAINTY}, and anything p under {SIGNIFICANCE}: in the few rows that have a rare value, any order may be chance.",
    try_next: "Find out whether this column is written before the prediction or after the outcome. Train again without it and compare.",
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
    let findings = measured.columns.iter().filter_map(|link| leak(link, measured, measurements)).collect();
    let summary = format!("Compared {} with the label, one by one.", count(measured.columns.len() as u64, "feature"));
    Judgement::Judged { summary, findings }
}

fn leak(link: &LabelLink, measured: &LeakageMeasures, measurements: &Measurements) -> Option<Finding> {
    let p = link.p.max(chance_of(link.strength, measured));
    let few_values = measured.classes > 0
        && link.values.is_some_and(|values| values as f64 <= measured.classes as f64 + LEAK_COPY_VALUES);
    let (verdict, threshold) = match link.strength {
        strength if few_values && strength >= LEAK_COPY => (Verdict::Mismatch, LEAK_COPY),
        strength if few_values && strength >= LEAK_COPY_POSSIBLE => (Verdict::Possible, LEAK_COPY),
        strength if strength >= LEAK_STRENGTH && dominates(link, measured) => (Verdict::Mismatch, LEAK_STRENGTH),
        _ => return None,
    };
    let verdict = match p {
        p if p < CERTAINTY => verdict,
        p if p < SIGNIFICANCE => Verdict::Possible.min(verdict),
        _ => return None,
    };
    let label = measurements.roles.label().unwrap_or_default();
    let next = measured.columns.iter().find(|other| other.column != link.column);
    let statement = format!(
        "{} alone predicts {} almost perfectly (strength {} of 1).",
        name(&link.column),
        name(label),
        number(link.strength),
    );
    let finding = DETECTOR
        .finding(
            verdict,
            &[&link.column],
            statement,
            Effect::new("label_association", link.strength, threshold),
            Certainty::p(p),
        )
        .for_cause(Cause::LabelLeakage)
        .with_n("train", measured.rows);
    let finding = next.into_iter().fold(finding, |finding, next| {
        finding
            .with_evidence("next best feature", format!("{}, strength {}", name(&next.column), number(next.strength)))
    });
    Some(link.later.iter().fold(finding, |finding, (role, (strength, rows))| {
        finding.with_evidence(format!("strength in {}", role.id()), number(*strength)).with_n(role.id(), *rows)
    }))
}

/// Whether its distance to a perfect prediction is far smaller than that of the next best feature.
fn dominates(link: &LabelLink, measured: &LeakageMeasures) -> bool {
    let next = measured.columns.iter().filter(|other| other.column != link.column).map(|other| other.strength);
    let next = next.fold(0.0, f64::max);
    1.0 - link.strength <= LEAK_DOMINANCE * (1.0 - next)
}

/// The p of an association of this strength between unrelated columns: for two classes of n and m rows `|2 AUC - 1|` varies by
/// `sqrt((n + m + 1) / (3 n m))` around 0 (Mann and Whitney 1947); the rarest class against the rest bounds it for more.
pub fn chance_of(strength: f64, measured: &LeakageMeasures) -> f64 {
    let all = measured.rows as f64;
    let rarest = (measured.rarest as f64).min(all / 2.0).max(1.0);
    normal_two_sided(strength / ((all + 1.0) / (3.0 * rarest * (all - rarest).max(1.0))).sqrt())
}

#[cfg(test)]
pub mod tests {
    use std::collections::BTreeMap;

    use super::*;

    pub fn link(column: &str, strength: f64, values: Option<u64>) -> LabelLink {
        LabelLink {
            column: column.into(),
            values,
            strength,
            p: 0.0,
            later: BTreeMap::new(),
            missing: None,
            fallback: None,
        }
    }

    pub fn measured(columns: Vec<LabelLink>) -> Measurements {
        let mut measurements = Measurements::default();
        measurements.roles.set(ColumnRole::Label, Some("late".into()));
        measurements.leakage =
            Some(LeakageMeasures { rows: 1_000, classes: 2, rarest: 200, columns, order: Vec::new() });
        measurements
    }

    #[test]
    fn a_code_that_copies_the_label_with_noise_is_a_leak_and_a_strong_feature_is_not() {
        let found = judge(&measured(vec![link("code", 0.89, Some(2)), link("delay", 0.85, None)])).findings();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].verdict, found[0].columns.as_slice()), (Verdict::Mismatch, &["code".to_owned()][..]));
        assert_eq!(found[0].cause, Some(Cause::LabelLeakage));
    }

    #[test]
    fn an_easy_problem_has_several_strong_features_a_leak_is_a_single_one() {
        let easy = vec![link("petal length", 0.995, None), link("petal width", 0.99, None)];
        assert!(judge(&measured(easy)).findings().is_empty());
        let alone = judge(&measured(vec![link("fee", 0.99, None), link("age", 0.3, None)])).findings();
        assert_eq!(alone[0].verdict, Verdict::Mismatch);
    }

    #[test]
    fn a_handful_of_rows_proves_nothing_and_without_a_label_nothing_is_judged() {
        let few = |rows, rarest| {
            let mut few = measured(vec![link("code", 0.9, Some(2))]);
            few.leakage = few.leakage.map(|leakage| LeakageMeasures { rows, rarest, ..leakage });
            judge(&few).findings().first().map(|finding| finding.verdict)
        };
        assert_eq!((few(8, 2), few(16, 5), few(200, 60)), (None, Some(Verdict::Possible), Some(Verdict::Mismatch)));
        let mut rare = measured(vec![LabelLink { p: 0.08, ..link("street", 1.0, None) }]);
        assert!(judge(&rare).findings().is_empty(), "of a value that one row has");
        rare.leakage = None;
        assert!(matches!(judge(&rare), Judgement::NoEvidence { .. }));
        assert!(matches!(judge(&Measurements::default()), Judgement::NoEvidence { .. }));
    }
}
