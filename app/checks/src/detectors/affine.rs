//! Fits the line that maps one sample's distribution to another's, and measures what remains: this separates a changed
//! unit, a missing scaler or a constant offset from a real change of the rows.

use crate::thresholds::{CHANCE_KS, SCALE_LEFT, SCALE_LEFT_FLOOR, SCALE_LEFT_SHARE, SPREAD_TAIL};
use stats::quantiles::quantile;

/// `current = scale * reference + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AffineMap {
    pub scale: f64,
    pub offset: f64,
}

/// The quantiles a map is fitted on: the middle 97.5 %, so that a few wild values do not decide.
const LEVELS: usize = 40;

/// Halvings of the range in which an offset is looked for.
const OFFSET_STEPS: usize = 50;

/// Values closer than this share of the sample's spread count as equal, so that rounding is no difference.
const ROUNDING: f64 = 0.005;

/// Maps with an offset that are units too: (scale, offset, words).
pub const SHIFTED_UNITS: [(f64, f64, &str); 2] =
    [(1.8, 32.0, "degrees Fahrenheit for Celsius"), (1.0 / 1.8, -32.0 / 1.8, "degrees Celsius for Fahrenheit")];

/// Whether a line is the conversion between two units with an offset.
pub fn is_known_unit(scale: f64, offset: f64) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 0.01 * b.abs();
    SHIFTED_UNITS.iter().any(|(known, by, _)| near(scale, *known) && near(offset, *by))
}

impl AffineMap {
    pub fn factor(scale: f64) -> Self {
        Self { scale, offset: 0.0 }
    }

    /// Least absolute deviation through the origin, on quantiles: the median of the ratios `current / reference`,
    /// weighted by the reference's size. `None` when the reference is all zeros.
    pub fn fit_factor(reference: &[f64], current: &[f64]) -> Option<Self> {
        let ratios = levels().map(|level| (quantile(reference, level), quantile(current, level)));
        let weighted: Vec<(f64, f64)> = ratios.filter(|(r, _)| *r != 0.0).map(|(r, c)| (c / r, r.abs())).collect();
        weighted_median(weighted).map(AffineMap::factor)
    }

    /// Scale from the distances between mirrored quantiles (weighted median of their ratios), offset from the median of
    /// what is left. `None` when the middle of the reference does not vary.
    pub fn fit(reference: &[f64], current: &[f64]) -> Option<Self> {
        let spans = levels().filter(|level| *level < 0.5).map(|level| {
            let span = |sample| quantile(sample, 1.0 - level) - quantile(sample, level);
            (span(reference), span(current))
        });
        let scale = weighted_median(spans.filter(|(r, _)| *r > 0.0).map(|(r, c)| (c / r, r)).collect())?;
        let by_spans = Self::of_scale(scale, reference, current)?;
        // Between two lattices the ratio of their steps is exact where that of a few spans is not.
        let by_steps = step(reference).zip(step(current)).map(|(from, to)| to / from);
        let by_steps = by_steps.and_then(|scale| Self::of_scale(scale, reference, current));
        let left = |map: &Self| map.residual(reference, current);
        Some(by_steps.filter(|steps| left(steps) < left(&by_spans)).unwrap_or(by_spans))
    }

    /// The offset from the median of what a scale leaves.
    fn of_scale(scale: f64, reference: &[f64], current: &[f64]) -> Option<Self> {
        let left = levels().map(|level| (quantile(current, level) - scale * quantile(reference, level), 1.0)).collect();
        Some(Self { scale, offset: weighted_median(left)? })
    }

    /// The offset that leaves the smallest distance (the minimum distance method: Wolfowitz 1957, Parr and Schucany 1980).
    /// The farther the reference is moved up, the less of it lies below the other sample and the more above: the distance
    /// is smallest where both are alike. That of the medians is kept where it leaves as little: where a median falls into
    /// a gap between values, or between two frequent ones, it moves with every draw. Both ascending and not empty.
    pub fn fit_offset(reference: &[f64], current: &[f64], in_whole_numbers: bool) -> Self {
        let slack = slack(current);
        let mut low = current[0] - reference[reference.len() - 1];
        let mut high = current[current.len() - 1] - reference[0];
        for _ in 0..OFFSET_STEPS {
            let middle = low + (high - low) / 2.0;
            let is_low = one_sided(reference, current, slack + middle) > one_sided(current, reference, slack - middle);
            if is_low { low = middle } else { high = middle }
        }
        let of_medians = quantile(current, 0.5) - quantile(reference, 0.5);
        // With the slack a whole range of offsets leaves as little, and the search ends at its upper end.
        let tried = match in_whole_numbers {
            true => vec![of_medians.round(), low.floor(), high.ceil()],
            false => vec![of_medians, low, high],
        };
        let of = |offset| (Self { scale: 1.0, offset }, Self { scale: 1.0, offset }.residual(reference, current));
        let first = of(tried[0]);
        tried.into_iter().map(of).fold(first, |best, map| if map.1 < best.1 { map } else { best }).0
    }

    /// The mapped sample, ascending.
    pub fn apply(self, sorted: &[f64]) -> Vec<f64> {
        let mut mapped: Vec<f64> = sorted.iter().map(|value| self.scale * value + self.offset).collect();
        if self.scale < 0.0 {
            mapped.reverse();
        }
        mapped
    }

    /// The distance that remains between the mapped reference and the current sample.
    pub fn residual(self, reference: &[f64], current: &[f64]) -> f64 {
        rounded_distance(&self.apply(reference), current)
    }
}

/// Values of a lattice, such as a count in any unit: more than this are a continuum.
const LATTICE: usize = 200;
/// How near to a whole number of steps every value is, in steps.
const OFF_LATTICE: f64 = 0.02;

/// The step between the values of a column with few of them, if all lie on one lattice.
fn step(sorted: &[f64]) -> Option<f64> {
    let values: Vec<f64> = sorted.chunk_by(|a, b| a == b).map(|same| same[0]).take(LATTICE + 1).collect();
    if !(3..=LATTICE).contains(&values.len()) {
        return None;
    }
    let step = values.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let steps = |value: &f64| (value - values[0]) / step;
    let on_lattice = |value: &f64| (steps(value) - steps(value).round()).abs() <= OFF_LATTICE;
    (step.is_finite() && values.iter().all(on_lattice)).then_some(step)
}

fn levels() -> impl Iterator<Item = f64> {
    (0..LEVELS).map(|i| (i as f64 + 0.5) / LEVELS as f64)
}

/// The value at which half of the weight is reached. `None` without weight.
fn weighted_median(mut weighted: Vec<(f64, f64)>) -> Option<f64> {
    weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = weighted.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut reached = 0.0;
    for (value, weight) in weighted {
        reached += weight;
        if reached >= half && half > 0.0 {
            return Some(value);
        }
    }
    None
}

/// The Kolmogorov-Smirnov distance that remains when values may move by a little ([`ROUNDING`] of the spread of `b`): the
/// larger of the two one-sided distances, each with the other sample moved in its favor. Both ascending.
pub fn rounded_distance(a: &[f64], b: &[f64]) -> f64 {
    let slack = slack(b);
    one_sided(a, b, slack).max(one_sided(b, a, slack))
}

/// By how much a value of an ascending sample may move and be the same.
fn slack(sorted: &[f64]) -> f64 {
    let spread = spread(sorted);
    ROUNDING * if spread > 0.0 { spread } else { quantile(sorted, 0.5).abs() }
}

/// The distance between the two outer quantiles of an ascending sample, without [`SPREAD_TAIL`] of the values at each end.
pub fn spread(sorted: &[f64]) -> f64 {
    quantile(sorted, 1.0 - SPREAD_TAIL) - quantile(sorted, SPREAD_TAIL)
}

/// `sup F_a(x - slack) - F_b(x)`, at least 0.
fn one_sided(a: &[f64], b: &[f64], slack: f64) -> f64 {
    let (mut j, mut largest) = (0, 0.0_f64);
    for (i, value) in a.iter().enumerate() {
        while j < b.len() && b[j] <= value + slack {
            j += 1;
        }
        largest = largest.max((i + 1) as f64 / a.len() as f64 - j as f64 / b.len() as f64);
    }
    largest
}

/// The Kolmogorov-Smirnov distance that two samples of one population stay under in 99 of 100 cases.
pub fn chance_distance(n: usize, m: usize) -> f64 {
    CHANCE_KS * (1.0 / n.max(1) as f64 + 1.0 / m.max(1) as f64).sqrt()
}

/// Whether a map explains the difference: most of it is gone, and the rest is no more than chance leaves.
pub fn explains(before: f64, after: f64, n: usize, m: usize) -> bool {
    let accepted = chance_distance(n, m).max(SCALE_LEFT_FLOOR).max(SCALE_LEFT_SHARE * before);
    after <= SCALE_LEFT * before && after <= accepted
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn skewed(n: usize) -> Vec<f64> {
        (1..=n).map(|i| -((1.0 - i as f64 / (n as f64 + 1.0)).ln()) * 100.0).collect()
    }

    #[test]
    fn a_factor_is_found_exactly_and_leaves_nothing() {
        let reference = skewed(500);
        let current: Vec<f64> = reference.iter().map(|x| x * 1.609_344).collect();
        let map = AffineMap::fit_factor(&reference, &current).unwrap();
        assert!((map.scale - 1.609_344).abs() < 1e-9);
        assert!(map.residual(&reference, &current) < 1e-9);
        assert!(rounded_distance(&reference, &current) > 0.15);
    }

    #[test]
    fn an_offset_is_found_where_the_median_falls_into_a_gap() {
        // Half of the values at 0 to 4, half at 100 to 104: the draw decides on which side of the gap the median lies.
        let values = |first: usize, second: usize| -> Vec<f64> {
            let low = (0..first).map(|row| (row * 5 / first) as f64);
            low.chain((0..second).map(|row| 100.0 + (row * 5 / second) as f64)).collect()
        };
        let (reference, current) = (values(510, 490), values(490, 510));
        let moved: Vec<f64> = current.iter().map(|value| value + 7.0).collect();
        for whole in [false, true] {
            let map = AffineMap::fit_offset(&reference, &moved, whole);
            assert!((map.offset - 7.0).abs() < 0.6, "{map:?}");
            assert!(map.residual(&reference, &moved) < 0.03);
        }
        assert_eq!(AffineMap::fit_offset(&reference, &moved, true).offset, 7.0);
        // Where the medians tell the offset, it is that of the medians.
        let plain = skewed(500);
        let moved: Vec<f64> = plain.iter().map(|value| value - 12.5).collect();
        assert_eq!(AffineMap::fit_offset(&plain, &moved, false).offset, -12.5);
    }

    #[test]
    fn an_affine_map_is_found_exactly() {
        let reference = skewed(500);
        let current: Vec<f64> = reference.iter().map(|x| 1.8 * x + 32.0).collect();
        let map = AffineMap::fit(&reference, &current).unwrap();
        assert!((map.scale - 1.8).abs() < 1e-9 && (map.offset - 32.0).abs() < 1e-6, "{map:?}");
        assert!(map.residual(&reference, &current) < 1e-9);
    }

    #[test]
    fn rounding_to_the_lattice_is_no_difference() {
        // Whole numbers from 6 to 24, and the same in units of 12 kept to two decimals.
        let reference: Vec<f64> = (0..950).map(|i| f64::from(6 + i / 50)).collect();
        let current: Vec<f64> = reference.iter().map(|x| (x / 12.0 * 100.0).round() / 100.0).collect();
        let map = AffineMap::factor(1.0 / 12.0);
        assert!(map.residual(&reference, &current) < 0.01, "{}", map.residual(&reference, &current));
    }

    #[test]
    fn between_two_lattices_the_steps_give_the_scale() {
        // Whole years, and other rows of them as they are when standardized and written with few digits.
        let reference: Vec<f64> = (0..900).map(|row| f64::from(row % 17)).collect();
        let current = (0..400).map(|row| ((f64::from(row * row * row % 17) - 7.83) / 5.04 * 1e3).round() / 1e3);
        let (mut reference, mut current) = (reference, current.collect::<Vec<f64>>());
        reference.sort_by(f64::total_cmp);
        current.sort_by(f64::total_cmp);
        let map = AffineMap::fit(&reference, &current).unwrap();
        assert!((map.scale - 1.0 / 5.04).abs() < 0.002, "{map:?}");
        assert_eq!(step(&[0.0, 0.4, 1.0, 2.0]), None);
    }

    #[test]
    fn samples_that_do_not_vary_or_are_zero_give_no_map() {
        assert_eq!(AffineMap::fit(&[1.0; 10], &[2.0; 10]), None);
        assert_eq!(AffineMap::fit_factor(&[0.0; 10], &[2.0; 10]), None);
    }

    #[test]
    fn chance_distance_is_the_usual_critical_value() {
        assert!((chance_distance(1200, 900) - 0.0718).abs() < 1e-3);
        assert!(explains(0.4, 0.03, 1200, 900));
        assert!(!explains(0.4, 0.2, 1200, 900), "half of it is left");
        assert!(!explains(0.1, 0.06, 1200, 900), "a small difference must be explained nearly whole");
    }
}
