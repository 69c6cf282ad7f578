//! Predicted quantiles against the labels: how many labels lie at or below each, and how many lie between two of them.

use serde::{Deserialize, Serialize};
use stats::regression::{mean, pinball};
use utoipa::ToSchema;

use super::interval::normal;
use super::{Metric, wilson};

/// One column of predicted quantiles, row by row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileColumn<'a> {
    pub name: &'a str,
    /// The share of labels that should lie at or below it, over 0 and under 1.
    pub level: f64,
    pub values: &'a [f64],
}

/// How the predicted quantiles of a run agree with its labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuantileCalibration {
    /// Rows with a label and every quantile.
    pub n: u64,
    /// Rows in which a quantile is lower than one of a lower level.
    pub crossed: u64,
    /// By level, ascending.
    pub quantiles: Vec<QuantileShare>,
    /// Pairs of quantiles with equal shares outside of both, the widest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intervals: Vec<IntervalCoverage>,
}

/// One quantile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuantileShare {
    pub column: String,
    /// The share of labels that should lie at or below it.
    pub level: f64,
    /// The share of labels that do, with Wilson's interval.
    pub at_or_below: Metric,
    /// The share of labels below it: less, where labels are equal to the quantile.
    pub below: Metric,
    /// `sklearn.metrics.mean_pinball_loss` at its level.
    pub pinball: Metric,
}

/// The central interval between two quantiles, ends included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IntervalCoverage {
    /// The columns of both ends.
    pub lower: String,
    pub upper: String,
    /// The share of labels that should lie in it.
    pub nominal: f64,
    /// The share of labels that do, with Wilson's interval.
    pub coverage: Metric,
    /// The share of labels between its ends: less, where labels are equal to an end.
    pub between: Metric,
    /// Mean of upper minus lower end, in units of the label.
    pub mean_width: Metric,
}

/// In which way a share is off its nominal value, where its 95 % interval excludes that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// Fewer labels than the level says.
    Under,
    /// More labels than the level says.
    Over,
}

/// `inclusive` counts labels that are equal to an end, `strict` does not: a level between both agrees with the labels.
fn off(inclusive: Metric, strict: Metric, nominal: f64) -> Option<Off> {
    if inclusive.high.is_some_and(|high| high < nominal) {
        return Some(Off::Under);
    }
    strict.low.is_some_and(|low| low > nominal).then_some(Off::Over)
}

impl QuantileShare {
    pub fn off(&self) -> Option<Off> {
        off(self.at_or_below, self.below, self.level)
    }
}

impl IntervalCoverage {
    pub fn off(&self) -> Option<Off> {
        off(self.coverage, self.between, self.nominal)
    }
}

/// Levels that differ by less are one level: 0.05 and 1 - 0.95.
const SAME_LEVEL: f64 = 1e-6;

impl QuantileCalibration {
    /// The columns are as long as `truth`; everything is finite. `None` without rows or columns.
    pub fn of(truth: &[f64], columns: &[QuantileColumn<'_>]) -> Option<QuantileCalibration> {
        let mut columns = columns.to_vec();
        columns.sort_by(|a, b| a.level.total_cmp(&b.level));
        columns.dedup_by(|next, kept| (next.level - kept.level).abs() < SAME_LEVEL);
        if truth.is_empty() || columns.is_empty() {
            return None;
        }
        let crosses = |row: &usize| columns.windows(2).any(|pair| pair[1].values[*row] < pair[0].values[*row]);
        Some(QuantileCalibration {
            n: truth.len() as u64,
            crossed: (0..truth.len()).filter(crosses).count() as u64,
            quantiles: columns.iter().map(|column| share(truth, column)).collect(),
            intervals: intervals(truth, &columns),
        })
    }
}

fn counted(truth: &[f64], holds: impl Fn(usize, f64) -> bool) -> Metric {
    let hits = truth.iter().enumerate().filter(|(row, label)| holds(*row, **label)).count();
    wilson(hits as u64, truth.len() as u64)
}

fn share(truth: &[f64], column: &QuantileColumn<'_>) -> QuantileShare {
    let losses: Vec<f64> =
        truth.iter().zip(column.values).map(|(label, quantile)| pinball(*label, *quantile, column.level)).collect();
    QuantileShare {
        column: column.name.to_owned(),
        level: column.level,
        at_or_below: counted(truth, |row, label| label <= column.values[row]),
        below: counted(truth, |row, label| label < column.values[row]),
        pinball: normal(mean(&losses), 0.0, f64::INFINITY),
    }
}

/// Of each level under one half with the one that leaves as much over it.
fn intervals(truth: &[f64], columns: &[QuantileColumn<'_>]) -> Vec<IntervalCoverage> {
    let upper_of = |lower: &QuantileColumn<'_>| {
        columns.iter().find(|upper| (upper.level - (1.0 - lower.level)).abs() < SAME_LEVEL)
    };
    let pairs = columns.iter().filter(|lower| lower.level < 0.5 - SAME_LEVEL);
    let pairs = pairs.filter_map(|lower| Some((lower, upper_of(lower)?)));
    let interval = |(lower, upper): (&QuantileColumn<'_>, &QuantileColumn<'_>)| {
        let widths: Vec<f64> = upper.values.iter().zip(lower.values).map(|(upper, lower)| upper - lower).collect();
        IntervalCoverage {
            lower: lower.name.to_owned(),
            upper: upper.name.to_owned(),
            nominal: upper.level - lower.level,
            coverage: counted(truth, |row, label| lower.values[row] <= label && label <= upper.values[row]),
            between: counted(truth, |row, label| lower.values[row] < label && label < upper.values[row]),
            mean_width: normal(mean(&widths), f64::NEG_INFINITY, f64::INFINITY),
        }
    };
    pairs.map(interval).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-12
    }

    /// Ten labels from 1 to 10, and the same quantiles in each row.
    fn of_ten(columns: &[(&str, f64, f64)]) -> QuantileCalibration {
        let truth: Vec<f64> = (1..=10).map(f64::from).collect();
        let values: Vec<Vec<f64>> = columns.iter().map(|(_, _, value)| vec![*value; 10]).collect();
        let columns: Vec<QuantileColumn<'_>> = columns
            .iter()
            .zip(&values)
            .map(|((name, level, _), values)| QuantileColumn { name, level: *level, values })
            .collect();
        QuantileCalibration::of(&truth, &columns).unwrap()
    }

    #[test]
    fn labels_at_or_below_each_quantile_are_counted_and_its_loss_is_that_of_scikit_learn() {
        let found = of_ten(&[("q90", 0.9, 7.0), ("q10", 0.1, 1.0), ("q50", 0.5, 5.5)]);
        let shares: Vec<(&str, f64, f64)> =
            found.quantiles.iter().map(|one| (one.column.as_str(), one.at_or_below.value, one.below.value)).collect();
        assert_eq!(shares, [("q10", 0.1, 0.0), ("q50", 0.5, 0.5), ("q90", 0.7, 0.6)]);
        // q10 lies 0 to 9 under the labels: 0.1 times 45 of 10. q50: half of 25 of 10. q90: 0.9 times 6 and 0.1 times 21 of 10.
        let losses: Vec<f64> = found.quantiles.iter().map(|one| one.pinball.value).collect();
        assert!(losses.iter().zip([0.45, 1.25, 0.75]).all(|(found, expected)| close(*found, expected)), "{losses:?}");
        assert_eq!((found.n, found.crossed), (10, 0));
    }

    #[test]
    fn an_interval_is_the_pair_with_as_much_outside_on_either_side() {
        let found = of_ten(&[("q05", 0.05, 2.0), ("q25", 0.25, 3.5), ("q75", 0.75, 8.5), ("q95", 0.95, 9.0)]);
        let intervals: Vec<(&str, &str, f64, f64, f64)> = found
            .intervals
            .iter()
            .map(|one| (&*one.lower, &*one.upper, one.coverage.value, one.between.value, one.mean_width.value))
            .collect();
        assert_eq!(intervals, [("q05", "q95", 0.8, 0.6, 7.0), ("q25", "q75", 0.5, 0.5, 5.0)]);
        assert!(close(found.intervals[0].nominal, 0.9) && close(found.intervals[1].nominal, 0.5));
        assert!(of_ten(&[("q05", 0.05, 2.0), ("q90", 0.9, 9.0)]).intervals.is_empty());
    }

    #[test]
    fn only_what_the_interval_excludes_is_off_and_ties_are_no_miscalibration() {
        let truth: Vec<f64> = (0..400).map(|row| f64::from(row % 100)).collect();
        let at = |level: f64, value: f64| {
            let values = vec![value; 400];
            QuantileCalibration::of(&truth, &[QuantileColumn { name: "q", level, values: &values }]).unwrap().quantiles
                [0]
            .off()
        };
        assert_eq!([at(0.9, 89.0), at(0.9, 80.0), at(0.5, 59.5)], [None, Some(Off::Under), Some(Off::Over)]);
        // All labels are 0: every quantile of 0 is right, although each label is at or below it.
        let zeros = vec![0.0; 400];
        let columns = [(0.1, "low"), (0.9, "high")].map(|(level, name)| QuantileColumn { name, level, values: &zeros });
        let found = QuantileCalibration::of(&zeros, &columns).unwrap();
        assert!(found.quantiles.iter().all(|one| one.off().is_none()) && found.intervals[0].off().is_none());
    }

    #[test]
    fn rows_in_which_quantiles_cross_are_counted_and_one_level_is_shown_once() {
        let (low, high) = ([1.0, 5.0, 2.0], [3.0, 4.0, 2.0]);
        let column = |name, level, values| QuantileColumn { name, level, values };
        let columns = [column("a", 0.05, &low), column("b", 0.95, &high), column("again", 1.0 - 0.95, &low)];
        let found = QuantileCalibration::of(&[1.0, 2.0, 3.0], &columns).unwrap();
        assert_eq!((found.crossed, found.quantiles.len()), (1, 2));
        assert_eq!(QuantileCalibration::of(&[], &columns), None);
    }
}
