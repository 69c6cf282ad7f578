//! Single values that stand out of an otherwise continuous column: placeholders and constants that were filled in.

use crate::detectors::affine::chance_distance;
use crate::detectors::rates::RateChange;
use crate::thresholds::{
    CERTAINTY, SENTINEL_FAR, SENTINEL_ISOLATION, SIGNIFICANCE, SPIKE_LEFT, SPIKE_OVER_USUAL, SPIKE_RATIO,
    SPIKE_REFILLED, SPIKE_SHARE,
};
use domain::profile::NumericProfile;
use stats::intervals::Share;
use stats::quantiles::quantile;
use stats::two_sample::ks_statistic;

/// With fewer different values a column holds codes or counts, in which every value is a spike.
const FEW_VALUES: usize = 20;
/// A value is between two steps of a grid if it is this share of a step away from both.
const OFF_GRID: f64 = 0.001;
/// With fewer other values the column holds codes, and the distance between codes has no meaning.
const FEW_CODES: usize = 5;

/// How often `value` is among the values of the sample.
pub fn share_of(numbers: &NumericProfile, value: f64) -> Share {
    let below = numbers.sorted.partition_point(|other| *other < value);
    let through = numbers.sorted.partition_point(|other| *other <= value);
    Share::new((through - below) as u64, numbers.sorted.len() as u64)
}

/// The sample without one value.
pub fn without(numbers: &NumericProfile, value: f64) -> Vec<f64> {
    let below = numbers.sorted.partition_point(|other| *other < value);
    let through = numbers.sorted.partition_point(|other| *other <= value);
    [&numbers.sorted[..below], &numbers.sorted[through..]].concat()
}

/// A value that people write for "no value": -1, -9, -99, -999 …, 99 …, 9999 …, and the ends of integer types.
pub fn is_conventional(value: f64) -> bool {
    const ENDS: [f64; 10] =
        [32_767.0, -32_768.0, 65_535.0, 2_147_483_647.0, -2_147_483_648.0, 4_294_967_295.0, 1e6, 1e9, -1e6, -1e9];
    if value == -1.0 || ENDS.contains(&value) || value.abs() >= 9e15 {
        return true;
    }
    let digits = format!("{}", value.abs());
    let repeated = |digit: char| digits.chars().all(|c| c == digit);
    (repeated('9') && (value < 0.0 || digits.len() >= 2)) || (repeated('8') && digits.len() >= 3)
}

/// Whether a repeated value is isolated from all other values like a placeholder: far outside their range, or the only
/// negative value.
pub fn stands_apart(numbers: &NumericProfile, value: f64) -> bool {
    let rest = without(numbers, value);
    let (Some(lowest), Some(highest)) = (rest.first().copied(), rest.last().copied()) else { return false };
    if lowest == highest || rest.len() * 2 < numbers.sorted.len() {
        return false;
    }
    let gap = if value < lowest { lowest - value } else { value - highest };
    let spread = quantile(&rest, 0.99) - quantile(&rest, 0.01);
    let only_negative = value < 0.0 && lowest >= 0.0;
    let conventional = is_conventional(value) && gap >= SENTINEL_ISOLATION * spread;
    // With two or three other codes, every code is as far away as the codes are wide.
    let codes = rest.chunk_by(|a, b| a == b).take(FEW_CODES).count() < FEW_CODES;
    let far = !codes && gap >= SENTINEL_FAR * (highest - lowest);
    gap > 0.0 && (only_negative || conventional || far)
}

/// Whether a value is outside the range of all others, by at least as much as the range is wide.
pub fn is_far(numbers: &NumericProfile, value: f64) -> bool {
    let rest = without(numbers, value);
    let (Some(lowest), Some(highest)) = (rest.first(), rest.last()) else { return false };
    let gap = (lowest - value).max(value - highest);
    highest > lowest && gap >= SENTINEL_FAR * (highest - lowest)
}

/// A value that is far more frequent in `here` than in `there`.
#[derive(Debug, Clone, Copy)]
pub struct Spike {
    pub value: f64,
    /// From `there` to `here`.
    pub change: RateChange,
}

/// The most frequent value of `here` that is a spike and is not one in `there`: at least [`SPIKE_SHARE`] of the
/// values, [`SPIKE_RATIO`] times as frequent, beyond chance, and clearly more frequent than its neighbours.
pub fn new_spike(here: &NumericProfile, there: &NumericProfile) -> Option<Spike> {
    let few_values = [here, there]
        .iter()
        .any(|numbers| numbers.sorted.chunk_by(|a, b| a == b).take(FEW_VALUES).count() < FEW_VALUES);
    if few_values {
        return None;
    }
    if let Some(spike) = off_the_grid(here, there) {
        return Some(spike);
    }
    // The tenth most frequent value shows how often single values usually occur in this column.
    let usual = here.modes.get(9).map_or(0.0, |(_, share)| *share);
    here.modes.iter().take(9).find_map(|(value, share)| {
        let change = RateChange::new(share_of(there, *value), share_of(here, *value));
        let stands_out = *share >= SPIKE_SHARE && *share >= SPIKE_OVER_USUAL * usual;
        let is_new = change.after() >= SPIKE_RATIO * change.before() && change.p < SIGNIFICANCE;
        (stands_out && is_new).then_some(Spike { value: *value, change })
    })
}

/// The most frequent value of `here` with more decimals than any of `there`, such as a mean among ages in whole years: nobody
/// measured it, however frequent the measured values are.
fn off_the_grid(here: &NumericProfile, there: &NumericProfile) -> Option<Spike> {
    let grid = 10f64.powi(i32::from(there.decimals));
    let is_off = |value: f64| (value * grid - (value * grid).round()).abs() > OFF_GRID;
    let repeated = here.sorted.chunk_by(|a, b| a == b).filter(|same| same.len() > 1 && is_off(same[0]));
    let value = repeated.max_by_key(|same| same.len())?[0];
    let change = RateChange::new(share_of(there, value), share_of(here, value));
    (change.after() >= SPIKE_SHARE && change.p < SIGNIFICANCE).then_some(Spike { value, change })
}

/// The value of `here` whose share grew most over `there`, if it grew by at least [`SPIKE_SHARE`] of the rows, beyond chance.
/// Unlike a new spike, it may be a usual value of `there`, such as zero.
pub fn grown_value(here: &NumericProfile, there: &NumericProfile) -> Option<Spike> {
    let grown = here.modes.iter().map(|(value, _)| Spike {
        value: *value,
        change: RateChange::new(share_of(there, *value), share_of(here, *value)),
    });
    let most = grown.max_by(|a, b| a.change.difference().total_cmp(&b.change.difference()))?;
    (most.change.difference() >= SPIKE_SHARE && most.change.p < CERTAINTY).then_some(most)
}

/// Whether the two samples match after removing a value from `here`, and from `there` as many rows of another value as it
/// grew by.
pub fn agree_without_growth(here: &NumericProfile, there: &NumericProfile, from_here: f64, grown: &Spike) -> bool {
    // Among the rows that were not filled, the value has the share that it has in the other rows of `here`.
    let filled = share_of(here, from_here).value();
    let usual = grown.change.before() / (1.0 - filled).max(f64::MIN_POSITIVE);
    let refilled = (grown.change.after() - usual) / (1.0 - usual).max(f64::MIN_POSITIVE);
    if usual >= 1.0 || refilled < SPIKE_REFILLED * filled {
        return false;
    }
    let others = without(there, grown.value);
    let own = (usual * others.len() as f64 / (1.0 - usual).max(f64::MIN_POSITIVE)).round() as usize;
    let at = others.partition_point(|value| *value < grown.value);
    let own = vec![grown.value; own.min(there.sorted.len())];
    remains_little(here, there, &without(here, from_here), &[&others[..at], &own, &others[at..]].concat())
}

/// Whether the two samples match after removing the given values: then nothing else changed.
pub fn agree_without(
    train: &NumericProfile,
    serve: &NumericProfile,
    from_train: Option<f64>,
    from_serve: Option<f64>,
) -> bool {
    let rest = |numbers: &NumericProfile, value: Option<f64>| {
        value.map_or_else(|| numbers.sorted.clone(), |value| without(numbers, value))
    };
    remains_little(train, serve, &rest(train, from_train), &rest(serve, from_serve))
}

/// Whether the distance of the rests is no more than chance gives, or than a share of the distance of the samples.
fn remains_little(train: &NumericProfile, serve: &NumericProfile, train_rest: &[f64], serve_rest: &[f64]) -> bool {
    let before = ks_statistic(&train.sorted, &serve.sorted).unwrap_or(0.0);
    ks_statistic(train_rest, serve_rest)
        .is_some_and(|after| after <= chance_distance(train_rest.len(), serve_rest.len()).max(SPIKE_LEFT * before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventional_placeholders_are_known() {
        for value in [-1.0, -9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0, 2_147_483_647.0, 8888.0] {
            assert!(is_conventional(value), "{value}");
        }
        for value in [0.0, 1.0, 9.0, -2.0, 100.0, 98.0, 9.5, -0.9] {
            assert!(!is_conventional(value), "{value}");
        }
    }
}
