//! What a selection of rows does to a column: rows with larger values become more (or less) frequent, and no value changes.

use crate::detectors::affine::spread;
use crate::thresholds::{CERTAINTY, OFFSET_NEW_VALUES, OFFSET_OVER_SELECTION, ROW_SAME_VALUE, SIGNIFICANCE};
use stats::intervals::{Share, share_difference_p};
use stats::quantiles::median;
use stats::two_sample::ks_pvalue_asymp;

/// Steps of the bisection for the strength of a tilt, and where it begins: at this strength all weight is at one end.
const STEPS: usize = 40;
const STRONGEST: f64 = 60.0;
/// Of an offset, what rounding may add at an end of the range.
const ROUNDED: f64 = 0.1;

/// The selection of training rows that comes nearest to the served values: the rows of `reference` with weights `exp(t x)`
/// or `exp(t rank)`, the exponential tilts of the values and of their ranks, at the strength that leaves the smallest
/// Kolmogorov-Smirnov distance. As the strength grows, the weighted distribution moves up, so the distance is smallest
/// where it lies as far above the other one as below it.
pub struct Selection<'a> {
    reference: &'a [f64],
    current: &'a [f64],
    weights: Vec<f64>,
    distance: f64,
}

impl<'a> Selection<'a> {
    /// Both ascending.
    pub fn closest(reference: &'a [f64], current: &'a [f64]) -> Self {
        let unit = spread(reference);
        let weighted = |weights: Vec<f64>| {
            let [above, below] = gaps(reference, &weights, current);
            Self { reference, current, weights, distance: above.max(below) }
        };
        if reference.is_empty() || current.is_empty() || unit <= 0.0 {
            return weighted(vec![1.0; reference.len()]);
        }
        let (middle, n) = (median(reference), reference.len() as f64);
        let by_value = |place: usize| ((reference[place] - middle) / unit).clamp(-STRONGEST, STRONGEST);
        let by_rank = |place: usize| (place as f64 + 0.5) / n - 0.5;
        let along: [&dyn Fn(usize) -> f64; 2] = [&by_value, &by_rank];
        let [one, other] = along.map(|along| weighted(fitted(along, reference, current)));
        if other.distance < one.distance { other } else { one }
    }

    /// Whether no selection makes the training values look like the served ones (p under `chance`), while a map of the
    /// values, which leaves the distance `with_map`, does far better. The weighted rows count as the number of equally
    /// weighted ones that vary as much (Kish 1965).
    pub fn is_excluded(&self, with_map: f64, chance: f64) -> bool {
        with_map <= OFFSET_OVER_SELECTION * self.distance
            && ks_pvalue_asymp(self.distance, self.effective_rows() as usize, self.current.len()) < chance
    }

    /// Whether far fewer of the served values are values of training than of any selection: of rows from the same
    /// population, about as many are known as training values repeat in training (Good 1953).
    pub fn lacks_its_values(&self) -> bool {
        let repeats: f64 =
            self.weights.iter().zip(repeated(self.reference)).filter(|(_, is)| *is).map(|(w, _)| w).sum();
        let expected = repeats / self.weights.iter().sum::<f64>();
        let known = self.current.iter().filter(|value| is_among(self.reference, **value)).count() as u64;
        let found = Share::new(known, self.current.len() as u64);
        let rows = self.effective_rows();
        let expected_of = Share::new((expected * rows).round() as u64, (rows.round() as u64).max(1));
        found.value() <= OFFSET_NEW_VALUES * expected && share_difference_p(expected_of, found) < CERTAINTY
    }

    /// Whether the served values begin and end farther along than those of any selection: a selection of rows keeps the
    /// range, and a constant moves both of its ends.
    ///
    /// Rows beyond all of the other sample are as likely from either, so each end has an exact chance (Rosenbaum 1954), here
    /// with the odds that the weights give. Each end has to be this unlikely by itself: a cut at one end is a selection, and
    /// values beyond the other may be new.
    pub fn lacks_its_ends(&self, by: f64) -> bool {
        let (Some(first), Some(last)) = (self.current.first(), self.current.last()) else { return false };
        let Some((lowest, highest)) = self.reference.first().zip(self.reference.last()) else { return false };
        let (rows, served) = (self.reference.len() as f64, self.current.len() as f64);
        let usual = self.weights.iter().sum::<f64>() / rows;
        // Of rows around a training row, the share that is served.
        let share_of_served =
            |place: usize| served * self.weights[place] / (served * self.weights[place] + rows * usual);
        // Beyond an end by no more than rounding is not beyond it.
        let slack = ROUNDED * by.abs();
        let (places, top) = match by > 0.0 {
            true => (0..self.reference.partition_point(|value| *value < first - slack), self.reference.len() - 1),
            false => (self.reference.partition_point(|value| *value <= last + slack)..self.reference.len(), 0),
        };
        let is_new = |value: &&f64| if by > 0.0 { **value > highest + slack } else { **value < lowest - slack };
        let new = self.current.iter().filter(is_new).count() as f64;
        let left: f64 = places.map(|place| (1.0 - share_of_served(place)).ln()).sum();
        new > 0.0 && left.max(new * share_of_served(top).ln()) < SIGNIFICANCE.ln()
    }

    fn effective_rows(&self) -> f64 {
        let squares: f64 = self.weights.iter().map(|weight| weight * weight).sum();
        self.weights.iter().sum::<f64>().powi(2) / squares.max(f64::MIN_POSITIVE)
    }
}

/// The weights at the best strength along an increasing function of the place.
fn fitted(along: &dyn Fn(usize) -> f64, reference: &[f64], current: &[f64]) -> Vec<f64> {
    let weights = |strength: f64| -> Vec<f64> {
        let top = strength * along(if strength > 0.0 { reference.len() - 1 } else { 0 });
        (0..reference.len()).map(|place| (strength * along(place) - top).exp()).collect()
    };
    let (mut low, mut high) = (-STRONGEST, STRONGEST);
    for _ in 0..STEPS {
        let middle = (low + high) / 2.0;
        let [above, below] = gaps(reference, &weights(middle), current);
        if above > below { low = middle } else { high = middle }
    }
    weights((low + high) / 2.0)
}

/// The largest distances by which the distribution function of a weighted sample lies above and below that of one without
/// weights, both ascending.
fn gaps(reference: &[f64], weights: &[f64], current: &[f64]) -> [f64; 2] {
    let all: f64 = weights.iter().sum();
    let (mut here, mut there, mut reached, mut gaps) = (0, 0, 0.0, [0.0_f64; 2]);
    while here < reference.len() && there < current.len() {
        let value = reference[here].min(current[there]);
        while here < reference.len() && reference[here] <= value {
            reached += weights[here];
            here += 1;
        }
        while there < current.len() && current[there] <= value {
            there += 1;
        }
        let gap = reached / all - there as f64 / current.len() as f64;
        gaps = [gaps[0].max(gap), gaps[1].max(-gap)];
    }
    gaps
}

/// Whether each value of an ascending sample comes more than once in it.
fn repeated(sorted: &[f64]) -> impl Iterator<Item = bool> {
    (0..sorted.len()).map(|place| {
        let same = |other: Option<&f64>| other.is_some_and(|other| are_same(*other, sorted[place]));
        same(place.checked_sub(1).and_then(|before| sorted.get(before))) || same(sorted.get(place + 1))
    })
}

/// Whether an ascending sample has this value.
fn is_among(sorted: &[f64], value: f64) -> bool {
    let place = sorted.partition_point(|other| *other < value);
    let near = [place.checked_sub(1), Some(place)].into_iter().flatten().filter_map(|place| sorted.get(place));
    near.into_iter().any(|other| are_same(*other, value))
}

fn are_same(a: f64, b: f64) -> bool {
    (a - b).abs() <= ROW_SAME_VALUE * a.abs().max(b.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::testing::{draws, exponential, normal};

    fn sorted(mut values: Vec<f64>) -> Vec<f64> {
        values.sort_by(f64::total_cmp);
        values
    }

    fn fares(seed: u64, rows: usize) -> Vec<f64> {
        sorted(draws(seed, rows, |rng| 5.0 + 20.0 * exponential(rng)))
    }

    fn residual(reference: &[f64], current: &[f64]) -> f64 {
        Selection::closest(reference, current).distance
    }

    #[test]
    fn a_selection_of_rows_is_explained_and_a_constant_added_to_all_is_not() {
        let reference = fares(1, 3_000);
        // Every second row below the median is left out.
        let middle = median(&reference);
        let rare: Vec<f64> = fares(2, 3_000);
        let selected: Vec<f64> = rare
            .iter()
            .enumerate()
            .filter(|(row, fare)| row % 2 == 0 || **fare > middle)
            .map(|(_, fare)| *fare)
            .collect();
        assert!(residual(&reference, &selected) < 0.1, "{}", residual(&reference, &selected));
        let moved: Vec<f64> = rare.iter().map(|fare| fare + 12.0).collect();
        assert!(residual(&reference, &moved) > 0.1, "{}", residual(&reference, &moved));
        assert!(Selection::closest(&reference, &moved).is_excluded(0.03, CERTAINTY));
        assert!(!Selection::closest(&reference, &selected).is_excluded(0.0, CERTAINTY));
    }

    #[test]
    fn without_a_change_nothing_remains_and_beyond_the_range_everything() {
        let reference = fares(1, 500);
        assert!(residual(&reference, &reference) < 0.01);
        assert_eq!(residual(&reference, &[1e6; 50]), 1.0);
        assert_eq!(residual(&[3.0; 40], &[4.0; 40]), 1.0, "a constant has no rows to select");
    }

    #[test]
    fn the_weighted_distance_is_that_of_kolmogorov_for_equal_weights() {
        let (a, b) = (fares(1, 200), fares(2, 300));
        let expected = stats::two_sample::ks_statistic(&a, &b).unwrap_or(f64::NAN);
        let [above, below] = gaps(&a, &[1.0; 200], &b);
        assert!((above.max(below) - expected).abs() < 1e-9);
    }

    #[test]
    fn equal_weights_count_every_row_and_one_heavy_row_counts_alone() {
        let reference = fares(1, 50);
        let with = |weights: Vec<f64>| Selection { reference: &reference, current: &reference, weights, distance: 0.0 };
        assert!((with(vec![2.0; 50]).effective_rows() - 50.0).abs() < 1e-9);
        let heavy = (0..50).map(|row| if row == 0 { 1.0 } else { 1e-9 }).collect();
        assert!((with(heavy).effective_rows() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn prices_in_whole_numbers_that_came_with_a_fraction_are_no_selection() {
        let whole = |values: Vec<f64>| values.into_iter().map(f64::round).collect::<Vec<f64>>();
        let (reference, other) = (whole(fares(1, 600)), whole(fares(2, 600)));
        let middle = median(&reference);
        let dear: Vec<f64> = other.iter().copied().filter(|price| *price > middle).collect();
        assert!(!Selection::closest(&reference, &dear).lacks_its_values());
        let moved: Vec<f64> = other.iter().map(|price| price + 1.3).collect();
        assert!(Selection::closest(&reference, &moved).lacks_its_values());
        // Where hardly any value repeats, none is expected again.
        let fine: Vec<f64> = fares(2, 600).iter().map(|price| price + 1.3).collect();
        assert!(!Selection::closest(&fares(1, 600), &fine).lacks_its_values());
    }

    #[test]
    fn a_range_that_moved_at_both_ends_is_no_selection_and_one_that_was_cut_is() {
        let reference = sorted(draws(1, 800, |rng| 18.0 + 60.0 * rng.next_f64()));
        let other = sorted(draws(2, 800, |rng| 18.0 + 60.0 * rng.next_f64()));
        let moved = |by: f64| other.iter().map(|age| age + by).collect::<Vec<f64>>();
        assert!(Selection::closest(&reference, &moved(4.0)).lacks_its_ends(4.0));
        assert!(Selection::closest(&reference, &moved(-4.0)).lacks_its_ends(-4.0));
        let adults: Vec<f64> = other.iter().copied().filter(|age| *age > 22.0).collect();
        assert!(!Selection::closest(&reference, &adults).lacks_its_ends(4.0));
        // In a bell the ends are a few rows: nothing is certain.
        let bell = |seed, by: f64| sorted(draws(seed, 800, |rng| by + normal(rng)));
        let (bell_before, bell_after) = (bell(1, 0.0), bell(2, 0.3));
        assert!(!Selection::closest(&bell_before, &bell_after).lacks_its_ends(0.3));
    }
}
