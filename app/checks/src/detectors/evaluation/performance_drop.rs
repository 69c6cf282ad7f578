//! E1.performance_drop: does the model perform worse on served rows than in the evaluation?

use super::runs::{
    self, Difference, before_serving, capitalised, compared_metrics, counted_rows, difference, in_words, rows_of,
    serving, value_in_words,
};
use crate::detectors::words::number;
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{
    CERTAINTY, ERROR_GROWTH, ERROR_GROWTH_POSSIBLE, PERFORMANCE_DROP, PERFORMANCE_DROP_POSSIBLE, SIGNIFICANCE,
};
use domain::DetectorId;
use domain::evaluation::{EvaluationRun, Task};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::{Need, Run, RunPart, Tables};
use domain::snapshot::ColumnRole;
use domain::snapshot::SnapshotRole;
use domain::suspect::{ComparedWith, MetricEffect};
use domain::{Finding, Item, Verdict};

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E1.performance_drop"),
    item: Item::E1,
    title: "Performance from evaluation to serving",
    looks_for: "Metrics that are clearly worse on served rows than on the rows the model was evaluated on.",
    why_it_matters: "This measures the incident itself: how much performance was lost, and on how many rows that is known.",
    how_it_decides: "Compares every metric that both sides have, with the confidence interval of the difference (Newcombe; Zou and Donner for metrics that are not shares). A mismatch: a drop of {PERFORMANCE_DROP} with p under {CERTAINTY}. Possible: a drop of {PERFORMANCE_DROP_POSSIBLE} with p under {SIGNIFICANCE}. In regression, the mean absolute error must grow by {ERROR_GROWTH:%}, or by {ERROR_GROWTH_POSSIBLE:%} for possible. This finding names no cause, because other findings explain the drop.",
    try_next: "Look at the suspects: they cause the drop. If there are none, compare labels and the relations between features and label over time.",
    causes: &[],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let (Some(before), Some(now)) = (before_serving(measurements), serving(measurements)) else {
        return Judgement::missing(Need::all_of([
            Tables::all([SnapshotRole::Serve])
                .with([ColumnRole::Label])
                .with([ColumnRole::Prediction, ColumnRole::Score])
                .into(),
            Run::any().into(),
        ]));
    };
    if before.task != now.task {
        return Judgement::missing(Run::any().with(RunPart::TaskOfServe));
    }
    let findings = match before.task {
        Task::Regression => error_growth(before, now),
        Task::Binary | Task::Multiclass => drop_of_scores(before, now),
    };
    let summary = format!("Compared the metrics of {} with those of {}.", counted_rows(now), counted_rows(before));
    Judgement::Judged { summary, findings: findings.into_iter().collect() }
}

/// The metric that is certainly worse on served rows than before.
pub(crate) fn drop_in_serving(measurements: &Measurements) -> Option<MetricEffect> {
    let (before, now) = (before_serving(measurements)?, serving(measurements)?);
    if before.task != now.task {
        return None;
    }
    let metric = match before.task {
        Task::Regression => error_growth(before, now).map(|_| "mae")?,
        Task::Binary | Task::Multiclass => worst_drop(before, now)?.0,
    };
    Some(MetricEffect {
        metric: capitalised(&in_words(metric)),
        is_share: metric == "accuracy",
        value: now.value(metric)?,
        other: before.value(metric)?,
        compared_with: ComparedWith::Before { rows: rows_of(before).to_owned() },
    })
}

fn worst_drop(before: &EvaluationRun, now: &EvaluationRun) -> Option<(&'static str, Difference, Verdict)> {
    let drops: Vec<(&'static str, Difference)> = compared_metrics(before.task)
        .iter()
        .filter_map(|metric| Some((*metric, difference(*before.metrics.get(*metric)?, *now.metrics.get(*metric)?)?)))
        .collect();
    let verdict_of = |drop: &Difference| {
        if drop.estimate.value >= PERFORMANCE_DROP && drop.p < CERTAINTY {
            Verdict::Mismatch
        } else if drop.estimate.value >= PERFORMANCE_DROP_POSSIBLE && drop.p < SIGNIFICANCE {
            Verdict::Possible
        } else {
            Verdict::Clear
        }
    };
    let verdict = drops.iter().map(|(_, drop)| verdict_of(drop)).max()?;
    // The first metric that shows it: the list begins with the best-known metrics.
    let (metric, drop) = drops.into_iter().find(|(_, drop)| verdict_of(drop) == verdict)?;
    (verdict > Verdict::Clear).then_some((metric, drop, verdict))
}

fn drop_of_scores(before: &EvaluationRun, now: &EvaluationRun) -> Option<Finding> {
    let (metric, drop, verdict) = worst_drop(before, now)?;
    let (was, is) = (before.value(metric)?, now.value(metric)?);
    let statement = format!(
        "{} fell from {} on {} to {} on served rows.",
        capitalised(&in_words(metric)),
        value_in_words(metric, was),
        rows_of(before),
        value_in_words(metric, is)
    );
    let effect = Effect::new(&format!("{metric}_drop"), drop.estimate.value, PERFORMANCE_DROP)
        .with_interval(drop.estimate.low, drop.estimate.high);
    Some(with_both(DETECTOR.finding(verdict, &[], statement, effect, Certainty::p(drop.p)), before, now))
}

fn error_growth(before: &EvaluationRun, now: &EvaluationRun) -> Option<Finding> {
    let (was, is) = (*before.metrics.get("mae")?, *now.metrics.get("mae")?);
    let growth = difference(is, was)?;
    let share = growth.estimate.value / was.value;
    let verdict = if share >= ERROR_GROWTH && growth.p < CERTAINTY {
        Verdict::Mismatch
    } else if share >= ERROR_GROWTH_POSSIBLE && growth.p < SIGNIFICANCE {
        Verdict::Possible
    } else {
        return None;
    };
    let statement = format!(
        "The mean absolute error rose from {} on {} to {} on served rows.",
        number(was.value),
        rows_of(before),
        number(is.value)
    );
    let effect = Effect::new("mae_growth", share, ERROR_GROWTH)
        .with_interval(growth.estimate.low / was.value, growth.estimate.high / was.value);
    Some(with_both(DETECTOR.finding(verdict, &[], statement, effect, Certainty::p(growth.p)), before, now))
}

fn with_both(mut finding: Finding, before: &EvaluationRun, now: &EvaluationRun) -> Finding {
    finding = finding.with_n(before.split.word(), before.n).with_n(now.split.word(), now.n);
    for metric in compared_metrics(before.task).iter().chain(&["mae", "log_loss", "brier"]) {
        if let (Some(was), Some(is)) = (before.value(metric), now.value(metric)) {
            let both = format!("{}, {}", value_in_words(metric, was), value_in_words(metric, is));
            finding = finding.with_evidence(format!("{} {}, serve", runs::in_words(metric), before.split), both);
        }
    }
    if now.rows_left_out > 0 {
        finding =
            finding.with_evidence("served rows without label, prediction or score", now.rows_left_out.to_string());
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::super::runs::examples::{Binary, measurements};
    use super::*;

    fn verdicts(evaluations: Vec<EvaluationRun>) -> Vec<Verdict> {
        match judge(&measurements(evaluations)) {
            Judgement::Judged { findings, .. } => findings.iter().map(|finding| finding.verdict).collect(),
            Judgement::NoEvidence { .. } => vec![Verdict::NoEvidence],
        }
    }

    #[test]
    fn the_same_model_on_other_rows_is_clear_and_a_worse_one_is_not() {
        let evaluated = || Binary { seed: 3, ..Binary::default() }.run("test");
        for seed in 10..20 {
            assert_eq!(verdicts(vec![evaluated(), Binary { seed, ..Binary::default() }.run("serve")]), []);
        }
        let worse = Binary { separation: 1.0, ..Binary::default() }.run("serve");
        assert_eq!(verdicts(vec![evaluated(), worse]), [Verdict::Mismatch]);
        assert_eq!(verdicts(vec![evaluated()]), [Verdict::NoEvidence]);
    }
}
