//! E1.accuracy_under_imbalance: does a high accuracy hide that the rare class is missed?

use super::runs::{self, counted_rows, evaluated, rows_of};
use crate::detectors::words::{number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{IMBALANCE_HIDES, IMBALANCE_MAJORITY, SIGNIFICANCE};
use domain::DetectorId;
use domain::evaluation::{ClassMetrics, EvaluationRun, Task};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Run;
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E1.accuracy_under_imbalance"),
    item: Item::E1,
    title: "Accuracy under imbalance",
    looks_for: "A high accuracy that comes from one frequent class, while most rows of a rare class are missed.",
    why_it_matters: "If nine rows in ten are of one class, a model that has learned nothing has 90 % accuracy, and the rare class is usually the important one.",
    how_it_decides: "If one class has at least {IMBALANCE_MAJORITY:%} of the rows, accuracy is compared with balanced accuracy (the mean recall of the classes). Reported: accuracy is {IMBALANCE_HIDES} higher, with p under {SIGNIFICANCE} from its confidence interval. Nobody has stated which errors matter most, so this is possible at most, and a standing weakness: it was there before.",
    try_next: "Report precision and recall of the rare class (or average precision) instead of accuracy, and use them to choose the threshold.",
    causes: &[Cause::WrongMetric],
    tasks: Task::CLASSES,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(run) = evaluated(measurements).filter(|run| run.task != Task::Regression) else {
        return Judgement::missing(Run::any());
    };
    let summary = format!("Compared accuracy with balanced accuracy on {}.", counted_rows(run));
    Judgement::Judged { summary, findings: hidden(run).into_iter().collect() }
}

fn hidden(run: &EvaluationRun) -> Option<Finding> {
    let majority = run.value("majority_baseline_accuracy")?;
    let (accuracy, balanced) = (*run.metrics.get("accuracy")?, *run.metrics.get("balanced_accuracy")?);
    let gap = runs::difference(accuracy, balanced)?;
    if majority < IMBALANCE_MAJORITY {
        return None;
    }
    if gap.estimate.value < IMBALANCE_HIDES || gap.p >= SIGNIFICANCE {
        return None;
    }
    let missed = most_missed(run)?;
    let statement = format!(
        "The model finds only {} of the “{}” rows, although its accuracy on {} is {}.",
        percent(missed.recall.value),
        missed.class,
        rows_of(run),
        number(accuracy.value),
    );
    let effect = Effect::new("accuracy_minus_balanced_accuracy", gap.estimate.value, IMBALANCE_HIDES)
        .with_interval(gap.estimate.low, gap.estimate.high);
    let mut finding = DETECTOR
        .finding(Verdict::Possible, &[], statement, effect, Certainty::p(gap.p))
        .for_cause(Cause::WrongMetric)
        .as_standing()
        .with_n(run.split.word(), run.n)
        .with_evidence("balanced accuracy", number(balanced.value))
        .with_evidence("rows of the most frequent class", percent(majority))
        .with_evidence("accuracy of always predicting the most frequent class", number(majority));
    for metric in ["average_precision", "mcc", "f1_macro"] {
        if let Some(value) = run.value(metric) {
            finding = finding.with_evidence(runs::in_words(metric), number(value));
        }
    }
    Some(finding)
}

fn most_missed(run: &EvaluationRun) -> Option<&ClassMetrics> {
    run.per_class.iter().filter(|class| class.support > 0).min_by(|a, b| a.recall.value.total_cmp(&b.recall.value))
}

#[cfg(test)]
mod tests {
    use super::super::runs::examples::{Binary, measurements};
    use super::*;

    fn verdict(run: EvaluationRun) -> Option<Verdict> {
        match judge(&measurements(vec![run])) {
            Judgement::Judged { findings, .. } => findings.first().map(|finding| finding.verdict),
            Judgement::NoEvidence { .. } => Some(Verdict::NoEvidence),
        }
    }

    #[test]
    fn a_rare_class_that_is_missed_is_reported_and_a_balanced_task_is_not() {
        let missed = Binary { base_odds: -4.0, separation: 1.0, ..Binary::default() }.run("test");
        assert!(missed.value("accuracy").is_some_and(|accuracy| accuracy > 0.9));
        assert_eq!(verdict(missed), Some(Verdict::Possible), "a sound model of a rare class may do the same");
        assert_eq!(verdict(Binary::default().run("test")), None);
    }
}
