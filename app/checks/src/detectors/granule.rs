//! The largest number that every value of a column is a whole multiple of: 1 for counts, 0.01 for amounts with cents. A unit
//! changes it by exactly its factor, whichever rows there are; a change of the rows leaves it as it is.

/// Decimal places that are looked at.
const DECIMALS: i32 = 6;
/// Relative: what multiplying and dividing leave of an exact decimal.
const ROUNDING: f64 = 1e-9;
/// Beyond this a double does not hold every whole number.
const LARGEST: f64 = 9e15;
/// The greatest common divisor of fewer different multiples is too large too often: of `k` random ones it is the true one
/// with the chance `1 / zeta(k)` (Nymann 1972), 99.6 % of eight.
const FEWEST: usize = 8;

/// The greatest common divisor of the values, as decimals. `None` with fewer than eight different ones other than zero, and
/// where a value has more than six decimal places. Values that are not finite are left out.
pub fn granule(ascending: &[f64]) -> Option<f64> {
    let mut decimals = 0;
    let mut different = 0;
    for same in ascending.chunk_by(|a, b| a == b).filter(|same| same[0].is_finite() && same[0] != 0.0) {
        decimals = decimals.max(places_of(same[0])?);
        different += 1;
    }
    if different < FEWEST {
        return None;
    }
    let unit = 10f64.powi(decimals);
    let mut divisor = 0_u64;
    for value in ascending.iter().filter(|value| value.is_finite()) {
        let whole = (value * unit).abs().round();
        if whole > LARGEST {
            return None;
        }
        divisor = greatest_common_divisor(divisor, whole as u64);
    }
    Some(divisor as f64 / unit)
}

/// The first of the factors that brings the served values back to the granule of the trained ones, where they do not have it
/// as they are. Both ascending.
pub fn factor_between(trained: &[f64], served: &[f64], factors: impl Iterator<Item = f64>) -> Option<f64> {
    let of_trained = granule(trained)?;
    let has_it = |values: &[f64]| granule(values).is_some_and(|of| (of / of_trained - 1.0).abs() < ROUNDING);
    if has_it(served) {
        return None;
    }
    factors.into_iter().find(|factor| {
        let undone: Vec<f64> = served.iter().map(|value| value / factor).collect();
        has_it(&undone)
    })
}

/// Decimal places of a number, up to rounding. `None` for more than six.
fn places_of(value: f64) -> Option<i32> {
    (0..=DECIMALS).find(|places| {
        let scaled = value * 10f64.powi(*places);
        (scaled - scaled.round()).abs() <= ROUNDING * scaled.abs()
    })
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stats::rng::Rng;

    fn whole(seed: u64, rows: usize, most: usize, by: f64) -> Vec<f64> {
        let mut rng = Rng::new(seed);
        let mut values: Vec<f64> = (0..rows).map(|_| (1 + rng.below(most)) as f64 * by).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    #[test]
    fn the_granule_is_the_greatest_common_divisor_in_decimals() {
        assert_eq!(granule(&[6.0, 12.0, 18.0, 24.0, 36.0, 48.0, 60.0, 66.0]), Some(6.0));
        let cents: Vec<f64> = (1..=40).map(|count| f64::from(count * count) / 100.0).collect();
        assert_eq!(granule(&cents), Some(0.01));
        assert_eq!(granule(&[-3.5, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 4.0]), Some(0.5));
        assert_eq!(granule(&[1.0, 2.0, 3.0]), None, "too few");
        let roots: Vec<f64> = (2..40).map(|value| f64::from(value).sqrt()).collect();
        assert_eq!(granule(&roots), None, "a continuum");
        assert_eq!(granule(&[1e300, 2e300, 3e300, 4e300, 5e300, 6e300, 7e300, 8e300]), None);
    }

    #[test]
    fn a_factor_is_exact_although_other_rows_came() {
        let known = || [10.0, 100.0, 1_000.0, 12.0, 1.609_344].into_iter().flat_map(|factor| [factor, 1.0 / factor]);
        let trained = whole(1, 500, 15, 1.0);
        for factor in known() {
            // Larger ones came more often, so that no fit of the distributions gives the factor.
            let served = whole(2, 500, 40, factor);
            let found = factor_between(&trained, &served, known());
            assert!(found.is_some_and(|found| (found / factor - 1.0).abs() < 1e-12), "{factor}: {found:?}");
        }
        assert_eq!(factor_between(&trained, &whole(2, 500, 40, 1.0), known()), None, "the rows changed, no unit");
        assert_eq!(factor_between(&trained, &whole(2, 500, 40, 7.3), known()), None, "no unit is 7.3 of another");
    }
}
