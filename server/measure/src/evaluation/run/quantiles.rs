//! Predicted quantiles of a run, row by row.

use domain::ColumnRole;
use domain::evaluation::{QuantileCalibration, QuantileColumn};

use super::columns::numbers;
use super::table::EvaluationTable;
use crate::ingest::guess::level_of;

/// How the predicted quantiles agree with the labels, over those of `rows` in which none is missing; `truth[i]` is the label
/// of row `rows[i]`. `None` where the table has no column of quantiles whose name says its level.
pub fn calibration(table: &EvaluationTable<'_>, rows: &[usize], truth: &[f64]) -> Option<QuantileCalibration> {
    let columns = table.roles.columns(ColumnRole::Quantile);
    // A prediction that is named for a quantile is one of them: the median of the others.
    let prediction = table.roles.prediction().filter(|_| !columns.is_empty());
    let of_column = |name: &str| {
        let values = numbers(table.frame.column(name).ok()?.as_materialized_series())?;
        Some((name.to_owned(), level_of(name)?, values))
    };
    let all: Vec<(String, f64, Vec<Option<f64>>)> =
        columns.iter().map(String::as_str).chain(prediction).filter_map(of_column).collect();
    let is_complete = |row: usize| all.iter().all(|(_, _, values)| values[row].is_some_and(f64::is_finite));
    let complete: Vec<(usize, f64)> =
        rows.iter().copied().zip(truth.iter().copied()).filter(|(row, _)| is_complete(*row)).collect();
    let truth: Vec<f64> = complete.iter().map(|(_, label)| *label).collect();
    let values: Vec<Vec<f64>> =
        all.iter().map(|(_, _, values)| complete.iter().filter_map(|(row, _)| values[*row]).collect()).collect();
    let columns: Vec<QuantileColumn<'_>> = all
        .iter()
        .zip(&values)
        .map(|((name, level, _), values)| QuantileColumn { name, level: *level, values })
        .collect();
    QuantileCalibration::of(&truth, &columns)
}
