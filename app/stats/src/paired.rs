//! Two answers for the same rows: how their shares of right ones differ.

use super::distributions::binomial_upper;
use super::intervals::{Estimate, Share, wilson};

/// Rows by whether the first and the second answer is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paired {
    pub both: u64,
    pub only_first: u64,
    pub only_second: u64,
    pub neither: u64,
}

impl Paired {
    pub fn n(self) -> u64 {
        self.both + self.only_first + self.only_second + self.neither
    }

    /// McNemar's exact test, two-sided: that each of the rows where one answer is right was as likely to be either's
    /// (`statsmodels.stats.contingency_tables.mcnemar(exact=True)`). 1 where there is no such row.
    pub fn p(self) -> f64 {
        let differing = self.only_first + self.only_second;
        let more = self.only_first.max(self.only_second);
        if differing == 0 { 1.0 } else { (2.0 * binomial_upper(more, differing, 0.5)).min(1.0) }
    }

    /// The share of right second answers less that of the first, with the interval of Newcombe's method 10 for paired shares
    /// (Statistics in Medicine 17, 1998, pages 2635 to 2650). NaN for no rows.
    pub fn difference(self) -> Estimate {
        let n = self.n();
        let first = wilson(Share::new(self.both + self.only_first, n));
        let second = wilson(Share::new(self.both + self.only_second, n));
        let value = (self.only_second as f64 - self.only_first as f64) / n as f64;
        let phi = self.correlation();
        let reach = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
        let below = reach(second.value - second.low, first.high - first.value);
        let above = reach(second.high - second.value, first.value - first.low);
        Estimate { value, low: (value - below).max(-1.0), high: (value + above).min(1.0) }
    }

    /// The correlation of the two, with Newcombe's correction of continuity.
    fn correlation(self) -> f64 {
        let [a, b, c, d] = [self.both, self.only_first, self.only_second, self.neither].map(|count| count as f64);
        let sums = (a + b) * (c + d) * (a + c) * (b + d);
        if sums <= 0.0 {
            return 0.0;
        }
        let product = a * d - b * c;
        let half = (a + b + c + d) / 2.0;
        let corrected = if product > 0.0 { (product - half).max(0.0) } else { product };
        corrected / sums.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Estimate, value: f64, low: f64, high: f64) -> bool {
        [(found.value, value), (found.low, low), (found.high, high)].iter().all(|(a, b)| (a - b).abs() < 5e-5)
    }

    #[test]
    fn the_interval_is_newcombes() {
        // The first is the example of his paper: 0.0569 to 0.3404 for the first less the second.
        let paper = Paired { both: 36, only_first: 12, only_second: 2, neither: 0 };
        assert!(near(paper.difference(), -0.2, -0.3404, -0.0569), "{:?}", paper.difference());
        let other = Paired { both: 60, only_first: 5, only_second: 15, neither: 20 };
        assert!(near(other.difference(), 0.1, 0.01196, 0.18656), "{:?}", other.difference());
        assert!(Paired::default().difference().value.is_nan());
    }

    #[test]
    fn the_test_is_exact() {
        let p = |only_first, only_second| Paired { both: 9, only_first, only_second, neither: 9 }.p();
        assert!((p(12, 2) - 0.012_939_453_125).abs() < 1e-12);
        assert!((p(5, 15) - 0.041_389_465_332).abs() < 1e-12);
        assert_eq!((p(0, 0), p(3, 3)), (1.0, 1.0));
    }
}
