//! How the figures of two runs differ, and how certain that is.

use std::collections::BTreeMap;

use stats::distributions::{Z_95, normal_two_sided};
use stats::intervals::Estimate;
use stats::multiple::benjamini_hochberg;

use super::{EvaluationRun, Metric};

/// `a - b` with a 95 % interval from the intervals of both (Newcombe 1998, method 10, and its generalisation to other
/// metrics by Zou and Donner 2008), and p of there being no difference. The rows of both are taken as independent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub estimate: Estimate,
    pub p: f64,
}

/// `None` if a metric has no interval.
pub fn difference(a: Metric, b: Metric) -> Option<Difference> {
    let (a_low, a_high, b_low, b_high) = (a.low?, a.high?, b.low?, b.high?);
    let value = a.value - b.value;
    let below = (a.value - a_low).hypot(b_high - b.value);
    let above = (a_high - a.value).hypot(b.value - b_low);
    // The half of the interval towards zero decides whether there is a difference.
    let towards_zero = if value >= 0.0 { below } else { above };
    let p = if towards_zero > 0.0 { normal_two_sided(value / (towards_zero / Z_95)) } else { 1.0 };
    Some(Difference { estimate: Estimate { value, low: value - below, high: value + above }, p })
}

/// Which values of a metric a model should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preferred {
    Higher,
    Lower,
    NearZero,
    /// It describes the rows and not the model.
    Neither,
}

impl Preferred {
    /// By the metric's name, which is scikit-learn's.
    pub fn of(metric: &str) -> Preferred {
        let of_classes = metric.trim_start_matches("top_label_");
        match of_classes {
            "majority_baseline_accuracy" | "baseline_mean_mae" => Preferred::Neither,
            "bias_mean_error" => Preferred::NearZero,
            "log_loss" | "brier" | "brier_multiclass" | "mce" | "mae" | "mse" | "rmse" | "median_abs_error"
            | "max_error" | "mape_nonzero" => Preferred::Lower,
            name if name.starts_with("ece_") => Preferred::Lower,
            _ => Preferred::Higher,
        }
    }
}

/// What a difference means for the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Better,
    Worse,
    /// The rows differ, or nothing does.
    Neither,
}

impl Change {
    /// From the value of a baseline to another.
    pub fn between(metric: &str, baseline: f64, value: f64) -> Change {
        let gain = match Preferred::of(metric) {
            Preferred::Higher => value - baseline,
            Preferred::Lower => baseline - value,
            Preferred::NearZero => baseline.abs() - value.abs(),
            Preferred::Neither => 0.0,
        };
        match gain {
            gain if gain > 0.0 => Change::Better,
            gain if gain < 0.0 => Change::Worse,
            _ => Change::Neither,
        }
    }
}

/// One metric of a run against the same of its baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// The run's value minus the baseline's.
    pub difference: Difference,
    /// p after Benjamini-Hochberg over all metrics of the comparison.
    pub q: f64,
    pub change: Change,
}

/// Every metric that both runs have with an interval, by name.
pub fn compared(run: &EvaluationRun, baseline: &EvaluationRun) -> BTreeMap<String, Compared> {
    let both = run.metrics.iter().filter_map(|(name, metric)| {
        let before = baseline.metrics.get(name)?;
        Some((name, difference(*metric, *before)?, Change::between(name, before.value, metric.value)))
    });
    let both: Vec<_> = both.collect();
    let q_values = benjamini_hochberg(&both.iter().map(|(_, difference, _)| difference.p).collect::<Vec<_>>());
    let compared = both.into_iter().zip(q_values);
    compared.map(|((name, difference, change), q)| (name.clone(), Compared { difference, q, change })).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Task, wilson};
    use super::*;

    fn run(metrics: &[(&str, Metric)]) -> EvaluationRun {
        let mut run = EvaluationRun::empty("preds.csv", "test", 1_000, Task::Binary);
        run.metrics = metrics.iter().map(|(name, metric)| ((*name).to_owned(), *metric)).collect();
        run
    }

    #[test]
    fn the_difference_of_two_shares_is_newcombes() {
        // Newcombe 1998, table II, (a) 56/70 - 48/80 by method 10: 0.0524 to 0.3339.
        let found = difference(wilson(56, 70), wilson(48, 80)).expect("both have intervals");
        assert!((found.estimate.value - 0.2).abs() < 1e-12);
        assert!((found.estimate.low - 0.0524).abs() < 5e-5 && (found.estimate.high - 0.3339).abs() < 5e-5);
    }

    #[test]
    fn worse_means_lower_for_accuracy_higher_for_a_loss_and_further_from_zero_for_bias() {
        let change = |metric, from, to| Change::between(metric, from, to);
        assert_eq!(change("accuracy", 0.9, 0.8), Change::Worse);
        assert_eq!(change("log_loss", 0.2, 0.3), Change::Worse);
        assert_eq!(change("top_label_ece_10_equal_width", 0.2, 0.1), Change::Better);
        assert_eq!(
            [change("bias_mean_error", -3.0, 1.0), change("bias_mean_error", 1.0, -3.0)],
            [Change::Better, Change::Worse]
        );
        assert_eq!(change("majority_baseline_accuracy", 0.5, 0.9), Change::Neither);
    }

    #[test]
    fn q_is_corrected_over_the_metrics_that_both_have() {
        let served =
            run(&[("accuracy", wilson(850, 1_000)), ("recall", wilson(500, 600)), ("mce", Metric::exact(0.3))]);
        let test = run(&[("accuracy", wilson(940, 1_000)), ("recall", wilson(505, 600)), ("mce", Metric::exact(0.1))]);
        let found = compared(&served, &test);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["accuracy", "recall"]);
        assert!(found["accuracy"].q < 1e-6 && found["accuracy"].change == Change::Worse);
        assert!((found["recall"].q - found["recall"].difference.p).abs() < 1e-12, "the larger of two p stays");
    }
}
