//! Decision thresholds: the best ones, and the one that was used.

use super::ranking::Ranked;

/// A threshold (a row is positive when `score >= threshold`) with what it reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    pub threshold: f64,
    pub value: f64,
}

/// The largest F1 over `sklearn.metrics.precision_recall_curve`: thresholds are the distinct scores; of several equally
/// good ones the lowest. F1 is compared exactly, as `2 tp / (positives + predicted)`. `None` without positives.
pub fn best_f1(ranked: &Ranked) -> Option<Best> {
    let parts = |at: usize| {
        (ranked.true_positives[at], ranked.true_positives[at] + ranked.false_positives[at] + ranked.positives)
    };
    let best = (0..ranked.thresholds.len()).max_by(|&a, &b| {
        let ((hits_a, size_a), (hits_b, size_b)) = (parts(a), parts(b));
        (u128::from(hits_a) * u128::from(size_b)).cmp(&(u128::from(hits_b) * u128::from(size_a))).then(a.cmp(&b))
    })?;
    let (hits, size) = parts(best);
    (ranked.positives > 0).then(|| Best { threshold: ranked.thresholds[best], value: 2.0 * hits as f64 / size as f64 })
}

/// The largest `tpr - fpr` (Youden 1950) over `sklearn.metrics.roc_curve`; of several equally good thresholds the
/// highest. `None` unless both classes occur and some threshold does better than chance.
pub fn youden(ranked: &Ranked) -> Option<Best> {
    if !ranked.has_both_classes() {
        return None;
    }
    let gain = |at: usize| {
        i128::from(ranked.true_positives[at]) * i128::from(ranked.negatives)
            - i128::from(ranked.false_positives[at]) * i128::from(ranked.positives)
    };
    let best = (0..ranked.thresholds.len()).max_by(|&a, &b| gain(a).cmp(&gain(b)).then(b.cmp(&a)))?;
    (gain(best) > 0).then(|| Best { threshold: ranked.thresholds[best], value: ranked.youden_j(best) })
}

/// The threshold that explains given predictions: any value over `above` and up to `up_to` gives them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InUse {
    /// The highest score that was predicted negative.
    pub above: f64,
    /// The lowest score that was predicted positive.
    pub up_to: f64,
    /// The roundest number between the two.
    pub value: f64,
    /// Rows whose prediction it does not explain (0 when the predictions follow one threshold).
    pub unexplained: u64,
}

/// The cut of the scores that disagrees with the fewest predictions. `None` unless both answers were given.
pub fn in_use(scores: &[f64], predicted_positive: &[bool]) -> Option<InUse> {
    let ranked = Ranked::new(scores, predicted_positive);
    if !ranked.has_both_classes() {
        return None;
    }
    // Cutting just under the score at `at`: predicted negatives at or over it and positives under it disagree.
    let disagreements = |at: usize| ranked.false_positives[at] + ranked.positives - ranked.true_positives[at];
    let cut = (0..ranked.thresholds.len()).min_by_key(|&at| disagreements(at))?;
    let up_to = ranked.thresholds[cut];
    let above = ranked.thresholds.get(cut + 1).copied().unwrap_or(f64::NEG_INFINITY);
    if !above.is_finite() {
        return None;
    }
    Some(InUse { above, up_to, value: roundest(above, up_to), unexplained: disagreements(cut) })
}

/// The number with the fewest decimals in `(above, up_to]`; of those, the one nearest to the middle.
fn roundest(above: f64, up_to: f64) -> f64 {
    let middle = f64::midpoint(above, up_to);
    for decimals in 0..15 {
        let scale = 10_f64.powi(decimals);
        let nearest = (middle * scale).round() / scale;
        if nearest > above && nearest <= up_to {
            return nearest;
        }
    }
    up_to
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "each case has both answers")]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_in_use_is_the_roundest_number_that_explains_the_predictions() {
        let scores = [0.1, 0.47, 0.52, 0.9];
        let found = in_use(&scores, &[false, false, true, true]).unwrap();
        assert_eq!((found.above, found.up_to, found.value, found.unexplained), (0.47, 0.52, 0.5, 0));
        let found = in_use(&[0.7981, 0.8004, 0.95, 0.2], &[false, true, true, false]).unwrap();
        assert_eq!(found.value, 0.8);
    }

    #[test]
    fn predictions_that_follow_no_threshold_are_counted() {
        let scores = [0.1, 0.2, 0.3, 0.6, 0.7, 0.8];
        let found = in_use(&scores, &[true, false, false, true, true, true]).unwrap();
        assert_eq!(found.unexplained, 1);
        assert_eq!(in_use(&scores, &[true; 6]), None);
    }

    #[test]
    fn equal_f1_takes_the_lowest_and_equal_youden_the_highest_threshold() {
        // At 0.9 and at 0.6 the same J: (1/2 - 0) and (2/2 - 1/2).
        let ranked = Ranked::new(&[0.9, 0.7, 0.6, 0.1], &[true, false, true, false]);
        assert_eq!(youden(&ranked).unwrap().threshold, 0.9);
        assert_eq!(best_f1(&ranked).unwrap().threshold, 0.6);
    }
}
