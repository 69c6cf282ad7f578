//! Metrics of how scores order the rows: areas under the ROC and precision-recall curves.

/// Rows ordered by score: for each distinct score, descending, how many positives and negatives score at or over it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    pub positives: u64,
    pub negatives: u64,
    /// Distinct scores, descending.
    pub thresholds: Vec<f64>,
    /// Positives at or over each threshold.
    pub true_positives: Vec<u64>,
    /// Negatives at or over each threshold.
    pub false_positives: Vec<u64>,
}

impl Ranked {
    /// Sorts once, O(n log n). The slices are equally long and the scores hold no NaN.
    pub fn new(scores: &[f64], positive: &[bool]) -> Self {
        let mut rows: Vec<(f64, bool)> = scores.iter().copied().zip(positive.iter().copied()).collect();
        rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut ranked = Self {
            positives: 0,
            negatives: 0,
            thresholds: Vec::new(),
            true_positives: Vec::new(),
            false_positives: Vec::new(),
        };
        for chunk in rows.chunk_by(|a, b| a.0 == b.0) {
            let hits = chunk.iter().filter(|row| row.1).count() as u64;
            ranked.positives += hits;
            ranked.negatives += chunk.len() as u64 - hits;
            ranked.thresholds.push(chunk[0].0);
            ranked.true_positives.push(ranked.positives);
            ranked.false_positives.push(ranked.negatives);
        }
        ranked
    }

    /// Both classes occur, so that the curves are defined.
    pub fn has_both_classes(&self) -> bool {
        self.positives > 0 && self.negatives > 0
    }

    /// `sklearn.metrics.roc_auc_score`: the chance that a positive outscores a negative, ties counting half.
    pub fn roc_auc(&self) -> f64 {
        let mut twice = 0.0;
        for step in self.steps() {
            twice += step.new_negatives * (step.positives_before * 2.0 + step.new_positives);
        }
        twice / 2.0 / (self.positives as f64 * self.negatives as f64)
    }

    /// The standard error of the area by `DeLong`, DeLong and Clarke-Pearson (1988): the variance of the placement of
    /// positives among the negatives and of negatives among the positives. O(number of distinct scores).
    pub fn roc_auc_standard_error(&self) -> f64 {
        let (positives, negatives) = (self.positives as f64, self.negatives as f64);
        let (mut by_positive, mut by_negative) = (Spread::default(), Spread::default());
        for step in self.steps() {
            let outscored = (negatives - step.negatives_before - step.new_negatives / 2.0) / negatives;
            by_positive.add(outscored, step.new_positives);
            let outscoring = (step.positives_before + step.new_positives / 2.0) / positives;
            by_negative.add(outscoring, step.new_negatives);
        }
        (by_positive.variance() / positives + by_negative.variance() / negatives).sqrt()
    }

    /// `sklearn.metrics.average_precision_score`: `sum (R_k - R_(k-1)) P_k` over the distinct scores.
    pub fn average_precision(&self) -> f64 {
        let sum: f64 = self.steps().map(|step| step.new_positives * step.precision()).sum();
        sum / self.positives as f64
    }

    /// `sklearn.metrics.auc(recall, precision)` of `precision_recall_curve`: trapezoids, beginning at precision 1.
    pub fn pr_auc_trapezoid(&self) -> f64 {
        let mut area = 0.0;
        let mut last = 1.0;
        for step in self.steps() {
            area += step.new_positives * (last + step.precision()) / 2.0;
            last = step.precision();
        }
        area / self.positives as f64
    }

    /// How far the scores of the positives lie over those of the negatives: `max(tpr - fpr)` of `sklearn.metrics.roc_curve`,
    /// which is the one-sided `scipy.stats.ks_2samp` of the two (0 where every negative outscores every positive).
    pub fn ks_of_scores(&self) -> f64 {
        (0..self.thresholds.len()).map(|at| self.youden_j(at)).fold(0.0, f64::max)
    }

    /// True positive rate minus false positive rate at a threshold.
    pub fn youden_j(&self, at: usize) -> f64 {
        self.true_positives[at] as f64 / self.positives as f64 - self.false_positives[at] as f64 / self.negatives as f64
    }

    fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        (0..self.thresholds.len()).map(|at| {
            let before = |counts: &[u64]| if at == 0 { 0.0 } else { counts[at - 1] as f64 };
            let (positives_before, negatives_before) = (before(&self.true_positives), before(&self.false_positives));
            Step {
                positives_before,
                negatives_before,
                new_positives: self.true_positives[at] as f64 - positives_before,
                new_negatives: self.false_positives[at] as f64 - negatives_before,
            }
        })
    }
}

struct Step {
    positives_before: f64,
    negatives_before: f64,
    new_positives: f64,
    new_negatives: f64,
}

impl Step {
    fn precision(&self) -> f64 {
        let hits = self.positives_before + self.new_positives;
        hits / (hits + self.negatives_before + self.new_negatives)
    }
}

/// Weighted running moments (Welford), for a variance without cancellation.
#[derive(Default)]
struct Spread {
    weight: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f64, weight: f64) {
        if weight == 0.0 {
            return;
        }
        self.weight += weight;
        let from_old = value - self.mean;
        self.mean += from_old * weight / self.weight;
        self.squares += weight * from_old * (value - self.mean);
    }
    fn variance(&self) -> f64 {
        if self.weight > 1.0 { (self.squares / (self.weight - 1.0)).max(0.0) } else { 0.0 }
    }
}

/// The area under one class's ROC curve (class `k` against a set of other rows), with each row's influence on it:
/// `n (auc without noise in that row - auc)`, whose variance over n is the `DeLong` variance. Averages of several areas
/// over the same rows then have the variance of the averaged influences.
pub struct Influence {
    pub auc: f64,
    /// One per row, in the order given.
    pub rows: Vec<f64>,
}

impl Influence {
    /// O(n log n). `None` unless both classes occur.
    pub fn of(scores: &[f64], positive: &[bool]) -> Option<Self> {
        let ranked = Ranked::new(scores, positive);
        if !ranked.has_both_classes() {
            return None;
        }
        let auc = ranked.roc_auc();
        let rows = scores.len() as f64;
        let (positives, negatives) = (ranked.positives as f64, ranked.negatives as f64);
        let placements: Vec<(f64, f64)> = ranked
            .steps()
            .map(|step| {
                let outscored = (negatives - step.negatives_before - step.new_negatives / 2.0) / negatives;
                let outscoring = (step.positives_before + step.new_positives / 2.0) / positives;
                ((outscored - auc) * rows / positives, (outscoring - auc) * rows / negatives)
            })
            .collect();
        let of_row = |(score, &is_positive): (&f64, &bool)| {
            let at = ranked.thresholds.partition_point(|threshold| threshold > score);
            if is_positive { placements[at].0 } else { placements[at].1 }
        };
        Some(Self { auc, rows: scores.iter().zip(positive).map(of_row).collect() })
    }
}

/// How the areas of several classes are put together, as in `roc_auc_score(multi_class=..., average=...)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    OneVsRestMacro,
    OneVsRestWeighted,
    OneVsOneMacro,
}

/// `sklearn.metrics.roc_auc_score` of more than two classes and its standard error. `probabilities[k][i]` is row i's
/// probability of class k. `None` unless every class occurs (scikit-learn: an error).
pub fn roc_auc_multiclass(truth: &[u32], probabilities: &[Vec<f64>], average: Average) -> Option<(f64, f64)> {
    let classes = probabilities.len();
    let rows = truth.len() as f64;
    let mut value = 0.0;
    let mut influence = vec![0.0; truth.len()];
    match average {
        Average::OneVsRestMacro | Average::OneVsRestWeighted => {
            for (class, scores) in probabilities.iter().enumerate() {
                let positive: Vec<bool> = truth.iter().map(|&label| label as usize == class).collect();
                let one = Influence::of(scores, &positive)?;
                let weight = match average {
                    Average::OneVsRestWeighted => positive.iter().filter(|hit| **hit).count() as f64 / rows,
                    _ => 1.0 / classes as f64,
                };
                value += weight * one.auc;
                for (total, row) in influence.iter_mut().zip(&one.rows) {
                    *total += weight * row;
                }
            }
        }
        Average::OneVsOneMacro => {
            // Hand and Till (2001): each ordered pair, on the rows of the two classes only.
            let weight = 1.0 / (classes * (classes - 1)) as f64;
            for (class, of_class) in probabilities.iter().enumerate() {
                for other in (0..classes).filter(|&other| other != class) {
                    let pair: Vec<usize> = (0..truth.len())
                        .filter(|&row| truth[row] as usize == class || truth[row] as usize == other)
                        .collect();
                    let scores: Vec<f64> = pair.iter().map(|&row| of_class[row]).collect();
                    let positive: Vec<bool> = pair.iter().map(|&row| truth[row] as usize == class).collect();
                    let one = Influence::of(&scores, &positive)?;
                    value += weight * one.auc;
                    for (&row, of_row) in pair.iter().zip(&one.rows) {
                        influence[row] += weight * of_row * rows / pair.len() as f64;
                    }
                }
            }
        }
    }
    let variance = influence.iter().map(|part| part * part).sum::<f64>() / rows / rows;
    Some((value, variance.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_half_and_a_reversed_order_is_the_complement() {
        let positive = [true, false, true, false];
        assert_eq!(Ranked::new(&[0.5; 4], &positive).roc_auc(), 0.5);
        let ranked = Ranked::new(&[0.9, 0.8, 0.7, 0.1], &positive);
        let reversed = Ranked::new(&[-0.9, -0.8, -0.7, -0.1], &positive);
        assert!((ranked.roc_auc() + reversed.roc_auc() - 1.0).abs() < 1e-12);
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "both classes are there")]
    fn influences_give_the_error_of_delong() {
        let scores: Vec<f64> = (0..200).map(|row| ((row * 37) % 101) as f64).collect();
        let positive: Vec<bool> = (0..200).map(|row| (row * 37) % 101 + (row * 53) % 60 > 80).collect();
        let expected = Ranked::new(&scores, &positive).roc_auc_standard_error();
        let influence = Influence::of(&scores, &positive).unwrap();
        let found = influence.rows.iter().map(|row| row * row).sum::<f64>().sqrt() / 200.0;
        assert!((found - expected).abs() < 0.01 * expected, "{found} against {expected}");
    }
}
