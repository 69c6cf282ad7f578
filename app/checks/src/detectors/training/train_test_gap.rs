//! T4.train_test_gap: is the model much better on training rows than on other rows, or bad on both?

use crate::detectors::evaluation::runs::{
    self, Difference, capitalised, compared_metrics, counted_rows, difference, in_words, rows_of,
};
use crate::detectors::words::{count, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, CHANCE_LEVEL, SIGNIFICANCE, TRAIN_TEST_GAP, TRAIN_TEST_GAP_POSSIBLE, TRAIN_TEST_GAP_SHARE,
};
use domain::DetectorId;
use domain::evaluation::{EvaluationRun, Task};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Run;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T4.train_test_gap"),
    item: Item::T4,
    title: "Gap between training and held-out rows",
    looks_for: "Metrics that are much better on training rows than on test or validation rows, and a model that is hardly better than chance even on its training rows.",
    why_it_matters: "A model that memorised its training rows performs worse in serving than its training metrics show. A model that did not learn even its training rows is useless.",
    how_it_decides: "Compares each metric's gap, with the confidence interval of the difference (Newcombe; Zou and Donner), with the larger of {TRAIN_TEST_GAP} and {TRAIN_TEST_GAP_SHARE:%} of the training metric. A mismatch: most of the metrics have a larger gap, with p under {CERTAINTY}. Possible: any metric has a gap of {TRAIN_TEST_GAP_POSSIBLE}, with p under {SIGNIFICANCE}. Underfitting, a mismatch: on training rows the skill over chance (from mean recall, ROC AUC or R²) is certainly under {CHANCE_LEVEL}, on a scale from chance to perfect.",
    try_next: "If there is a gap: simplify or regularise the model, stop training earlier, or add rows, and check that the splits share no rows. If the model learned nothing: check features and labels before the model.",
    causes: &[Cause::Overfitting, Cause::Underfitting],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(train) = runs::training(measurements) else {
        return Judgement::missing(Run::any().on([SnapshotRole::Train]));
    };
    let low = underfit(train);
    let held_out = runs::held_out(measurements).filter(|run| run.task == train.task);
    let Some(held_out) = held_out else {
        return match low {
            Some(finding) => Judgement::Judged {
                summary: format!("Compared the metrics of {} with chance.", count(train.n, "training row")),
                findings: vec![finding],
            },
            None => Judgement::missing(Run::any().on([SnapshotRole::Test, SnapshotRole::Validation])),
        };
    };
    let summary = format!("Compared the metrics of {} with those of {}.", counted_rows(train), counted_rows(held_out));
    let findings = low.or_else(|| gap(train, held_out)).into_iter().collect();
    Judgement::Judged { summary, findings }
}

/// A metric's gap with the size it is judged by.
struct Gap {
    metric: &'static str,
    difference: Difference,
    needed: f64,
}

impl Gap {
    fn is_large(&self) -> bool {
        self.difference.estimate.value >= self.needed && self.difference.p < CERTAINTY
    }
    fn is_there(&self) -> bool {
        self.difference.estimate.value >= TRAIN_TEST_GAP_POSSIBLE && self.difference.p < SIGNIFICANCE
    }
}

fn gap(train: &EvaluationRun, held_out: &EvaluationRun) -> Option<Finding> {
    let gaps: Vec<Gap> = compared_metrics(train.task)
        .iter()
        .filter_map(|metric| {
            let (on_train, on_others) = (*train.metrics.get(*metric)?, *held_out.metrics.get(*metric)?);
            let needed = TRAIN_TEST_GAP.max(TRAIN_TEST_GAP_SHARE * on_train.value.abs());
            Some(Gap { metric, difference: difference(on_train, on_others)?, needed })
        })
        .collect();
    let large = gaps.iter().filter(|gap| gap.is_large()).count();
    let verdict = if 2 * large > gaps.len() {
        Verdict::Mismatch
    } else if gaps.iter().any(Gap::is_there) {
        Verdict::Possible
    } else {
        return None;
    };
    let shown = gaps
        .iter()
        .filter(|gap| if verdict == Verdict::Mismatch { gap.is_large() } else { gap.is_there() })
        .max_by(|a, b| a.relative().total_cmp(&b.relative()))?;
    let (on_train, on_others) = (train.value(shown.metric)?, held_out.value(shown.metric)?);
    let statement = format!(
        "{} is {} on training rows but only {} on {}.",
        capitalised(&in_words(shown.metric)),
        number(on_train),
        number(on_others),
        rows_of(held_out),
    );
    let estimate = shown.difference.estimate;
    let effect = Effect::new(&format!("{}_gap", shown.metric), estimate.value, shown.needed)
        .with_interval(estimate.low, estimate.high);
    let mut finding = DETECTOR
        .finding(verdict, &[], statement, effect, Certainty::p(shown.difference.p))
        .for_cause(Cause::Overfitting)
        .with_n("train", train.n)
        .with_n(held_out.split.word(), held_out.n);
    for metric in compared_metrics(train.task).iter().chain(&["log_loss", "mae", "rmse"]) {
        if let (Some(a), Some(b)) = (train.value(metric), held_out.value(metric)) {
            let label = format!("{} train, {}", in_words(metric), held_out.split);
            finding = finding.with_evidence(label, format!("{}, {}", number(a), number(b)));
        }
    }
    Some(finding)
}

impl Gap {
    fn relative(&self) -> f64 {
        self.difference.estimate.value / self.needed
    }
}

/// The model's skill on its training rows, from chance (0) to perfect (1), with its upper end.
fn skill(train: &EvaluationRun) -> Option<(&'static str, f64, f64)> {
    match train.task {
        Task::Regression => {
            let r2 = train.metrics.get("r2")?;
            Some(("r2", r2.value, r2.high?))
        }
        Task::Binary | Task::Multiclass => {
            let classes = train.per_class.iter().filter(|class| class.support > 0).count().max(2) as f64;
            let recall = train.metrics.get("balanced_accuracy")?;
            let over_chance = |value: f64| (value - 1.0 / classes) / (1.0 - 1.0 / classes);
            // A model that ranks the rows well has learned something, whatever its threshold.
            let ranking = ["roc_auc", "roc_auc_ovr_macro"].iter().find_map(|metric| train.metrics.get(*metric));
            let gini = ranking.and_then(|area| Some((2.0 * area.value - 1.0, 2.0 * area.high? - 1.0)));
            let (value, high) = (over_chance(recall.value), over_chance(recall.high?));
            match gini {
                Some((gini, gini_high)) if gini_high > high => Some(("gini", gini, gini_high)),
                _ => Some(("balanced_accuracy_over_chance", value, high)),
            }
        }
    }
}

fn underfit(train: &EvaluationRun) -> Option<Finding> {
    let (name, value, high) = skill(train)?;
    if high >= CHANCE_LEVEL {
        return None;
    }
    let statement =
        format!("The model is hardly better than chance, even on its own {}.", count(train.n, "training row"));
    let effect = Effect::new(name, value, CHANCE_LEVEL);
    let mut finding = DETECTOR.finding(Verdict::Mismatch, &[], statement, effect, Certainty::exact());
    // A smaller skill is worse, so the effect does not measure the consequence.
    finding.consequence = 1.0;
    let skill = format!("{} {}", name.replace('_', " "), number(value));
    let finding = finding.for_cause(Cause::Underfitting).with_n("train", train.n);
    Some(finding.with_evidence("skill on training rows (0 is chance, 1 is perfect)", skill))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::evaluation::runs::examples::{Binary, measurements};

    fn found(evaluations: Vec<EvaluationRun>) -> Vec<(Verdict, Option<Cause>)> {
        match judge(&measurements(evaluations)) {
            Judgement::Judged { findings, .. } => findings.iter().map(|one| (one.verdict, one.cause)).collect(),
            Judgement::NoEvidence { .. } => vec![(Verdict::NoEvidence, None)],
        }
    }

    #[test]
    fn memorised_rows_are_reported_and_two_samples_of_one_population_are_not() {
        let train = Binary { separation: 20.0, ..Binary::default() }.run("train");
        let test = Binary { separation: 1.0, rows: 1_000, ..Binary::default() }.run("test");
        assert_eq!(found(vec![train, test]), [(Verdict::Mismatch, Some(Cause::Overfitting))]);
        for seed in 30..50 {
            let train = Binary::default().run("train");
            let test = Binary { rows: 300, seed, ..Binary::default() }.run("test");
            assert_eq!(found(vec![train, test]), [], "seed {seed}");
        }
    }

    #[test]
    fn a_model_that_learned_nothing_underfits_and_otherwise_training_rows_are_not_enough() {
        let blind = Binary { separation: 0.01, ..Binary::default() }.run("train");
        assert_eq!(found(vec![blind]), [(Verdict::Mismatch, Some(Cause::Underfitting))]);
        assert_eq!(found(vec![Binary::default().run("train")]), [(Verdict::NoEvidence, None)]);
    }
}
