//! Which evaluation runs a detector judges, and what they are called in a sentence.

use crate::thresholds::EVALUATION_ROWS;
pub use domain::evaluation::{Difference, difference};
use domain::evaluation::{EvaluationRun, Split, Task};
use domain::measurements::Measurements;
use domain::number::{number, percent};

/// Whether a run has enough rows to judge a model by.
pub fn is_large_enough(run: &EvaluationRun) -> bool {
    run.n as f64 >= EVALUATION_ROWS
}

fn of_split<'a>(measurements: &'a Measurements, splits: &[Split]) -> Option<&'a EvaluationRun> {
    splits.iter().find_map(|split| {
        let runs = measurements.evaluations.iter().filter(|run| run.split == *split && is_large_enough(run));
        runs.max_by_key(|run| (run.read_from.is_none(), run.n))
    })
}

/// The run by which the model is judged: held-out rows from before serving, else training rows. A run given as an
/// evaluation run is preferred to one read from a snapshot. Served rows are compared with it, not judged alone, because
/// their data may be at fault.
pub fn evaluated(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &[Split::Test, Split::Validation, Split::All, Split::Train, Split::Serve])
        .or_else(|| measurements.evaluations.iter().filter(|run| is_large_enough(run)).max_by_key(|run| run.n))
}

/// What served rows are compared with.
pub fn before_serving(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &[Split::Test, Split::Validation, Split::All, Split::Train])
}

pub fn training(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &[Split::Train])
}

pub fn held_out(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &[Split::Test, Split::Validation])
}

pub fn serving(measurements: &Measurements) -> Option<&EvaluationRun> {
    of_split(measurements, &[Split::Serve])
}

/// The metrics of a task by which two runs are compared; higher is better in all of them.
pub fn compared_metrics(task: Task) -> &'static [&'static str] {
    match task {
        Task::Binary => &["accuracy", "f1", "roc_auc", "mcc"],
        Task::Multiclass => &["accuracy", "f1_macro", "roc_auc_ovr_macro", "mcc"],
        Task::Regression => &["r2", "pearson"],
    }
}

/// The rows of a run in a sentence.
pub fn rows_of(run: &EvaluationRun) -> &str {
    match &run.split {
        Split::Train => "training rows",
        Split::Validation => "validation rows",
        Split::Test => "test rows",
        Split::Serve => "served rows",
        Split::All => "evaluated rows",
        Split::Other(name) => name,
    }
}

/// The rows of a run with their number: `1,200 test rows`.
pub fn counted_rows(run: &EvaluationRun) -> String {
    format!("{} {}", domain::number::count(run.n), rows_of(run))
}

/// The same words with a capital first letter, to begin a sentence.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
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

/// A metric's value in a sentence: shares of rows as per cent, everything else as a number.
pub fn value_in_words(metric: &str, value: f64) -> String {
    match metric {
        "accuracy" | "balanced_accuracy" | "precision" | "recall" => percent(value),
        _ => number(value),
    }
}

#[cfg(test)]
pub mod examples;
