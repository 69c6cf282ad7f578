//! E1.naive_baseline: is the model better than a constant prediction?

use super::runs::{self, counted_rows, evaluated, rows_of};
use crate::detectors::words::number;
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{BASELINE_GAIN, BASELINE_RANKING};
use domain::DetectorId;
use domain::evaluation::{EvaluationRun, Task};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Run;
use domain::{Cause, Finding, Item, Verdict};
use stats::distributions::Z_95;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("E1.naive_baseline"),
    item: Item::E1,
    title: "Comparison with a naive baseline",
    looks_for: "A model that is not better than always predicting the most frequent class, or the mean.",
    why_it_matters: "A metric has a meaning only in comparison with a model that costs nothing: 95 % accuracy is a failure if 96 % of the labels are the same.",
    how_it_decides: "The share of the baseline's errors that the model avoids (in regression, of the mean absolute error). Reported: under {BASELINE_GAIN:%}. If the model ranks the rows (ROC AUC certainly over {BASELINE_RANKING}), the threshold or the metric is the problem, and the evidence says so. The confidence interval of the share is from the rows on which the two differ. Nobody has stated which errors matter most, so this is possible at most, and a standing weakness: it was there before.",
    try_next: "Check that labels and predictions belong to the same rows. Then look at a ranking metric (ROC AUC) and at the threshold.",
    causes: &[Cause::WrongMetric],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let Some(run) = evaluated(measurements) else { return Judgement::missing(Run::any()) };
    let summary = format!("Compared the errors on {} with those of a constant prediction.", counted_rows(run));
    Judgement::Judged { summary, findings: no_gain(run).into_iter().collect() }
}

/// The share of the baseline's errors that the model avoids, with the ends of its interval.
fn gain(run: &EvaluationRun) -> Option<(f64, f64, f64)> {
    match run.task {
        Task::Regression => {
            let (baseline, error) = (run.value("baseline_mean_mae")?, *run.metrics.get("mae")?);
            let avoided = |error: f64| 1.0 - error / baseline;
            (baseline > 0.0).then_some((avoided(error.value), avoided(error.high?), avoided(error.low?)))
        }
        Task::Binary | Task::Multiclass => paired_gain(&run.confusion_matrix.as_ref()?.counts),
    }
}

/// Only rows on which the model and the baseline predict differently count (McNemar 1947): one of them is right and the
/// other is wrong.
fn paired_gain(counts: &[Vec<u64>]) -> Option<(f64, f64, f64)> {
    let support = |class: usize| counts[class].iter().sum::<u64>();
    let frequent = (0..counts.len()).max_by_key(|&class| support(class))?;
    let rows = counts.iter().flatten().sum::<u64>() as f64;
    let baseline = rows - support(frequent) as f64;
    let gained: u64 = (0..counts.len()).filter(|&class| class != frequent).map(|class| counts[class][class]).sum();
    let lost = support(frequent) - counts[frequent][frequent];
    let (gained, lost) = (gained as f64, lost as f64);
    let reach = Z_95 * (gained + lost - (gained - lost).powi(2) / rows).max(0.0).sqrt();
    // With rows of a single class the baseline has no errors, so no model can be better.
    (baseline > 0.0)
        .then(|| ((gained - lost) / baseline, (gained - lost - reach) / baseline, (gained - lost + reach) / baseline))
}

fn no_gain(run: &EvaluationRun) -> Option<Finding> {
    let (value, low, high) = gain(run)?;
    if value >= BASELINE_GAIN {
        return None;
    }
    let ranks = ["roc_auc", "roc_auc_ovr_macro"].iter().find_map(|metric| run.metrics.get(*metric));
    let orders_rows = ranks.is_some_and(|area| area.low.is_some_and(|low| low > BASELINE_RANKING));
    let (what, model, baseline) = match run.task {
        Task::Regression => ("mean absolute error", run.value("mae")?, run.value("baseline_mean_mae")?),
        Task::Binary | Task::Multiclass => {
            ("accuracy", run.value("accuracy")?, run.value("majority_baseline_accuracy")?)
        }
    };
    let same = if run.task == Task::Regression { "the mean" } else { "the most frequent class" };
    let statement = format!(
        "The model is not clearly better than always predicting {same}: its {what} on {} is {} against {}.",
        rows_of(run),
        number(model),
        number(baseline),
    );
    let effect = Effect::new("share_of_baseline_errors_avoided", value, BASELINE_GAIN).with_interval(low, high);
    let mut finding = DETECTOR
        .finding(Verdict::Possible, &[], statement, effect, Certainty::exact())
        .for_cause(Cause::WrongMetric)
        .as_standing();
    finding = finding.with_n(run.split.word(), run.n);
    // A smaller gain is worse, so the effect does not measure the consequence.
    finding.consequence = if orders_rows { 1.0 } else { 2.0 };
    if let Some(area) = ranks {
        finding = finding.with_evidence(runs::in_words("roc_auc"), number(area.value));
    }
    if orders_rows {
        finding = finding.with_evidence("ranking", "the scores rank the rows, so the threshold may be wrong");
    }
    Some(finding)
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
    fn a_model_that_learned_nothing_is_reported_and_one_that_ranks_is_only_possible() {
        let blind = Binary { separation: 0.01, base_odds: -1.5, ..Binary::default() };
        assert_eq!(verdict(blind.run("test")), Some(Verdict::Possible));
        let cut_too_high = Binary { threshold: 0.999, base_odds: -1.0, ..Binary::default() };
        assert_eq!(verdict(cut_too_high.run("test")), Some(Verdict::Possible));
        assert_eq!(verdict(Binary::default().run("test")), None);
    }

    #[test]
    fn a_regression_is_compared_with_the_mean() {
        let truth: Vec<f64> = (0..400).map(|row| f64::from(row % 20)).collect();
        let blind: Vec<f64> = truth.iter().map(|_| 9.5).collect();
        let good: Vec<f64> = truth.iter().map(|y| y + 0.5).collect();
        assert_eq!(verdict(EvaluationRun::of_regression("r", "test", &truth, &blind)), Some(Verdict::Possible));
        assert_eq!(verdict(EvaluationRun::of_regression("r", "test", &truth, &good)), None);
    }
}
