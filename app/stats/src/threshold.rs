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

/// What a threshold gives away against the best one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regret {
    /// Corrected for the best threshold having been picked on the same rows.
    pub value: f64,
    /// Ends of the 95 % interval.
    pub low: f64,
    pub high: f64,
    /// Share of resamples (times two) in which nothing was given away.
    pub p: f64,
    /// Between these lie 95 % of the best thresholds of resampled rows.
    pub best_low: f64,
    pub best_high: f64,
}

/// What is given away of F1; see [`regret`].
pub fn f1_regret(thresholds: &[f64], cells: &[(u64, u64)], used_at: usize, repeats: usize) -> Option<Regret> {
    regret(thresholds, cells, used_at, repeats, f1_curve)
}

/// The bootstrap with Harrell's correction for optimism (Harrell, Lee and Mark 1996): what the best threshold of a
/// resample gains there, less what it gains on the rows themselves. `cells` are the positives and negatives at each of
/// the descending `thresholds`; the threshold in use takes the first `used_at` of them. `curve` gives what is gained by
/// taking none, the first, the first two … of the cells; more is better. Seeded by the counts.
pub fn regret(
    thresholds: &[f64],
    cells: &[(u64, u64)],
    used_at: usize,
    repeats: usize,
    curve_of: impl Fn(&[(f64, f64)]) -> Vec<f64>,
) -> Option<Regret> {
    let original: Vec<(f64, f64)> = cells.iter().map(|cell| (cell.0 as f64, cell.1 as f64)).collect();
    let curve = curve_of(&original);
    if cells.is_empty() || used_at > cells.len() {
        return None;
    }
    let (best, apparent) = gain(&curve, used_at)?;
    let seed = cells.iter().fold(best as u64, |seed, cell| seed.wrapping_mul(31).wrapping_add(cell.0 * 7 + cell.1));
    let mut rng = super::rng::Rng::new(seed);
    let (mut gains, mut picks, mut optimism) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..repeats {
        let sample: Vec<(f64, f64)> =
            cells.iter().map(|cell| (poisson(&mut rng, cell.0), poisson(&mut rng, cell.1))).collect();
        let Some((pick, gained)) = gain(&curve_of(&sample), used_at) else { continue };
        optimism += gained - (curve[pick] - curve[used_at]);
        gains.push(gained);
        picks.push(if pick == 0 { f64::INFINITY } else { thresholds[pick - 1] });
    }
    let count = gains.len() as f64;
    // What the correction takes from the estimate it takes from every resample twice: once for the resample's own
    // choice and once for the choice on the rows themselves.
    // A choice on the rows themselves is never pessimistic; few resamples can make it look so.
    let optimism = (optimism / count).max(0.0);
    gains.sort_by(f64::total_cmp);
    picks.sort_by(f64::total_cmp);
    let nothing = gains.iter().filter(|gained| **gained - 2.0 * optimism <= 0.0).count() as f64;
    let quantile = super::quantiles::quantile;
    (count > 0.0).then(|| Regret {
        value: (apparent - optimism).max(0.0),
        low: (quantile(&gains, 0.025) - 2.0 * optimism).max(0.0),
        high: (quantile(&gains, 0.975) - optimism).max(0.0),
        p: ((2.0 * nothing + 1.0) / (count + 1.0)).min(1.0),
        best_low: quantile(&picks, 0.025),
        best_high: quantile(&picks, 0.975),
    })
}

/// F1 with none, the first, the first two … of the cells called positive; 0 where nothing is right.
fn f1_curve(cells: &[(f64, f64)]) -> Vec<f64> {
    let positives: f64 = cells.iter().map(|cell| cell.0).sum();
    let (mut hits, mut alarms) = (0.0, 0.0);
    let of_cells = cells.iter().map(|cell| {
        hits += cell.0;
        alarms += cell.1;
        if hits > 0.0 { 2.0 * hits / (hits + alarms + positives) } else { 0.0 }
    });
    std::iter::once(0.0).chain(of_cells).collect()
}

/// The best place on the curve and what it gains over the one in use.
fn gain(curve: &[f64], used_at: usize) -> Option<(usize, f64)> {
    let best = (0..curve.len()).max_by(|&a, &b| curve[a].total_cmp(&curve[b]))?;
    Some((best, curve[best] - curve[used_at]))
}

/// A Poisson number: by its definition when small, else the rounded normal, which is within a percent of it from 30 on.
fn poisson(rng: &mut super::rng::Rng, mean: u64) -> f64 {
    if mean == 0 {
        return 0.0;
    }
    let mean = mean as f64;
    if mean > 30.0 {
        let radius = (-2.0 * (1.0 - rng.next_f64()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * rng.next_f64()).cos();
        return (mean + mean.sqrt() * normal).round().max(0.0);
    }
    let limit = (-mean).exp();
    let (mut product, mut count) = (rng.next_f64(), 0.0);
    while product > limit {
        product *= rng.next_f64();
        count += 1.0;
    }
    count
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
