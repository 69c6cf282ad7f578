//! Sums of counts that weigh differently: what the answers of a model cost.

use super::distributions::{Z_95, normal_two_sided};

/// A weighted sum of counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedSum {
    pub value: f64,
    /// Ends of the 95 % interval.
    pub low: f64,
    pub high: f64,
    /// Two-sided p of the sum being 0: of the widest interval that leaves 0 out.
    pub p: f64,
}

/// Standard errors beyond which nothing gets more certain: p is 0 by then.
const MOST_ERRORS: f64 = 40.0;

/// The sum of `count * weight`. Each count has the score interval of a Poisson mean, `k + z²/2 ± z sqrt(k + z²/4)`, and
/// their distances are combined by the method of variance estimates recovery (Zou and Donner 2008). A count of 0 so has
/// an upper end over 0: a dear outcome that did not happen among few rows is not taken for impossible. For the cells of
/// one table, whose sum is fixed, the interval is on the wide side.
pub fn weighted_sum(cells: &[(u64, f64)]) -> WeightedSum {
    let value: f64 = cells.iter().map(|(count, weight)| *count as f64 * weight).sum();
    let (below, above) = distances(cells, Z_95);
    let reaches_zero = |z: f64| {
        let (below, above) = distances(cells, z);
        if value > 0.0 { below >= value } else { above >= -value }
    };
    let p = if value == 0.0 {
        1.0
    } else {
        let (mut inside, mut outside) = (0.0, MOST_ERRORS);
        for _ in 0..60 {
            let middle = f64::midpoint(inside, outside);
            if reaches_zero(middle) {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        normal_two_sided(inside)
    };
    WeightedSum { value, low: value - below, high: value + above, p }
}

/// How far the sum reaches below and above its value at `z` standard errors.
fn distances(cells: &[(u64, f64)], z: f64) -> (f64, f64) {
    let (mut below, mut above) = (0.0_f64, 0.0_f64);
    for (count, weight) in cells {
        let root = z * (*count as f64 + z * z / 4.0).sqrt();
        let (up, down) = (z * z / 2.0 + root, (root - z * z / 2.0).max(0.0));
        let (towards_less, towards_more) = if *weight > 0.0 { (down, up) } else { (up, down) };
        below += (weight * towards_less).powi(2);
        above += (weight * towards_more).powi(2);
    }
    (below.sqrt(), above.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_count_has_the_score_interval_of_a_poisson_mean() {
        // k = 10, z = 1.96: 10 + 1.9207 ± 1.96 sqrt(10 + 0.9604) = 5.4319 and 18.4096.
        let sum = weighted_sum(&[(10, 1.0)]);
        assert!((sum.low - 5.4319).abs() < 1e-3 && (sum.high - 18.4096).abs() < 1e-3, "{sum:?}");
        // Two counts of 16 and 4: at z the ends meet where both distances make up 12.
        let sum = weighted_sum(&[(16, 1.0), (4, -1.0)]);
        assert!(sum.value == 12.0 && sum.low > 0.0 && sum.p < 0.05 && sum.p > 0.001, "{sum:?}");
    }

    #[test]
    fn a_dear_outcome_that_was_not_seen_is_not_ruled_out() {
        // Twenty false alarms at 1 and no hit worth 100: nobody knows yet that alarms are not worth it.
        let sum = weighted_sum(&[(20, 1.0), (0, -100.0)]);
        assert!(sum.value == 20.0 && sum.low < 0.0 && sum.p > 0.5, "{sum:?}");
        let sum = weighted_sum(&[(2_000, 1.0), (0, -10.0)]);
        assert!(sum.low > 0.0 && sum.p < 1e-12, "{sum:?}");
    }

    #[test]
    fn nothing_and_a_balance_are_no_difference() {
        assert_eq!(weighted_sum(&[]), WeightedSum { value: 0.0, low: 0.0, high: 0.0, p: 1.0 });
        assert_eq!(weighted_sum(&[(5, 1.0), (5, -1.0)]).p, 1.0);
    }
}
