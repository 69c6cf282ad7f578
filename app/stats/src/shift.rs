//! A figure that changes its level at some time and keeps the new one.

use super::distributions::{student_quantile, student_two_sided};
use super::quantiles::mean;

/// One stretch of a figure along time.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Point {
    pub value: f64,
    /// Its standard error by the number of rows behind it; 0 where it is not known.
    pub error: f64,
}

/// The level from a point on against the level before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LastingShift {
    /// The first point of the new level.
    pub from: usize,
    pub before: f64,
    pub after: f64,
    /// Ends of the 95 % interval of `after - before`.
    pub low: f64,
    pub high: f64,
    /// Standard deviation from point to point about the two levels, not less than their sampling errors.
    pub noise: f64,
    /// Two-sided p of one level (Student), multiplied by the number of places that were tried.
    pub p: f64,
}

impl LastingShift {
    pub fn change(&self) -> f64 {
        self.after - self.before
    }
}

/// Correlation of neighbours beyond which a series says nothing about levels.
pub(crate) const MOST_CORRELATED: f64 = 0.95;

/// The place at which the level of `points` changes most, all later points together against all earlier ones and
/// `reference` (the same figure from before; may be empty). Either side has at least `fewest` points. The noise is the
/// scatter from point to point; where neighbours are alike there are fewer independent points, by
/// `(1 - r) / (1 + r)` for the correlation `r` of neighbours (Bayley and Hammersley 1946). In `n` points about two fitted
/// levels `r` comes out too low; `(3 + 6 r) / n` is added, twice what Kendall (1954) gives for one level, by simulation.
/// `None` with too few points.
pub fn lasting_shift(reference: &[Point], points: &[Point], fewest: usize) -> Option<LastingShift> {
    let all: Vec<Point> = reference.iter().chain(points).copied().collect();
    let first = reference.len().max(fewest);
    let places = first..(all.len() + 1).checked_sub(fewest.max(1))?;
    let tried = places.len() as f64;
    let best = places
        .filter_map(|place| Some((place, two_levels(&all, place)?)))
        .max_by(|a, b| b.1.p.total_cmp(&a.1.p).then(a.1.change().abs().total_cmp(&b.1.change().abs())));
    best.map(|(place, found)| LastingShift { from: place - reference.len(), p: (found.p * tried).min(1.0), ..found })
}

fn two_levels(all: &[Point], place: usize) -> Option<LastingShift> {
    let values: Vec<f64> = all.iter().map(|point| point.value).collect();
    let (before, after) = (mean(&values[..place]), mean(&values[place..]));
    let left: Vec<f64> =
        values.iter().enumerate().map(|(at, value)| value - if at < place { before } else { after }).collect();
    let freedom = all.len().checked_sub(2).filter(|freedom| *freedom > 0)? as f64;
    let squares: f64 = left.iter().map(|value| value * value).sum();
    let sampling = mean(&all.iter().map(|point| point.error.powi(2)).collect::<Vec<_>>());
    let variance = (squares / freedom).max(sampling);
    let independent = (1.0 - alike(&left, squares)) / (1.0 + alike(&left, squares));
    let sizes = 1.0 / place as f64 + 1.0 / (all.len() - place) as f64;
    let error = (variance * sizes / independent).sqrt();
    let freedom = (freedom * independent).max(1.0);
    let p = match after - before {
        0.0 => 1.0,
        change => student_two_sided(change / error.max(f64::MIN_POSITIVE), freedom),
    };
    let half = student_quantile(0.975, freedom) * error;
    let change = after - before;
    Some(LastingShift {
        from: place,
        before,
        after,
        low: change - half,
        high: change + half,
        noise: variance.sqrt(),
        p,
    })
}

/// How alike neighbours are, 0 to [`MOST_CORRELATED`].
fn alike(left: &[f64], squares: f64) -> f64 {
    if squares <= 0.0 {
        return 0.0;
    }
    let together: f64 = left.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let found = together / squares;
    (found + (3.0 + 6.0 * found) / left.len() as f64).clamp(0.0, MOST_CORRELATED)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::testing::{draws, normal};

    fn points(values: &[f64]) -> Vec<Point> {
        values.iter().map(|value| Point { value: *value, error: 0.0 }).collect()
    }

    #[test]
    fn a_step_is_found_where_it_is() {
        let values = [5.1, 4.9, 5.0, 5.1, 4.9, 5.0, 3.1, 2.9, 3.0, 3.1, 2.9, 3.0];
        let found = lasting_shift(&[], &points(&values), 3).unwrap();
        assert_eq!(found.from, 6);
        assert!((found.change() + 2.0).abs() < 1e-12 && found.p < 1e-9, "{found:?}");
        // Squares left: twice four of 0.01, over ten degrees of freedom.
        assert!((found.noise - (0.08_f64 / 10.0).sqrt()).abs() < 1e-12);
        assert!(found.low < -2.0 && found.high > -2.0 && found.high < -1.8);
        // The same against a reference: all of the served points may be the new level.
        let found = lasting_shift(&points(&values[..6]), &points(&values[6..]), 3).unwrap();
        assert_eq!((found.from, found.before), (0, 5.0));
    }

    #[test]
    fn sampling_errors_are_the_least_noise() {
        let rough: Vec<Point> = [1.0, 1.0, 1.0, 0.9, 0.9, 0.9].map(|value| Point { value, error: 0.1 }).to_vec();
        let found = lasting_shift(&[], &rough, 3).unwrap();
        assert!((found.noise - 0.1).abs() < 1e-12 && found.p > 0.2, "{found:?}");
    }

    #[test]
    fn few_points_and_equal_ones_have_no_shift() {
        assert_eq!(lasting_shift(&[], &points(&[1.0; 5]), 3), None);
        assert_eq!(lasting_shift(&[], &[], 0), None);
        assert_eq!(lasting_shift(&[], &points(&[1.0; 9]), 3).unwrap().p, 1.0);
    }

    #[test]
    fn noise_is_seldom_taken_for_a_shift() {
        for correlation in [0.0, 0.5, 0.8] {
            let mut accused = 0;
            for seed in 0..400 {
                let mut level = 0.0;
                let values = draws(seed, 24, |rng| {
                    level = correlation * level + normal(rng);
                    level
                });
                accused += usize::from(lasting_shift(&[], &points(&values), 3).unwrap().p < 0.0001);
            }
            assert!(accused <= 2, "{accused} of 400 with neighbours correlated {correlation}");
        }
    }
}
