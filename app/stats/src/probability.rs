//! Proper scores of probabilities, row by row, so that their mean has an error.

/// `-ln p` of the true class, with p kept within the machine epsilon of 0 and 1, as `sklearn.metrics.log_loss` does
/// for 64-bit probabilities.
pub fn log_loss_of_row(probability_of_truth: f64) -> f64 {
    -probability_of_truth.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

/// Squared error of the positive class's probability; the mean is `sklearn.metrics.brier_score_loss`.
pub fn brier_of_row(probability: f64, positive: bool) -> f64 {
    (probability - f64::from(positive)).powi(2)
}

/// Squared error summed over all classes (0 to 2); the mean is the original score of Brier (1950).
pub fn brier_multiclass_of_row(probabilities: impl Iterator<Item = f64>, truth: usize) -> f64 {
    probabilities.enumerate().map(|(class, probability)| (probability - f64::from(class == truth)).powi(2)).sum()
}

/// The log loss of always giving the classes' own shares: their entropy, in nats.
pub fn prior_log_loss(counts: &[f64]) -> f64 {
    let total: f64 = counts.iter().sum();
    counts.iter().filter(|count| **count > 0.0).map(|count| -count / total * (count / total).ln()).sum()
}
