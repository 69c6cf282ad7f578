//! Which runs a detector speaks of, and how two figures of them differ.

use domain::evaluation::{EvaluationRun, Metric, Task};
use domain::measurements::Measurements;
use stats::distributions::{Z_95, normal_two_sided};
use stats::intervals::Estimate;

pub const RUN: &str = "an evaluation run (labels beside predictions)";

/// Fewer rows than this say nothing about a model.
pub const FEWEST_ROWS: u64 = 20;

fn of_split<'a>(measurements: &'a Measurements, splits: &[&str]) -> Option<&'a EvaluationRun> {
    splits.iter().find_map(|split| {
        let runs = measurements.evaluations.iter().filter(|run| run.split == *split && run.n >= FEWEST_ROWS);
        runs.max_by_key(|run| (run.read_from.is_none(), run.n))
    })
}

/// The run that the model is judged by, one given as an evaluation run before one read off a snapshot: rows it did not learn from, before it was served; training rows when there are
/// no others. Served rows are judged against it, not by themselves, because their data may be at fault.
pub fn evaluated(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &["test", "val", "all", "train", "serve"])
        .or_else(|| measurements.evaluations.iter().filter(|run| run.n >= FEWEST_ROWS).max_by_key(|run| run.n))
}

/// What served rows are compared with.
pub fn before_serving(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &["test", "val", "all", "train"])
}

pub fn training(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &["train"])
}

pub fn held_out(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &["test", "val"])
}

pub fn serving(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &["serve"])
}

/// The metrics of a task by which two runs are compared; more is better in all of them.
pub fn compared_metrics(task: Task) -> &'static [&'static str] {
    match task {
        Task::Binary => &["accuracy", "f1", "roc_auc", "mcc"],
        Task::Multiclass => &["accuracy", "f1_macro", "roc_auc_ovr_macro", "mcc"],
        Task::Regression => &["r2", "pearson"],
    }
}

/// `a - b` with a 95 % interval from the intervals of both (Newcombe 1998, method 10, and its generalisation to other
/// figures by Zou and Donner 2008), and p of there being no difference.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    pub estimate: Estimate,
    pub p: f64,
}

/// `None` where a figure has no interval.
pub fn difference(a: Metric, b: Metric) -> Option<Difference> {
    let (a_low, a_high, b_low, b_high) = (a.low?, a.high?, b.low?, b.high?);
    let value = a.value - b.value;
    let below = (a.value - a_low).hypot(b_high - b.value);
    let above = (a_high - a.value).hypot(b.value - b_low);
    // The half on the side of no difference is the one that says whether there is one.
    let towards_zero = if value >= 0.0 { below } else { above };
    let p = if towards_zero > 0.0 { normal_two_sided(value / (towards_zero / Z_95)) } else { 1.0 };
    Some(Difference { estimate: Estimate { value, low: value - below, high: value + above }, p })
}

/// How a run is called in a sentence.
pub fn rows_of(run: &EvaluationRun) -> &str {
    match run.split.as_str() {
        "train" => "training rows",
        "val" => "validation rows",
        "test" => "test rows",
        "serve" => "served rows",
        "all" => "evaluated rows",
        other => other,
    }
}

/// A metric's name in a sentence.
pub fn in_words(metric: &str) -> String {
    match metric {
        "accuracy" => "accuracy".into(),
        "f1" => "F1".into(),
        "f1_macro" => "macro F1".into(),
        "roc_auc" | "roc_auc_ovr_macro" => "ROC AUC".into(),
        "mcc" => "Matthews correlation".into(),
        "r2" => "R²".into(),
        "pearson" => "correlation with the truth".into(),
        "mae" => "mean absolute error".into(),
        other => other.replace('_', " "),
    }
}

#[cfg(test)]
pub mod examples;
