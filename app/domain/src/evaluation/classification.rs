//! Measures predicted classes, scores and class probabilities.

use std::collections::BTreeMap;

use super::interval::{logit, normal, wilson, wilson_of_share};
use super::{
    CalibrationBin, ClassMetrics, ConfusionMatrix, EvaluationRun, Metric, ScoreTable, Split, Task, ThresholdInUse,
};
use stats::calibration::{self, Bin};
use stats::confusion::{Margins, delta_standard_error};
use stats::ranking::{Average, Ranked, roc_auc_multiclass};
use stats::regression::{Estimate, mean};
use stats::{probability, threshold};

/// More classes than this get no per-class table and no intervals by the delta method, whose cost is their fourth power.
const MAX_CLASSES: usize = 100;
/// The delta method visits every cell; over this many classes the interval is left out.
const MAX_DELTA_CLASSES: usize = 40;

/// Where the predicted classes come from.
#[derive(Debug, Clone, Copy)]
pub enum Predicted<'a> {
    /// One class index per row.
    Given(&'a [u32]),
    /// Only scores are there: positive from this score on.
    AtThreshold(f64),
    /// Only class probabilities are there: the most likely class.
    TopLabel,
}

/// Rows of a classification, as columns of equal length. Nothing is missing and every number is finite.
#[derive(Debug, Clone, Copy)]
pub struct Classification<'a> {
    /// In the order of the confusion matrix.
    pub classes: &'a [String],
    /// Index of the true class of each row.
    pub truth: &'a [u32],
    pub predicted: Predicted<'a>,
    /// Index of the positive class: a binary task.
    pub positive: Option<usize>,
    /// The score of the positive class.
    pub score: Option<&'a [f64]>,
    /// Per class, each row's probability of it; empty where unknown.
    pub probabilities: &'a [Vec<f64>],
}

impl Classification<'_> {
    /// Measures everything its columns allow.
    pub fn measure(&self, name: &str, split: impl Into<Split>) -> EvaluationRun {
        let task = if self.positive.is_some() { Task::Binary } else { Task::Multiclass };
        let mut run = EvaluationRun::empty(name, split, self.truth.len() as u64, task);
        let counts = self.confusion();
        class_metrics(&mut run, &counts, self.classes, self.positive);
        if let (Some(positive), Some(scores)) = (self.positive, self.score) {
            run.positive = Some(self.classes[positive].clone());
            self.measure_scores(&mut run, positive, scores);
        } else if let Some(positive) = self.positive {
            run.positive = Some(self.classes[positive].clone());
        }
        if self.positive.is_none() && self.probabilities.len() == self.classes.len() {
            self.measure_probabilities(&mut run);
        }
        run.confusion_matrix = Some(ConfusionMatrix { labels: self.classes.to_vec(), counts });
        run.metrics.retain(|_, metric| metric.value.is_finite());
        run
    }

    /// Index of the class a row is taken for.
    pub fn predicted_class(&self, row: usize) -> usize {
        match (self.predicted, self.score, self.positive) {
            (Predicted::Given(classes), _, _) => classes[row] as usize,
            (Predicted::AtThreshold(threshold), Some(scores), Some(positive)) => {
                if scores[row] >= threshold {
                    positive
                } else {
                    usize::from(positive == 0)
                }
            }
            _ => top_label(self.probabilities, row),
        }
    }

    /// The probability that the model itself gives to the class a row is taken for; `None` without probabilities.
    pub fn promise(&self, row: usize) -> Option<f64> {
        let predicted = self.predicted_class(row);
        let promised = match (self.score, self.positive) {
            (Some(scores), Some(positive)) if predicted == positive => scores[row],
            (Some(scores), Some(_)) => 1.0 - scores[row],
            _ => self.probabilities.get(predicted)?[row],
        };
        (0.0..=1.0).contains(&promised).then_some(promised)
    }

    fn confusion(&self) -> Vec<Vec<u64>> {
        let mut counts = vec![vec![0; self.classes.len()]; self.classes.len()];
        for (row, &truth) in self.truth.iter().enumerate() {
            counts[truth as usize][self.predicted_class(row)] += 1;
        }
        counts
    }

    fn measure_scores(&self, run: &mut EvaluationRun, positive: usize, scores: &[f64]) {
        let hits: Vec<bool> = self.truth.iter().map(|&class| class as usize == positive).collect();
        let ranked = Ranked::new(scores, &hits);
        ranking_metrics(&mut run.metrics, &ranked);
        if let Some(best) = threshold::best_f1(&ranked) {
            run.thresholds.insert("best_f1".into(), best.threshold);
        }
        if let Some(best) = threshold::youden(&ranked) {
            run.thresholds.insert("youden".into(), best.threshold);
        }
        if let Predicted::Given(predicted) = self.predicted {
            let answers: Vec<bool> = predicted.iter().map(|&class| class as usize == positive).collect();
            note_threshold_in_use(run, scores, &answers);
        }
        let probabilities = scores.iter().all(|score| (0.0..=1.0).contains(score));
        if probabilities {
            probability_metrics(run, scores, &hits);
        }
        let keep: Vec<f64> = run.thresholds.values().copied().collect();
        run.scores = Some(ScoreTable::new(&ranked, &keep, probabilities));
    }

    fn measure_probabilities(&self, run: &mut EvaluationRun) {
        let of_truth = |row: usize| self.probabilities[self.truth[row] as usize][row];
        let losses: Vec<f64> = (0..self.truth.len()).map(|row| probability::log_loss_of_row(of_truth(row))).collect();
        run.metrics.insert("log_loss".into(), normal(mean(&losses), 0.0, f64::INFINITY));
        let errors: Vec<f64> = (0..self.truth.len())
            .map(|row| {
                let of_row = self.probabilities.iter().map(|column| column[row]);
                probability::brier_multiclass_of_row(of_row, self.truth[row] as usize)
            })
            .collect();
        run.metrics.insert("brier_multiclass".into(), normal(mean(&errors), 0.0, 2.0));
        let areas = [
            ("roc_auc_ovr_macro", Average::OneVsRestMacro),
            ("roc_auc_ovr_weighted", Average::OneVsRestWeighted),
            ("roc_auc_ovo_macro", Average::OneVsOneMacro),
        ];
        for (name, average) in areas {
            // One against one costs the square of the number of classes.
            if average == Average::OneVsOneMacro && self.classes.len() > MAX_DELTA_CLASSES {
                continue;
            }
            if let Some((value, standard_error)) = roc_auc_multiclass(self.truth, self.probabilities, average) {
                run.metrics.insert(name.into(), logit(Estimate { value, standard_error }, self.truth.len() as f64));
            }
        }
        let tops: Vec<usize> = (0..self.truth.len()).map(|row| top_label(self.probabilities, row)).collect();
        let confidence: Vec<f64> =
            tops.iter().enumerate().map(|(row, &top)| self.probabilities[top][row].clamp(0.0, 1.0)).collect();
        let right: Vec<bool> = tops.iter().zip(self.truth).map(|(&top, &truth)| top == truth as usize).collect();
        calibration_metrics(run, &confidence, &right, "top_label_");
    }
}

fn top_label(probabilities: &[Vec<f64>], row: usize) -> usize {
    let mut best = 0;
    for (class, column) in probabilities.iter().enumerate() {
        if column[row] > probabilities[best][row] {
            best = class;
        }
    }
    best
}

fn class_metrics(run: &mut EvaluationRun, counts: &[Vec<u64>], classes: &[String], positive: Option<usize>) {
    let margins = Margins::of(counts);
    let total = margins.total as u64;
    let correct = margins.correct.iter().sum::<f64>() as u64;
    let interval = |metric: fn(&Margins) -> f64, low: f64| {
        let value = metric(&margins);
        if counts.len() > MAX_DELTA_CLASSES {
            return Metric::exact(value);
        }
        normal(Estimate { value, standard_error: delta_standard_error(counts, metric) }, low, 1.0)
    };
    let metrics = &mut run.metrics;
    for name in ["accuracy", "precision_micro", "recall_micro", "f1_micro"] {
        metrics.insert(name.into(), wilson(correct, total));
    }
    metrics.insert("balanced_accuracy".into(), interval(Margins::balanced_accuracy, 0.0));
    metrics.insert("mcc".into(), interval(Margins::mcc, -1.0));
    metrics.insert("cohen_kappa".into(), interval(Margins::cohen_kappa, -1.0));
    metrics.insert("precision_macro".into(), interval(|m| m.macro_mean(Margins::precision), 0.0));
    metrics.insert("recall_macro".into(), interval(|m| m.macro_mean(Margins::recall), 0.0));
    metrics.insert("f1_macro".into(), interval(|m| m.macro_mean(Margins::f1), 0.0));
    metrics.insert("precision_weighted".into(), interval(|m| m.weighted_mean(Margins::precision), 0.0));
    metrics.insert("recall_weighted".into(), interval(|m| m.weighted_mean(Margins::recall), 0.0));
    metrics.insert("f1_weighted".into(), interval(|m| m.weighted_mean(Margins::f1), 0.0));
    let most = margins.truth.iter().copied().fold(0.0, f64::max) as u64;
    metrics.insert("majority_baseline_accuracy".into(), wilson(most, total));
    if classes.len() <= MAX_CLASSES {
        run.per_class =
            classes.iter().enumerate().map(|(class, name)| one_class(&margins, counts, class, name)).collect();
    }
    if let Some(of_positive) = positive.and_then(|class| run.per_class.get(class)) {
        let named = [("precision", of_positive.precision), ("recall", of_positive.recall), ("f1", of_positive.f1)];
        run.metrics.extend(named.map(|(name, metric)| (name.to_owned(), metric)));
    }
}

fn one_class(margins: &Margins, counts: &[Vec<u64>], class: usize, name: &str) -> ClassMetrics {
    let correct = margins.correct[class] as u64;
    let value = margins.f1(class);
    // F1 is Dice's coefficient; its error follows from the three cells that touch the class, taken together.
    let total: u64 = counts.iter().flatten().sum();
    let missed = margins.truth[class] as u64 - correct;
    let alarms = margins.predicted[class] as u64 - correct;
    let against_rest = vec![vec![total - correct - missed - alarms, alarms], vec![missed, correct]];
    let standard_error = delta_standard_error(&against_rest, |m| m.f1(1));
    ClassMetrics {
        class: name.to_owned(),
        support: margins.truth[class] as u64,
        precision: Metric { value: margins.precision(class), ..wilson(correct, margins.predicted[class] as u64) },
        recall: Metric { value: margins.recall(class), ..wilson(correct, margins.truth[class] as u64) },
        f1: normal(Estimate { value, standard_error }, 0.0, 1.0),
    }
}

fn ranking_metrics(metrics: &mut BTreeMap<String, Metric>, ranked: &Ranked) {
    if !ranked.has_both_classes() {
        return;
    }
    let (positives, negatives) = (ranked.positives as f64, ranked.negatives as f64);
    let area = Estimate { value: ranked.roc_auc(), standard_error: ranked.roc_auc_standard_error() };
    let area = logit(area, positives.min(negatives));
    let as_gini = |share: f64| 2.0 * share - 1.0;
    metrics.insert("roc_auc".into(), area);
    metrics.insert(
        "gini".into(),
        Metric { value: as_gini(area.value), low: area.low.map(as_gini), high: area.high.map(as_gini) },
    );
    // Boyd, Eng and Page (2013): the area under a precision-recall curve behaves like a share of the positives.
    for (name, value) in
        [("average_precision", ranked.average_precision()), ("pr_auc_trapezoid", ranked.pr_auc_trapezoid())]
    {
        let standard_error = (value * (1.0 - value) / positives).max(0.0).sqrt();
        metrics.insert(name.into(), logit(Estimate { value, standard_error }, positives));
    }
    metrics.insert("ks_of_scores".into(), ks_with_interval(ranked));
}

/// The distance is a difference of two shares at its threshold: Newcombe's interval (1998, method 10).
fn ks_with_interval(ranked: &Ranked) -> Metric {
    let value = ranked.ks_of_scores();
    let Some(best) = threshold::youden(ranked) else { return Metric::exact(value) };
    let at = ranked.thresholds.partition_point(|threshold| *threshold > best.threshold);
    let rate = wilson(ranked.true_positives[at], ranked.positives);
    let alarms = wilson(ranked.false_positives[at], ranked.negatives);
    let reach = |a: Option<f64>, b: Option<f64>| {
        ((rate.value - a.unwrap_or(rate.value)).powi(2) + (alarms.value - b.unwrap_or(alarms.value)).powi(2)).sqrt()
    };
    Metric {
        value,
        low: Some((value - reach(rate.low, alarms.high)).max(0.0)),
        high: Some((value + reach(rate.high, alarms.low)).min(1.0)),
    }
}

fn note_threshold_in_use(run: &mut EvaluationRun, scores: &[f64], predicted_positive: &[bool]) {
    // Predictions that a threshold explains no better than this come from something else (another model, noise).
    const MOST_UNEXPLAINED: f64 = 0.01;
    let Some(found) = threshold::in_use(scores, predicted_positive) else { return };
    if found.unexplained as f64 > MOST_UNEXPLAINED * scores.len() as f64 {
        return;
    }
    run.thresholds.insert("in_use".into(), found.value);
    run.threshold_in_use =
        Some(ThresholdInUse { above: found.above, up_to: found.up_to, unexplained: found.unexplained });
}

fn probability_metrics(run: &mut EvaluationRun, scores: &[f64], hits: &[bool]) {
    let rows = || scores.iter().zip(hits);
    let losses: Vec<f64> =
        rows().map(|(&score, &hit)| probability::log_loss_of_row(if hit { score } else { 1.0 - score })).collect();
    run.metrics.insert("log_loss".into(), normal(mean(&losses), 0.0, f64::INFINITY));
    let errors: Vec<f64> = rows().map(|(&score, &hit)| probability::brier_of_row(score, hit)).collect();
    run.metrics.insert("brier".into(), normal(mean(&errors), 0.0, 1.0));
    calibration_metrics(run, scores, hits, "");
    let equal_mass = calibration::equal_mass_bins(scores, hits, 10);
    run.metrics.insert("ece_10_equal_mass".into(), ece(&equal_mass));
}

fn ece(bins: &[Bin]) -> Metric {
    let value = calibration::expected_calibration_error(bins);
    normal(Estimate { value, standard_error: calibration::standard_error(bins) }, 0.0, 1.0)
}

fn calibration_metrics(run: &mut EvaluationRun, scores: &[f64], hits: &[bool], prefix: &str) {
    let bins = calibration::equal_width_bins(scores, hits, 10);
    run.metrics.insert(format!("{prefix}ece_10_equal_width"), ece(&bins));
    run.metrics.insert(format!("{prefix}mce"), Metric::exact(calibration::maximum_calibration_error(&bins)));
    run.metrics.insert(format!("{prefix}ece_15_equal_width"), ece(&calibration::equal_width_bins(scores, hits, 15)));
    run.calibration = bins.iter().map(calibration_bin).collect();
}

fn calibration_bin(bin: &Bin) -> CalibrationBin {
    let interval = wilson_of_share(bin.rate, bin.n as f64);
    CalibrationBin {
        low: bin.low,
        high: bin.high,
        n: bin.n,
        mean_score: bin.mean_score,
        rate: bin.rate,
        rate_low: interval.low.unwrap_or(bin.rate),
        rate_high: interval.high.unwrap_or(bin.rate),
    }
}
