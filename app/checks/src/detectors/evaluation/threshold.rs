//! E2.threshold: is the decision threshold in serving the evaluated one, and is it a good one?

use super::runs::{counted_rows, evaluated, rows_of, serving};
use crate::detectors::words::{count, number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    THRESHOLD_ANSWERS_CHANGED, THRESHOLD_MOVED, THRESHOLD_REGRET, THRESHOLD_ROWS_CHANGED, YOUDEN_REGRET,
};
use domain::DetectorId;
use domain::evaluation::{EvaluationRun, Split, Task, ThresholdInUse};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, Run, RunPart};
use domain::{Cause, Finding, Item, Verdict};
use stats::threshold::{Regret, f1_regret};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E2.threshold"),
    item: Item::E2,
    title: "Decision threshold",
    looks_for: "A threshold in serving that differs from the evaluated one, and a threshold with a lower F1 or Youden's J than the best one.",
    why_it_matters: "The same scores with a different threshold give different predictions: more false alarms or more misses, although data and model are correct.",
    how_it_decides: "Infers the threshold in use from scores and predictions: it is between the highest score predicted negative and the lowest predicted positive. A mismatch: the intervals of evaluation and serving are more than {THRESHOLD_MOVED:%} of the score range apart, and this changes at least {THRESHOLD_ROWS_CHANGED} predictions and {THRESHOLD_ANSWERS_CHANGED:%} of all predictions. Also compares F1 with that of the best threshold, corrected for choosing it on the same rows (bootstrap optimism): a loss of {THRESHOLD_REGRET}, or of {YOUDEN_REGRET} in Youden's J, is possible at most and a standing weakness, because nobody has stated that F1 is the goal. The confidence interval of the loss in F1 must be above zero, and the best threshold must be better on every split. Where costs are given, they are the goal (E3), and F1 is not looked at.",
    try_next: "Read the threshold from the serving configuration and compare it with the evaluated one. Then try other thresholds on the evaluation page, and choose one together with the people who pay for the errors.",
    causes: &[Cause::ThresholdMisset],
    tasks: Task::TWO_CLASSES,
    judge,
};

/// Bootstrap repeats: enough for the ends of a 95 % interval.
const REPEATS: usize = 200;

fn judge(measurements: &Measurements) -> Judgement {
    let Some(run) = evaluated(measurements).filter(|run| run.scores.is_some()) else {
        return Judgement::missing(Run::of(Task::Binary).with(RunPart::Scores));
    };
    if run.threshold_in_use.is_none() && measurements.stated_threshold.is_none() {
        return Judgement::missing(Need::Threshold);
    }
    let columns: Vec<&str> = measurements.roles.prediction().or(measurements.roles.score()).into_iter().collect();
    let findings = [moved(measurements, run, &columns), regret(measurements, run, &columns)];
    let summary =
        format!("Inferred the threshold in use on {} and compared it with the best thresholds.", counted_rows(run));
    Judgement::Judged { summary, findings: findings.into_iter().flatten().collect() }
}

/// A threshold that was used, or is stated to be in use.
struct Used {
    interval: ThresholdInUse,
    value: f64,
    known_from: KnownFrom,
}

/// Where a threshold is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KnownFrom {
    Serving,
    /// A person said it.
    Stated,
    Evaluation,
}

impl KnownFrom {
    fn word(self) -> &'static str {
        match self {
            KnownFrom::Serving => "serving",
            KnownFrom::Stated => "stated",
            KnownFrom::Evaluation => "evaluation",
        }
    }

    /// After its value in a sentence.
    fn words(self) -> &'static str {
        match self {
            KnownFrom::Serving => "in serving",
            KnownFrom::Stated => "is stated",
            KnownFrom::Evaluation => "in the evaluation",
        }
    }
}

/// The threshold in serving differs from the evaluated (or the stated) one.
fn moved(measurements: &Measurements, run: &EvaluationRun, columns: &[&str]) -> Option<Finding> {
    let served = serving(measurements)?;
    let now = Used {
        interval: served.threshold_in_use?,
        value: *served.thresholds.get("in_use")?,
        known_from: KnownFrom::Serving,
    };
    let stated = measurements.stated_threshold.map(|value| Used {
        interval: ThresholdInUse { above: value, up_to: value, unexplained: 0 },
        value,
        known_from: KnownFrom::Stated,
    });
    let before = if run.split == served.split { None } else { in_use(run) };
    let scores = served.scores.as_ref()?;
    let range = scores.score_max - scores.score_min;
    [stated, before].into_iter().flatten().find_map(|reference| {
        let apart = (now.interval.above - reference.interval.up_to).max(reference.interval.above - now.interval.up_to);
        if apart <= THRESHOLD_MOVED * range {
            return None;
        }
        let yes = |threshold: f64| {
            let (hits, alarms) = scores.at_or_over(threshold);
            hits + alarms
        };
        let (was, is) = (yes(reference.value), yes(now.interval.up_to));
        let changed = was.abs_diff(is);
        let share = changed as f64 / served.n as f64;
        if share < THRESHOLD_ANSWERS_CHANGED || (changed as f64) < THRESHOLD_ROWS_CHANGED {
            return None;
        }
        let statement = format!(
            "The threshold is {} in serving but {} {}, which changes {} of the predictions.",
            number(now.value),
            number(reference.value),
            reference.known_from.words(),
            percent(share),
        );
        let effect = Effect::new("threshold_difference", (now.value - reference.value).abs(), THRESHOLD_MOVED * range);
        let mut finding = DETECTOR
            .finding(Verdict::Mismatch, columns, statement, effect, Certainty::exact())
            .for_cause(Cause::ThresholdMisset)
            .with_n(run.split.word(), run.n)
            .with_n(served.split.word(), served.n)
            .with_evidence("changed predictions", count(changed, "served row"))
            .with_evidence("threshold in serving is between", between(&now.interval))
            .with_evidence(
                format!("threshold ({}) is between", reference.known_from.word()),
                between(&reference.interval),
            )
            .with_evidence("served rows that no threshold explains", now.interval.unexplained.to_string())
            .with_evidence(
                "F1 at the serving threshold, at the other threshold",
                format!("{}, {}", number(scores.f1_at(now.interval.up_to)), number(scores.f1_at(reference.value))),
            );
        finding.id = Finding::id_of(&DETECTOR.id, &[finding.columns.concat(), "serving".into()]);
        Some(finding)
    })
}

fn between(interval: &ThresholdInUse) -> String {
    format!("{} and {}", number(interval.above), number(interval.up_to))
}

fn in_use(run: &EvaluationRun) -> Option<Used> {
    Some(Used {
        interval: run.threshold_in_use?,
        value: *run.thresholds.get("in_use")?,
        known_from: KnownFrom::Evaluation,
    })
}

/// The evaluated threshold has a lower F1 (or J) than the best one.
fn regret(measurements: &Measurements, run: &EvaluationRun, columns: &[&str]) -> Option<Finding> {
    if !measurements.observations.cost_matrices.is_empty() {
        return None;
    }
    let used = run.threshold_in_use.map(|interval| interval.up_to).or(measurements.stated_threshold)?;
    let shown = run.thresholds.get("in_use").copied().unwrap_or(used);
    let best = *run.thresholds.get("best_f1")?;
    let found = regret_of(run, used)?;
    // A threshold that is better here but worse on another split is not better.
    let steady = measurements
        .evaluations
        .iter()
        .filter(|other| other.split != run.split && other.split != Split::Serve)
        .filter_map(|other| other.scores.as_ref())
        .all(|scores| scores.f1_at(best) >= scores.f1_at(used));
    let scores = run.scores.as_ref()?;
    let youden_regret =
        run.thresholds.get("youden").map_or(0.0, |best| scores.youden_at(*best) - scores.youden_at(used));
    let certain = found.low > 0.0 && steady;
    if !certain || found.value < THRESHOLD_REGRET && youden_regret < YOUDEN_REGRET {
        return None;
    }
    let statement = format!(
        "A threshold of {} instead of {} would raise F1 on {} from {} to {}.",
        number(best),
        number(shown),
        rows_of(run),
        number(scores.f1_at(used)),
        number(scores.f1_at(best)),
    );
    let effect = Effect::new("f1_regret", found.value, THRESHOLD_REGRET).with_interval(found.low, found.high);
    let finding = DETECTOR
        .finding(Verdict::Possible, columns, statement, effect, Certainty::p(found.p))
        .for_cause(Cause::ThresholdMisset)
        .as_standing()
        .with_n(run.split.word(), run.n)
        .with_evidence(
            "best thresholds of resampled rows are between",
            format!("{} and {}", number(found.best_low), number(found.best_high)),
        )
        .with_evidence("gain in F1, corrected for choosing on the same rows", number(found.value))
        .with_evidence("possible gain in Youden's J", number(youden_regret))
        .with_evidence("precision, recall at the threshold in use", precision_recall(run, used))
        .with_evidence("precision, recall at the best F1", precision_recall(run, best));
    Some(finding)
}

fn regret_of(run: &EvaluationRun, used: f64) -> Option<Regret> {
    let scores = run.scores.as_ref()?;
    let cells = scores.cells();
    let used_at = scores.thresholds.partition_point(|threshold| *threshold >= used);
    f1_regret(&scores.thresholds, &cells, used_at, REPEATS)
}

fn precision_recall(run: &EvaluationRun, threshold: f64) -> String {
    let Some(scores) = &run.scores else { return String::new() };
    let (hits, alarms) = scores.at_or_over(threshold);
    let share = |whole: u64| if whole == 0 { 0.0 } else { hits as f64 / whole as f64 };
    format!("{}, {}", number(share(hits + alarms)), number(share(scores.positives)))
}

#[cfg(test)]
mod tests {
    use super::super::runs::examples::{Binary, measurements};
    use super::*;

    fn findings(evaluations: Vec<EvaluationRun>) -> Vec<Finding> {
        match judge(&measurements(evaluations)) {
            Judgement::Judged { findings, .. } => findings,
            Judgement::NoEvidence { .. } => Vec::new(),
        }
    }

    #[test]
    fn a_serving_threshold_that_differs_from_the_evaluated_one_is_a_mismatch() {
        let evaluated = Binary::default().run("test");
        let served = Binary { threshold: 0.8, seed: 2, ..Binary::default() }.run("serve");
        let found = findings(vec![evaluated.clone(), served]);
        assert_eq!(found[0].verdict, Verdict::Mismatch);
        assert_eq!(found[0].cause, Some(Cause::ThresholdMisset));
        assert_eq!(found[0].columns, ["answer"]);
        assert!(found[0].statement.contains("threshold is 0.8 in serving"), "{}", found[0].statement);
        for seed in 2..12 {
            let same = Binary { seed, ..Binary::default() }.run("serve");
            assert!(findings(vec![evaluated.clone(), same]).is_empty());
        }
    }

    #[test]
    fn a_bad_threshold_is_reported_and_the_default_of_a_calibrated_model_is_not() {
        let bad = Binary { threshold: 0.9, base_odds: -1.0, separation: 1.5, ..Binary::default() }.run("test");
        let found = findings(vec![bad]);
        assert_eq!((found[0].verdict, found[0].standing), (Verdict::Possible, true), "{found:?}");
        assert!(found[0].effect.low.is_some_and(|low| low > 0.0));
        for seed in 1..15 {
            let fine = Binary { rows: 200, seed, ..Binary::default() }.run("test");
            let worst = findings(vec![fine]).into_iter().map(|finding| finding.verdict).max();
            assert!(worst.is_none_or(|verdict| verdict < Verdict::Mismatch), "seed {seed}: {worst:?}");
        }
    }
}
