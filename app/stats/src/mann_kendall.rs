//! A monotonic trend by ranks, for series whose values go with their neighbours.

use super::distributions::{Z_95, normal_two_sided, student_two_sided};
use super::quantiles::{mean, median};
use super::regression::ranks;

/// Fewer values have no trend that a rank test could tell.
const FEWEST_VALUES: usize = 8;
/// Correlation of neighbours beyond which a series says nothing about trends.
const MOST_CORRELATED: f64 = 0.95;
/// Makes a median absolute deviation a standard deviation where the values are normal.
const NORMAL_OVER_MAD: f64 = 1.482_602_218_505_602;

/// Mann and Kendall's test with Theil and Sen's slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankTrend {
    /// Pairs that rise less pairs that fall.
    pub s: f64,
    /// The median slope of all pairs (Theil 1950, Sen 1968) times the time from the first to the last value.
    pub change: f64,
    /// Robust standard deviation of the values about that line (of the values themselves where they all lie on it).
    pub spread: f64,
    /// Two-sided p of there being no trend (normal approximation with correction for continuity and ties), its variance
    /// multiplied for autocorrelation by the larger of two published factors: of the autocorrelations of the ranks about
    /// the line that are significant at 5 % (Hamed and Rao 1998, Journal of Hydrology 204), and of the first one alone as
    /// in a process of first order (Yue and Wang 2004), corrected for its bias in short series. Where the factor is over
    /// 1 it is an estimate, so Student's distribution with as many degrees of freedom as are left takes the normal's place.
    pub p: f64,
}

impl RankTrend {
    /// The change in robust standard deviations; 0 where nothing varies.
    pub fn change_over_spread(&self) -> f64 {
        if self.spread > 0.0 { self.change / self.spread } else { 0.0 }
    }
}

/// The trend of finite `values` at the ascending times `at` (any unit). O(n²). `None` for fewer than eight values or where
/// all times are one.
pub fn rank_trend(at: &[f64], values: &[f64]) -> Option<RankTrend> {
    let n = values.len();
    if n < FEWEST_VALUES || at.len() != n || at[n - 1] <= at[0] {
        return None;
    }
    let (mut s, mut slopes) = (0.0, Vec::with_capacity(n * (n - 1) / 2));
    for later in 1..n {
        for earlier in 0..later {
            let rise = values[later] - values[earlier];
            s += if rise == 0.0 { 0.0 } else { rise.signum() };
            let step = at[later] - at[earlier];
            if step > 0.0 {
                slopes.push(rise / step);
            }
        }
    }
    slopes.sort_unstable_by(f64::total_cmp);
    let slope = median(&slopes);
    let about_line: Vec<f64> = at.iter().zip(values).map(|(time, value)| value - slope * (time - at[0])).collect();
    let factor = inflation(&ranks(&about_line));
    let z = (s - s.signum()) / (variance_of_s(values) * factor).sqrt();
    let p = match s {
        0.0 => 1.0,
        _ if factor > 1.0 => student_two_sided(z, (n as f64 / factor - 2.0).max(1.0)),
        _ => normal_two_sided(z),
    };
    let spread = robust_deviation(&about_line);
    Some(RankTrend {
        s,
        change: slope * (at[n - 1] - at[0]),
        spread: if spread > 0.0 { spread } else { robust_deviation(values) },
        p,
    })
}

/// The median distance from the median, scaled to be the standard deviation of normal values; NaN for no values.
pub fn robust_deviation(values: &[f64]) -> f64 {
    let sorted = |values: &mut Vec<f64>| values.sort_unstable_by(f64::total_cmp);
    let mut ordered = values.to_vec();
    sorted(&mut ordered);
    let middle = median(&ordered);
    let mut distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    sorted(&mut distances);
    NORMAL_OVER_MAD * median(&distances)
}

/// Of independent values, with the correction for ties (Kendall 1975).
fn variance_of_s(values: &[f64]) -> f64 {
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let ties: f64 = sorted.chunk_by(|a, b| a == b).map(|tied| term(tied.len() as f64)).sum();
    (term(values.len() as f64) - ties) / 18.0
}

/// How many times the variance of independent values that of these is; at least 1, because neighbours that alternate make
/// nothing more certain. Hamed and Rao: `1 + 2 / (n (n-1) (n-2)) Σ (n-i) (n-i-1) (n-i-2) r_i` over the significant
/// autocorrelations `r_i`; Yue and Wang: `(1 + r_1) / (1 - r_1)`.
fn inflation(ranks: &[f64]) -> f64 {
    let n = ranks.len() as f64;
    let centre = mean(ranks);
    let centred: Vec<f64> = ranks.iter().map(|rank| rank - centre).collect();
    let all: f64 = centred.iter().map(|value| value * value).sum();
    if all <= 0.0 {
        return 1.0;
    }
    let correlation = |lag: usize| centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum::<f64>() / all;
    let significant = Z_95 / n.sqrt();
    let sum: f64 = (1..ranks.len())
        .map(|lag| (correlation(lag), n - lag as f64))
        .filter(|(found, _)| found.abs() > significant)
        .map(|(found, left)| left * (left - 1.0) * (left - 2.0) * found)
        .sum();
    let of_all = 1.0 + 2.0 * sum / (n * (n - 1.0) * (n - 2.0));
    // The bias of the first autocorrelation about a fitted line (Kendall 1954; two parameters fitted).
    let first = correlation(1);
    let first = if first > significant { (first + (2.0 + 4.0 * first) / n).min(MOST_CORRELATED) } else { 0.0 };
    of_all.max((1.0 + first) / (1.0 - first))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::testing::{draws, normal};

    fn steps(n: usize) -> Vec<f64> {
        (0..n).map(|place| place as f64).collect()
    }

    #[test]
    fn a_straight_line_is_worked_by_hand() {
        // S = 45 pairs, variance 10 9 25 / 18 = 125, z = 44 / sqrt(125) = 3.9355; on the line nothing goes with anything.
        let found = rank_trend(&steps(10), &steps(10)).unwrap();
        assert_eq!((found.s, found.change), (45.0, 9.0));
        assert!((found.p - 8.303e-5).abs() < 1e-7, "{found:?}");
        // Off the line by nothing: the deviation of 0 … 9 themselves, 1.4826 times 2.5.
        assert!((found.spread - 1.4826 * 2.5).abs() < 1e-3);
    }

    #[test]
    fn ties_lower_the_variance_and_equal_values_have_no_trend() {
        // S = 16 of 28 pairs; variance (8 7 21 - 2 (4 3 13)) / 18 = (1176 - 312) / 18 = 48; z = 15 / sqrt(48) = 2.165.
        let found = rank_trend(&steps(8), &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]).unwrap();
        assert_eq!(found.s, 16.0);
        assert!(found.p >= 0.0303 && found.p < 0.2, "{found:?}");
        let flat = rank_trend(&steps(8), &[3.0; 8]).unwrap();
        assert_eq!((flat.p, flat.change, flat.change_over_spread()), (1.0, 0.0, 0.0));
        assert_eq!(rank_trend(&steps(7), &steps(7)), None);
        assert_eq!(rank_trend(&[1.0; 9], &steps(9)), None);
    }

    #[test]
    fn values_that_go_with_their_neighbours_are_less_certain() {
        for correlation in [0.0, 0.5, 0.8] {
            let mut certain = 0;
            for seed in 0..300 {
                let mut level = 0.0;
                let noise = draws(seed, 60, |rng| {
                    level = correlation * level + normal(rng);
                    level
                });
                certain += usize::from(rank_trend(&steps(60), &noise).unwrap().p < 0.0001);
            }
            assert!(certain <= 1, "{certain} of 300 with neighbours correlated {correlation}, without a trend");
        }
    }
}
