//! Measures predicted numbers.

use super::interval::normal;
use super::{EvaluationRun, Metric, RegressionChart, Split, Task, error_groups};
use stats::regression::{Residuals, correlation_interval, pearson, spearman};

/// Points of the chart of true against predicted.
const SAMPLE_POINTS: usize = 2_000;
/// Bins of the residuals' histogram.
const RESIDUAL_BINS: usize = 50;

impl EvaluationRun {
    /// Measures a regression from its true and predicted values: equally long, finite, at least one row.
    pub fn of_regression(name: &str, split: impl Into<Split>, truth: &[f64], predicted: &[f64]) -> Self {
        let mut run = Self::empty(name, split, truth.len() as u64, Task::Regression);
        let residuals = Residuals::new(truth, predicted);
        let anywhere = (f64::NEG_INFINITY, f64::INFINITY);
        let mut note = |name: &str, estimate, (low, high): (f64, f64)| {
            run.metrics.insert(name.into(), normal(estimate, low, high));
        };
        note("mae", residuals.mae(), (0.0, f64::INFINITY));
        note("mse", residuals.mse(), (0.0, f64::INFINITY));
        note("rmse", residuals.rmse(), (0.0, f64::INFINITY));
        note("bias_mean_error", residuals.bias_mean_error(), anywhere);
        note("baseline_mean_mae", residuals.baseline_mean_mae(), (0.0, f64::INFINITY));
        let shares = [
            ("r2", residuals.r2(), (f64::NEG_INFINITY, 1.0)),
            ("explained_variance", residuals.explained_variance(), (f64::NEG_INFINITY, 1.0)),
            ("mape_nonzero", residuals.mape_nonzero(), (0.0, f64::INFINITY)),
        ];
        for (name, estimate, bounds) in shares {
            if let Some(estimate) = estimate {
                note(name, estimate, bounds);
            }
        }
        let (value, low, high) = residuals.median_abs_error();
        run.metrics.insert("median_abs_error".into(), Metric { value, low: Some(low), high: Some(high) });
        run.metrics.insert("max_error".into(), Metric::exact(residuals.max_error()));
        let correlations =
            [("pearson", pearson(truth, predicted), 1.0), ("spearman", spearman(truth, predicted), 1.06)];
        for (name, correlation, variance) in correlations {
            if let Some(value) = correlation {
                let interval = correlation_interval(value, truth.len(), variance);
                let (low, high) = (interval.map(|ends| ends.0), interval.map(|ends| ends.1));
                run.metrics.insert(name.into(), Metric { value, low, high });
            }
        }
        run.metrics.retain(|_, metric| metric.value.is_finite());
        run.regression = Some(chart(&residuals));
        run
    }
}

/// Every k-th row, so that the sample follows the order of the rows (often time).
fn chart(residuals: &Residuals<'_>) -> RegressionChart {
    let rows = residuals.truth.len();
    let stride = rows.div_ceil(SAMPLE_POINTS).max(1);
    let sample = (0..rows).step_by(stride).map(|row| (residuals.truth[row], residuals.predicted[row])).collect();
    let low = residuals.errors.iter().copied().fold(f64::INFINITY, f64::min);
    let high = residuals.errors.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Errors that are all equal still need a bin with a width.
    let width = if high > low { (high - low) / RESIDUAL_BINS as f64 } else { 1.0 };
    let mut residual_counts = vec![0; RESIDUAL_BINS];
    for error in &residuals.errors {
        residual_counts[(((error - low) / width) as usize).min(RESIDUAL_BINS - 1)] += 1;
    }
    let residual_edges = (0..=RESIDUAL_BINS).map(|at| low + width * at as f64).collect();
    let by_prediction = error_groups(residuals.predicted, &residuals.errors);
    RegressionChart { sample, residual_edges, residual_counts, by_prediction, ..RegressionChart::default() }
}
