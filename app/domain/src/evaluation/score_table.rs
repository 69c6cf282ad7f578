//! The table behind the threshold slider.

use std::collections::BTreeSet;

use super::{ConfusionMatrix, ScoreTable};
use stats::ranking::Ranked;

/// Bins of the score histogram.
const HISTOGRAM_BINS: usize = 50;

impl ScoreTable {
    pub const MAX_POINTS: usize = 2_000;

    /// Keeps every distinct score if they fit, else evenly by rank; `keep` (the named thresholds) always stay.
    pub fn new(ranked: &Ranked, keep: &[f64], probabilities: bool) -> Self {
        let kept = kept_points(ranked, keep);
        let (score_min, score_max) = match (ranked.thresholds.last(), ranked.thresholds.first()) {
            _ if probabilities => (0.0, 1.0),
            (Some(&low), Some(&high)) => (low, high),
            _ => (0.0, 0.0),
        };
        let (histogram_positive, histogram_negative) = histograms(ranked, score_min, score_max);
        Self {
            positives: ranked.positives,
            negatives: ranked.negatives,
            thresholds: kept.iter().map(|&at| ranked.thresholds[at]).collect(),
            true_positives: kept.iter().map(|&at| ranked.true_positives[at]).collect(),
            false_positives: kept.iter().map(|&at| ranked.false_positives[at]).collect(),
            score_min,
            score_max,
            histogram_positive,
            histogram_negative,
            exact: kept.len() == ranked.thresholds.len(),
        }
    }

    /// Positives and negatives at or over a threshold: exact when the table is, else of the nearest kept threshold
    /// at or over it.
    pub fn at_or_over(&self, threshold: f64) -> (u64, u64) {
        match self.thresholds.partition_point(|kept| *kept >= threshold) {
            0 => (0, 0),
            count => (self.true_positives[count - 1], self.false_positives[count - 1]),
        }
    }

    /// Positives and negatives from each kept threshold up to the next higher one.
    pub fn cells(&self) -> Vec<(u64, u64)> {
        let before = |counts: &[u64], at: usize| if at == 0 { 0 } else { counts[at - 1] };
        let own = |counts: &[u64], at: usize| counts[at] - before(counts, at);
        (0..self.thresholds.len()).map(|at| (own(&self.true_positives, at), own(&self.false_positives, at))).collect()
    }

    /// The confusion matrix of `score >= threshold`: negative class first, as `labels`.
    pub fn confusion_at(&self, threshold: f64, labels: [String; 2]) -> ConfusionMatrix {
        let (hits, alarms) = self.at_or_over(threshold);
        let counts = vec![vec![self.negatives - alarms, alarms], vec![self.positives - hits, hits]];
        ConfusionMatrix { labels: labels.to_vec(), counts }
    }

    /// F1 of `score >= threshold`.
    pub fn f1_at(&self, threshold: f64) -> f64 {
        let (hits, alarms) = self.at_or_over(threshold);
        let size = hits + alarms + self.positives;
        if size == 0 { 0.0 } else { 2.0 * hits as f64 / size as f64 }
    }

    /// Youden's J (true positive rate minus false positive rate) of `score >= threshold`.
    pub fn youden_at(&self, threshold: f64) -> f64 {
        let (hits, alarms) = self.at_or_over(threshold);
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        share(hits, self.positives) - share(alarms, self.negatives)
    }
}

fn kept_points(ranked: &Ranked, keep: &[f64]) -> BTreeSet<usize> {
    let distinct = ranked.thresholds.len();
    if distinct <= ScoreTable::MAX_POINTS {
        return (0..distinct).collect();
    }
    // The rank of a threshold is the number of rows at or over it.
    let rank = |at: usize| ranked.true_positives[at] + ranked.false_positives[at];
    let mut kept: BTreeSet<usize> = keep
        .iter()
        .map(|wanted| ranked.thresholds.partition_point(|threshold| threshold > wanted).min(distinct - 1))
        .collect();
    kept.extend([0, distinct - 1]);
    let by_rank = ScoreTable::MAX_POINTS - kept.len();
    let rows = ranked.positives + ranked.negatives;
    let mut at = 0;
    for step in 1..=by_rank {
        let wanted = (rows as u128 * step as u128 / (by_rank as u128 + 1)) as u64;
        while at + 1 < distinct && rank(at) < wanted {
            at += 1;
        }
        kept.insert(at);
    }
    kept
}

fn histograms(ranked: &Ranked, low: f64, high: f64) -> (Vec<u64>, Vec<u64>) {
    let (mut positive, mut negative) = (vec![0; HISTOGRAM_BINS], vec![0; HISTOGRAM_BINS]);
    let width = high - low;
    for at in 0..ranked.thresholds.len() {
        let place = if width > 0.0 { (ranked.thresholds[at] - low) / width } else { 0.0 };
        let bin = ((place * HISTOGRAM_BINS as f64) as usize).min(HISTOGRAM_BINS - 1);
        let before = |counts: &[u64]| if at == 0 { 0 } else { counts[at - 1] };
        positive[bin] += ranked.true_positives[at] - before(&ranked.true_positives);
        negative[bin] += ranked.false_positives[at] - before(&ranked.false_positives);
    }
    (positive, negative)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_is_bounded_and_every_kept_count_is_exact() {
        let scores: Vec<f64> = (0..50_000).map(|row| f64::from((row * 7_919) % 50_000) / 50_000.0).collect();
        let positive: Vec<bool> = scores.iter().map(|score| (score * 977.0).fract() < *score).collect();
        let ranked = Ranked::new(&scores, &positive);
        let table = ScoreTable::new(&ranked, &[0.5], true);
        assert!(table.thresholds.len() <= ScoreTable::MAX_POINTS && table.thresholds.len() > 1_900);
        assert!(!table.exact && table.thresholds.contains(&0.5));
        for (at, threshold) in table.thresholds.iter().enumerate() {
            let over = scores.iter().zip(&positive).filter(|(score, hit)| *score >= threshold && **hit).count();
            assert_eq!(table.true_positives[at], over as u64);
        }
        assert_eq!(table.histogram_positive.iter().sum::<u64>(), table.positives);
    }
}
