//! Evaluation runs out of a table: labels beside predictions, scores or class probabilities, split by split.

mod answers;
mod classes;
pub(crate) mod columns;
mod given;
mod positive;
mod quantiles;
pub mod splits;
mod table;

use std::collections::HashMap;

use domain::evaluation::{Classification, EvaluationRun, Predicted, Split, Task, error_groups};
use domain::snapshot::{ColumnRole, Roles};
use polars::prelude::{DataFrame, Series};

pub(crate) use self::answers::Answers;
pub(crate) use self::classes::Classes;
pub use self::given::given_probabilities;
pub use self::table::EvaluationTable;
use crate::evaluation::slices::Loss;
use crate::evaluation::{segments, slices};
use crate::monitoring::time_windows::InOrder;

/// What the table's model predicts, judged by its label and its answers; `None` when it holds no label, no answers, or
/// labels that are no classes and no numbers.
pub fn task(frame: &DataFrame, roles: &Roles) -> Option<Task> {
    match Answers::find(frame, roles, None)? {
        Answers::Numbers { .. } => Some(Task::Regression),
        Answers::Classes(classes) if classes.positive.is_some() => Some(Task::Binary),
        Answers::Classes(_) => Some(Task::Multiclass),
    }
}

/// One run per split, the usual splits first. Empty when [`task`] is `None`.
pub fn evaluation_runs(table: &EvaluationTable<'_>) -> Vec<EvaluationRun> {
    let Some(answers) = Answers::find(table.frame, table.roles, table.positive) else { return Vec::new() };
    let features = features(table, &answers);
    splits::of(table)
        .into_iter()
        .filter_map(|(split, rows)| {
            let mut run = match &answers {
                Answers::Numbers { truth, predicted } => regression(table, split, &rows, (truth, predicted), &features),
                Answers::Classes(classes) => classification(table, split, &rows, classes, &features),
            }?;
            run.rows_left_out = rows.len() as u64 - run.n;
            Some(run)
        })
        .collect()
}

/// The columns that can describe a slice: features, but not what the model answered.
fn features<'a>(table: &EvaluationTable<'a>, answers: &Answers) -> Vec<&'a Series> {
    let probability_columns: &[String] = match answers {
        Answers::Classes(classes) => &classes.probability_columns,
        Answers::Numbers { .. } => &[],
    };
    let columns = table.frame.columns().iter();
    columns
        .filter(|column| table.roles.of(column.name()) == ColumnRole::Feature)
        .filter(|column| !probability_columns.iter().any(|name| name == column.name().as_str()))
        .map(|column| column.as_materialized_series())
        .collect()
}

fn regression(
    table: &EvaluationTable<'_>,
    split: Split,
    rows: &[usize],
    (truth, predicted): (&[Option<f64>], &[Option<f64>]),
    features: &[&Series],
) -> Option<EvaluationRun> {
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let (kept, pairs): (Vec<usize>, Vec<(f64, f64)>) =
        rows.iter().filter_map(|&row| Some((row, (finite(truth[row])?, finite(predicted[row])?)))).unzip();
    if pairs.is_empty() {
        return None;
    }
    let (truth, predicted): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
    let mut run = EvaluationRun::of_regression(table.name, split, &truth, &predicted);
    let errors: Vec<f64> = truth.iter().zip(&predicted).map(|(truth, predicted)| predicted - truth).collect();
    if let Some(chart) = &mut run.regression {
        let (times, timed) = timed(table, &kept, &errors);
        chart.by_time = error_groups(&times, &timed);
        chart.by_segment = segments::furthest_off(features, &kept, &errors);
        chart.quantiles = quantiles::calibration(table, &kept, &truth);
    }
    run.slices =
        slices::weakest(features, &kept, &Loss::AbsoluteError(errors.iter().map(|error| error.abs()).collect()));
    Some(run)
}

/// The times, in milliseconds, and the errors of the rows that have a time; `errors[i]` is that of row `rows[i]`.
fn timed(table: &EvaluationTable<'_>, rows: &[usize], errors: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let column = table.roles.time().and_then(|name| table.frame.column(name).ok());
    let Some(order) = column.and_then(|column| InOrder::of(column.as_materialized_series())) else {
        return (Vec::new(), Vec::new());
    };
    let error_of: HashMap<usize, f64> = rows.iter().copied().zip(errors.iter().copied()).collect();
    order.0.into_iter().filter_map(|(ms, row)| Some((ms as f64, *error_of.get(&row)?))).unzip()
}

fn classification(
    table: &EvaluationTable<'_>,
    split: Split,
    rows: &[usize],
    classes: &Classes,
    features: &[&Series],
) -> Option<EvaluationRun> {
    let kept: Vec<usize> = rows.iter().copied().filter(|&row| classes.is_complete(row)).collect();
    if kept.is_empty() {
        return None;
    }
    let pick = |codes: &[Option<u32>]| -> Vec<u32> { kept.iter().filter_map(|&row| codes[row]).collect() };
    let truth = pick(&classes.truth);
    let given = classes.predicted.as_deref().map(pick);
    let score: Option<Vec<f64>> =
        classes.score.as_ref().map(|scores| kept.iter().filter_map(|&row| scores[row]).collect());
    let probabilities: Vec<Vec<f64>> =
        classes.probabilities.iter().map(|column| kept.iter().filter_map(|&row| column[row]).collect()).collect();
    let predicted = match (&given, &score) {
        (Some(given), _) => Predicted::Given(given),
        (None, Some(scores)) => Predicted::AtThreshold(table.threshold.unwrap_or_else(|| usual_threshold(scores))),
        (None, None) => Predicted::TopLabel,
    };
    let measured = Classification {
        classes: &classes.names,
        truth: &truth,
        predicted,
        positive: classes.positive,
        score: score.as_deref(),
        probabilities: &probabilities,
    };
    let mut run = measured.measure(table.name, split);
    run.positive_by = classes.positive_by;
    let wrong: Vec<bool> = (0..truth.len()).map(|row| measured.predicted_class(row) != truth[row] as usize).collect();
    let promised: Option<Vec<f64>> = (0..truth.len()).map(|row| measured.promise(row)).collect();
    run.slices = slices::weakest(features, &kept, &Loss::Wrong { wrong, promised });
    Some(run)
}

/// One half for probabilities, zero for signed margins such as `decision_function` gives.
pub(crate) fn usual_threshold(scores: &[f64]) -> f64 {
    if scores.iter().all(|score| (0.0..=1.0).contains(score)) { 0.5 } else { 0.0 }
}

#[cfg(test)]
mod tests;
