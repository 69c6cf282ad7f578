//! Numbers: moments over all rows, merged chunk by chunk; order statistics from the sample.

use domain::ColumnKind;
use domain::profile::{CategoryProfile, ColumnProfile, NumericProfile};
use polars::prelude::{DataType, PolarsResult, Series};

use super::distinct::Distinct;

/// Whole numbers with at most this many different values may be codes; their counts are kept as categories too.
const CODES: u64 = 100;
/// Values handled at a time: they stay in the processor's cache between the two passes over them.
const CHUNK: usize = 8_192;
/// Single values kept as modes.
const MODES: usize = 20;
/// Decimal places looked for.
const MAX_DECIMALS: u8 = 12;

#[derive(Default)]
pub struct NumericColumn {
    moments: Moments,
    nan: u64,
    positive_infinity: u64,
    negative_infinity: u64,
    zeros: u64,
    negatives: u64,
    fractions: bool,
    distinct: Distinct,
    buffer: Vec<f64>,
}

impl NumericColumn {
    pub fn push(&mut self, batch: &Series) -> PolarsResult<()> {
        if let DataType::Int64 = batch.dtype() {
            for array in batch.i64()?.downcast_iter() {
                if array.validity().is_none_or(|valid| valid.unset_bits() == 0) {
                    self.extend(array.values_iter().map(|value| *value as f64));
                } else {
                    self.extend(array.non_null_values_iter().map(|value| value as f64));
                }
            }
        } else {
            for array in batch.f64()?.downcast_iter() {
                if array.validity().is_none_or(|valid| valid.unset_bits() == 0) {
                    self.extend(array.values_iter().copied());
                } else {
                    self.extend(array.non_null_values_iter());
                }
            }
        }
        Ok(())
    }

    fn extend(&mut self, values: impl Iterator<Item = f64>) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.reserve(CHUNK);
        for value in values {
            buffer.push(value);
            if buffer.len() == CHUNK {
                self.take_in(&mut buffer);
            }
        }
        self.take_in(&mut buffer);
        self.buffer = buffer;
    }

    fn take_in(&mut self, values: &mut Vec<f64>) {
        self.distinct.extend(values.iter().map(|value| bits(*value)));
        if values.iter().any(|value| !value.is_finite()) {
            self.set_aside_non_finite(values);
        }
        self.zeros += values.iter().filter(|value| **value == 0.0).count() as u64;
        self.negatives += values.iter().filter(|value| **value < 0.0).count() as u64;
        self.fractions = self.fractions || values.iter().any(|value| value.trunc() != *value);
        self.moments.merge(&Moments::of(values));
        values.clear();
    }

    fn set_aside_non_finite(&mut self, values: &mut Vec<f64>) {
        self.nan += values.iter().filter(|value| value.is_nan()).count() as u64;
        self.positive_infinity += values.iter().filter(|value| **value == f64::INFINITY).count() as u64;
        self.negative_infinity += values.iter().filter(|value| **value == f64::NEG_INFINITY).count() as u64;
        values.retain(|value| value.is_finite());
    }

    pub fn finish(self, sample: &Series, profile: &mut ColumnProfile) -> PolarsResult<()> {
        let mut sorted = finite_values(sample)?;
        sorted.sort_unstable_by(f64::total_cmp);
        let integers = self.moments.count > 0 && !self.fractions;
        profile.kind = ColumnKind::Numeric;
        profile.distinct = self.distinct.count();
        if integers && self.distinct.count() <= CODES {
            profile.categories = self.codes();
        }
        profile.numeric = Some(NumericProfile {
            finite: self.moments.count,
            nan: self.nan,
            positive_infinity: self.positive_infinity,
            negative_infinity: self.negative_infinity,
            zeros: self.zeros,
            negatives: self.negatives,
            min: self.moments.min(),
            max: self.moments.max(),
            mean: self.moments.mean,
            std: self.moments.std(),
            integers,
            decimals: most_decimals(&sorted),
            modes: modes(&sorted),
            sorted,
        });
        Ok(())
    }

    fn codes(&self) -> Option<CategoryProfile> {
        let mut counts: Vec<(f64, u64)> =
            self.distinct.counts()?.iter().map(|(bits, count)| (f64::from_bits(*bits), *count)).collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.total_cmp(&b.0)));
        Some(CategoryProfile {
            counts: counts.into_iter().map(|(value, count)| (value.to_string(), count)).collect(),
            other: 0,
        })
    }
}

/// Equal for equal numbers: both zeros alike, every NaN alike.
fn bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { (value + 0.0).to_bits() }
}

/// The finite values of a numeric column, in the order of its rows.
pub fn finite_values(series: &Series) -> PolarsResult<Vec<f64>> {
    Ok(match series.dtype() {
        DataType::Int64 => series.i64()?.iter().flatten().map(|value| value as f64).collect(),
        _ => series.f64()?.iter().flatten().filter(|value| value.is_finite()).collect(),
    })
}

/// Count, mean and sum of squared deviations, mergeable without loss of precision.
/// Source: Chan, Golub & LeVeque, "Algorithms for computing the sample variance" (1983), formula 1.5.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
    /// Zero while there is no value.
    low: f64,
    high: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let Some(first) = values.first() else { return Self::default() };
        let count = values.len() as f64;
        let sum: f64 = values.iter().sum();
        // The sum of values near the largest double overflows where their mean does not.
        let mean = if sum.is_finite() { sum / count } else { values.iter().map(|value| value / count).sum() };
        let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let low = values.iter().copied().fold(*first, f64::min);
        let high = values.iter().copied().fold(*first, f64::max);
        Self { count: values.len() as u64, mean, squares, low, high }
    }

    fn merge(&mut self, other: &Moments) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (mine, theirs) = (self.count as f64, other.count as f64);
        let delta = other.mean - self.mean;
        let total = mine + theirs;
        self.mean += delta * (theirs / total);
        self.squares += other.squares + delta * delta * (mine * theirs / total);
        self.count += other.count;
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
    }

    fn min(&self) -> f64 {
        self.low
    }

    fn max(&self) -> f64 {
        self.high
    }

    /// Sample standard deviation (ddof 1); 0 for fewer than two values; never infinite, so that it can be written as JSON.
    fn std(&self) -> f64 {
        if self.count < 2 { 0.0 } else { (self.squares / (self.count - 1) as f64).sqrt().min(f64::MAX) }
    }
}

/// Most decimal places that any of the values needs, up to [`MAX_DECIMALS`].
fn most_decimals(sorted: &[f64]) -> u8 {
    let mut most = 0;
    let mut before = f64::NAN;
    for value in sorted {
        if *value != before && most < MAX_DECIMALS {
            most = most.max(decimals(*value, most));
        }
        before = *value;
    }
    most
}

/// Places after the point in the shortest decimal that stands for `value`; at least `known`, at most [`MAX_DECIMALS`].
fn decimals(value: f64, known: u8) -> u8 {
    let mut scale = 10f64.powi(i32::from(known));
    for places in known..MAX_DECIMALS {
        let scaled = value * scale;
        // Doubles hold 15 to 17 digits: beyond 2^50 no place after the point is left to see.
        if scaled.abs() > 1.1e15 || (scaled - scaled.round()).abs() <= 1e-14 * scaled.abs() {
            return places;
        }
        scale *= 10.0;
    }
    MAX_DECIMALS
}

/// The values that occur more than once, most frequent first, with their share.
fn modes(sorted: &[f64]) -> Vec<(f64, f64)> {
    let mut runs: Vec<(f64, usize)> =
        sorted.chunk_by(|a, b| a == b).filter(|run| run.len() > 1).map(|run| (run[0], run.len())).collect();
    runs.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.total_cmp(&b.0)));
    runs.truncate(MODES);
    runs.into_iter().map(|(value, count)| (value, count as f64 / sorted.len() as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_moments_equal_those_of_the_whole() {
        let values: Vec<f64> = (0..30_000).map(|i| 1e6 + f64::from(i % 977) * 0.25).collect();
        let mut merged = Moments::default();
        for part in values.chunks(4_321) {
            merged.merge(&Moments::of(part));
        }
        let whole = Moments::of(&values);
        assert_eq!(merged.count, 30_000);
        assert!((merged.mean - whole.mean).abs() < 1e-6, "{} {}", merged.mean, whole.mean);
        assert!((merged.std() / whole.std() - 1.0).abs() < 1e-12);
        assert_eq!((merged.min(), merged.max()), (1e6, 1e6 + 244.0));
    }

    #[test]
    fn values_near_the_largest_double_keep_a_finite_mean() {
        let moments = Moments::of(&[1.7e308, 1.7e308, 1.6e308]);
        assert!(moments.mean.is_finite() && moments.std().is_finite());
    }

    #[test]
    fn decimals_are_those_a_person_would_write() {
        assert_eq!(most_decimals(&[1.0, 2.0, 300.0]), 0);
        assert_eq!(most_decimals(&[0.1, 0.25, 3.0]), 2);
        assert_eq!(most_decimals(&[1e-3, 5.0]), 3);
        assert_eq!(most_decimals(&[1.0 / 3.0]), 12);
    }
}
