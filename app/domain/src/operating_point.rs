//! Operating points: what a binary classifier does at one threshold, looked up in a [`ScoreTable`] at once.

use serde::{Deserialize, Serialize};

use crate::evaluation::ScoreTable;

/// The confusion matrix at a threshold; a row is called positive when its score is at or over it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OperatingPoint {
    pub threshold: f64,
    pub true_positives: u64,
    pub false_positives: u64,
    pub false_negatives: u64,
    pub true_negatives: u64,
}

/// What one row of each outcome costs, in any unit; a gain is a negative cost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    pub true_positive: f64,
    pub false_positive: f64,
    pub false_negative: f64,
    pub true_negative: f64,
}

impl Default for Costs {
    /// Every mistake costs one, every right answer nothing: the cost is then the number of mistakes.
    fn default() -> Self {
        Costs { true_positive: 0.0, false_positive: 1.0, false_negative: 1.0, true_negative: 0.0 }
    }
}

impl ScoreTable {
    /// The matrix at a threshold, by binary search. Exact when [`ScoreTable::exact`] is set or the threshold is one of
    /// the kept ones; otherwise the scores between two kept thresholds count as under it, at most
    /// `rows / MAX_POINTS` of them (ties aside).
    pub fn at(&self, threshold: f64) -> OperatingPoint {
        let over = self.thresholds.partition_point(|kept| *kept >= threshold);
        let count = |counts: &[u64]| over.checked_sub(1).and_then(|index| counts.get(index)).copied().unwrap_or(0);
        let (hits, alarms) = (count(&self.true_positives), count(&self.false_positives));
        OperatingPoint {
            threshold,
            true_positives: hits,
            false_positives: alarms,
            false_negatives: self.positives.saturating_sub(hits),
            true_negatives: self.negatives.saturating_sub(alarms),
        }
    }

    /// One point per kept threshold, from the highest score to the lowest.
    pub fn points(&self) -> impl Iterator<Item = OperatingPoint> + '_ {
        self.thresholds.iter().map(|threshold| self.at(*threshold))
    }

    /// The kept threshold with the lowest cost per row; of several the highest. `None` without any score.
    pub fn cheapest(&self, costs: &Costs) -> Option<OperatingPoint> {
        self.points().reduce(|best, point| if point.mean_cost(costs) < best.mean_cost(costs) { point } else { best })
    }
}

impl OperatingPoint {
    pub fn rows(&self) -> u64 {
        self.true_positives + self.false_positives + self.false_negatives + self.true_negatives
    }

    /// `tp / (tp + fp)`; undefined when nothing is called positive.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.true_positives, self.true_positives + self.false_positives)
    }

    /// `tp / (tp + fn)`, also called sensitivity and true positive rate.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// `fp / (fp + tn)`, the horizontal axis of a ROC curve.
    pub fn false_positive_rate(&self) -> Option<f64> {
        ratio(self.false_positives, self.false_positives + self.true_negatives)
    }

    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.true_positives + self.true_negatives, self.rows())
    }

    /// `2 tp / (2 tp + fp + fn)`, as `sklearn.metrics.f1_score`.
    pub fn f1(&self) -> Option<f64> {
        ratio(2 * self.true_positives, 2 * self.true_positives + self.false_positives + self.false_negatives)
    }

    /// Share of rows called positive.
    pub fn positive_share(&self) -> Option<f64> {
        ratio(self.true_positives + self.false_positives, self.rows())
    }

    pub fn total_cost(&self, costs: &Costs) -> f64 {
        self.true_positives as f64 * costs.true_positive
            + self.false_positives as f64 * costs.false_positive
            + self.false_negatives as f64 * costs.false_negative
            + self.true_negatives as f64 * costs.true_negative
    }

    /// Mean cost of one row; 0 without rows.
    pub fn mean_cost(&self, costs: &Costs) -> f64 {
        if self.rows() == 0 { 0.0 } else { self.total_cost(costs) / self.rows() as f64 }
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    /// Scores 0.9 (positive), 0.7 (negative), 0.7 (positive), 0.2 (negative).
    fn table() -> ScoreTable {
        ScoreTable {
            positives: 2,
            negatives: 2,
            thresholds: vec![0.9, 0.7, 0.2],
            true_positives: vec![1, 2, 2],
            false_positives: vec![0, 1, 2],
            score_min: 0.2,
            score_max: 0.9,
            histogram_positive: vec![],
            histogram_negative: vec![],
            exact: true,
        }
    }

    fn matrix(point: OperatingPoint) -> [u64; 4] {
        [point.true_positives, point.false_positives, point.false_negatives, point.true_negatives]
    }

    #[test]
    fn a_score_equal_to_the_threshold_counts_as_positive() {
        assert_eq!(matrix(table().at(0.95)), [0, 0, 2, 2]);
        assert_eq!(matrix(table().at(0.9)), [1, 0, 1, 2]);
        assert_eq!(matrix(table().at(0.8)), [1, 0, 1, 2]);
        assert_eq!(matrix(table().at(0.7)), [2, 1, 0, 1]);
        assert_eq!(matrix(table().at(0.0)), [2, 2, 0, 0]);
    }

    #[test]
    fn ratios_of_the_matrix() {
        let point = table().at(0.7);
        assert_eq!(point.precision(), Some(2.0 / 3.0));
        assert_eq!(point.recall(), Some(1.0));
        assert_eq!(point.f1(), Some(0.8));
        assert_eq!(point.accuracy(), Some(0.75));
        assert_eq!(point.false_positive_rate(), Some(0.5));
        assert_eq!(table().at(1.0).precision(), None);
    }

    #[test]
    fn a_dear_miss_lowers_the_cheapest_threshold() {
        assert_eq!(table().cheapest(&Costs::default()).unwrap().threshold, 0.9);
        let costs = Costs { false_negative: 10.0, ..Costs::default() };
        assert_eq!(table().cheapest(&costs).unwrap().threshold, 0.7);
        assert_eq!(table().at(0.7).total_cost(&costs), 1.0);
        assert_eq!(table().at(0.7).mean_cost(&costs), 0.25);
    }
}
