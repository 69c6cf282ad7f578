//! E1.score_direction: do high scores mean the positive class?

use super::runs::{before_serving, counted_rows, is_large_enough, rows_of, serving};
use crate::detectors::words::{name, number, values};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::SCORE_REVERSED;
use domain::DetectorId;
use domain::evaluation::{EvaluationRun, PositiveBy, Task};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Run, RunPart};
use domain::snapshot::ColumnRole;
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E1.score_direction"),
    item: Item::E1,
    title: "Direction of the scores",
    looks_for: "Scores that are high for the wrong class: they rank the rows the wrong way round.",
    why_it_matters: "Someone took the column of the other class, or the labels changed their meaning. Every threshold then selects the rows that it should leave out, and every metric of the scores is wrong.",
    how_it_decides: "The ROC AUC of the scores for the positive class, on the evaluated rows and on the served rows. A mismatch: the upper end of its confidence interval is at least {SCORE_REVERSED} under one half. It is only possible when the score column was guessed in a file that is not an evaluation run. Scores that turned round only in serving are a mismatch if the predictions are still better than by chance, and possible without predictions; predictions that turned round with them show a changed relation to the label. Where only the scores showed which class is positive, the check cannot decide.",
    try_next: "Look up the order of the classes in the model, and take the score of the positive class.",
    causes: &[Cause::ScoreReversed],
    tasks: Task::TWO_CLASSES,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let scored = |run: &&EvaluationRun| {
        run.task == Task::Binary && run.scores.is_some() && is_large_enough(run) && shows_direction(run)
    };
    let before = before_serving(measurements).filter(scored);
    let served = serving(measurements).filter(scored);
    let Some(first) = before.or(served) else {
        return Judgement::missing(Run::of(Task::Binary).with(RunPart::Scores));
    };
    let finding = before.and_then(reversed).or_else(|| {
        let answers = measurements.roles.prediction().is_some();
        let changed = before.is_some();
        served.and_then(|run| if changed { reversed_in_serving(run, answers) } else { reversed(run) })
    });
    let summary = format!("Looked at the direction in which the scores rank {}.", counted_rows(first));
    Judgement::Judged { summary, findings: finding.into_iter().collect() }
}

/// Scores that pointed the right way before serving. A relation to the label that changed turns the ranking round as well,
/// and the predictions with it: only predictions that are still right show that the scores are at fault.
fn reversed_in_serving(run: &EvaluationRun, answers: bool) -> Option<Finding> {
    let finding = reversed(run)?;
    if !answers {
        return Some(Finding { verdict: Verdict::Possible, ..finding });
    }
    let right = run.metrics.get("mcc").and_then(|mcc| mcc.low).is_some_and(|low| low > 0.0);
    right.then(|| finding.with_evidence("predictions", "they are right more often than by chance"))
}

/// Whether the positive class was known before its scores were looked at.
fn shows_direction(run: &EvaluationRun) -> bool {
    !matches!(run.positive_by, Some(PositiveBy::Scores | PositiveBy::Order))
}

fn reversed(run: &EvaluationRun) -> Option<Finding> {
    let area = *run.metrics.get("roc_auc")?;
    let (low, high) = (area.low?, area.high?);
    if high > 0.5 - SCORE_REVERSED {
        return None;
    }
    let doubtful = run.is_guessed(ColumnRole::Score) && run.read_from.is_some();
    let verdict = if doubtful { Verdict::Possible } else { Verdict::Mismatch };
    let positive = run.positive.as_deref().unwrap_or("the positive class");
    let statement = format!(
        "The scores rank {} the wrong way round: their ROC AUC for {} is {}, and turned round it is {}.",
        rows_of(run),
        values(&[positive]),
        number(area.value),
        number(1.0 - area.value),
    );
    let effect = Effect::new("roc_auc_under_half", 0.5 - area.value, SCORE_REVERSED)
        .with_interval((0.5 - high).max(0.0), 0.5 - low);
    let finding = DETECTOR
        .finding(verdict, &[], statement, effect, Certainty::exact())
        .for_cause(Cause::ScoreReversed)
        .with_n(run.split.word(), run.n)
        .with_evidence("positive class", format!("{positive} ({})", decided_by(run)));
    let guessed = run.guessed.iter().find(|guessed| guessed.role == ColumnRole::Score);
    Some(guessed.into_iter().fold(finding, |finding, guessed| {
        finding.with_evidence("score column", format!("{} (guessed)", name(&guessed.column)))
    }))
}

fn decided_by(run: &EvaluationRun) -> &'static str {
    run.positive_by.map_or("by its name", PositiveBy::words)
}

#[cfg(test)]
mod tests {
    use super::super::runs::examples::{Binary, measurements};
    use super::*;
    use domain::evaluation::{Classification, GuessedColumn, Predicted};

    fn found(run: EvaluationRun) -> Option<Finding> {
        judge(&measurements(vec![run])).findings().into_iter().next()
    }

    fn turned_round(split: &str) -> EvaluationRun {
        Binary { separation: 1.5, rows: 600, ..Binary::default() }.ranked_by_the_other_class(split)
    }

    /// Predictions that are right in four of five rows, beside scores of the other class.
    fn predicted_right(split: &str) -> EvaluationRun {
        let truth: Vec<u32> = (0..400).map(|row| row % 2).collect();
        let predicted: Vec<u32> = (0..400).map(|row| if row % 5 == 0 { 1 - row % 2 } else { row % 2 }).collect();
        let scores: Vec<f64> = predicted.iter().map(|class| 0.8 - 0.6 * f64::from(*class)).collect();
        let rows = Classification {
            classes: &["0".to_owned(), "1".to_owned()],
            truth: &truth,
            predicted: Predicted::Given(&predicted),
            positive: Some(1),
            score: Some(&scores),
            probabilities: &[],
        };
        rows.measure("served.csv", split)
    }

    #[test]
    fn scores_of_the_other_class_are_reported_and_a_weak_model_is_not() {
        let finding = found(turned_round("test"));
        assert!(finding.is_some_and(|one| one.verdict == Verdict::Mismatch && one.cause == Some(Cause::ScoreReversed)));
        for (rows, seed) in [(60, 1), (200, 2), (600, 3), (3_000, 4)] {
            let weak = Binary { separation: 0.01, rows, seed, ..Binary::default() }.run("test");
            assert_eq!(found(weak).map(|one| one.statement), None);
        }
        assert_eq!(found(Binary::default().run("test")).map(|one| one.statement), None);
    }

    #[test]
    fn scores_that_turned_round_in_serving_are_at_fault_where_the_predictions_are_right() {
        let of = |served: EvaluationRun, answers: bool| {
            let mut both = measurements(vec![Binary::default().run("test"), served]);
            both.roles.set(ColumnRole::Prediction, answers.then(|| "answer".to_owned()));
            judge(&both).findings().into_iter().next().map(|finding| finding.verdict)
        };
        let right = predicted_right("serve");
        assert_eq!(of(right, true), Some(Verdict::Mismatch));
        // The predictions follow the turned scores: the relation to the label may have changed.
        assert_eq!(of(turned_round("serve"), true), None);
        assert_eq!(of(turned_round("serve"), false), Some(Verdict::Possible));
    }

    #[test]
    fn a_guessed_score_in_a_snapshot_is_only_possible_and_a_direction_from_the_scores_shows_nothing() {
        let guessed = vec![GuessedColumn { role: ColumnRole::Score, column: "risk_score".into() }];
        let mut run = turned_round("train");
        (run.guessed, run.read_from) = (guessed, Some(domain::SnapshotRole::Train));
        assert_eq!(found(run.clone()).map(|one| one.verdict), Some(Verdict::Possible));
        run.positive_by = Some(PositiveBy::Scores);
        assert!(matches!(judge(&measurements(vec![run])), Judgement::NoEvidence { .. }));
    }
}
