//! Where a series changes its level or its slope, any number of times.

use super::quantiles::mean;
use super::shift::MOST_CORRELATED;

/// Correlations of neighbours that are tried: from 0 in this many steps to [`MOST_CORRELATED`].
const CORRELATIONS: usize = 19;
/// Of the variance of a series, at least this share counts as noise (its standard deviation is at least half of that of the
/// series), so that a curve, which is neither a level nor a line, is not cut into many. The middle of a range without a peak on
/// the series of `cargo xtask bench onset`: 0.1 to 0.5.
const LEAST_NOISE: f64 = 0.25;
/// Numbers that a change costs: its place counts twice (Zhang and Siegmund 2007), and then comes a level.
const OF_LEVEL: f64 = 3.0;
/// A line has a slope too.
const OF_LINE: f64 = 4.0;

/// The places at which a series of finite `values` changes: each is the first point after a change. Between two of them lie
/// at least `fewest` points about a level or a line.
///
/// The model is `y[t] = a + b t + r y[t - 1] + noise`, where `a` and `b` change, and `r`, how alike neighbours are, is one
/// for the series (Chakar and others 2017 for levels, Beaulieu and Killick 2018 for lines): a figure that
/// wanders by itself needs no change. The changes have the least modified Bayesian information criterion (Zhang and Siegmund
/// 2007): the squares that are left over the variance of the noise, and `ln n` for each number. For given `r` and noise the
/// split is exact (optimal partitioning, Jackson and others 2005), and the noise is that about the split, until both agree.
/// First `r` is chosen, by the criterion. Then the series is split with it, and the long-run variance of the noise, which is
/// its variance over `(1 - r)²`, is at least a quarter of the variance of the series.
///
/// It says where a series changes and not how certain that is: with `r` of 0.8, one of 4 series of 60 points without a change
/// has one, and half of those of 24 points. [`super::shift::lasting_shift`] has a p. O(n²), with nothing to set by series.
pub fn change_points(values: &[f64], fewest: usize) -> Vec<usize> {
    let Some(standard) = standardised(values) else { return Vec::new() };
    let steps = 0..=CORRELATIONS;
    let tried = steps.map(|step| Steps::of(&standard, MOST_CORRELATED * step as f64 / CORRELATIONS as f64));
    let with_criterion = tried.map(|steps| (steps.best(fewest, 0.0).criterion, steps));
    let best = with_criterion.reduce(|best, other| if other.0 < best.0 { other } else { best });
    best.map_or_else(Vec::new, |(_, steps)| steps.best(fewest, LEAST_NOISE).places)
}

/// With mean 0 and variance 1; `None` for fewer than two points and where all are equal.
fn standardised(values: &[f64]) -> Option<Vec<f64>> {
    let centre = (values.len() > 1).then(|| mean(values))?;
    let deviation = mean(&values.iter().map(|value| (value - centre).powi(2)).collect::<Vec<_>>()).sqrt();
    // Equal values differ from their mean by a rounding error.
    let varies = deviation > 16.0 * f64::EPSILON * centre.abs();
    varies.then(|| values.iter().map(|value| (value - centre) / deviation).collect())
}

/// What each point adds to the part of the one before that it keeps, for a correlation of neighbours. The first point adds
/// nothing. Sums over the first steps give the squares about the level and the line of any segment.
struct Steps {
    correlation: f64,
    value: Vec<f64>,
    square: Vec<f64>,
    /// Of the place times the value.
    moment: Vec<f64>,
    /// `ln n` for the points.
    of_number: f64,
}

/// Where a series is split, and what that leaves.
#[derive(Debug, Clone, PartialEq)]
struct Split {
    criterion: f64,
    places: Vec<usize>,
}

/// One segment as a level or as a line, whichever costs less.
#[derive(Clone, Copy)]
struct Fit {
    squares: f64,
    numbers: f64,
    cost: f64,
}

/// How cheaply the first steps can be split, and the last segment of that split.
#[derive(Clone, Copy)]
struct Cheapest {
    cost: f64,
    squares: f64,
    numbers: f64,
    from: usize,
}

impl Steps {
    fn of(standard: &[f64], correlation: f64) -> Self {
        let steps = standard.windows(2).map(|pair| pair[1] - correlation * pair[0]);
        let (mut value, mut square, mut moment) = (vec![0.0], vec![0.0], vec![0.0]);
        for (at, step) in steps.enumerate() {
            value.push(value[at] + step);
            square.push(square[at] + step * step);
            moment.push(moment[at] + at as f64 * step);
        }
        Self { correlation, value, square, moment, of_number: (standard.len() as f64).ln() }
    }

    fn count(&self) -> usize {
        self.value.len() - 1
    }

    /// The best of the splits that come one after the other when the noise of each is that about the one before, until one
    /// comes again. The long-run variance of the noise is at least the given share of that of the points, which is 1.
    fn best(&self, fewest: usize, least_noise: f64) -> Split {
        let n = self.count() as f64;
        // Steps without any noise would have no logarithm.
        let least = (least_noise * (1.0 - self.correlation).powi(2)).max(1e-9);
        let variance = (self.square[self.count()] - self.value[self.count()].powi(2) / n) / n;
        let mut noise = vec![variance.max(least)];
        let mut best = Split { criterion: f64::INFINITY, places: Vec::new() };
        while let Some(last) = noise.last().copied() {
            let (cheapest, places) = self.split(fewest.max(1), last);
            let left = (cheapest.squares / n).max(least);
            let criterion = n * left.ln() + cheapest.squares / left + cheapest.numbers * self.of_number;
            if criterion < best.criterion {
                best = Split { criterion, places };
            }
            if noise.contains(&left) {
                break;
            }
            noise.push(left);
        }
        best
    }

    fn fit(&self, from: usize, to: usize, noise: f64) -> Fit {
        let points = (to - from) as f64;
        let sum = self.value[to] - self.value[from];
        let about_level = (self.square[to] - self.square[from] - sum * sum / points).max(0.0);
        let fit =
            |squares: f64, numbers: f64| Fit { squares, numbers, cost: squares / noise + numbers * self.of_number };
        let level = fit(about_level, OF_LEVEL);
        // The places from..to have the mean `middle` and the sum of squares n (n² - 1) / 12 about it.
        let middle = (from + to - 1) as f64 / 2.0;
        let spread = points * (points * points - 1.0) / 12.0;
        if spread == 0.0 {
            return level;
        }
        let product = self.moment[to] - self.moment[from] - middle * sum;
        let line = fit((about_level - product * product / spread).max(0.0), OF_LINE);
        if line.cost < level.cost { line } else { level }
    }

    /// The split of least cost for a noise: that of the first `to` steps is the cheapest of a last segment after the split of
    /// those before it. A change between two steps is one at the point of the second.
    fn split(&self, fewest: usize, noise: f64) -> (Cheapest, Vec<usize>) {
        let n = self.count();
        let none = Cheapest { cost: f64::INFINITY, squares: 0.0, numbers: 0.0, from: 0 };
        let mut cheapest = vec![none; n + 1];
        cheapest[0].cost = 0.0;
        for to in fewest.min(n)..=n {
            for from in 0..=to.saturating_sub(fewest) {
                let before = cheapest[from];
                if before.cost >= cheapest[to].cost {
                    continue;
                }
                let fit = self.fit(from, to, noise);
                let cost = before.cost + fit.cost;
                if cost < cheapest[to].cost {
                    let (squares, numbers) = (before.squares + fit.squares, before.numbers + fit.numbers);
                    cheapest[to] = Cheapest { cost, squares, numbers, from };
                }
            }
        }
        let mut places = Vec::new();
        let mut from = cheapest[n].from;
        while from > 0 {
            places.push(from + 1);
            from = cheapest[from].from;
        }
        places.reverse();
        (cheapest[n], places)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::testing::{draws, normal};

    /// Noise within half a unit that repeats.
    fn noise(at: usize) -> f64 {
        ((at * 7_919) % 101) as f64 / 101.0 - 0.5
    }

    fn series(n: usize, course: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..n).map(|at| course(at) + noise(at)).collect()
    }

    #[test]
    fn a_split_by_hand() {
        // Twelve steps, six of -1 and six of 1, with a noise of 1: 12 about one level; 12 - 36²/143 = 2.94 about a line; 0
        // about two levels. ln 13 = 2.56 for each number: 12 + 3 (2.56) = 19.7, 2.94 + 4 (2.56) = 13.2, 6 (2.56) = 15.4.
        let steps: Vec<f64> = [0.0].into_iter().chain([-1.0; 6]).chain([1.0; 6]).collect();
        let steps = Steps::of(&steps, 0.0);
        let (found, places) = steps.split(3, 1.0);
        assert!(places.is_empty() && (found.squares - (12.0 - 1_296.0 / 143.0)).abs() < 1e-9 && found.numbers == 4.0);
        // With a quarter of that noise: 4 (2.94) + 10.3 = 22.0 against 15.4. The change is at the seventh step's point.
        let (found, places) = steps.split(3, 0.25);
        assert_eq!((places, found.squares < 1e-12, found.numbers), (vec![7], true, 6.0));
    }

    #[test]
    fn a_split_is_the_one_that_ruptures_finds() {
        // ruptures 1.1.10, `Dynp` with this cost and a noise of 1 on the standardised points, for 0 to 5 changes: 25 and 70
        // cost the least (48.948 with one place less). A first point that adds nothing makes the points the steps.
        let course = |at: usize| match at {
            0..25 => 0.0,
            25..45 => 4.0,
            45..70 => 4.0 - 0.3 * (at - 45) as f64,
            _ => 1.0,
        };
        let values = series(90, course);
        let standard = standardised(&values).unwrap();
        let mut steps = Steps::of(&[&[0.0], &standard[..]].concat(), 0.0);
        steps.of_number = 90.0_f64.ln();
        let (found, places) = steps.split(3, 1.0);
        assert_eq!(places, [26, 71]);
        assert!((found.cost - 2.0 * steps.of_number - 48.948_334_908).abs() < 1e-6, "{}", found.cost);
        assert_eq!(change_points(&values, 3), [25, 44, 70]);
    }

    #[test]
    fn levels_that_change_are_found_where_they_do() {
        let two = series(90, |at| {
            if at < 30 {
                0.0
            } else if at < 60 {
                5.0
            } else {
                2.0
            }
        });
        assert_eq!(change_points(&two, 3), [30, 60]);
        let back = series(80, |at| if (40..50).contains(&at) { 3.0 } else { 0.0 });
        assert_eq!(change_points(&back, 3), [40, 50]);
        // The Nile at Aswan from 1871 on: less water since 1899 (Cobb 1978).
        assert_eq!(change_points(&NILE, 3), [28]);
    }

    /// The yearly flow of the Nile at Aswan, 1871 to 1970, in 10⁸ m³ (Cobb 1978).
    const NILE: [f64; 100] = [
        1120.0, 1160.0, 963.0, 1210.0, 1160.0, 1160.0, 813.0, 1230.0, 1370.0, 1140.0, 995.0, 935.0, 1110.0, 994.0,
        1020.0, 960.0, 1180.0, 799.0, 958.0, 1140.0, 1100.0, 1210.0, 1150.0, 1250.0, 1260.0, 1220.0, 1030.0, 1100.0,
        774.0, 840.0, 874.0, 694.0, 940.0, 833.0, 701.0, 916.0, 692.0, 1020.0, 1050.0, 969.0, 831.0, 726.0, 456.0,
        824.0, 702.0, 1120.0, 1100.0, 832.0, 764.0, 821.0, 768.0, 845.0, 864.0, 862.0, 698.0, 845.0, 744.0, 796.0,
        1040.0, 759.0, 781.0, 865.0, 845.0, 944.0, 984.0, 897.0, 822.0, 1010.0, 771.0, 676.0, 649.0, 846.0, 812.0,
        742.0, 801.0, 1040.0, 860.0, 874.0, 848.0, 890.0, 744.0, 749.0, 838.0, 1050.0, 918.0, 986.0, 797.0, 923.0,
        975.0, 815.0, 1020.0, 906.0, 901.0, 1170.0, 912.0, 746.0, 919.0, 718.0, 714.0, 740.0,
    ];

    #[test]
    fn few_points_equal_ones_and_a_line_have_no_change() {
        assert_eq!(change_points(&[], 3), []);
        assert_eq!(change_points(&[7.0], 0), []);
        assert_eq!(change_points(&[1.0, 5.0], 3), []);
        assert_eq!(change_points(&[0.1 + 0.2; 50], 3), []);
        let line: Vec<f64> = (0..40).map(|at| 3.0 + 0.5 * f64::from(at)).collect();
        assert_eq!(change_points(&line, 3), []);
        assert_eq!(change_points(&series(60, |at| 0.1 * at as f64), 3), []);
    }

    /// How many of 100 series of `n` points, whose neighbours are correlated, have a change.
    fn changed(n: usize, correlation: f64) -> usize {
        let series = |seed| {
            let mut level = 0.0;
            draws(seed, n, |rng| {
                level = correlation * level + normal(rng);
                level
            })
        };
        (0..100).filter(|seed| !change_points(&series(*seed), 3).is_empty()).count()
    }

    #[test]
    fn noise_is_seldom_taken_for_changes() {
        assert!(changed(24, 0.0) <= 2 && changed(60, 0.0) <= 2);
        assert!(changed(60, 0.5) <= 10);
        assert!(changed(60, 0.8) <= 35);
    }
}
