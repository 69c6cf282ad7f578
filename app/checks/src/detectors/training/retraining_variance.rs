//! T4.retraining_variance: do runs on the same rows differ more than sampling noise explains?

use crate::detectors::evaluation::runs::{counted_rows, is_large_enough, rows_of};
use crate::detectors::words::{count, number};
use crate::detectors::{Detector, Judgement};
use crate::thresholds::{RETRAINING_RANGE, RETRAINING_RUNS, SIGNIFICANCE};
use domain::DetectorId;
use domain::evaluation::{EvaluationRun, Split};
use domain::finding::{Certainty, Effect};
use domain::measurements::Measurements;
use domain::need::Run;
use domain::snapshot::SnapshotRole;
use domain::{Cause, Finding, Item, Task, Verdict};
use stats::contingency::chi_square;

pub static DETECTOR: Detector = Detector {
    id: DetectorId::new("T4.retraining_variance"),
    item: Item::T4,
    title: "Variance between runs",
    looks_for: "Several evaluation runs on the same held-out rows whose accuracies differ more than sampling noise explains at this sample size.",
    why_it_matters: "If another seed or another order of the rows gives a different model, one metric says little about the next run, and an improvement may be luck.",
    how_it_decides: "Needs {RETRAINING_RUNS} runs on the same rows: the split, the number of rows and the rows of each class agree. Compares the worst run with the best by Pearson's chi-square test on right and wrong predictions; p is multiplied by the number of pairs of runs. Predictions on the same rows are correlated, so the test is cautious. A range of {RETRAINING_RANGE:%} of accuracy with p under {SIGNIFICANCE} is possible, and never a mismatch, because the runs may be different models.",
    try_next: "If the runs are the same model trained again: average over several seeds, add rows or regularise, and report the range with the mean. If they are different models: choose between them by a confidence interval.",
    causes: &[Cause::SeedVariance],
    tasks: Task::ALL,
    judge,
};

fn judge(measurements: &Measurements) -> Judgement {
    let alike = of_the_same_rows(&measurements.evaluations);
    let Some(runs) = alike.iter().max_by_key(|runs| runs.len()).filter(|runs| runs.len() as f64 >= RETRAINING_RUNS)
    else {
        return Judgement::missing(Run::any().on([SnapshotRole::Test, SnapshotRole::Validation]).at_least(3));
    };
    let summary = format!("Compared {} on the same {}.", count(runs.len() as u64, "run"), counted_rows(runs[0]));
    Judgement::Judged { summary, findings: apart(runs).into_iter().collect() }
}

/// Runs given as evaluation runs, grouped by split, number of rows and rows of each class.
fn of_the_same_rows(runs: &[EvaluationRun]) -> Vec<Vec<&EvaluationRun>> {
    let mut groups: Vec<Vec<&EvaluationRun>> = Vec::new();
    let counted = runs.iter().filter(|run| {
        run.read_from.is_none() && is_large_enough(run) && run.split != Split::Train && support(run).is_some()
    });
    for run in counted {
        let same = |group: &&mut Vec<&EvaluationRun>| group[0].split == run.split && support(group[0]) == support(run);
        match groups.iter_mut().find(same) {
            Some(group) => group.push(run),
            None => groups.push(vec![run]),
        }
    }
    groups
}

/// The classes with their rows; `None` for a regression.
fn support(run: &EvaluationRun) -> Option<Vec<(&str, u64)>> {
    let matrix = run.confusion_matrix.as_ref()?;
    Some(matrix.labels.iter().zip(&matrix.counts).map(|(label, row)| (label.as_str(), row.iter().sum())).collect())
}

/// Right and wrong predictions.
fn right_and_wrong(run: &EvaluationRun) -> Option<[u64; 2]> {
    let counts = &run.confusion_matrix.as_ref()?.counts;
    let right = counts.iter().enumerate().map(|(class, row)| row[class]).sum::<u64>();
    Some([right, run.n - right.min(run.n)])
}

fn apart(runs: &[&EvaluationRun]) -> Option<Finding> {
    let mut by_right: Vec<(&EvaluationRun, [u64; 2])> =
        runs.iter().filter_map(|run| Some((*run, right_and_wrong(run)?))).collect();
    by_right.sort_by_key(|(_, [right, _])| *right);
    let (&(worst, few), &(best, many)) = (by_right.first()?, by_right.last()?);
    let pairs = (runs.len() * (runs.len() - 1) / 2) as f64;
    let p = (chi_square(&few, &many)?.p * pairs).min(1.0);
    let accuracy = |[right, _]: [u64; 2]| right as f64 / best.n as f64;
    let range = accuracy(many) - accuracy(few);
    if range < RETRAINING_RANGE || p >= SIGNIFICANCE {
        return None;
    }
    let statement = format!(
        "The accuracy of {} on the same {} varies from {} to {}.",
        count(runs.len() as u64, "run"),
        rows_of(best),
        number(accuracy(few)),
        number(accuracy(many)),
    );
    let effect = Effect::new("accuracy_range", range, RETRAINING_RANGE);
    let mut finding = DETECTOR
        .finding(Verdict::Possible, &[], statement, effect, Certainty::p(p))
        .with_n(best.split.word(), best.n)
        .for_cause(Cause::SeedVariance);
    for (run, counts) in [(worst, few), (best, many)] {
        finding = finding.with_evidence(format!("accuracy of {}", run.name), number(accuracy(counts)));
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::evaluation::runs::examples::measurements;
    use domain::evaluation::{Classification, Predicted};

    /// A run of 500 rows of each class with this many right predictions in each.
    fn run(name: &str, right: usize, positives: usize) -> EvaluationRun {
        let truth: Vec<u32> = (0..1_000).map(|row| u32::from(row < positives)).collect();
        let predicted: Vec<u32> =
            truth.iter().enumerate().map(|(row, class)| if row % 1_000 < right { *class } else { 1 - class }).collect();
        let rows = Classification {
            classes: &["no".to_owned(), "yes".to_owned()],
            truth: &truth,
            predicted: Predicted::Given(&predicted),
            positive: Some(1),
            score: None,
            probabilities: &[],
        };
        rows.measure(name, "test")
    }

    #[test]
    fn runs_far_apart_on_the_same_rows_are_possible_and_near_ones_clear() {
        let judged = |right: [usize; 3]| {
            let runs = ["a", "b", "c"].iter().zip(right).map(|(name, right)| run(name, right, 500)).collect();
            judge(&measurements(runs)).findings()
        };
        // scipy.stats.chi2_contingency([[850, 150], [930, 70]], correction=False): p 1.06e-8; three pairs.
        let found = judged([900, 850, 930]);
        assert_eq!((found[0].verdict, found[0].cause), (Verdict::Possible, Some(Cause::SeedVariance)));
        assert!((found[0].effect.value - 0.08).abs() < 1e-12 && found[0].certainty.value < 1e-7, "{found:?}");
        assert!(judged([905, 900, 910]).is_empty(), "one point is within the sampling noise of a thousand rows");
        assert!(judged([900, 900, 900]).is_empty());
    }

    #[test]
    fn fewer_than_three_runs_of_the_same_rows_say_nothing() {
        let other_rows = vec![run("a", 900, 500), run("b", 700, 500), run("c", 500, 499)];
        for runs in [other_rows, vec![run("a", 900, 500), run("b", 700, 500)], Vec::new()] {
            assert!(matches!(judge(&measurements(runs)), Judgement::NoEvidence { .. }));
        }
        let read: Vec<EvaluationRun> = ["a", "b", "c"]
            .map(|name| EvaluationRun { read_from: Some(domain::SnapshotRole::Test), ..run(name, 900, 500) })
            .to_vec();
        assert!(matches!(judge(&measurements(read)), Judgement::NoEvidence { .. }));
    }
}
