//! Errors of a regression by what the rows have in common: similar predictions, a window of time, a segment.

use serde::{Deserialize, Serialize};
use stats::regression::mean;
use utoipa::ToSchema;

use super::Metric;
use super::interval::normal;
use crate::selection::Condition;

/// Groups along an axis, and the fewest rows of each: the mean of fewer has hardly an interval.
const GROUPS: usize = 20;
const FEWEST_ROWS: usize = 25;

/// Rows that follow each other on an axis: how far the predictions are off, and in which direction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ErrorGroup {
    /// Lowest and highest predicted value of the rows, or their first and last time in milliseconds.
    pub low: f64,
    pub high: f64,
    pub n: u64,
    /// Mean of predicted minus true.
    pub bias: Metric,
    /// Mean absolute error.
    pub mae: Metric,
}

/// Rows with one value (or a range of values) of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SegmentError {
    /// Such as `region = west`.
    pub description: String,
    pub condition: Condition,
    pub n: u64,
    /// Mean of predicted minus true.
    pub bias: Metric,
    /// Mean absolute error.
    pub mae: Metric,
    /// p of the mean error being that of the other rows, after correction for all segments that were tested.
    pub q: f64,
}

/// Mean error and mean absolute error of rows, with normal intervals.
pub fn bias_and_mae(errors: &[f64]) -> (Metric, Metric) {
    let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    (normal(mean(errors), f64::NEG_INFINITY, f64::INFINITY), normal(mean(&sizes), 0.0, f64::INFINITY))
}

/// Groups of equal size along `keys` (equally long as `errors`, finite), ascending; empty for too few rows for two groups.
pub fn error_groups(keys: &[f64], errors: &[f64]) -> Vec<ErrorGroup> {
    let groups = (keys.len() / FEWEST_ROWS).min(GROUPS);
    if groups < 2 {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
    let edge = |group: usize| group * order.len() / groups;
    let group = |at: usize| {
        let rows = &order[edge(at)..edge(at + 1)];
        let of_rows: Vec<f64> = rows.iter().map(|row| errors[*row]).collect();
        let (bias, mae) = bias_and_mae(&of_rows);
        ErrorGroup { low: keys[rows[0]], high: keys[rows[rows.len() - 1]], n: rows.len() as u64, bias, mae }
    };
    (0..groups).map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_of_equal_size_and_in_order_whatever_the_order_of_the_rows() {
        let keys: Vec<f64> = (0..100).map(|row| f64::from(row * 37 % 100)).collect();
        let errors: Vec<f64> = keys.iter().map(|key| if *key < 50.0 { -1.0 } else { 2.0 }).collect();
        let groups = error_groups(&keys, &errors);
        assert_eq!(
            groups.iter().map(|group| (group.low, group.high, group.n)).collect::<Vec<_>>(),
            [(0.0, 24.0, 25), (25.0, 49.0, 25), (50.0, 74.0, 25), (75.0, 99.0, 25)]
        );
        assert_eq!((groups[0].bias.value, groups[0].mae.value, groups[3].bias.value), (-1.0, 1.0, 2.0));
        assert!(error_groups(&keys[..49], &errors[..49]).is_empty());
    }
}
