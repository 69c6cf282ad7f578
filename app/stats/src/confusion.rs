//! Metrics of predicted classes. All of them depend on a confusion matrix only through its diagonal and its margins, and
//! are 0 without rows.

/// The diagonal and the margins of a confusion matrix. The counts are `f64` so that derivatives can be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Margins {
    /// Rows of each class that were predicted as it.
    pub correct: Vec<f64>,
    /// Rows of each class (scikit-learn's `support`).
    pub truth: Vec<f64>,
    /// Rows predicted as each class.
    pub predicted: Vec<f64>,
    pub total: f64,
}

impl Margins {
    /// From a square matrix: rows true, columns predicted.
    pub fn of(counts: &[Vec<u64>]) -> Self {
        let classes = counts.len();
        let mut margins =
            Self { correct: vec![0.0; classes], truth: vec![0.0; classes], predicted: vec![0.0; classes], total: 0.0 };
        for (truth, row) in counts.iter().enumerate() {
            for (predicted, &count) in row.iter().enumerate() {
                margins.add(truth, predicted, count as f64);
            }
        }
        margins
    }

    /// Adds weight to one cell.
    pub fn add(&mut self, truth: usize, predicted: usize, weight: f64) {
        self.truth[truth] += weight;
        self.predicted[predicted] += weight;
        self.total += weight;
        if truth == predicted {
            self.correct[truth] += weight;
        }
    }

    pub fn classes(&self) -> usize {
        self.truth.len()
    }

    /// `sklearn.metrics.accuracy_score`.
    pub fn accuracy(&self) -> f64 {
        ratio(self.correct.iter().sum(), self.total)
    }

    /// `sklearn.metrics.balanced_accuracy_score`: the mean recall of the classes that occur.
    pub fn balanced_accuracy(&self) -> f64 {
        let present = (0..self.classes()).filter(|&class| self.truth[class] > 0.0);
        ratio(present.clone().map(|class| self.recall(class)).sum(), present.count() as f64)
    }

    /// `sklearn.metrics.precision_score` of one class, 0 where nothing was predicted as it (`zero_division=0`).
    pub fn precision(&self, class: usize) -> f64 {
        ratio(self.correct[class], self.predicted[class])
    }

    /// `sklearn.metrics.recall_score` of one class, 0 where it does not occur.
    pub fn recall(&self, class: usize) -> f64 {
        ratio(self.correct[class], self.truth[class])
    }

    /// `sklearn.metrics.f1_score` of one class, 0 where it neither occurs nor is predicted.
    pub fn f1(&self, class: usize) -> f64 {
        ratio(2.0 * self.correct[class], self.truth[class] + self.predicted[class])
    }

    /// The plain mean of a per-class metric over all classes (`average="macro"`).
    pub fn macro_mean(&self, metric: fn(&Self, usize) -> f64) -> f64 {
        ratio((0..self.classes()).map(|class| metric(self, class)).sum(), self.classes() as f64)
    }

    /// The mean of a per-class metric weighted by support (`average="weighted"`).
    pub fn weighted_mean(&self, metric: fn(&Self, usize) -> f64) -> f64 {
        ratio((0..self.classes()).map(|class| metric(self, class) * self.truth[class]).sum(), self.total)
    }

    /// `sklearn.metrics.matthews_corrcoef`, also for more than two classes (Gorodkin 2004); 0 when a margin is constant.
    pub fn mcc(&self) -> f64 {
        let sum_product: f64 = self.truth.iter().zip(&self.predicted).map(|(truth, predicted)| truth * predicted).sum();
        let squares = |margin: &[f64]| margin.iter().map(|count| count * count).sum::<f64>();
        let covariance = self.correct.iter().sum::<f64>() * self.total - sum_product;
        let square = self.total * self.total;
        ratio(covariance, ((square - squares(&self.truth)) * (square - squares(&self.predicted))).max(0.0).sqrt())
    }

    /// `sklearn.metrics.cohen_kappa_score`; 0 where one class takes everything on both sides (scikit-learn: NaN).
    pub fn cohen_kappa(&self) -> f64 {
        if self.total == 0.0 {
            return 0.0;
        }
        let by_chance: f64 =
            self.truth.iter().zip(&self.predicted).map(|(truth, predicted)| truth * predicted).sum::<f64>()
                / self.total;
        ratio(self.correct.iter().sum::<f64>() - by_chance, self.total - by_chance)
    }

    /// The accuracy of always answering the most frequent class.
    pub fn majority_baseline_accuracy(&self) -> f64 {
        ratio(self.truth.iter().copied().fold(0.0, f64::max), self.total)
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// The standard error of a smooth metric of a confusion matrix by the multivariate delta method (Agresti, Categorical
/// Data Analysis, 16.1): with cell shares p and derivatives g, `var = (sum p g^2 - (sum p g)^2) / n`.
/// Half a row is spread over each cell first, so that a perfect matrix still has an error.
pub fn delta_standard_error(counts: &[Vec<u64>], metric: impl Fn(&Margins) -> f64) -> f64 {
    let classes = counts.len();
    let total: f64 = counts.iter().flatten().map(|&count| count as f64).sum();
    if total == 0.0 {
        return 0.0;
    }
    let spread = 2.0 / (classes * classes) as f64;
    let mut smoothed = Margins::of(counts);
    for truth in 0..classes {
        for predicted in 0..classes {
            smoothed.add(truth, predicted, spread);
        }
    }
    // A step of a thousandth of a row is far above rounding (1e-16 of counts up to 1e9) and far below any curvature.
    let step = 1e-3 * (smoothed.total / 1_000.0).max(1.0);
    let (mut first, mut second) = (0.0, 0.0);
    for (truth, row) in counts.iter().enumerate() {
        for (predicted, &count) in row.iter().enumerate() {
            let share = (count as f64 + spread) / smoothed.total;
            let mut moved = smoothed.clone();
            moved.add(truth, predicted, step);
            let up = metric(&moved);
            moved.add(truth, predicted, -2.0 * step);
            let slope = (up - metric(&moved)) / (2.0 * step) * smoothed.total;
            first += share * slope;
            second += share * slope * slope;
        }
    }
    ((second - first * first).max(0.0) / total).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delta_method_agrees_with_the_binomial_error_of_accuracy() {
        let counts = vec![vec![450, 50], vec![30, 470]];
        let error = delta_standard_error(&counts, Margins::accuracy);
        let binomial = (0.92_f64 * 0.08 / 1_000.0).sqrt();
        assert!((error - binomial).abs() < 0.02 * binomial, "{error} against {binomial}");
    }

    #[test]
    fn a_class_that_is_never_predicted_has_precision_zero_and_no_nan_appears() {
        let margins = Margins::of(&[vec![5, 0], vec![5, 0]]);
        assert_eq!(margins.precision(1), 0.0);
        assert_eq!(margins.mcc(), 0.0);
        assert_eq!(margins.cohen_kappa(), 0.0);
        assert_eq!(margins.balanced_accuracy(), 0.5);
    }
}
