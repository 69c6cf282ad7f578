//! E1.metrics_disagree: do two common metrics disagree about one model?

use super::runs::{counted_rows, evaluated, rows_of};
use crate::detectors::words::{number, percent};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{METRICS_APART, TAIL_OF_ERRORS};
use domain::DetectorId;
use domain::evaluation::{EvaluationRun, Task};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, Run, RunPart};
use domain::{Cause, Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E1.metrics_disagree"),
    item: Item::E1,
    title: "Metrics that disagree",
    looks_for: "A model that is excellent by one metric and poor by another metric that measures almost the same.",
    why_it_matters: "If one class is rare, the ROC curve looks too good: a low false alarm rate among many negatives is still many false alarms for each positive. In regression, a small typical error can hide a few very large errors.",
    how_it_decides: "Compares two metrics on one scale from chance to perfect: the Gini coefficient and average precision, corrected for the share of positives. Reported: they differ by {METRICS_APART} or more over the whole confidence interval of average precision. In regression: a root mean square error of {TAIL_OF_ERRORS} times the mean absolute error. Which metric is right depends on the use, so this is possible at most, and a standing weakness: it was there before.",
    try_next: "Decide which question the model must answer, report the metric for that question, and look at the rows that cause the difference.",
    causes: &[Cause::WrongMetric],
    tasks: &[Task::Binary, Task::Regression],
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(run) = evaluated(measurements) else { return Judgement::missing(Run::any()) };
    let finding = match run.task {
        Task::Binary if run.scores.is_some() => roc_against_precision_recall(run),
        Task::Regression => tail_of_errors(run),
        Task::Binary | Task::Multiclass => {
            return Judgement::missing(Need::any_of([
                Run::of(Task::Binary).with(RunPart::Scores).into(),
                Run::of(Task::Regression).into(),
            ]));
        }
    };
    let summary = format!("Compared the metrics of {} with each other.", counted_rows(run));
    Judgement::Judged { summary, findings: finding.into_iter().collect() }
}

fn roc_against_precision_recall(run: &EvaluationRun) -> Option<Finding> {
    let gini = run.value("gini")?;
    let precision = *run.metrics.get("average_precision")?;
    let scores = run.scores.as_ref()?;
    let prevalence = scores.positives as f64 / (scores.positives + scores.negatives) as f64;
    let over_chance = |value: f64| (value - prevalence) / (1.0 - prevalence);
    let apart = gini - over_chance(precision.value);
    let at_least = gini - over_chance(precision.high?);
    if at_least < METRICS_APART {
        return None;
    }
    let statement = format!(
        "ROC AUC on {} is high ({}), but average precision is only {}.",
        rows_of(run),
        number(run.value("roc_auc")?),
        number(precision.value),
    );
    let effect = Effect::new("gini_minus_average_precision_over_chance", apart, METRICS_APART)
        .with_interval(at_least, gini - over_chance(precision.low?));
    let finding = DETECTOR
        .finding(Verdict::Possible, &[], statement, effect, Certainty::exact())
        .for_cause(Cause::WrongMetric)
        .as_standing();
    let finding = finding.with_n(run.split.word(), run.n).with_evidence("Gini coefficient", number(gini));
    Some(finding.with_evidence("share of positive rows", percent(prevalence)))
}

fn tail_of_errors(run: &EvaluationRun) -> Option<Finding> {
    let (rmse, mae) = (run.value("rmse")?, run.value("mae")?);
    let ratio = if mae > 0.0 { rmse / mae } else { return None };
    if ratio < TAIL_OF_ERRORS {
        return None;
    }
    let statement = format!(
        "A few {} have very large errors: the root mean square error is {} times the mean absolute error.",
        rows_of(run),
        number(ratio),
    );
    let effect = Effect::new("rmse_over_mae", ratio, TAIL_OF_ERRORS);
    let finding = DETECTOR
        .finding(Verdict::Possible, &[], statement, effect, Certainty::exact())
        .for_cause(Cause::WrongMetric)
        .as_standing();
    Some(
        finding
            .with_n(run.split.word(), run.n)
            .with_evidence("root mean square error", number(rmse))
            .with_evidence("mean absolute error", number(mae))
            .with_evidence("largest error", number(run.value("max_error")?))
            .with_evidence("median absolute error", number(run.value("median_abs_error")?)),
    )
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
    fn a_rare_class_under_a_good_looking_roc_curve_is_reported() {
        let rare = Binary { rows: 20_000, base_odds: -7.0, separation: 2.0, ..Binary::default() }.run("test");
        assert_eq!(verdict(rare), Some(Verdict::Possible));
        assert_eq!(verdict(Binary::default().run("test")), None);
    }

    #[test]
    fn a_few_very_large_errors_are_reported() {
        let truth: Vec<f64> = (0..1_000).map(f64::from).collect();
        let mut predicted: Vec<f64> =
            truth.iter().map(|y| y + if (*y as u32).is_multiple_of(2) { 1.0 } else { -1.0 }).collect();
        assert_eq!(verdict(EvaluationRun::of_regression("r", "test", &truth, &predicted)), None);
        predicted[500] += 1_000.0;
        assert_eq!(verdict(EvaluationRun::of_regression("r", "test", &truth, &predicted)), Some(Verdict::Possible));
    }
}
